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
  /// Compares what two states hold, level by level and block by block; the mixer first, where it has
  /// memories.
  package func distances(_ a: HopeState, _ b: HopeState) -> [LevelDistance] {
    let mixers = parameters.blocks.indices.compactMap { block -> LevelDistance? in
      let memories = (a.open.running[block].memories, b.open.running[block].memories)
      guard !memories.0.isEmpty || !memories.1.isEmpty else { return nil }
      return LevelDistance(
        level: configuration.mixerLevelName, block: block, memories.0, memories.1,
        base: parameters.blocks[block].mixer.squaredStartNorm(configuration).squareRoot())
    }
    let levels = configuration.levels.indices.flatMap { l in
      parameters.blocks.indices.map { block in
        LevelDistance(
          level: configuration.levels[l].name, block: block,
          [a.stream.levels[block][l].learned].compactMap { $0 },
          [b.stream.levels[block][l].learned].compactMap { $0 },
          base: parameters.blocks[block].levels[l].down.norm)
      }
    }
    return mixers + levels
  }
}

extension LevelDistance {
  /// `a`, `b`: stacks of matrices [..., rows, columns], all of one shape; none stands for zeros.
  fileprivate init(level: String, block: Int, _ a: [Tensor], _ b: [Tensor], base: Float) {
    precondition(
      a.isEmpty || b.isEmpty || a.count == b.count, "\(a.count) memories beside \(b.count)")
    (self.level, self.block) = (level, block)
    let (normA, normB) = (a.norm, b.norm)
    (driftA, driftB) = (normA / base, normB / base)
    let difference = a.isEmpty ? b : a.minus(b)
    let moved = difference.norm
    distance = moved / base
    cosine = normA > 0 && normB > 0 ? a.dot(b) / normA / normB : nil
    effectiveRank = moved > 0 ? difference.participationRatio(norm: moved) : nil
  }
}

extension [Tensor] {
  /// Over all of them.
  fileprivate var norm: Float { reduce(0) { $0 + $1.squaredNorm }.squareRoot() }

  fileprivate func minus(_ other: [Tensor]) -> [Tensor] {
    guard !other.isEmpty else { return self }
    return zip(self, other).map { a, b in
      var difference = a
      difference.add(b, scaledBy: -1)
      return difference
    }
  }

  fileprivate func dot(_ other: [Tensor]) -> Float {
    zip(self, other).reduce(0) { sum, pair in
      sum + pair.0.withPointer { x in pair.1.withPointer { Kernels.dot(x, $0, pair.0.count) } }
    }
  }

  /// (Σσ²)² / Σσ⁴ over the singular values of all matrices; they are brought to norm 1 first, so that
  /// small ones do not vanish.
  fileprivate func participationRatio(norm: Float) -> Float {
    let fourth = reduce(Float(0)) { sum, tensor in
      let size = tensor.shape.suffix(2).reduce(1, *)
      return stride(from: 0, to: tensor.count, by: size).reduce(sum) { sum, start in
        let elements = tensor.elements[start..<start + size].map { $0 / norm }
        let matrix = Tensor(shape: [size / tensor.width, tensor.width], elements: elements)
        return sum + matrix.timesTransposed(matrix, lanes: 1).squaredNorm
      }
    }
    return 1 / fourth
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
