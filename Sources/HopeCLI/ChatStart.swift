import Foundation
import Hope
import Sessions

/// A chat that is ready to be talked to.
struct ChatStart {
  let engine: SessionEngine
  let model: ModelFacts
  /// What happened while it was made ready.
  let events: [SessionEvent]

  /// Starts an engine, waits for its model and sets its levels.
  init(_ engine: SessionEngine, _ options: ChatOptions) throws {
    var events: [SessionEvent] = []
    guard let result = engine.awaitModel({ events.append($0) }) else { throw ExitStatus.failed }
    self.engine = engine
    self.events = events
    model = try result.get()
    for command in options.startCommands {
      try engine.perform(command) { event throws in
        if case .failed(let error) = event { throw error }
      }
    }
  }

  /// - Parameters:
  ///   - recording: nil where nothing is recorded.
  ///   - session: a recorded session that goes on.
  ///   - observe: called on the engine's thread with every event.
  static func engine(
    _ run: RunOptions, _ options: ChatOptions, recording: RecordingOptions? = nil,
    resuming session: String? = nil,
    observe: @escaping @Sendable (SessionEvent) -> Void = { _ in }
  ) -> SessionEngine {
    SessionEngine(
      modelPath: run.modelPath, lanes: options.threads, settings: run.settings,
      recording: recording?.plan, shelf: SessionPlace.shelf, resuming: session, observe: observe)
  }
}

/// The last resort when a signal asks for the end and the program does not get there by itself.
enum LastResort {
  /// Time the program has to end by itself.
  private static let patience = 1.0

  static func end(after signal: Int32) {
    Thread.sleep(forTimeInterval: patience)
    _exit(ExitStatus.signal(signal).code)
  }
}
