/// What has a name: pets, people and things.
extension MemoryCatalogue {
  static let pets: [MemoryAttribute] =
    ["cat", "dog"].map { pet($0, weight: 5) }
    + [
      "parrot", "rabbit", "hamster", "horse", "goldfish", "turtle", "guinea pig", "pony", "snake",
      "lizard", "ferret", "budgie", "donkey", "goat", "tortoise", "mouse", "kitten", "puppy",
    ].map { pet($0, weight: 1) }

  static let people: [MemoryAttribute] =
    [
      ("best friend", 3, [.he, .she]), ("mother", 2, [.she]), ("father", 2, [.he]),
      ("boss", 2, [.he, .she]), ("teacher", 2, [.he, .she]), ("wife", 1, [.she]),
      ("husband", 1, [.he]), ("grandmother", 1, [.she]), ("dentist", 1, [.he, .she]),
    ].map { person($0, weight: $1, $2, statements: statementsOfOneAndOnly) }
    + [
      ("sister", 4, [.she]), ("brother", 4, [.he]), ("colleague", 1, [.he, .she]),
      ("neighbour", 2, [.he, .she]), ("cousin", 1, [.he, .she]), ("son", 1, [.he]),
      ("daughter", 1, [.she]), ("aunt", 1, [.she]), ("uncle", 1, [.he]),
      ("roommate", 1, [.he, .she]),
    ].map { person($0, weight: $1, $2, statements: statementsOfOneAndOnly + statementsOfOwners) }

  static let things: [MemoryAttribute] = [
    thing("boat", .thing), thing("band", .band), thing("teddy bear", .pet), thing("robot", .thing),
    thing("house plant", .person), thing("car", .pet), thing("bakery", .company),
    thing("football team", .band),
  ]

  private static func pet(_ noun: String, weight: Int) -> MemoryAttribute {
    named(
      noun, .pet, weight: weight, topic: .pet, [.he, .she],
      statements: statementsOfOneAndOnly + statementsOfOwners + [
        "we call our {n} {v}", "I was just out with my {n} {v}", "this is {v}, my {n}",
      ],
      corrections: [
        "we renamed {him}, {he} is called {v} now", "we changed the name of my {n} to {v}",
      ])
  }

  private static func person(
    _ noun: String, weight: Int, _ pronouns: [Pronoun], statements: [String]
  ) -> MemoryAttribute {
    named(
      noun, .person, weight: weight, topic: .person, pronouns,
      statements: statements + [
        "I was just talking to my {n} {v}", "my {n} {v} is coming over later",
      ], corrections: ["I mixed up the names, my {n} is called {v}"])
  }

  private static func thing(_ noun: String, _ kind: ValueKind) -> MemoryAttribute {
    named(
      noun, kind, weight: 1, topic: .thing, [.it],
      statements: statementsOfOneAndOnly + statementsOfOwners + ["we called our {n} {v}"],
      corrections: ["we renamed {him}, {he} is called {v} now"])
  }

  private static func named(
    _ noun: String, _ kind: ValueKind, weight: Int, topic: AcknowledgementTopic,
    _ pronouns: [Pronoun], statements: [String], corrections: [String]
  ) -> MemoryAttribute {
    MemoryAttribute(
      noun.split(separator: " ").joined(separator: "_"), kind, noun: noun, weight: weight,
      topic: topic, pronouns: pronouns,
      statements: Phrasings(
        training: statements,
        heldOut: [
          "say hello to my {n} {v}", "my {n} goes by the name of {v}",
          "everyone knows my {n} as {v}",
        ]),
      questions: Phrasings(
        training: questionsForNames,
        heldOut: [
          "remind me, what is my {n} called?", "which name did I give you for my {n}?",
          "any idea what my {n} is called?",
        ]),
      answers: ["your {n} is called {v}", "your {n}'s name is {v}"],
      corrections: corrections + ["my {n} isn't called {old}, {he} is called {v}"],
      distractors: [
        "my {o}'s {n} is called {v}", "my {o}'s {n} is named {v}",
        "the name of my {o}'s {n} is {v}", "my {o} told me about a {n} called {v}",
      ])
  }

  private static let statementsOfOneAndOnly = [
    "my {n} is called {v}", "my {n}'s name is {v}", "my {n} is named {v}",
    "the name of my {n} is {v}", "{v} is my {n}'s name", "{v} is the name of my {n}",
    "let me tell you about my {n}. {His} name is {v}",
    "did I tell you about my {n}? {He} is called {v}", "my {n}, {he} is called {v}",
  ]

  private static let statementsOfOwners = [
    "I have {an} called {v}", "I have {an}, {his} name is {v}", "I've got {an} named {v}",
    "I have {an} and {his} name is {v}", "I have {an}. {His} name is {v}",
  ]

  private static let questionsForNames = [
    "what is my {n} called?", "what is my {n}'s name?", "what's my {n}'s name?",
    "do you remember the name of my {n}?", "what was my {n}'s name again?",
    "can you tell me what my {n} is called?", "do you know my {n}'s name?",
    "what did I say my {n} is called?", "tell me the name of my {n}.",
    "could you please tell me my {n}'s name?", "what is the name of my {n}?",
    "do you still know what my {n} is called?",
  ]
}
