/// Where somebody lives, comes from and works.
extension MemoryCatalogue {
  static let places: [MemoryAttribute] = [
    MemoryAttribute(
      "city", .city, weight: 5, topic: .place,
      statements: Phrasings(
        training: [
          "I live in {v}", "I am living in {v}", "my home is in {v}", "I moved to {v} last year",
          "I live in a city called {v}", "the city I live in is {v}", "I have a flat in {v}",
          "we live in {v}", "I live right in the middle of {v}", "I moved. I live in {v} now",
        ], heldOut: ["{v} is where I live", "my flat is in {v}"]),
      questions: Phrasings(
        training: [
          "where do I live?", "which city do I live in?", "what city do I live in?",
          "do you remember where I live?", "can you tell me where I live?",
          "do you know which city I live in?", "where did I say I live?",
          "in which city do I live?", "where is my home?",
        ], heldOut: ["what is the city I call home?", "remind me where I live."]),
      answers: ["you live in {v}"],
      corrections: ["I don't live in {old}, I live in {v}", "we moved, I live in {v} now"],
      distractors: ["my {o} lives in {v}", "my {o} moved to {v}", "my {o} has a flat in {v}"]),
    MemoryAttribute(
      "home_town", .city, weight: 3, topic: .place,
      statements: Phrasings(
        training: [
          "I was born in {v}", "I come from {v}", "I grew up in {v}", "my home town is {v}",
          "I am originally from {v}", "I spent my childhood in {v}", "my birthplace is {v}",
          "{v} is my home town", "the town I come from is {v}",
        ], heldOut: ["I hail from {v}", "my family is from {v}, I was born there"]),
      questions: Phrasings(
        training: [
          "where was I born?", "what is my home town?", "where do I come from?",
          "where did I grow up?", "do you remember my home town?",
          "do you remember where I was born?", "can you tell me where I come from?",
          "what was my home town again?",
        ], heldOut: ["what town am I from?", "remind me where I was born."]),
      answers: ["you come from {v}", "your home town is {v}"],
      corrections: ["I wasn't born in {old}, I was born in {v}"],
      distractors: ["my {o} was born in {v}", "my {o} comes from {v}", "my {o} grew up in {v}"]),
    MemoryAttribute(
      "street", .street, weight: 2, topic: .place,
      statements: Phrasings(
        training: [
          "I live on {v}", "my street is called {v}", "the name of my street is {v}",
          "my house is on {v}", "the street I live on is {v}", "my street is {v}",
          "you find my house on {v}", "we moved to a new street. It is called {v}",
          "I have a small house on {v}",
        ], heldOut: ["my address is on {v}", "my front door opens onto {v}"]),
      questions: Phrasings(
        training: [
          "what street do I live on?", "which street do I live on?", "what is my street called?",
          "do you remember my street?", "what is the name of my street?",
          "can you tell me what street I live on?", "on which street is my house?",
          "what was my street called again?",
        ], heldOut: ["remind me of my street.", "where on the map is my house, which street?"]),
      answers: ["you live on {v}", "your street is called {v}"],
      corrections: ["my street is not {old}, it is {v}"],
      distractors: ["my {o} lives on {v}", "my {o}'s street is called {v}"]),
    MemoryAttribute(
      "company", .company, weight: 2, topic: .work,
      statements: Phrasings(
        training: [
          "I work for {v}", "I work at {v}", "the company I work for is called {v}",
          "my company is called {v}", "I have a job at {v}", "my employer is {v}",
          "I joined a new company. It is called {v}", "I got hired by {v}",
          "the name of my company is {v}",
        ], heldOut: ["I am employed by {v}", "{v} pays my salary"]),
      questions: Phrasings(
        training: [
          "which company do I work for?", "what company do I work for?",
          "what is my company called?", "do you remember where I work?",
          "who do I work for?", "what is the name of my company?",
          "can you tell me which company I work for?", "where do I work?",
        ], heldOut: ["who is my employer?", "remind me who I work for."]),
      answers: ["you work for {v}", "your company is called {v}"],
      corrections: ["I left {old}, I work for {v} now"],
      distractors: ["my {o} works for {v}", "my {o} works at {v}"]),
    MemoryAttribute(
      "school", .street, weight: 1, topic: .place,
      statements: Phrasings(
        training: [
          "my school is on {v}", "I go to school on {v}", "the school I go to is on {v}",
          "my old school is on {v}", "you find my school on {v}", "I went to school on {v}",
          "my school was built on {v}", "my classes are at the school on {v}",
        ], heldOut: ["my school stands on {v}", "every morning I walk to school on {v}"]),
      questions: Phrasings(
        training: [
          "what street is my school on?", "which street is my school on?", "where is my school?",
          "do you remember where my school is?", "can you tell me where my school is?",
          "on which street is my school?",
        ], heldOut: ["how do I find my school, which street?", "remind me where my school is."]),
      answers: ["your school is on {v}"],
      corrections: ["my school is not on {old}, it is on {v}"],
      distractors: ["my {o}'s school is on {v}", "my {o} goes to school on {v}"]),
  ]
}
