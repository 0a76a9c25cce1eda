import ArgumentParser
import Curses
import Foundation
import REPL
import Sessions
import TerminalUI

/// Full screen on a terminal; plain lines where it cannot be or is not wanted; else the standard
/// input is one question.
struct ChatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chat",
    abstract: "Chat on a full screen; without a terminal, answer the standard input. The default.",
    discussion: """
      Where TERM names no terminal that a screen can be drawn on, and where ACCESSIBLE is set, the \
      chat goes in plain lines, as hope repl does it.
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var chat: ChatOptions
  @OptionGroup var recording: RecordingOptions
  @OptionGroup var display: DisplayOptions

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    switch CursesScreen.obstacle() {
    case .noTerminal?:
      try AskCommand.run(try StandardStreams.readAll(), .text, model, chat, display)
    case let obstacle?:
      if environment["TERM"] != "dumb" {
        try StandardStreams.notes().writeText("plain lines: \(obstacle)\n")
      }
      try ReplCommand.run(model, chat, recording, display)
    case nil where environment["ACCESSIBLE"].map { !$0.isEmpty } ?? false:
      try ReplCommand.run(model, chat, recording, display)
    case nil: try runFullScreen(environment)
    }
  }

  private func runFullScreen(_ environment: [String: String]) throws {
    let run = try RunOptions(model, chat, display)
    let style = ReportStyle(
      color: run.color, isASCII: run.display.isASCII, isTerminal: true, environment: environment)
    var settings = run.display
    settings.isASCII = style.isASCII
    let screen = FullScreen(
      settings, usesColor: style.hasColor, usesAlternateScreen: run.usesAlternateScreen,
      environment: environment)
    let outcome = try screen.run(startCommands: chat.startCommands) { observe in
      ChatStart.engine(run, chat, recording: recording, observe: observe)
    }
    if case .failed(let error) = outcome.ending { throw error }  // says the same as the last words
    if let words = outcome.lastWords { try StandardStreams.output().writeText(words + "\n") }
    switch outcome.ending {
    case .quit(0): return
    case .quit(let code): throw ExitStatus.chosen(code)
    case .signal(let number): throw ExitStatus.signal(number)
    case .failed(let error): throw error
    }
  }
}
