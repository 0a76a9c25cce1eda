/// The first minute, step by step; each step goes on when it is done.
enum Guide: Sendable, Equatable {
  case teach, ask, switchOff, askAgain, switchOn, done, seen

  /// What to do now, shortest where there is little room.
  /// - Parameter level: the fastest level that learns in chunks, with its number in the table.
  func hint(level: (name: String, number: Int)?) -> (step: String, text: String) {
    let name = level?.name ?? "a level"
    switch self {
    case .teach: return ("1/5", "Tell it something new: My cat is called Biscuit.")
    case .ask: return ("2/5", "Now ask for it: What is my cat called?")
    case .switchOff: return ("3/5", "Silence what \(name) learned: /level \(name) read off")
    case .askAgain: return ("4/5", "Ask again: what \(name) carried is gone.")
    case .switchOn: return ("5/5", "Let it speak again: /level \(name) read on")
    case .done: return ("", "Ask once more: what \(name) carried is back.")
    case .seen:
      return (
        "", "You saw it: that memory lived in \(name). Next: /ab \(name)=off, Ctrl+O, F1"
      )
    }
  }

  /// After an answer.
  var afterAnswer: Guide? {
    switch self {
    case .teach: .ask
    case .ask: .switchOff
    case .askAgain: .switchOn
    case .done: .seen
    case .seen: nil
    case .switchOff, .switchOn: self
    }
  }

  /// After a level's switch was turned.
  func afterSwitch(isSpeaking: Bool) -> Guide {
    switch self {
    case .switchOff: isSpeaking ? self : .askAgain
    case .switchOn: isSpeaking ? .done : self
    default: self
    }
  }
}
