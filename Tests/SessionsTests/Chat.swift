import Hope
import Sessions
import TestSupport

/// A chat with the tiny model, as a test asks for it.
struct Chat {
  let engine: SessionEngine
  let model: ModelFacts
  /// What happened until the model was there.
  var start: [SessionEvent] = []

  /// Does `body` with a chat on a model of random weights. No write is refused.
  static func with<Value>(
    _ settings: ChatSettings = .brief(), _ body: (Chat) throws -> Value
  ) throws -> Value {
    try withTemporaryFolder { folder in
      try TinyModel.save(to: folder + "/tiny") { $0.updateLimit = 1000 }
      let engine = SessionEngine(modelPath: folder + "/tiny", lanes: 1, settings: settings)
      defer { engine.shutDown() }
      guard let loaded = engine.awaitModel({ _ in }) else { throw Gone() }
      return try body(Chat(engine: engine, model: try loaded.get()))
    }
  }

  /// A recorded chat in a folder with the model `tiny`; it has ended when this returns.
  /// - Parameter session: one that goes on.
  static func recorded<Value>(
    in folder: String, _ settings: ChatSettings = .brief(), resuming session: String? = nil,
    plan change: (inout RecordingPlan) -> Void = { _ in }, _ body: (Chat) throws -> Value
  ) throws -> Value {
    var plan = RecordingPlan(folder: folder + "/sessions", app: "test")
    change(&plan)
    let engine = SessionEngine(
      modelPath: folder + "/tiny", lanes: 1, settings: settings, recording: plan,
      shelf: SessionShelf(folder: plan.folder) { "a film of a cat, \($0.name)\n" },
      resuming: session)
    defer { engine.finish() }
    var events: [SessionEvent] = []
    guard let loaded = engine.awaitModel({ events.append($0) }) else { throw Gone() }
    return try body(Chat(engine: engine, model: try loaded.get(), start: events))
  }

  /// A folder with the model `tiny`. No write is refused.
  static func withModel<Value>(_ body: (String) throws -> Value) throws -> Value {
    try withTemporaryFolder { folder in
      try TinyModel.save(to: folder + "/tiny") { $0.updateLimit = 1000 }
      return try body(folder)
    }
  }

  struct Gone: Error {}

  /// The events of one line.
  func events(_ line: String) throws -> [SessionEvent] {
    var events: [SessionEvent] = []
    engine.perform(try Command(parsing: line)) { events.append($0) }
    return events
  }

  func end(_ line: String) throws -> AnswerEnd {
    guard let end = try events(line).compactMap(\.answerEnd).first else { throw Gone() }
    return end
  }

  func statistics() throws -> Statistics {
    for case .statistics(let statistics) in try events("/stats") { return statistics }
    throw Gone()
  }
}

extension ChatSettings {
  /// Short answers.
  static func brief(seed: UInt64 = 7) -> ChatSettings {
    var settings = ChatSettings(seed: seed)
    settings.maxTokens = 9
    return settings
  }

  /// Answers that only a stop ends.
  static var endless: ChatSettings {
    var settings = ChatSettings(seed: 7)
    (settings.maxTokens, settings.sampler) = (100_000, .greedy)
    return settings
  }
}

extension SessionEvent {
  var token: TokenEvent? { if case .token(let token) = self { token } else { nil } }
  var write: LevelWriteEvent? { if case .levelWrote(let write) = self { write } else { nil } }
  var answerEnd: AnswerEnd? { if case .answerEnded(let end) = self { end } else { nil } }
  var error: SessionError? { if case .failed(let error) = self { error } else { nil } }
  var jump: Jump? { if case .jumped(let jump) = self { jump } else { nil } }
  var restoration: Restoration? { if case .restored(let found) = self { found } else { nil } }
  var recording: RecordingEvent? { if case .recording(let event) = self { event } else { nil } }
  var reset: StateReset? { if case .stateReset(let reset) = self { reset } else { nil } }
}

/// Ids and surprises: what two equal chats share to the bit.
struct Trace: Equatable {
  let ids: [TokenID]
  let surprises: [Float?]

  init(_ events: [SessionEvent]) {
    let tokens = events.compactMap(\.token)
    (ids, surprises) = (tokens.map(\.id), tokens.map(\.surpriseBits))
  }
}
