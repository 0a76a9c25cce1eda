package import Tensors

/// A text to be read and the questions about what was told in it, each to be asked from a copy of
/// the same state.
package struct RecallContext: Sendable, Equatable {
  /// What is read before any question: a multiple of the grid.
  package let tokens: [TokenID]
  /// May the levels learn from predicting the next token? One per token; the last one's next token is
  /// the first of the prompt.
  package let isWritable: [Bool]
  package let questions: [Question]

  package struct Question: Sendable, Equatable {
    /// The user's turn and the assistant's answer up to the value.
    package let prompt: [TokenID]
    package let value: [TokenID]
    package let valueText: String
    package let attribute: String
    /// Tokens from the end of the told value to the question's first token.
    package let distance: Int
  }
}

/// Makes recall questions at a given distance, from values that training never sees.
package struct RecallQuestions: Sendable {
  private let speech: MemorySpeech
  private let filler: any FillerSource

  package init(
    encode: @escaping TextEncoding, roles: RoleTokens, filler: any FillerSource,
    split: ValueSplit = .evaluation, phrasings: PhrasingSet = .training,
    maximumValueTokens: Int = 4
  ) {
    speech = MemorySpeech(
      encode: encode, roles: roles,
      values: ValueSource(split: split, encode: encode, maximumTokens: maximumValueTokens),
      phrasings: phrasings)
    self.filler = filler
  }

  /// Tells `factCount` facts and fills up, so that the questions start `distance` tokens after the
  /// last told value ended; the facts before it are older by the length of their turns. Small talk in
  /// front makes the context's length a multiple of `grid`, so that a level whose chunk divides it has
  /// written all it read.
  package func context(
    distance: Int, grid: Int, factCount: Int = 4, mode: WritableMode = .userOnly,
    using random: inout RandomSource
  ) -> RecallContext {
    precondition(distance > 0 && grid > 0, "distance \(distance), grid \(grid)")
    precondition(factCount > 0, "factCount \(factCount)")
    let facts = differentFacts(factCount, using: &random)
    let (told, ends) = tell(facts, atMost: distance, using: &random)
    let end = told.count - ends[ends.count - 1]
    let bare = 1 + told.count + distance - end
    var lead = (grid - bare % grid) % grid
    while 1..<Self.shortestLead ~= lead { lead += grid }
    var tokens = [speech.roles.endOfText] + talk(lead, using: &random)
    let start = tokens.count
    tokens += told + talk(distance - end, using: &random)
    let questions = zip(facts, ends).map { fact, end in
      question(about: fact, distance: tokens.count - start - end, using: &random)
    }
    return RecallContext(
      tokens: tokens,
      isWritable: speech.roles.writability(of: tokens + [speech.roles.user], mode: mode),
      questions: questions)
  }

  /// Less would be no small talk but the crumb of a turn.
  private static let shortestLead = 12

  /// Contexts that depend on the seed and the settings only.
  package func contexts(
    _ count: Int, distance: Int, grid: Int, factCount: Int = 4, mode: WritableMode = .userOnly,
    seed: UInt64
  ) -> [RecallContext] {
    (0..<count).map { index in
      var random = RandomSource(seed: seed).split(UInt64(distance)).split(UInt64(index))
      return context(
        distance: distance, grid: grid, factCount: factCount, mode: mode, using: &random)
    }
  }

  private func differentFacts(_ count: Int, using random: inout RandomSource)
    -> [MemorySpeech.Fact]
  {
    let attributes = MemoryCatalogue.attributes.indices.shuffled(using: &random).prefix(count)
    var facts: [MemorySpeech.Fact] = []
    for index in attributes {
      let taken = Set(facts.map { $0.value.lowercased() })
      facts.append(speech.fact(about: index, notIn: taken, using: &random))
    }
    return facts
  }

  /// Short turns that tell the facts; `ends` are where the values end in `tokens`. Only neutral
  /// replies, the last one short enough to end within the distance.
  private func tell(
    _ facts: [MemorySpeech.Fact], atMost distance: Int, using random: inout RandomSource
  ) -> (tokens: [TokenID], ends: [Int]) {
    var tokens: [TokenID] = []
    var ends: [Int] = []
    for fact in facts {
      let turn = shortest(3, using: &random) { speech.statement(of: [fact], using: &$0) }
      ends.append(tokens.count + turn.values[0].range.upperBound)
      tokens += turn.tokens
      tokens +=
        shortest(2, using: &random) { speech.reply(from: Replies.neutral, using: &$0) }
        .tokens
    }
    let last = ends[ends.count - 1]
    return (Array(tokens.prefix(last + distance)), ends)
  }

  private func shortest(
    _ tries: Int, using random: inout RandomSource, _ make: (inout RandomSource) -> MarkedTurn
  ) -> MarkedTurn {
    var best = make(&random)
    for _ in 1..<tries {
      let turn = make(&random)
      if turn.tokens.count < best.tokens.count { best = turn }
    }
    return best
  }

  /// Exactly `count` tokens of small talk; the last turn is cut.
  private func talk(_ count: Int, using random: inout RandomSource) -> [TokenID] {
    var tokens: [TokenID] = []
    while tokens.count < count { tokens += filler.run(using: &random).flatMap(\.tokens) }
    return Array(tokens.prefix(count))
  }

  private func question(
    about fact: MemorySpeech.Fact, distance: Int, using random: inout RandomSource
  ) -> RecallContext.Question {
    let ask = speech.question(about: fact, using: &random)
    let answer = speech.canonicalAnswer(with: fact, using: &random)
    return RecallContext.Question(
      prompt: ask.tokens + answer.prefix, value: answer.value, valueText: fact.value,
      attribute: fact.attribute.key, distance: distance)
  }
}
