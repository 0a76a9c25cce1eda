import Glibc
package import Sessions
import Synchronization

/// A chat in plain lines: works in pipes, with TERM=dumb and with screen readers.
///
/// Answers go to `output`, everything else to `notes`. With a terminal at both ends there is a prompt.
package final class LineREPL: Sendable {
  /// How a chat ended.
  package enum Ending: Sendable, Equatable {
    case quit
    case signal(Int32)
  }
  private struct Situation {
    var isAnswering = false
    var interrupts: Interrupts
    var ending: Ending?
    var wantsWarning = false
  }
  private let engine: SessionEngine
  private let streams: Mutex<(output: TextStream, notes: TextStream)>
  private let isInteractive: Bool
  private let bell = Bell()
  private let situation: Mutex<Situation>

  package init(engine: SessionEngine, output: TextStream, notes: TextStream) {
    self.engine = engine
    streams = Mutex((output, notes))
    let isInteractive = isatty(STDIN_FILENO) == 1 && output.isTerminal
    self.isInteractive = isInteractive
    situation = Mutex(Situation(interrupts: Interrupts(isInteractive: isInteractive)))
  }

  private var output: TextStream { streams.withLock { $0.output } }
  private var notes: TextStream { streams.withLock { $0.notes } }
  private var report: LineReport { LineReport(notes.style) }

  // MARK: Signals, from their own thread

  /// What a signal does here.
  /// - Returns: whether the program is to end, soon.
  package func takeSignal(_ number: Int32) -> Bool {
    let ends = situation.withLock { now in
      let meaning =
        number == SIGINT
        ? now.interrupts.interrupted(isAnswering: now.isAnswering, now: .now) : .quit
      if meaning == .quit { now.ending = .signal(number) }
      if meaning == .warn { now.wantsWarning = true }
      if meaning != .warn { engine.stopAnswers() }
      return meaning == .quit
    }
    bell.ring()
    return ends
  }

  // MARK: Lines

  /// Talks until there is nothing more to read, or somebody wants to leave. A terminal that has gone
  /// counts as hung up.
  /// - Parameter events: what happened before: a session that was taken up again, and what was wrong
  ///   with it.
  package func run(
    greeting model: ModelFacts, learn: LearnMode, restored events: [SessionEvent] = []
  ) throws(OutputError) -> Ending {
    do throws(OutputError) {
      if isInteractive { try greet(model, learn) }
      for event in events { try show(event) }
      return try talk()
    } catch {
      guard error.isTerminalGone else { throw error }
      return .signal(SIGHUP)
    }
  }

  private func greet(_ model: ModelFacts, _ learn: LearnMode) throws(OutputError) {
    try notes.writeLine(report.greeting(model, learn: learn))
    try notes.writeLine(report.hint(model))
  }

  private func talk() throws(OutputError) -> Ending {
    var input = LineInput(descriptor: STDIN_FILENO, bell: bell)
    try prompt()
    while true {
      let arrival = input.next()
      if let ending = situation.withLock({ $0.ending }) { return ending }
      switch arrival {
      case .bell: try warn()
      case .end:
        if isInteractive { try output.write("\n") }
        return .quit
      case .tooLong(let count):
        try notes.writeLine(
          report.error("a line of \(count) bytes; at most \(LineInput.longestLine) are read"))
        try prompt()
      case .line(let line):
        if try !take(line) { return situation.withLock { $0.ending } ?? .quit }
        try prompt()
      }
    }
  }

  private func prompt() throws(OutputError) {
    guard isInteractive else { return }
    try output.writePrompt(output.style.isASCII ? "> " : "› ")
  }

  /// After one Ctrl+C at the prompt.
  private func warn() throws(OutputError) {
    let isWanted = situation.withLock { now in
      defer { now.wantsWarning = false }
      return now.wantsWarning
    }
    guard isWanted else { return }
    try output.write("\n")
    try notes.writeLine(report.notice("Ctrl+C again, or /quit, ends the program"))
    try prompt()
  }

  /// - Returns: whether to go on.
  private func take(_ line: String) throws(OutputError) -> Bool {
    guard line.contains(where: { !$0.isWhitespace }) else { return true }
    let command: Command
    do throws(CommandError) {
      command = try Command(parsing: line)
    } catch {
      try notes.writeLine(report.error(error.description))
      return true
    }
    if command == .quit { return false }
    try perform(command)
    return situation.withLock { $0.ending } == nil
  }

  private func perform(_ command: Command) throws(OutputError) {
    if case .say = command { situation.withLock { $0.isAnswering = true } }
    defer { situation.withLock { $0.isAnswering = false } }
    try engine.perform(command) { event throws(OutputError) in try show(event) }
  }

  // MARK: Events

  private func show(_ event: SessionEvent) throws(OutputError) {
    if case .settingChanged(.color(let mode)) = event {
      streams.withLock { streams in
        streams.output.style.use(mode)
        streams.notes.style.use(mode)
      }
    }
    for piece in EventScript(notes.style).pieces(event) {
      switch piece {
      case .answer(let text): try output.write(text)
      case .note(let line): try notes.writeLine(line)
      }
    }
    if case .answerEnded = event, isInteractive { try notes.write("\n") }
  }
}
