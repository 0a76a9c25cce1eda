import Glibc

/// One prediction taken apart: how likely the token was, what else was likely, and what each level's
/// learned part had to do with it.
package struct TokenInspection: Sendable, Equatable {
  package struct Alternative: Sendable, Equatable {
    package let token: TokenID
    package let probability: Float
  }

  /// What one level did for the prediction.
  package struct LevelShare: Sendable, Equatable {
    /// log₂ p(token) as read minus log₂ p(token) with this level's learned part left out: positive
    /// where the level helped.
    package let creditBits: Float
    /// η, the share of the token before that would be written: the mean over blocks and heads; nil
    /// where the level has no such gate.
    package let rate: Float?
    /// The mixer's α, or a continuum level's λ: what a write keeps of what was known.
    package let retention: Float?
  }

  package let token: TokenID
  package let surpriseBits: Float
  package let entropyBits: Float
  /// The likeliest first.
  package let alternatives: [Alternative]
  /// As `LevelSettings` counts: the mixer first.
  package let levels: [LevelShare]
  /// log₂ p(token) as read minus that with every level's learned part left out.
  package let allCreditBits: Float
}

extension HopeModel {
  /// Takes the prediction of `token` apart. It is the one made after `last` was read; `state` is the
  /// stream's before `last`, and is left as it is.
  /// - Parameters:
  ///   - settings: the switches `last` was read under.
  ///   - count: how many alternatives.
  package func inspect(
    _ token: TokenID, after last: TokenID, isLearnedFrom: Bool, settings: LevelSettings,
    state: HopeState, alternatives count: Int = 5
  ) -> TokenInspection {
    var ready = state
    if isChunkFull(ready) {
      closeChunk(next: last, isLearnedFrom: isLearnedFrom, settings: settings, state: &ready)
    }
    func reading(without silenced: Range<Int>) -> (logits: [Float], gates: [LevelGates]) {
      var (copy, muted) = (ready, settings)
      for index in silenced { muted[index].access.remove(.read) }
      let report = step(last, isLearnedFrom: isLearnedFrom, settings: muted, state: &copy)
      return (copy.logits, report.gates)
    }
    func surpriseBits(without silenced: Range<Int>) -> Float {
      Self.surpriseBits(reading(without: silenced).logits, token)
    }
    let (read, gates) = reading(without: 0..<0)
    let surprise = Self.surpriseBits(read, token)
    let measured = Prediction(logits: read)?.measured(token)
    let levels = (0..<settings.count).map { index in
      TokenInspection.LevelShare(
        creditBits: surpriseBits(without: index..<index + 1) - surprise,
        rate: gates[index].rate, retention: gates[index].retention)
    }
    return TokenInspection(
      token: token, surpriseBits: surprise, entropyBits: measured?.entropyBits ?? 0,
      alternatives: Self.likeliest(count, read), levels: levels,
      allCreditBits: surpriseBits(without: 0..<settings.count) - surprise)
  }

  private static func surpriseBits(_ logits: [Float], _ token: TokenID) -> Float {
    Prediction(logits: logits)?.measured(token).surpriseBits ?? 0
  }

  private static func likeliest(_ count: Int, _ logits: [Float])
    -> [TokenInspection.Alternative]
  {
    Ranking.best(count, of: logits).map {
      TokenInspection.Alternative(token: $0, probability: exp2(-surpriseBits(logits, $0)))
    }
  }
}
