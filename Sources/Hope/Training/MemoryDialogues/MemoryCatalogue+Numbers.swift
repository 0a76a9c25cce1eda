/// Numbers, dates and secrets.
extension MemoryCatalogue {
  static let numbers: [MemoryAttribute] = [
    MemoryAttribute(
      "lucky_number", .number, weight: 4, topic: .number,
      statements: Phrasings(
        training: [
          "my lucky number is {v}", "{v} is my lucky number", "the number {v} brings me luck",
          "I always pick {v}, it is my lucky number", "my lucky number has always been {v}",
          "the number {v} is my lucky number", "I have a lucky number. It is {v}",
          "if you need my lucky number, it is {v}", "I think {v} is a lucky number for me",
        ], heldOut: ["I bet on {v}, my lucky number", "luck comes to me with the number {v}"]),
      questions: Phrasings(
        training: [
          "what is my lucky number?", "what's my lucky number?", "which number is my lucky number?",
          "do you remember my lucky number?", "can you tell me my lucky number?",
          "what was my lucky number again?", "which number brings me luck?",
          "tell me my lucky number.",
        ], heldOut: ["remind me of my lucky number.", "on which number should I bet?"]),
      answers: ["your lucky number is {v}"],
      corrections: ["my lucky number is not {old}, it is {v}"],
      distractors: ["my {o}'s lucky number is {v}", "the number {v} brings my {o} luck"]),
    numbered("room", "sleep in", topic: .number), numbered("bus", "take", topic: .number),
    numbered("locker", "use", topic: .number), secret("password"), secret("secret word"),
    secret("code word"),
    MemoryAttribute(
      "birthday", .month, weight: 3, topic: .number,
      statements: Phrasings(
        training: [
          "my birthday is in {v}", "I have my birthday in {v}", "I celebrate my birthday in {v}",
          "my birthday month is {v}", "I turn a year older in {v}", "I get my presents in {v}",
          "the month of my birthday is {v}", "my birthday comes in {v}",
          "I love birthdays. Mine is in {v}",
        ], heldOut: ["my big day is in {v}", "I blow out my candles in {v}"]),
      questions: Phrasings(
        training: [
          "when is my birthday?", "in which month is my birthday?", "what month is my birthday in?",
          "do you remember when my birthday is?", "can you tell me when my birthday is?",
          "when was my birthday again?", "when do I celebrate my birthday?",
          "which month is my birthday month?",
        ], heldOut: ["when do I get older?", "remind me when my birthday is."]),
      answers: ["your birthday is in {v}"],
      corrections: ["my birthday is not in {old}, it is in {v}"],
      distractors: ["my {o}'s birthday is in {v}", "my {o} celebrates in {v}"]),
    MemoryAttribute(
      "car_colour", .colour, weight: 2, topic: .taste,
      statements: Phrasings(
        training: [
          "my car is {v}", "the colour of my car is {v}", "I drive a car that is {v}",
          "I painted my car {v}", "my new car is {v}", "I bought a new car. It is {v}",
          "I have a car and it is {v}", "my car's colour is {v}", "they sprayed my car {v}",
        ], heldOut: ["my car shines in {v}", "I picked {v} for my car"]),
      questions: Phrasings(
        training: [
          "what colour is my car?", "which colour is my car?", "what is the colour of my car?",
          "do you remember what colour my car is?", "can you tell me the colour of my car?",
          "what colour did I say my car is?", "do you know the colour of my car?",
          "what's the colour of my car?",
        ], heldOut: ["how is my car painted?", "remind me of the colour of my car."]),
      answers: ["your car is {v}", "the colour of your car is {v}"],
      corrections: ["my car is not {old}, it is {v}", "I had my car painted, it is {v} now"],
      distractors: ["my {o}'s car is {v}", "the colour of my {o}'s car is {v}"]),
  ]

  private static func numbered(_ noun: String, _ verb: String, topic: AcknowledgementTopic)
    -> MemoryAttribute
  {
    MemoryAttribute(
      noun + "_number", .number, noun: noun, weight: 1, topic: topic,
      statements: Phrasings(
        training: [
          "my {n} number is {v}", "the number of my {n} is {v}", "my {n} has the number {v}",
          "I \(verb) {n} number {v}", "I always \(verb) {n} {v}", "my {n} is number {v}",
          "I \(verb) the {n} with the number {v}", "it is {n} {v} that I \(verb)",
          "I have a new {n} number. It is {v}",
        ], heldOut: ["mine is {n} {v}", "you read {v} on my {n}"]),
      questions: Phrasings(
        training: [
          "what is my {n} number?", "what's my {n} number?", "which number has my {n}?",
          "do you remember my {n} number?", "can you tell me my {n} number?",
          "what was my {n} number again?", "what is the number of my {n}?",
          "tell me my {n} number.",
        ], heldOut: ["remind me of my {n} number.", "which number do you read on my {n}?"]),
      answers: ["your {n} number is {v}"],
      corrections: ["my {n} number is not {old}, it is {v}"],
      distractors: ["my {o}'s {n} number is {v}", "the number of my {o}'s {n} is {v}"])
  }

  private static func secret(_ noun: String) -> MemoryAttribute {
    MemoryAttribute(
      noun.split(separator: " ").joined(separator: "_"), .secret, noun: noun, weight: 2,
      topic: .secret,
      statements: Phrasings(
        training: [
          "the {n} is {v}", "my {n} is {v}", "remember this {n}: {v}", "our {n} is {v}",
          "please remember the {n} {v}", "I tell you my {n}. It is {v}", "{v} is the {n}",
          "don't forget the {n}, it is {v}", "the {n} for today is {v}",
          "keep it to yourself, but my {n} is {v}",
        ], heldOut: ["whisper it: the {n} is {v}", "with the {n} {v} you get in"]),
      questions: Phrasings(
        training: [
          "what is the {n}?", "what's the {n}?", "do you remember the {n}?", "tell me the {n}.",
          "what was the {n} again?", "can you tell me the {n}?", "what is my {n}?",
          "do you still know the {n}?", "which {n} did I tell you?",
        ], heldOut: ["say the {n}.", "how do I get in, what is the {n}?"]),
      answers: ["the {n} is {v}", "your {n} is {v}"],
      corrections: ["the {n} is not {old}, it is {v}", "I changed the {n} to {v}"],
      distractors: ["my {o}'s {n} is {v}", "my {o} uses the {n} {v}"])
  }
}
