import ArgumentParser
import Foundation
import REPL
import Sessions

struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with a recorded session; its memory comes back, checked.")

  @Argument(help: "The session's name, the beginning or end of its id, or its folder.")
  var session: String?
  @Flag(name: [.customShort("l"), .customLong("last")], help: "The newest one.")
  var isLast = false
  @OptionGroup var model: ModelOptions
  @OptionGroup var chat: ChatOptions
  @OptionGroup var recording: RecordingOptions
  @OptionGroup var display: DisplayOptions

  func validate() throws {
    guard (session != nil) != isLast else {
      throw ValidationError("name a session, or -l for the newest; hope ls lists them")
    }
  }

  func run() throws {
    let library = SessionPlace.library
    let found = try session.map { name in try library.find(name) } ?? library.newest()
    try ChatCommand.run(model, chat, recording, display, resuming: found.path)
  }
}

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls", abstract: "List the recorded sessions, the newest first.")

  @Argument(help: "Only sessions in which this was said.") var text: String?
  @Flag(help: "One JSON document.") var json = false

  func run() throws {
    let sessions = try SessionPlace.library.sessions(saying: text)
    let output = StandardStreams.output()
    guard !json else { return try output.write(try SessionTable.json(sessions) + "\n") }
    for line in SessionTable.lines(sessions) { try output.writeText(line + "\n") }
    guard sessions.isEmpty else { return }
    let wanted = text.map { " in which \"\(TerminalText.filtered($0))\" was said" } ?? ""
    try StandardStreams.notes().writeText("no session\(wanted) in \(SessionPlace.folder)\n")
  }
}

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "What a recorded session is and what was said in it.")

  @Argument(help: "The session's name, the beginning or end of its id, or its folder.")
  var session: String

  func run() throws {
    let found = try SessionPlace.library.find(session)
    let output = StandardStreams.output()
    for line in SessionTable.details(try SessionRecording.read(found.path)) {
      try output.writeText(line + "\n")
    }
  }
}

struct RenameCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename", abstract: "Give a recorded session another name.")

  @Argument(help: "The session's name, the beginning or end of its id, or its folder.")
  var session: String
  @Argument(help: "The new name.") var name: String

  func run() throws {
    let library = SessionPlace.library
    let new = try library.rename(library.find(session), to: name)
    try StandardStreams.notes().writeText("\(session) is now \(new)\n")
  }
}

struct RemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Remove recorded sessions with their snapshots.")

  @Argument(help: "Names, beginnings or ends of ids, or folders.") var sessions: [String]

  func run() throws {
    let library = SessionPlace.library
    var found: [SessionSummary] = []
    for name in sessions {
      let session = try library.find(name)
      if !found.contains(where: { $0.id == session.id && $0.path == session.path }) {
        found.append(session)
      }
    }
    try library.remove(found) { session in
      try StandardStreams.notes().writeText("removed \(session.name)\n")
    }
  }
}
