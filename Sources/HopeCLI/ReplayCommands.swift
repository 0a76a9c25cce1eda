import ArgumentParser
import Curses
import Foundation
import Hope
import REPL
import Sessions
import TerminalUI

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Show a recorded session again; needs no model.",
    discussion: """
      On a terminal a full screen: Space plays and pauses, Left and Right go by tokens, with Shift by \
      turns, [ and ] by writes and markers, < and > change the speed, f twice goes on from there in \
      a new session (with the model), q leaves. Else plain lines.
      """)

  @Argument(help: "A session's name, the beginning or end of its id, its folder or file.")
  var session: String
  @Option(help: "How many times as fast; 0 shows everything at once.") var speed = 1.0
  @Option(help: "The longest pause, in seconds.") var idleLimit = 2.0
  @Option(help: "Begin at this token, such as @120.") var from: String?
  @Flag(help: "Plain lines.") var plain = false
  @OptionGroup var model: ModelOptions
  @OptionGroup var display: DisplayOptions

  func validate() throws {
    guard speed >= 0, idleLimit >= 0 else {
      throw ValidationError("--speed and --idle-limit must not be negative")
    }
  }

  func run() throws {
    let recording = try SessionPlace.recording(session)
    let start = try start(in: recording)
    guard try !plain && ScreenChoice.wantsScreen() else { return try show(recording, start) }
    let tape = Tape(recording, idleLimit: idleLimit)
    let outcome = try ScreenChoice.screen(display).run(replaying: tape, speed: speed, from: start)
    guard case .fork(let session, let position) = outcome.ending else {
      return try ScreenChoice.end(outcome)
    }
    let fork = try SessionFork.tell(of: session, at: position, name: nil, model)
    try ChatCommand.run(
      model, try ChatOptions.parse([]), try RecordingOptions.parse([]), display,
      resuming: fork.session.path)
  }

  /// The token to begin at, which the recording must hold.
  private func start(in recording: SessionRecording) throws -> Int {
    guard let from else { return 0 }
    let start = try from.position()
    let last = recording.lines.compactMap { line in
      if case .token(let token) = line.line { token.position } else { nil }
    }.max()
    guard start > last ?? 0 else { return start }
    throw CommandError.badValue(
      from, wanted: "a token of this recording, which goes to @\(last ?? 0)")
  }

  /// In plain lines.
  private func show(_ recording: SessionRecording, _ start: Int) throws {
    let (output, notes) = (StandardStreams.output(display), StandardStreams.notes(display))
    for problem in recording.problems { try notes.writeText("damage: \(problem)\n") }
    for frame in LineReplay(recording, style: output.style)
      .frames(from: start, idleLimit: idleLimit)
    {
      if speed > 0, frame.interval > 0 { Thread.sleep(forTimeInterval: frame.interval / speed) }
      for piece in frame.pieces {
        switch piece {
        case .answer(let text): try output.write(text)
        case .note(let line): try output.writeLine(line)
        }
      }
    }
  }
}

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a recorded session in another form.")

  @Argument(help: "A session's name, the beginning or end of its id, its folder or file.")
  var session: String
  @Option(help: "md, json, csv (one row a token) or cast (asciicast).") var format: ExportForm
  @Option(name: [.short, .long], help: "The file to write; the standard output without it.")
  var output: String?
  @Flag(help: "Replace a file that is there.") var force = false
  @Flag(help: "cast: plain lines instead of the full screen.") var plain = false
  @Option(help: ArgumentHelp("cast: columns and rows (default: 100x30).", valueName: "size"))
  var size: FilmSize?
  @Option(help: "cast: how many times as fast.") var speed = 1.0
  @Option(help: "cast: the longest pause, in seconds.") var idleLimit = 2.0

  func validate() throws {
    guard format == .cast || !plain && size == nil else {
      throw ValidationError("--plain and --size are for --format cast")
    }
    guard !plain || size == nil else {
      throw ValidationError("--size is for the full screen, --plain for lines")
    }
    guard idleLimit >= 0, (0.01...1000).contains(speed) else {
      throw ValidationError("--idle-limit must not be negative; --speed is from 0.01 to 1000")
    }
  }

  func run() throws {
    let file = try output.map { path in
      try OutputPlace.file(path, isForced: force, mayBeStream: true)
    }
    let recording = try SessionPlace.recording(session)
    let text =
      format == .cast
      ? film(recording).joined(separator: "\n") + "\n"
      : try SessionPlace.shelf.text(of: recording, as: format)
    guard let file, output != "/dev/stdout" else {
      return try StandardStreams.output().write(text)
    }
    try AtomicFile.writeOutput(Array(text.utf8), to: file)
  }

  private func film(_ recording: SessionRecording) -> [String] {
    plain
      ? CastFilm(recording).lines(idleLimit: idleLimit)
      : ScreenFilm(
        recording, size: size?.size ?? ScreenFilm.size, speed: speed, idleLimit: idleLimit
      ).lines()
  }
}

/// `100x30`.
struct FilmSize: ExpressibleByArgument {
  let size: TerminalSize

  init?(argument: String) {
    let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let columns = parts[0], let rows = parts[1],
      (40...400).contains(columns), (10...200).contains(rows)
    else { return nil }
    size = TerminalSize(columns: columns, rows: rows)
  }
}

extension ExportForm: ExpressibleByArgument {}

struct ForkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fork", abstract: "A new session that goes on from a moment of another one.")

  @Argument(help: "The session's name, the beginning or end of its id, or its folder.")
  var session: String
  @Option(help: "After so many tokens, such as @120 (default: the end).") var at: String?
  @Option(help: "What the new session is called.") var name: String?
  @OptionGroup var model: ModelOptions

  func run() throws {
    let found = try SessionPlace.library.find(session)
    let fork = try SessionFork.tell(
      of: found.path, at: try at.map { text in try text.position() }, name: name, model)
    try StandardStreams.output().writeText(fork.session.path + "\n")
  }
}

extension SessionFork {
  /// Makes a fork and says that its memory is what it was.
  fileprivate static func tell(
    of path: String, at position: Int?, name: String?, _ model: ModelOptions
  ) throws -> SessionFork {
    let loaded = try LoadedModel.load(path: try model.path())
    let fork = try make(
      of: path, at: position, loaded,
      RecordingPlan(
        folder: SessionPlace.folder, app: HopeCommand.version, name: name))
    try StandardStreams.notes().writeText(
      "memory at @\(fork.position) restored and checked (\(fork.tensorCount) tensors, digest "
        + "\("\(fork.digest)".prefix(12))\(fork.isChecked ? " identical" : ""))\n")
    return fork
  }
}

extension SessionPlace {
  /// The recording of this file or folder, or of a session of this name.
  static func recording(_ word: String) throws -> SessionRecording {
    if FileManager.default.fileExists(atPath: word) { return try SessionRecording.read(word) }
    return try SessionRecording.read(try library.find(word).path)
  }
}
