import Foundation
package import Hope

/// One token of the conversation taken apart, with the words that belong to the ids.
package struct TokenFacts: Sendable, Equatable {
  package struct Alternative: Sendable, Equatable {
    package let id: TokenID
    package let text: String
    package let probability: Float

    package init(id: TokenID, text: String, probability: Float) {
      (self.id, self.text, self.probability) = (id, text, probability)
    }
  }

  package struct LevelShare: Sendable, Equatable {
    package let name: String
    /// log₂ p(token) as it was minus that without the level's learned part: positive where it helped.
    package let creditBits: Float
    /// η and what a write keeps (α, λ); nil where the level has no such gate.
    package let rate: Float?
    package let retention: Float?

    package init(name: String, creditBits: Float, rate: Float? = nil, retention: Float? = nil) {
      (self.name, self.creditBits, self.rate, self.retention) = (name, creditBits, rate, retention)
    }
  }

  package let position: Int
  package let id: TokenID
  package let text: String
  package let surpriseBits: Float
  package let entropyBits: Float
  /// The likeliest first.
  package let alternatives: [Alternative]
  package let levels: [LevelShare]
  /// The same as a level's credit, for all of them at once.
  package let allCreditBits: Float

  package init(
    position: Int, id: TokenID, text: String, surpriseBits: Float, entropyBits: Float,
    alternatives: [Alternative], levels: [LevelShare], allCreditBits: Float
  ) {
    self.position = position
    self.id = id
    self.text = text
    self.surpriseBits = surpriseBits
    self.entropyBits = entropyBits
    self.alternatives = alternatives
    self.levels = levels
    self.allCreditBits = allCreditBits
  }

  package var probability: Float { exp2(-surpriseBits) }
}

extension TokenFacts {
  init(_ inspection: TokenInspection, position: Int, names: [String], tokenizer: Tokenizer) {
    self.init(
      position: position, id: inspection.token, text: tokenizer.text(of: inspection.token),
      surpriseBits: inspection.surpriseBits, entropyBits: inspection.entropyBits,
      alternatives: inspection.alternatives.map {
        Alternative(
          id: $0.token, text: tokenizer.text(of: $0.token), probability: $0.probability)
      },
      levels: zip(names, inspection.levels).map {
        LevelShare(
          name: $0, creditBits: $1.creditBits, rate: $1.rate, retention: $1.retention)
      }, allCreditBits: inspection.allCreditBits)
  }
}

extension Conversation {
  /// Takes the predictions of the tokens at some positions apart, computed again from the log.
  func inspect(
    _ positions: ClosedRange<Int>, _ body: (TokenFacts) -> Void
  ) throws(SessionError) {
    guard positions.lowerBound > 0, positions.upperBound < state.position else {
      throw .noSuchToken(positions, count: state.position)
    }
    var last: StreamLog.Place?
    let isWhole = log.visit(positions.lowerBound - 1...positions.upperBound, model: model) {
      position, place in
      if let last {
        let inspection = model.inspect(
          place.token, after: last.token, isLearnedFrom: last.isLearnedFrom,
          settings: last.settings, state: last.state)
        body(
          TokenFacts(inspection, position: position, names: levelNames, tokenizer: tokenizer))
      }
      last = place
    }
    if !isWhole { throw .noSuchToken(positions, count: state.position) }
  }
}
