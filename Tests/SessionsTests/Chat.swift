import Hope
import Sessions
import TestSupport

/// A chat with the tiny model, as a test asks for it.
struct Chat {
  let engine: SessionEngine
  let model: ModelFacts

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
