/// How a two-layer memory M(z) = skip(z) + W₁ σ(W₂ s z) is read and written (spec §3.5, §3.7).
package struct MemoryRule: Sendable, Equatable {
  package enum Activation: Sendable { case silu, gelu }
  /// The inner objective: ½‖M(k) − v̂‖² or −⟨M(k), v̂⟩, with v̂ = M(v).
  package enum Objective: Sendable { case regression, alignment }
  /// Which state answers a query: the chunk's start, the one before the token's own write, the one
  /// after it.
  package enum Reading: Sendable { case snapshot, strict, inclusive }
  package struct Momentum: Sendable, Equatable {
    /// β in [0, 1).
    package var decay: Float
    /// Whether η_t scales the sum of gradients instead of each gradient.
    package var rateScalesSum: Bool

    package init(decay: Float, rateScalesSum: Bool = false) {
      self.decay = decay
      self.rateScalesSum = rateScalesSum
    }
  }

  package var activation: Activation = .silu
  package var objective: Objective = .regression
  package var reading: Reading = .strict
  /// ρ of the inner layer W₂ (and of a projected skip), and of the outer layer W₁.
  package var innerErase: Float = 1
  package var outerErase: Float = 1
  /// s: lifts unit inputs into the bent part of σ.
  package var inputGain: Float = 1
  /// Multiplies the inner objective; 2 for ‖·‖² without the half.
  package var lossFactor: Float = 1
  /// η/(1 + η‖x‖²) per layer and η‖x‖² ≤ 2α: a token never erases more than its own direction.
  package var hasBoundedSteps = false
  /// μ: writes of a token stay below μ(1 − α)·‖W_0‖, so that no weight outgrows its start. nil: none.
  package var writeLimit: Float?
  package var momentum: Momentum?

  package init() {}

  /// The bounded rule for memories of `width` inputs: the default of two-layer memories.
  package static func stable(width: Int) -> MemoryRule {
    var rule = MemoryRule()
    rule.inputGain = Float(width).squareRoot()
    rule.hasBoundedSteps = true
    rule.writeLimit = 0.999
    return rule
  }

  /// Eq. 88 as printed: the erase factor on the inner layer, η as it is, reads of the chunk's start.
  package static var paperLiteral: MemoryRule {
    var rule = MemoryRule()
    rule.reading = .snapshot
    rule.outerErase = 0
    return rule
  }
}
