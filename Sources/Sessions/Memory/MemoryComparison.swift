package import Hope

/// Two memories side by side: what they hold, and how differently they would speak.
package struct MemoryComparison: Sendable, Equatable {
  /// One level in one block, or layer.
  package struct Level: Sendable, Equatable {
    package let name: String
    package let block: Int
    /// ‖Δ‖ on either side, and ‖Δ_a − Δ_b‖, as shares of ‖W‖.
    package let driftA: Float
    package let driftB: Float
    package let distance: Float
    /// Between the two; nil where one is zero.
    package let cosine: Float?
    /// How many directions the difference lies in; nil where there is none.
    package let effectiveRank: Float?
  }
  package struct Moved: Sendable, Equatable {
    package let text: String
    package let divergenceBits: Float
    package let surpriseA: Float
    package let surpriseB: Float
  }
  package let a: String
  package let b: String
  /// Whether the two are the same, bit for bit.
  package let isSame: Bool
  package let levels: [Level]
  package let probe: String
  /// KL(a ‖ b) of the next token, the mean over the probe.
  package let meanDivergenceBits: Float
  package let moved: [Moved]

  /// Read where no other probe is given.
  package static let defaultProbe =
    "My name is Anna and I live by the sea. What is my name? What is my cat called?"

  package init(_ a: MemoryFile, _ b: MemoryFile, probe: String?, _ loaded: LoadedModel) {
    let (model, tokenizer) = (loaded.model, loaded.tokenizer)
    let probe = probe ?? Self.defaultProbe
    let tokens = [tokenizer.special.user] + tokenizer.encode(" " + probe)
    let behaviour = model.behaviour(
      a.state, b.state, probe: tokens,
      settings: LevelSettings(levelCount: model.configuration.levels.count))
    (self.a, self.b, self.probe) = (a.origin, b.origin, probe)
    isSame = a.state.digest == b.state.digest
    levels = model.distances(a.state, b.state).map {
      Level(
        name: $0.level, block: $0.block, driftA: $0.driftA, driftB: $0.driftB,
        distance: $0.distance, cosine: $0.cosine, effectiveRank: $0.effectiveRank)
    }
    meanDivergenceBits = behaviour.meanDivergenceBits
    moved = behaviour.moved.map {
      Moved(
        text: tokenizer.text(of: $0.token), divergenceBits: $0.divergenceBits,
        surpriseA: $0.surpriseA, surpriseB: $0.surpriseB)
    }
  }
}
