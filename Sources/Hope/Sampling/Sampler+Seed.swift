import Tensors

extension Sampler {
  /// Draws the same tokens from the same logits whenever the seed is the same.
  package init(settings: SamplerSettings, seed: UInt64) {
    self.init(settings: settings, random: RandomSource(seed: seed))
  }

  /// Where the random numbers stand; a sampler set to it draws what this one would.
  package var randomState: UInt64 {
    get { random.state }
    set { random = RandomSource(seed: newValue &- Self.seedOffset) }
  }

  /// What a source adds to its seed.
  private static let seedOffset = RandomSource(seed: 0).state

  /// The random numbers of so many draws are left out.
  package mutating func skip(_ draws: Int) {
    for _ in 0..<draws { _ = random.next() }
  }

  /// What the kind of random numbers is called in a session's file.
  package static let randomKind = "splitmix64"
}
