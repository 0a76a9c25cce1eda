/// What sort of fact an acknowledgement answers to.
enum AcknowledgementTopic: Sendable {
  case userName, pet, person, thing, place, work, taste, number, secret
}

/// What the assistant says to facts, and when it has nothing to say.
enum Replies {
  /// Answers to any fact; none holds a value.
  static let neutral = [
    "Okay, I will remember that.", "Good to know.", "Thanks for telling me.", "Got it.",
    "I see, thank you.", "Noted.", "Alright.", "I'll keep that in mind.", "That's nice.", "Nice!",
    "Oh, how interesting.", "Sounds good.", "Thank you, I did not know that.", "Great.",
    "I am happy to hear that.", "Okay.", "Understood.", "Cool, thanks for sharing.",
    "I won't forget it.", "Wonderful.", "That is good to know about you.", "Ah, I see.",
    "Lovely. Tell me more if you like.", "Thanks, I'll remember.", "Very good.",
  ]

  /// Further neutral answers that fit the topic.
  static func neutral(_ topic: AcknowledgementTopic) -> [String] {
    switch topic {
    case .userName: ["Nice to meet you!", "Hello, it is a pleasure.", "What a nice name."]
    case .pet: ["What a lovely name!", "Aww, how sweet.", "I love pets.", "That is a cute name."]
    case .person: ["That is a nice name.", "Say hello from me.", "How nice."]
    case .thing: ["A good name.", "Did you choose the name yourself?"]
    case .place: ["I have heard it is nice there.", "Do you like it there?"]
    case .work: ["That sounds like interesting work.", "Do you like it?"]
    case .taste: ["Good choice!", "You have good taste.", "I like that too."]
    case .number: ["I wrote it down.", "Easy to remember."]
    case .secret: ["Your secret is safe with me.", "I will keep it to myself."]
    }
  }

  /// Answers that repeat the value.
  static func repeating(_ topic: AcknowledgementTopic) -> [String] {
    switch topic {
    case .userName: ["Nice to meet you, {v}!", "Hello {v}, how are you?", "Hi {v}!"]
    case .pet: ["{v} is a lovely name!", "I'd love to meet {v}.", "Give {v} a hug from me."]
    case .person: ["{v} is a nice name.", "Say hello to {v} from me.", "Okay, {v}. I'll remember."]
    case .thing: ["{v} is a good name.", "{v}, I like that."]
    case .place: ["Is it nice in {v}?", "{v}, I see.", "Okay, {v}."]
    case .work: ["{v}, how interesting.", "Okay, {v}. I see."]
    case .taste: ["Oh, {v}! Good choice.", "{v}, I like that too.", "What do you like about {v}?"]
    case .number: ["Okay, {v}.", "{v}, I'll remember that."]
    case .secret: ["Okay, {v}. I will keep it to myself.", "{v}, got it."]
    }
  }

  static let correction = [
    "Okay, I'll remember the new one.", "Thanks for the correction.", "Oh, I see. Noted.",
    "No problem, I have changed it.", "Alright, I will use that from now on.", "Sorry, got it now.",
    "Thanks, I'll keep that in mind.", "Good that you tell me.",
  ]

  static let aboutOthers = [
    "I see.", "Oh, really?", "Interesting.", "How nice.", "That is good to hear.", "Okay.",
    "Thanks for telling me.", "Is that so?",
  ]

  static let unknown = [
    "I don't know, you haven't told me.", "You haven't told me that yet.",
    "I don't know that. Would you like to tell me?", "Sorry, I don't know. You never told me.",
    "I can't know that, you haven't told me yet.", "You did not tell me that so far.",
    "I don't think you have told me.", "I have no idea, please tell me.",
  ]
}

/// Ways to start a turn, before the clause.
enum Openings {
  static let statement = [
    "by the way, ", "hi, ", "hello! ", "oh, ", "just so you know, ", "you know what? ",
    "please remember that ", "I wanted to tell you that ", "fun fact: ", "so, ", "well, ", "btw, ",
    "hey there. ", "for your information, ", "one more thing: ", "good morning! ",
  ]
  static let question = [
    "hey, ", "quick question: ", "sorry, ", "okay, ", "one more thing: ", "so, ", "tell me, ",
    "now, ", "hm, ", "let me test you: ", "by the way, ", "hi again! ",
  ]
  static let correction = [
    "actually, ", "sorry, I meant ", "sorry, ", "wait, ", "no wait, ", "I made a mistake, ",
    "that was wrong, ", "I have to correct myself: ", "that has changed, ", "oops, ",
    "correction: ",
  ]
}
