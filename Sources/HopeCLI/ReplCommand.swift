import ArgumentParser
import REPL
import Sessions

struct ReplCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repl", abstract: "Chat in plain lines; works in pipes and with TERM=dumb.",
    discussion: "Answers go to the standard output, everything else to the standard error.")

  @OptionGroup var model: ModelOptions
  @OptionGroup var chat: ChatOptions
  @OptionGroup var display: DisplayOptions

  func run() throws { try Self.run(model, chat, display) }

  static func run(
    _ model: ModelOptions, _ chat: ChatOptions, _ display: DisplayOptions
  ) throws {
    let run = try RunOptions(model, chat, display)
    let repl = Handoff<LineREPL>()
    Signals.watch { number in
      if repl.value?.takeSignal(number) ?? true { LastResort.end(after: number) }
    }
    let engine = ChatStart.engine(run, chat)
    defer { engine.finish() }
    let start = try ChatStart(engine, chat)
    let lines = LineREPL(
      engine: engine, output: StandardStreams.output(run), notes: StandardStreams.notes(run)
    )
    repl.value = lines
    let ending = try lines.run(greeting: start.model, learn: run.settings.learn)
    if case .signal(let number) = ending { throw ExitStatus.signal(number) }
  }
}
