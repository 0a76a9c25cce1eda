package import Sessions

package struct TerminalSize: Hashable, Sendable {
  package var columns: Int
  package var rows: Int
  package init(columns: Int, rows: Int) { (self.columns, self.rows) = (columns, rows) }
}

/// All that can reach the screen's state from outside.
package enum Action: Sendable, Equatable {
  case key(Key)
  case resize(TerminalSize)
  case event(SessionEvent)
  /// Seconds since the program began. To be sent before the other actions of a round, and when
  /// `AppState.nextDeadline` has come.
  case tick(seconds: Double)
  /// What the editor left after `Effect.edit`; nil where it failed, and the draft stays.
  case editorReturned(String?)
  /// How `Effect.copy` went: the way it took ("OSC 52", "wl-copy"), or nil where there was none.
  case copied(by: String?)
  /// What `Effect.readSession` asked for, as far as it was not taken back.
  case timeline(Tape)
  /// One line from the program around the screen ("no space left: the session is not saved").
  case notice(String, isAlarm: Bool)
}
