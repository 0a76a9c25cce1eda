/// What was said and done in a recorded session that goes on, as far as it was not taken back: a
/// screen shows it before anything new.
package struct Recall: Sendable, Equatable {
  package let session: SessionName
  /// As they were at the beginning; the events change them.
  package let settings: ChatSettings
  package let switches: [LevelSetting]
  package let events: [SessionEvent]

  package init(
    session: SessionName, settings: ChatSettings, switches: [LevelSetting] = [],
    events: [SessionEvent]
  ) {
    (self.session, self.settings, self.switches) = (session, settings, switches)
    self.events = events
  }

  package init(_ recording: SessionRecording) {
    self.init(
      session: recording.sessionName, settings: recording.header.settings,
      switches: recording.header.switches,
      events: recording.presentLines.compactMap(\.line.event))
  }

  /// Words and answer of every turn, oldest first.
  package var turns: [(words: String, answer: String)] {
    events.reduce(into: []) { turns, event in
      switch event {
      case .turnStarted(let turn): turns.append((turn.text, ""))
      case .token(let token) where token.author == .assistant && !turns.isEmpty:
        turns[turns.count - 1].answer += token.text
      case .answerEnded(let end) where !turns.isEmpty: turns[turns.count - 1].answer = end.text
      default: break
      }
    }
  }
}
