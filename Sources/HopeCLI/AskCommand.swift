import ArgumentParser
import Foundation
import REPL
import Sessions

struct AskCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask", abstract: "One answer to the standard output.")

  @Argument(help: "What to ask; - reads it from the standard input.") var prompt: String
  @Flag(help: "One JSON document instead of the answer.") var json = false
  @Flag(help: "One JSON object a line, as things happen.") var jsonl = false
  @OptionGroup var model: ModelOptions
  @OptionGroup var chat: ChatOptions
  @OptionGroup var display: DisplayOptions

  enum Form { case text, json, jsonl }

  func validate() throws {
    guard !(json && jsonl) else { throw ValidationError("--json and --jsonl exclude each other") }
  }

  func run() throws {
    let text = prompt == "-" ? try StandardStreams.readAll() : prompt
    try Self.run(text, json ? .json : jsonl ? .jsonl : .text, model, chat, display)
  }

  static func run(
    _ prompt: String, _ form: Form, _ model: ModelOptions, _ chat: ChatOptions,
    _ display: DisplayOptions
  ) throws {
    let text = prompt.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !text.isEmpty else { throw SessionError.emptyMessage }
    let run = try RunOptions(model, chat, display)
    let (running, signal) = (Handoff<SessionEngine>(), Handoff<Int32>())
    Signals.watch { number in
      signal.value = number
      running.value?.stopAnswers()
      LastResort.end(after: number)
    }
    let engine = ChatStart.engine(run, chat)
    defer { engine.finish() }
    running.value = engine
    let start = try ChatStart(engine, chat)
    if let number = signal.value { throw ExitStatus.signal(number) }
    try answer(
      text, engine, AnswerWriter(form: form, model: start.model, prompt: text),
      StandardStreams.output(run))
    if let number = signal.value { throw ExitStatus.signal(number) }
  }

  private static func answer(
    _ text: String, _ engine: SessionEngine, _ writer: AnswerWriter, _ output: TextStream
  ) throws {
    var writer = writer
    var failure: SessionError?
    try engine.perform(.say(text)) { event throws in
      if case .failed(let error) = event { failure = error }
      if let piece = try writer.piece(event) { try output.write(piece) }
    }
    if let failure { throw failure }
  }
}
