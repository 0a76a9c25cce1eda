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
    guard CursesScreen.obstacle() != .noTerminal else {
      return try AskCommand.run(try StandardStreams.readAll(), .text, model, chat, display)
    }
    try Self.run(model, chat, recording, display)
  }

  /// A chat with a person: on a full screen where there can be one and it is wanted.
  /// - Parameter session: the folder of a recorded session that goes on.
  static func run(
    _ model: ModelOptions, _ chat: ChatOptions, _ recording: RecordingOptions,
    _ display: DisplayOptions, resuming session: String? = nil
  ) throws {
    guard try ScreenChoice.wantsScreen() else {
      return try ReplCommand.run(model, chat, recording, display, resuming: session)
    }
    let run = try RunOptions(model, chat, display)
    let outcome = try ScreenChoice.screen(run).run(
      startCommands: chat.startCommands, isRecorded: recording.plan != nil,
      learn: run.settings.learn
    ) { observe in
      ChatStart.engine(run, chat, recording: recording, resuming: session, observe: observe)
    }
    try ScreenChoice.end(outcome)
  }
}
