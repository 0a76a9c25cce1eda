import ArgumentParser
import REPL
import Sessions

struct ReplCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repl", abstract: "Chat in plain lines; works in pipes and with TERM=dumb.",
    discussion: "Answers go to the standard output, everything else to the standard error.")

  @OptionGroup var model: ModelOptions
  @OptionGroup var chat: ChatOptions
  @OptionGroup var recording: RecordingOptions
  @OptionGroup var display: DisplayOptions

  func run() throws { try Self.run(model, chat, recording, display) }

  /// - Parameter session: the folder of a recorded session that goes on.
  static func run(
    _ model: ModelOptions, _ chat: ChatOptions, _ recording: RecordingOptions,
    _ display: DisplayOptions, resuming session: String? = nil
  ) throws {
    let run = try RunOptions(model, chat, display)
    let repl = Handoff<LineREPL>()
    Signals.watch { number in
      if repl.value?.takeSignal(number) ?? true { LastResort.end(after: number) }
    }
    let engine = ChatStart.engine(run, chat, recording: recording, resuming: session)
    var code = ExitStatus.failed.code
    defer { engine.finish(code: Int(code)) }
    let start = try ChatStart(engine, chat)
    let lines = LineREPL(
      engine: engine, output: StandardStreams.output(run), notes: StandardStreams.notes(run)
    )
    repl.value = lines
    let ending = try lines.run(
      greeting: start.model, learn: run.settings.learn, restored: start.events)
    guard case .signal(let number) = ending else {
      code = 0
      guard engine.finish(code: 0) else { throw ExitStatus.unsaved() }
      return
    }
    code = ExitStatus.signal(number).code
    throw ExitStatus.signal(number)
  }
}
