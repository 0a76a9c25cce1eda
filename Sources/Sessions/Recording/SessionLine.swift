import Hope

/// One line of a session's file after the first: wire form 1, described in sessions/README.md.
///
/// Every line is an object with `n` (lines before it), `t` (seconds since the line before) and `e`
/// (its kind). Lines of an unknown kind are skipped, members of an unknown name too.
package enum SessionLine: Sendable, Equatable {
  case user(TurnStart)
  case token(TokenEvent)
  case write(LevelWriteEvent)
  case setting(Setting)
  case level(LevelSetting)
  case renamed(String)
  case reset(StateReset)
  /// The state at this place lies in `snap/`.
  case snapshot(SnapshotFacts)
  /// The memory was replaced by the one in `snap/`; why, in words.
  case load(SnapshotFacts, String)
  case end(AnswerEnd)
  case jump(Jump)
  case mark(Marker)
  case repair(Repair)
  case exit(code: Int)
  /// A kind this program does not know.
  case other(kind: String)
}

extension SessionLine {
  /// What a screen is told; nil for lines that only the file needs.
  package var event: SessionEvent? {
    switch self {
    case .user(let turn): .turnStarted(turn)
    case .token(let token): .token(token)
    case .write(let write): .levelWrote(write)
    case .setting(let setting): .settingChanged(setting)
    case .level(let setting): .levelSet(setting)
    case .renamed(let name): .recording(.renamed(name))
    case .reset(let reset): .stateReset(reset)
    case .snapshot(let facts): .recording(.snapshot(facts))
    case .load(let facts, let what): .memoryLoaded(MemoryLoad(what: what, facts))
    case .end(let end): .answerEnded(end)
    case .jump(let jump): .jumped(jump)
    case .mark(let marker): .marked(marker)
    case .repair(let repair): .recording(.repaired(repair))
    case .exit, .other: nil
    }
  }

  /// The line that records an event; nil for events that need none.
  init?(_ event: SessionEvent) {
    switch event {
    case .turnStarted(let turn): self = .user(turn)
    case .token(let token): self = .token(token)
    case .levelWrote(let write): self = .write(write)
    case .settingChanged(.color): return nil
    case .settingChanged(let setting): self = .setting(setting)
    case .levelSet(let setting): self = .level(setting)
    case .stateReset(let reset): self = .reset(reset)
    case .memoryLoaded(let load): self = .load(load.snapshot, load.what)
    case .answerEnded(let end): self = .end(end)
    case .jumped(let jump): self = .jump(jump)
    case .marked(let marker): self = .mark(marker)
    case .recording(.renamed(let name)): self = .renamed(name)
    case .recording(.snapshot(let facts)): self = .snapshot(facts)
    case .recording(.repaired(let repair)): self = .repair(repair)
    default: return nil
    }
  }

  /// `e` of the line.
  package var kind: String {
    switch self {
    case .user: "user"
    case .token: "tok"
    case .write: "upd"
    case .setting, .level, .renamed: "cfg"
    case .reset: "reset"
    case .snapshot: "snap"
    case .load: "load"
    case .end: "end"
    case .jump: "jump"
    case .mark: "mark"
    case .repair: "repair"
    case .exit: "exit"
    case .other(let kind): kind
    }
  }

  /// Whether it tells of the conversation; the others tell of the file.
  var isOfTheConversation: Bool {
    switch self {
    case .renamed, .repair, .exit, .other: false
    default: true
    }
  }

  /// The state in `snap/` that it speaks of.
  var state: SHA256Digest? {
    switch self {
    case .snapshot(let facts), .load(let facts, _): facts.digest
    case .mark(let marker): marker.state
    default: nil
    }
  }

  /// Whether it is of a kind this program does not know.
  var isOther: Bool { if case .other = self { true } else { false } }

  /// Whether the line ends with the running hash over the file.
  var isSealed: Bool {
    switch self {
    case .end, .snapshot, .exit: true
    default: false
    }
  }

  /// Whether it must be on disk before anything else happens.
  var isSynced: Bool {
    switch self {
    case .user, .end, .snapshot, .load, .jump, .exit: true
    default: false
    }
  }
}

/// The memory was replaced: imported, grafted or checked out.
package struct MemoryLoad: Sendable, Equatable {
  /// In words, for people.
  package let what: String
  /// The state as it is now.
  package let snapshot: SnapshotFacts

  package init(what: String, _ snapshot: SnapshotFacts) {
    (self.what, self.snapshot) = (what, snapshot)
  }
}
