/// What somebody likes best.
extension MemoryCatalogue {
  static let favourites: [MemoryAttribute] = [
    favourite("colour", .colour, weight: 4), favourite("food", .food, weight: 4),
    favourite("drink", .drink), favourite("animal", .animal, weight: 3),
    favourite("flower", .flower, weight: 1), favourite("sport", .sport, weight: 1),
    favourite("book", .title), favourite("song", .title, weight: 1),
    favourite("film", .title, weight: 1), favourite("singer", .person, weight: 1),
    favourite("holiday place", .city, weight: 1),
  ]

  private static func favourite(_ noun: String, _ kind: ValueKind, weight: Int = 2)
    -> MemoryAttribute
  {
    MemoryAttribute(
      "favourite_" + noun.split(separator: " ").joined(separator: "_"), kind, noun: noun,
      weight: weight, topic: .taste, statements: statements, questions: questions,
      answers: ["your favourite {n} is {v}", "the {n} you like best is {v}"],
      corrections: [
        "my favourite {n} is not {old}, it is {v}",
        "I changed my mind, my favourite {n} is {v} now",
        "these days I like {v} better than {old}",
      ],
      distractors: [
        "my {o}'s favourite {n} is {v}", "the {n} my {o} likes best is {v}",
        "my {o} likes {v} more than any other {n}",
      ])
  }

  private static let statements = Phrasings(
    training: [
      "my favourite {n} is {v}", "the {n} I like best is {v}",
      "I like {v} more than any other {n}", "{v} is my favourite {n}",
      "my favourite {n} has always been {v}", "if you ask me for my favourite {n}, it is {v}",
      "when it comes to {ns}, I love {v} the most", "of all {ns} I like {v} best",
      "I'd say my favourite {n} is {v}", "I have a favourite {n}. It is {v}",
      "my absolute favourite {n} is {v}",
    ],
    heldOut: [
      "no {n} beats {v} for me", "my {n} of choice is {v}", "my number one {n} is {v}",
    ])

  private static let questions = Phrasings(
    training: [
      "what is my favourite {n}?", "which {n} do I like best?", "what's my favourite {n}?",
      "do you remember my favourite {n}?", "what did I say my favourite {n} was?",
      "can you tell me my favourite {n}?", "do you know which {n} I like best?",
      "tell me my favourite {n}.", "what was my favourite {n} again?",
      "could you please tell me what my favourite {n} is?",
    ],
    heldOut: [
      "which {n} is my number one?", "remind me of my favourite {n}.",
      "what {n} did I say I love the most?",
    ])
}
