package import Tensors

/// The matrices of M(z) = skip(z) + W₁ σ(W₂ s z), or their cotangents.
package struct MemoryWeights: Sendable, Equatable {
  /// W₂ `[hiddenWidth, inputWidth]`.
  package var inner: Tensor
  /// W₁ `[outputWidth, hiddenWidth]`.
  package var outer: Tensor
  /// A projected skip `[outputWidth, inputWidth]`; nil: none.
  package var skip: Tensor?

  package init(inner: Tensor, outer: Tensor, skip: Tensor? = nil) {
    precondition(
      inner.rowCount == outer.width, "W2 \(inner.shape) does not fit W1 \(outer.shape)")
    self.inner = inner
    self.outer = outer
    self.skip = skip
  }

  package var inputWidth: Int { inner.width }
  package var hiddenWidth: Int { inner.rowCount }
  package var outputWidth: Int { outer.rowCount }

  package static func zeros(like other: MemoryWeights) -> MemoryWeights {
    MemoryWeights(
      inner: .zeros(other.inner.shape), outer: .zeros(other.outer.shape),
      skip: other.skip.map { .zeros($0.shape) })
  }

  package mutating func add(_ other: MemoryWeights) {
    inner.add(other.inner)
    outer.add(other.outer)
    if let part = other.skip { skip?.add(part) }
  }
}

/// S of the momentum rule for each matrix; nil stands for zeros.
package struct MemoryMomentum: Sendable, Equatable {
  package var inner: Tensor?
  package var outer: Tensor?
  package var skip: Tensor?

  package init() {}
}

/// A memory that is written while it is read: a two-layer network with its momentum (spec §3.5).
package struct ResidualMemory: Sendable, Equatable {
  package var weights: MemoryWeights
  package var momentum = MemoryMomentum()
  /// Whether z itself is added to the output.
  package let isResidual: Bool
  /// ‖W₂‖ and ‖W₁‖ at the start: what the write limit measures against.
  package let innerNorm: Float, outerNorm: Float

  package init(_ weights: MemoryWeights, isResidual: Bool) {
    self.init(weights, isResidual: isResidual, start: weights)
  }

  /// A memory that has learned: `weights` now, `start` before it read anything.
  package init(_ weights: MemoryWeights, isResidual: Bool, start: MemoryWeights) {
    precondition(
      !isResidual || weights.inputWidth == weights.outputWidth,
      "a residual memory from \(weights.inputWidth) to \(weights.outputWidth) values")
    self.weights = weights
    self.isResidual = isResidual
    innerNorm = start.inner.norm
    outerNorm = start.outer.norm
  }
}

extension MemoryWeights {
  /// What a read needs again in reverse.
  package struct ReadTrace: Sendable {
    /// W₂ s z and σ of it `[tokens, hiddenWidth]`.
    let preactivations: Tensor, hidden: Tensor
  }

  /// M(z) for rows z `[tokens, inputWidth]`.
  package func read(
    _ z: Tensor, _ rule: MemoryRule, isResidual: Bool
  ) -> (Tensor, ReadTrace) {
    let a = z.timesTransposed(inner, scaledBy: rule.inputGain)
    let h = rule.activation.value(a)
    var y = h.timesTransposed(outer)
    if let skip { y.add(z.timesTransposed(skip)) }
    if isResidual { y.add(z) }
    return (y, ReadTrace(preactivations: a, hidden: h))
  }

  /// Adds the cotangents of a read's weights and returns that of z.
  package func reverseRead(
    _ z: Tensor, _ trace: ReadTrace, _ rule: MemoryRule, isResidual: Bool, output: Tensor,
    into weightsB: inout MemoryWeights
  ) -> Tensor {
    weightsB.outer.addOuterProducts(output, trace.hidden)
    var aB = output.times(outer)
    aB.multiply(by: rule.activation.slope(trace.preactivations))
    weightsB.inner.addOuterProducts(aB, z, scaledBy: rule.inputGain)
    var zB = aB.times(inner, scaledBy: rule.inputGain)
    if let skip {
      zB.addProduct(output, skip)
      weightsB.skip?.addOuterProducts(output, z)
    }
    if isResidual { zB.add(output) }
    return zB
  }
}

extension MemoryRule.Activation {
  func value(_ x: Tensor) -> Tensor {
    switch self {
    case .silu: x.mapped { Kernels.silu($0, into: $1, $2) }
    case .gelu: x.mapped { Kernels.gelu($0, into: $1, $2) }
    }
  }

  func slope(_ x: Tensor) -> Tensor {
    switch self {
    case .silu: x.mapped { Kernels.siluSlope($0, into: $1, $2) }
    case .gelu: x.mapped { Kernels.geluSlope($0, into: $1, $2) }
    }
  }

  func curvature(_ x: Tensor) -> Tensor {
    precondition(self == .silu, "only SiLU memories have a reverse pass")
    return x.mapped { Kernels.siluCurvature($0, into: $1, $2) }
  }
}
