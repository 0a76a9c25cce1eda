import Foundation
import Hope
import TestSupport
import Testing

/// The program `hope` as a child process, in a folder with a tiny model.
struct Program {
  struct Outcome {
    let output: Data
    let notes: String
    let code: Int32
    var text: String { String(decoding: output, as: UTF8.self) }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
  }
  let modelPath: String

  static func with(_ body: (Program) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try TinyModel.save(to: folder + "/tiny") { $0.updateLimit = 1000 }
      try body(Program(modelPath: folder + "/tiny"))
    }
  }

  /// Beside the tests, where the build has put it.
  private static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("hope")

  /// Everything the program may find or write lies in the test's own folder.
  private func prepare(
    _ process: Process, _ arguments: [String], shell: String? = nil, usesModel: Bool = true,
    _ environment: [String: String] = [:]
  ) {
    process.executableURL = shell == nil ? Self.executable : URL(fileURLWithPath: "/bin/bash")
    process.arguments =
      shell.map { ["-c", $0 + #"; exec "$0" "$@""#, Self.executable.path] + arguments } ?? arguments
    process.environment = [
      "LANG": "C.UTF-8", "HOPE_MODEL": usesModel ? modelPath : "", "HOME": folder,
      "XDG_DATA_HOME": folder + "/share",
    ].merging(environment) { $1 }
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
  }

  private var folder: String { String(modelPath.dropLast("/tiny".count)) }
  var homePath: String { folder }
  /// Where it records its sessions.
  var sessionsPath: String { folder + "/share/hope/sessions" }

  /// Runs it to its end.
  /// - Parameter shell: what a shell does before it becomes the program.
  func run(
    _ arguments: [String], input: String = "", usesModel: Bool = true, output: FileHandle? = nil,
    environment: [String: String] = [:], shell: String? = nil
  ) throws -> Outcome {
    let (process, pipes) = (Process(), (input: Pipe(), output: Pipe(), notes: Pipe()))
    prepare(process, arguments, shell: shell, usesModel: usesModel, environment)
    process.standardInput = pipes.input
    process.standardOutput = output ?? pipes.output
    process.standardError = pipes.notes
    try process.run()
    pipes.input.fileHandleForWriting.write(Data(input.utf8))
    pipes.input.fileHandleForWriting.closeFile()
    let answer = output == nil ? pipes.output.fileHandleForReading.readDataToEndOfFile() : Data()
    let notes = pipes.notes.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      output: answer, notes: String(decoding: notes, as: UTF8.self),
      code: process.terminationStatus)
  }

  /// Starts it with a pipe as input that stays open.
  func start(_ arguments: [String]) throws -> (process: Process, input: Pipe, output: Pipe) {
    let (process, input, output) = (Process(), Pipe(), Pipe())
    prepare(process, arguments)
    (process.standardInput, process.standardOutput) = (input, output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    return (process, input, output)
  }
}

/// What the program has recorded.
extension Program {
  func onlySession() throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: sessionsPath)
    return "\(sessionsPath)/\(try #require(names.first))"
  }

  func sessions() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: sessionsPath).map {
      "\(sessionsPath)/\($0)"
    }
  }

  /// Whole lines of the only session, the header included.
  func recordedLines() throws -> Int {
    guard FileManager.default.fileExists(atPath: sessionsPath),
      let name = try FileManager.default.contentsOfDirectory(atPath: sessionsPath).first,
      let data = FileManager.default.contents(atPath: "\(sessionsPath)/\(name)/session.jsonl")
    else { return 0 }
    return data.count { $0 == 10 }
  }
}
