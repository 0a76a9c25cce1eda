import Glibc
package import Tensors

/// Draws tokens. A value with its own random source: a copy draws the same tokens again.
///
/// Order of the filters: temperature, top-k, top-p, min-p; what is left is drawn from in proportion.
package struct Sampler: Codable, Sendable, Equatable {
  /// One drawn token.
  package struct Choice: Sendable, Equatable {
    package let token: TokenID
    /// The chance it had after temperature and filters.
    package let probability: Float
  }

  /// Callers pass settings that `validate` accepts.
  package var settings: SamplerSettings
  package var random: RandomSource

  package init(settings: SamplerSettings = SamplerSettings(), random: RandomSource) {
    self.settings = settings
    self.random = random
  }

  /// Draws a token from one row of logits. Every call takes one number from `random`, whatever the
  /// settings, so that a change of settings does not shift the numbers of later tokens.
  package mutating func sample(_ logits: [Float]) throws(SamplingError) -> Choice {
    let point = Double(random.uniform())
    guard settings.temperature > 0 else { return try Self.likeliest(logits) }
    let candidates = try weighted(logits)
    let total = candidates.reduce(0) { $0 + $1.weight }
    var rest = point * total
    var chosen = candidates[0]
    for candidate in candidates where candidate.weight > 0 {
      chosen = candidate
      rest -= candidate.weight
      if rest < 0 { break }
    }
    return Choice(token: chosen.token, probability: Float(chosen.weight / total))
  }

  private static func likeliest(_ logits: [Float]) throws(SamplingError) -> Choice {
    guard let token = Ranking.best(1, of: logits).first else {
      throw .noFiniteLogit(vocabularySize: logits.count)
    }
    return Choice(token: token, probability: 1)
  }

  private typealias Candidate = (token: TokenID, weight: Double)

  /// Tokens that pass the filters, with exp((logit − largest) / temperature).
  private func weighted(_ logits: [Float]) throws(SamplingError) -> [Candidate] {
    let tokens = kept(logits)
    var largest = -Float.infinity
    for token in tokens { largest = max(largest, logits[Int(token)]) }
    guard largest.isFinite else { throw .noFiniteLogit(vocabularySize: logits.count) }
    let (top, temperature) = (Double(largest), Double(settings.temperature))
    let candidates = tokens.map { token -> Candidate in
      (token, exp((Double(logits[Int(token)]) - top) / temperature))
    }
    return nucleus(candidates).filter { $0.weight >= Double(settings.minP) }
  }

  /// Finite tokens within top-k; ranked when a filter needs the order.
  private func kept(_ logits: [Float]) -> [TokenID] {
    if settings.topK > 0 || settings.topP < 1 {
      return Ranking.best(settings.topK > 0 ? settings.topK : logits.count, of: logits)
    }
    return logits.indices.filter { logits[$0].isFinite }.map { TokenID($0) }
  }

  /// The shortest start of ranked candidates that reaches top-p, at least one.
  private func nucleus(_ ranked: [Candidate]) -> [Candidate] {
    guard settings.topP < 1 else { return ranked }
    let goal = Double(settings.topP) * ranked.reduce(0) { $0 + $1.weight }
    var reached = 0.0
    let last = ranked.firstIndex { candidate in
      reached += candidate.weight
      return reached >= goal
    }
    return Array(ranked.prefix((last ?? ranked.count - 1) + 1))
  }
}
