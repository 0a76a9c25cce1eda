import Foundation
import Synchronization

/// The one thread that owns the model: commands come in, events go out, in order.
///
/// The model is loaded on that thread; it, the state and everything else are local to it.
package final class SessionEngine: Sendable {
  /// What happened, for a front-end that drains it; closed when the thread ends.
  package let events = Mailbox<SessionEvent>()
  private let commands = Mailbox<(number: Int, command: Command)>()
  private let progress = Progress()

  /// Numbers of commands: the last one sent, and the last one that is to stop.
  private final class Progress: Sendable {
    let sent = Atomic(0)
    let stopped = Atomic(0)
    /// What the session ends with.
    let exitCode = Atomic(0)
    /// Whether something that happened could not be recorded.
    let isIncomplete = Atomic(false)
  }

  /// Starts the thread, which loads the model first.
  /// - Parameters:
  ///   - path: of the model's folder.
  ///   - lanes: threads that large products are split over.
  ///   - recording: how sessions are recorded; nil: not at all.
  ///   - shelf: where other sessions are; nil: nowhere.
  ///   - session: the folder of a recorded session that goes on; its settings count, not `settings`.
  ///   - observe: called on the engine's thread with every event after it has gone into the box.
  package init(
    modelPath path: String, lanes: Int, settings: ChatSettings,
    recording: RecordingPlan? = nil, shelf: SessionShelf? = nil,
    resuming session: String? = nil,
    observe: @escaping @Sendable (SessionEvent) -> Void = { _ in }
  ) {
    let (events, commands, progress) = (events, commands, progress)
    let thread = Thread {
      let tell: (SessionEvent) -> Void = { event in
        if case .recording(.stopped) = event {
          progress.isIncomplete.store(true, ordering: .relaxed)
        }
        events.put(event)
        observe(event)
      }
      let recorder = recording.map { Recorder($0, tell: tell) }
      let emit: (SessionEvent) -> Void = { event in
        recorder?.take(event)  // what is shown is on its way to the disk
        tell(event)
      }
      if var desk = CommandDesk(
        loading: path, lanes: lanes, settings: settings, resuming: session, recorder: recorder,
        shelf: shelf, emit: emit)
      {
        while let (number, command) = commands.take() {
          desk.carryOut(command) { progress.stopped.load(ordering: .relaxed) >= number }
          if desk.hasLostWords { progress.isIncomplete.store(true, ordering: .relaxed) }
          emit(.commandFinished(number))
        }
        recorder?.close(code: progress.exitCode.load(ordering: .relaxed))
      }
      emit(.ended)
      events.close()
    }
    thread.name = "hope engine"
    thread.stackSize = 16 << 20
    thread.start()
  }

  deinit { shutDown() }

  /// Asks for something; its events follow, then `commandFinished` with the number returned here.
  @discardableResult
  package func send(_ command: Command) -> Int {
    let number = progress.sent.wrappingAdd(1, ordering: .relaxed).newValue
    commands.put((number, command))
    return number
  }

  /// Ends the answer that is being given, and all that were asked for until now.
  package func stopAnswers() {
    progress.stopped.store(progress.sent.load(ordering: .relaxed), ordering: .relaxed)
  }

  /// Lets the thread end, after the token it is at; events go on until `ended`.
  package func shutDown() {
    commands.close()
    progress.stopped.store(.max, ordering: .relaxed)
  }

  /// Shuts down and waits until nothing is computed any more. To be called before the program ends:
  /// libraries take their state down while `exit` runs, and the thread would use it (seen: the SHA-256
  /// of a state, in one of ten runs that a closed pipe had ended).
  /// - Parameter code: what the program ends with, for the session's file.
  /// - Returns: false where something that happened could not be recorded.
  @discardableResult
  package func finish(code: Int = 0) -> Bool {
    progress.exitCode.store(code, ordering: .relaxed)
    shutDown()
    while events.take() != nil {}
    return !progress.isIncomplete.load(ordering: .relaxed)
  }
}

extension SessionEngine {
  /// Hands over events, waiting for them, until the model is loaded or cannot be.
  package func awaitModel(_ body: (SessionEvent) -> Void) -> Result<ModelFacts, SessionError>? {
    while let event = events.take() {
      body(event)
      switch event {
      case .modelLoaded(let facts): return .success(facts)
      case .failed(let error): return .failure(error)
      default: break
      }
    }
    return nil
  }

  /// Sends a command and hands over its events until it is done: for front-ends that do one thing at
  /// a time. What `body` throws ends the waiting, not the command.
  package func perform<Failure>(
    _ command: Command, _ body: (SessionEvent) throws(Failure) -> Void
  ) throws(Failure) {
    let number = send(command)
    while let event = events.take(), event != .commandFinished(number) { try body(event) }
  }
}
