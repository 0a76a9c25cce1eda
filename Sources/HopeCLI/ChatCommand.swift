import ArgumentParser
import Glibc

/// Plain lines on a terminal; else the standard input is one question.
struct ChatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chat",
    abstract: "Chat on a terminal; without one, answer the standard input. The default.")

  @OptionGroup var model: ModelOptions
  @OptionGroup var chat: ChatOptions
  @OptionGroup var display: DisplayOptions

  func run() throws {
    if isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 {
      try ReplCommand.run(model, chat, display)
    } else {
      try AskCommand.run(try StandardStreams.readAll(), .text, model, chat, display)
    }
  }
}
