import Glibc

/// What a model says about the next token: softmax(logits), measured in bits. A logit that is not
/// finite counts as probability 0.
package struct TokenDistribution: Sendable {
  /// One token and its probability.
  package struct Candidate: Sendable, Equatable {
    package let token: TokenID
    package let probability: Float
  }

  package let logits: [Float]
  /// ln Σ exp(logit) over finite logits.
  private let logTotal: Double

  package init(_ logits: [Float]) throws(SamplingError) {
    var largest = -Float.infinity
    for logit in logits where logit.isFinite && logit > largest { largest = logit }
    guard largest.isFinite else { throw .noFiniteLogit(vocabularySize: logits.count) }
    var total = 0.0
    for logit in logits where logit.isFinite { total += exp(Double(logit) - Double(largest)) }
    self.logits = logits
    logTotal = Double(largest) + log(total)
  }

  package func probability(of token: TokenID) -> Float {
    let logit = self[token]
    return logit.isFinite ? Float(exp(Double(logit) - logTotal)) : 0
  }

  /// −log₂ p(token); infinity for a token of probability 0.
  package func surpriseBits(of token: TokenID) -> Float {
    let logit = self[token]
    return logit.isFinite ? Float(max(0, (logTotal - Double(logit)) / M_LN2)) : .infinity
  }

  /// −Σ p log₂ p: 0 for a sure thing, log₂ V for no idea.
  package var entropyBits: Float {
    var nats = 0.0
    for logit in logits where logit.isFinite {
      let surprise = logTotal - Double(logit)
      nats += exp(-surprise) * surprise
    }
    return Float(max(0, nats / M_LN2))
  }

  /// The `count` likeliest tokens, likeliest first; ties go to the smaller id.
  package func best(_ count: Int) -> [Candidate] {
    Ranking.best(count, of: logits).map { Candidate(token: $0, probability: probability(of: $0)) }
  }

  private subscript(token: TokenID) -> Float {
    precondition(
      logits.indices.contains(Int(token)), "token \(token) of \(logits.count) logits")
    return logits[Int(token)]
  }
}

/// Why no token could be drawn.
package enum SamplingError: Error, Equatable, CustomStringConvertible {
  case noFiniteLogit(vocabularySize: Int)

  package var description: String {
    switch self {
    case .noFiniteLogit(let size):
      "the model gave no finite logit for any of \(size) tokens; its weights may have diverged: "
        + "reset the levels or go back to an earlier point"
    }
  }
}

/// Token ids in the order likeliest first, smaller id first among equals.
enum Ranking {
  /// Above this many a full sort is quicker than keeping a short list in order.
  private static let longestShortList = 128

  /// The `count` best ids whose logits are finite.
  static func best(_ count: Int, of logits: [Float]) -> [TokenID] {
    guard count > 0 else { return [] }
    guard count <= longestShortList else {
      let finite = logits.indices.filter { logits[$0].isFinite }
      return finite.sorted { (-logits[$0], $0) < (-logits[$1], $1) }
        .prefix(count).map { TokenID($0) }
    }
    return shortList(count, of: logits)
  }

  private static func shortList(_ count: Int, of logits: [Float]) -> [TokenID] {
    var list: [TokenID] = []
    for (id, logit) in logits.enumerated() where logit.isFinite {
      if list.count == count {
        guard logit > logits[Int(list[count - 1])] else { continue }
        list.removeLast()
      }
      let place = list.lastIndex { logits[Int($0)] >= logit }.map { $0 + 1 } ?? 0
      list.insert(TokenID(id), at: place)
    }
    return list
  }
}
