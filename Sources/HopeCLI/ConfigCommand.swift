import ArgumentParser
import Curses
import Foundation
import REPL

struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Print the settings in force and where each comes from.",
    discussion: "A flag counts more than the environment, that more than the config file.")

  @OptionGroup var model: ModelOptions
  @OptionGroup var chat: ChatOptions
  @OptionGroup var display: DisplayOptions

  func run() throws {
    let rows = try RunOptions(model, chat, display).rows
    let name = rows.map(\.name.count).max() ?? 0
    let value = rows.filter { $0.name != "model" }.map(\.value.count).max() ?? 0
    for row in rows {
      let line = [Self.left(row.name, name), Self.left(row.value, value), row.origin]
      try StandardStreams.output().writeText(line.joined(separator: "  ") + "\n")
    }
  }

  static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

struct PathsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "paths", abstract: "Print the files and folders that are used.")

  @OptionGroup var model: ModelOptions
  @OptionGroup var chat: ChatOptions
  @OptionGroup var display: DisplayOptions

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let files = StateFiles(environment: environment)
    let paths = [
      ("model", try RunOptions(model, chat, display).modelPath),
      ("config", ConfigLocation(flag: chat.config, environment: environment).path),
      ("draft", files?.draftPath),
      ("history", files?.historyPath),
      ("sessions", SessionPlace.folder),
    ]
    for (name, path) in paths {
      let isThere = path.map(FileManager.default.fileExists) ?? false
      let text = path ?? "nowhere: HOME is not set"
      let note = isThere || path == nil ? "" : "  (not there yet)"
      try StandardStreams.output().writeText(
        ConfigCommand.left(name, 10) + text + note + "\n")
    }
  }
}
