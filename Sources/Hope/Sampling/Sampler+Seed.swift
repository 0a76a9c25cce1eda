import Tensors

extension Sampler {
  /// Draws the same tokens from the same logits whenever the seed is the same.
  package init(settings: SamplerSettings, seed: UInt64) {
    self.init(settings: settings, random: RandomSource(seed: seed))
  }
}
