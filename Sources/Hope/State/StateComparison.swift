import Glibc
import Tensors

/// How the learned parts of one level in one block stand to each other in two states.
package struct LevelDistance: Sendable, Equatable {
  package let level: String
  package let block: Int
  /// ‖Δ‖ on either side, and ‖Δ_a − Δ_b‖, as shares of ‖W_down‖.
  package let driftA: Float
  package let driftB: Float
  package let distance: Float
  /// Between the two as vectors; nil where one is zero.
  package let cosine: Float?
  /// Of the difference: (Σσ²)² / Σσ⁴, the number of directions it lies in; nil where it is zero.
  package let effectiveRank: Float?
}

extension HopeModel {
  /// Compares what two states have learned, level by level and block by block.
  package func distances(_ a: HopeState, _ b: HopeState) -> [LevelDistance] {
    configuration.levels.indices.flatMap { l in
      parameters.blocks.indices.map { block in
        let norm = parameters.blocks[block].levels[l].down.norm
        return LevelDistance(
          level: configuration.levels[l].name, block: block,
          a.stream.levels[block][l].learned, b.stream.levels[block][l].learned, base: norm)
      }
    }
  }
}

extension LevelDistance {
  /// `a`, `b`: [1, width, hidden]; nil stands for zero.
  fileprivate init(level: String, block: Int, _ a: Tensor?, _ b: Tensor?, base: Float) {
    (self.level, self.block) = (level, block)
    let (normA, normB) = (a?.norm ?? 0, b?.norm ?? 0)
    (driftA, driftB) = (normA / base, normB / base)
    var difference = a ?? b.map { Tensor.zeros($0.shape) }
    if let b { difference?.add(b, scaledBy: -1) }
    let moved = difference?.norm ?? 0
    distance = moved / base
    if let a, let b, normA > 0, normB > 0 {
      cosine =
        a.withPointer { x in b.withPointer { Kernels.dot(x, $0, a.count) } } / (normA * normB)
    } else {
      cosine = nil
    }
    effectiveRank = moved > 0 ? difference?.participationRatio : nil
  }
}

extension Tensor {
  /// (Σσ²)² / Σσ⁴ of a matrix [1, rows, columns].
  fileprivate var participationRatio: Float {
    let matrix = reshaped([count / width, width])
    let gram = matrix.timesTransposed(matrix, lanes: 1)
    return squaredNorm * squaredNorm / gram.squaredNorm
  }
}

extension HopeState {
  /// This state with one level's memory taken from another: what it has learned and gathered. It counts
  /// from the open chunk's start. `index` as `LevelSettings` counts, from 1.
  package func grafting(level index: Int, from other: HopeState) -> HopeState {
    precondition(
      stream.levels.count == other.stream.levels.count && index > 0,
      "level \(index) of \(stream.levels.count) and \(other.stream.levels.count) blocks")
    var result = self
    for b in stream.levels.indices {
      result.stream.levels[b][index - 1] = other.stream.levels[b][index - 1]
    }
    return result
  }
}

/// What a probe text shows of two states: how differently they would go on.
package struct BehaviourDistance: Sendable, Equatable {
  package struct Moved: Sendable, Equatable {
    /// Index in the probe.
    package let index: Int
    package let token: TokenID
    package let divergenceBits: Float
    /// −log₂ p of the token under either state.
    package let surpriseA: Float
    package let surpriseB: Float
  }
  /// KL(a ‖ b) of the next-token distribution, the mean over the probe.
  package let meanDivergenceBits: Float
  /// The tokens before which the two differ most, the largest first.
  package let moved: [Moved]
}

extension HopeModel {
  /// Reads a probe from copies of two states, without learning, and compares what each expects.
  package func behaviour(
    _ a: HopeState, _ b: HopeState, probe: [TokenID], settings: LevelSettings, count: Int = 5
  ) -> BehaviourDistance {
    var (a, b) = (a, b)
    var all: [BehaviourDistance.Moved] = []
    for (i, token) in probe.enumerated() {
      let before = (a.logits, b.logits)
      let reports = [
        step(token, isLearnedFrom: false, settings: settings, state: &a),
        step(token, isLearnedFrom: false, settings: settings, state: &b),
      ]
      guard !before.0.isEmpty, !before.1.isEmpty else { continue }
      all.append(
        .init(
          index: i, token: token, divergenceBits: divergenceBits(before.0, before.1),
          surpriseA: reports[0].surpriseBits ?? 0, surpriseB: reports[1].surpriseBits ?? 0))
    }
    let mean = all.reduce(0) { $0 + $1.divergenceBits } / Float(max(1, all.count))
    let moved = all.sorted { $0.divergenceBits > $1.divergenceBits }.prefix(count)
    return BehaviourDistance(meanDivergenceBits: mean, moved: Array(moved))
  }
}

/// KL(p ‖ q) in bits of two distributions given by their logits; −∞ forbids a token in both.
package func divergenceBits(_ p: [Float], _ q: [Float]) -> Float {
  precondition(p.count == q.count, "divergence of \(p.count) and \(q.count) logits")
  let (a, b) = (normalizer(p), normalizer(q))
  var sum = 0.0
  for (x, y) in zip(p, q) where x.isFinite {
    let lnP = Double(x) - a
    sum += exp(lnP) * (lnP - (Double(y) - b))
  }
  return Float(max(0, sum) / 0.693_147_180_559_945_3)
}

/// ln Σ exp.
private func normalizer(_ logits: [Float]) -> Double {
  let largest = Double(logits.max() ?? 0)
  return largest + log(logits.reduce(0) { $0 + exp(Double($1) - largest) })
}
