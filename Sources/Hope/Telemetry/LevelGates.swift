import Glibc
import Tensors

/// The gates of a level at one token, the mean over blocks and heads; nil where it has none.
package struct LevelGates: Sendable, Equatable {
  /// η, the share of the token that is written, or would be.
  package let rate: Float?
  /// The mixer's α, or a continuum level's λ: what a write keeps of what was known.
  package let retention: Float?
}

/// Gathers the gates of one token on its way through the blocks.
struct GateReader {
  /// Sums of η by level, as `LevelSettings` counts, of the mixer's α, and how many heads those are of.
  private var rates: [Float]
  private var mixerRetention: Float = 0
  private var heads = 0

  init(levelCount: Int) { rates = Array(repeating: 0, count: levelCount + 1) }

  /// η and α of one block's heads.
  mutating func takeMixer(_ rates: Tensor, _ retentions: Tensor) {
    self.rates[0] += rates.elements.reduce(0, +)
    mixerRetention += retentions.elements.reduce(0, +)
    heads += rates.count
  }

  mutating func takeLevel(_ level: Int, rate: Float) { rates[level + 1] += rate }

  func gates(in model: HopeModel) -> [LevelGates] {
    let count = Float(heads)
    let mixer =
      heads == 0
      ? LevelGates(rate: nil, retention: nil)
      : LevelGates(rate: rates[0] / count, retention: mixerRetention / count)
    let blocks = Float(model.configuration.blockCount)
    return [mixer]
      + rates.indices.dropFirst().map {
        LevelGates(rate: rates[$0] / blocks, retention: model.retention(ofLevel: $0))
      }
  }
}

extension LevelParameters where Value == Tensor {
  /// η of one token, u [1, width] (spec §2.2): exp(log_rate) · σ(w·norm(u) + b).
  func rate(_ u: Tensor) -> Float {
    let n = u.rmsNormalized(norm).0
    let gate = Kernels.dot(n.elements, rateWeight.elements, n.count) + rateBias.elements[0]
    return exp(logRate.elements[0]) / (1 + exp(-gate))
  }
}
