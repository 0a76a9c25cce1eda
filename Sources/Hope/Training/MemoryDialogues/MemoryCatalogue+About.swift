/// Who somebody is: name, work, pastimes.
extension MemoryCatalogue {
  static let about: [MemoryAttribute] = [
    MemoryAttribute(
      "name", .person, weight: 6, topic: .userName,
      statements: Phrasings(
        training: [
          "my name is {v}", "I'm {v}", "I am {v}", "I am called {v}", "you can call me {v}",
          "people call me {v}", "call me {v}", "this is {v} speaking", "my name's {v}",
          "everybody calls me {v}", "it's me, {v}", "I should introduce myself. I'm {v}",
        ], heldOut: ["I go by {v}", "the name is {v}", "my parents named me {v}"]),
      questions: Phrasings(
        training: [
          "what is my name?", "what's my name?", "do you remember my name?", "who am I?",
          "can you tell me my name?", "what was my name again?", "do you know what I am called?",
          "do you still know my name?", "tell me my name.", "what am I called?",
        ], heldOut: ["how should you call me?", "remind me of my own name.", "which name is mine?"]),
      answers: ["your name is {v}", "you are {v}"],
      corrections: ["my name is not {old}, it is {v}", "please call me {v} from now on"],
      distractors: [
        "the man next door is called {v}", "the new girl at work is called {v}",
        "I met somebody called {v} today", "I read a story about a boy named {v}",
      ]),
    MemoryAttribute(
      "job", .job, weight: 4, topic: .work,
      statements: Phrasings(
        training: [
          "I work as {a} {v}", "I am {a} {v}", "I'm {a} {v} by profession",
          "my job is being {a} {v}", "I earn my living as {a} {v}", "I am {a} {v} by trade",
          "I have a new job. I work as {a} {v} now", "for work I am {a} {v}",
          "I have been working as {a} {v} for years", "I got a job as {a} {v}",
        ], heldOut: ["my profession is {v}", "they pay me for being {a} {v}"]),
      questions: Phrasings(
        training: [
          "what is my job?", "what do I do for work?", "what do I do for a living?",
          "what's my job?", "do you remember my job?", "do you remember what I work as?",
          "can you tell me what my job is?", "what was my job again?", "what do I work as?",
        ], heldOut: ["how do I earn my money?", "remind me, what is my profession?"]),
      answers: ["you work as {a} {v}"],
      corrections: ["I changed jobs, I work as {a} {v} now"],
      distractors: [
        "my {o} works as {a} {v}", "my {o} is {a} {v}", "my {o} got a job as {a} {v}",
      ]),
    MemoryAttribute(
      "hobby", .hobby, weight: 4, topic: .taste,
      statements: Phrasings(
        training: [
          "my hobby is {v}", "in my free time I enjoy {v}", "I am really into {v}",
          "I love {v} in my spare time", "{v} is my hobby", "my favourite hobby is {v}",
          "at weekends I like {v}", "I spend my evenings with {v}",
          "I found a new hobby. It is {v}", "as a hobby I like {v}",
        ], heldOut: ["my pastime is {v}", "nothing relaxes me like {v}"]),
      questions: Phrasings(
        training: [
          "what is my hobby?", "what's my hobby?", "what do I like to do in my free time?",
          "do you remember my hobby?", "can you tell me what my hobby is?",
          "what was my hobby again?", "what do I enjoy in my spare time?", "tell me my hobby.",
        ], heldOut: ["how do I spend my free time?", "remind me what my hobby is."]),
      answers: ["your hobby is {v}"],
      corrections: ["my hobby is not {old}, it is {v}", "I gave up {old}, my hobby is {v} now"],
      distractors: ["my {o}'s hobby is {v}", "my {o} is really into {v}", "my {o} enjoys {v}"]),
    MemoryAttribute(
      "instrument", .instrument, weight: 3, topic: .taste,
      statements: Phrasings(
        training: [
          "I play the {v}", "my instrument is the {v}", "I am learning to play the {v}",
          "I can play the {v}", "I have been playing the {v} for years",
          "I practise the {v} every day",
          "I started to play the {v}", "the instrument I play is the {v}",
          "I play an instrument. It is the {v}",
        ], heldOut: ["I am quite good at the {v}", "I take lessons on the {v}"]),
      questions: Phrasings(
        training: [
          "what instrument do I play?", "which instrument do I play?",
          "do you remember what instrument I play?", "do you remember my instrument?",
          "what is my instrument?", "can you tell me which instrument I play?",
          "what instrument did I say I play?", "what was my instrument again?",
        ], heldOut: ["on what do I make music?", "remind me which instrument I play."]),
      answers: ["you play the {v}", "your instrument is the {v}"],
      corrections: ["I don't play the {old}, I play the {v}"],
      distractors: ["my {o} plays the {v}", "my {o} is learning to play the {v}"]),
  ]
}
