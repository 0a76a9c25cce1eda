import Hope
import Sessions
import TerminalUI

extension Recorded {
  static let session = SessionName(id: "01J9BISCUIT", name: "Biscuit", path: "/sessions/biscuit")

  static let header = SessionHeader(
    id: session.id, name: session.name, created: "2026-11-24T00:00:00Z", app: "test", model: facts,
    tokenizer: digest, identity: NumericIdentity(core: "test", kernels: "test", lanes: 1),
    settings: ChatSettings(seed: 7),
    switches: facts.levels.map {
      LevelSetting(level: $0.level, name: $0.name, access: .on, gain: 1)
    }, randomState: 7)

  /// A tape on which something happens every tenth of a second.
  static func recording(_ events: [SessionEvent]) -> SessionRecording {
    SessionRecording(
      header: header, events: events.enumerated().map { (Double($0.offset) / 10, $0.element) },
      folder: session.path)
  }

  static func tape(_ events: [SessionEvent], isPresent: Bool = false) -> Tape {
    Tape(recording(events), isPresent: isPresent)
  }

  /// Three turns, a marker after the first; 7, 8 and 6 tokens.
  static let talk: [SessionEvent] =
    turn("My cat is Biscuit.", "How nice.", from: 0)
    + [.marked(Marker(position: 8, text: "the cat"))]
    + turn("And I live in Turku.", "By the sea!", from: 8)
    + turn("Where?", "In Turku.", from: 18)

  static func jump(to position: Int, _ target: Jump.Target) -> SessionEvent {
    .jumped(
      Jump(
        reason: .rewind, target: target, position: position, digest: digest, randomState: 1,
        tensorCount: 38, checkedAt: position))
  }
}

extension User {
  /// In front of a replay.
  init(
    watching tape: Tape, _ columns: Int = 120, _ rows: Int = 40, speed: Double = 1, from: Int = 0
  ) {
    self.init(columns, rows, hasModel: false)
    app = AppState(
      replaying: tape, settings: DisplaySettings(), speed: speed, from: from)
    resizes(columns, rows)
  }

  /// In a recorded chat, after some talk.
  init(chatting events: [SessionEvent], _ columns: Int = 120, _ rows: Int = 40) {
    self.init(columns, rows, isGuided: false)
    sees([.recording(.started(Recorded.session))] + events)
    _ = takesEffects()
  }
}

extension User {
  /// The same, at a place of the tape.
  func at(_ place: Int) -> User {
    var user = self
    user.app.goOnTape(to: place)
    return user
  }
}
