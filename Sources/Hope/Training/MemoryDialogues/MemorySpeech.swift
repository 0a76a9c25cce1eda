import Tensors

/// Puts facts, questions and answers into words, and words into tokens.
struct MemorySpeech: Sendable {
  let encode: TextEncoding
  let roles: RoleTokens
  let values: ValueSource
  let phrasings: PhrasingSet

  /// One thing a user told, or will be asked for.
  struct Fact: Sendable, Equatable {
    let attributeIndex: Int
    /// As told: the answer repeats this spelling.
    var value: String
    let pronoun: Pronoun

    var attribute: MemoryAttribute { MemoryCatalogue.attributes[attributeIndex] }
  }

  /// A new fact about an attribute whose value differs from all in `taken` (lower case).
  func fact(
    about attributeIndex: Int, notIn taken: Set<String>, using random: inout RandomSource
  ) -> Fact {
    let attribute = MemoryCatalogue.attributes[attributeIndex]
    var value = values.value(of: attribute.kind, notIn: taken, using: &random)
    if random.integer(below: 16) == 0 { value = value.lowercased() }
    return Fact(
      attributeIndex: attributeIndex, value: value,
      pronoun: random.element(of: attribute.pronouns))
  }

  // MARK: - The user

  /// A user's turn that tells all the facts.
  func statement(of facts: [Fact], using random: inout RandomSource) -> MarkedTurn {
    var utterance = Utterance("")
    for (index, fact) in facts.enumerated() {
      let isJoined = facts.count > 1
      let choices = fact.attribute.statements[phrasings].filter { !isJoined || $0.isJoinable }
      if index > 0 { utterance.append(.text(index == facts.count - 1 ? " and " : ", ")) }
      let clause = say(random.element(of: choices), fact, index, using: &random)
      for piece in clause.pieces { utterance.append(piece) }
    }
    open(&utterance, with: Openings.statement, oneIn: 3, using: &random)
    return typed(utterance, using: &random)
  }

  /// A user's turn that replaces `old` by the fact's value.
  func correction(of fact: Fact, old: String, using random: inout RandomSource) -> MarkedTurn {
    let general = fact.attribute.statements[phrasings].filter(\.isJoinable)
    let own = fact.attribute.corrections
    let isOwn = phrasings == .training && !own.isEmpty && random.integer(below: 3) == 0
    var utterance = say(
      random.element(of: isOwn ? own : general), fact, 0, old: old, using: &random)
    open(&utterance, with: Openings.correction, oneIn: isOwn ? 2 : 1, using: &random)
    return typed(utterance, using: &random)
  }

  func question(about fact: Fact, using random: inout RandomSource) -> MarkedTurn {
    var utterance = say(
      random.element(of: fact.attribute.questions[phrasings]), fact, 0, using: &random)
    open(&utterance, with: Openings.question, oneIn: 5, using: &random)
    return typed(utterance, using: &random)
  }

  /// A user's turn that says the same of somebody else.
  func distractor(like fact: Fact, using random: inout RandomSource) -> MarkedTurn {
    var utterance = say(
      random.element(of: fact.attribute.distractors), fact, 0, using: &random)
    open(&utterance, with: Openings.statement, oneIn: 4, using: &random)
    return typed(utterance, using: &random)
  }

  // MARK: - The assistant

  /// The answer with the value right before the full stop.
  func answer(with fact: Fact, using random: inout RandomSource) -> MarkedTurn {
    let answers = fact.attribute.answers
    let isCanonical = answers.count == 1 || random.integer(below: 6) > 0
    var utterance = say(answers[isCanonical ? 0 : 1], fact, 0, using: &random)
    TypingStyle.proper.apply(to: &utterance)
    utterance.mapText(\.americanized)
    return utterance.tokens(by: .assistant, roles, encode)
  }

  /// The canonical answer up to the value, and the value's tokens.
  func canonicalAnswer(with fact: Fact, using random: inout RandomSource)
    -> (prefix: [TokenID], value: [TokenID])
  {
    var utterance = say(fact.attribute.answers[0], fact, 0, using: &random)
    TypingStyle.proper.apply(to: &utterance)
    utterance.mapText(\.americanized)
    let turn = utterance.tokens(by: .assistant, roles, encode)
    let range = turn.values[0].range
    return (Array(turn.tokens[..<range.lowerBound]), Array(turn.tokens[range]))
  }

  /// A reply to told facts; about one in six repeats the last value.
  func acknowledgement(of facts: [Fact], using random: inout RandomSource) -> MarkedTurn {
    guard let last = facts.last else { preconditionFailure("an acknowledgement of no fact") }
    let topic = last.attribute.topic
    if random.integer(below: 6) == 0 {
      let template = random.element(of: Replies.repeating(topic))
      return typedReply(Utterance(template, value: last.value, fact: facts.count - 1))
    }
    return reply(from: Replies.neutral + Replies.neutral(topic), using: &random)
  }

  func reply(from texts: [String], using random: inout RandomSource) -> MarkedTurn {
    typedReply(Utterance(random.element(of: texts)))
  }

  // MARK: - Wording

  private func say(
    _ template: String, _ fact: Fact, _ index: Int, old: String = "",
    using random: inout RandomSource
  ) -> Utterance {
    let noun = fact.attribute.noun
    var bindings = fact.pronoun.bindings
    bindings["n"] = noun
    bindings["ns"] = noun.plural
    bindings["an"] = noun.article + " " + noun
    bindings["o"] = random.element(of: Self.others.filter { $0 != noun })
    return Utterance(template, value: fact.value, fact: index, old: old, bindings: bindings)
  }
  private static let others = [
    "neighbour", "classmate", "niece", "nephew", "landlady", "hairdresser", "godmother", "friend",
    "sister", "brother", "boss", "aunt", "uncle", "cousin", "flatmate", "teacher", "doctor",
  ]

  private func open(
    _ utterance: inout Utterance, with openings: [String], oneIn share: Int,
    using random: inout RandomSource
  ) {
    if random.integer(below: share) == 0 { utterance.prepend(random.element(of: openings)) }
  }

  private func typed(_ utterance: Utterance, using random: inout RandomSource) -> MarkedTurn {
    var utterance = utterance
    if random.integer(below: 2) == 0 { utterance.mapText(\.americanized) }
    TypingStyle.draw(using: &random).apply(to: &utterance)
    return utterance.tokens(by: .user, roles, encode)
  }

  private func typedReply(_ utterance: Utterance) -> MarkedTurn {
    var utterance = utterance
    TypingStyle.proper.apply(to: &utterance)
    return utterance.tokens(by: .assistant, roles, encode)
  }
}

extension String {
  /// May the clause share a sentence with another one?
  fileprivate var isJoinable: Bool { !contains(". ") && !contains("? ") && !contains(":") }

  /// In American spelling, as most dialogues of the corpus are; the assistant always uses it.
  fileprivate var americanized: String {
    Self.spellings.reduce(self) { $0.replacing($1.british, with: $1.american) }
  }
  private static let spellings: [(british: String, american: String)] = [
    ("avourite", "avorite"), ("olour", "olor"), ("eighbour", "eighbor"), ("practise", "practice"),
  ]
}
