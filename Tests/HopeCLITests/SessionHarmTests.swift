import Foundation
import Sessions
import TestSupport
import Testing

@Suite("Sessions that are broken off, damaged or not written", .timeLimit(.minutes(15)))
struct SessionHarmTests {
  private let short = ["--seed", "1", "--max-tokens", "8"]
  private let talk = "My cat is called Biscuit.\nWhat is my cat called?\n"

  /// QUIT started Swift's report of a crash, and the session had no end.
  @Test(
    "QUIT ends a chat in lines with 131, and its session with it", arguments: [SIGQUIT, SIGTERM])
  func signals(number: Int32) throws {
    try Program.with { hope throws in
      let running = try hope.start(["repl"] + short)
      running.input.fileHandleForWriting.write(Data("hello\n".utf8))
      let patience = Date() + 60
      func hasAnswered() throws -> Bool {
        guard FileManager.default.fileExists(atPath: hope.sessionsPath) else { return false }
        let recording = try? SessionRecording.read(try hope.onlySession())
        return recording?.lines.contains { if case .end = $0.line { true } else { false } } ?? false
      }
      while try !hasAnswered(), Date() < patience { usleep(20_000) }
      kill(running.process.processIdentifier, number)
      running.process.waitUntilExit()
      #expect(running.process.terminationReason == .exit)
      #expect(running.process.terminationStatus == 128 + number)
      #expect(try SessionRecording.read(try hope.onlySession()).exitCode == 128 + Int(number))
    }
  }

  @Test("renaming a session that was killed does not say that it ended by itself")
  func renameKilled() throws {
    try Program.with { hope throws in
      _ = try hope.run(["repl", "--session", "cat"] + short, input: talk)
      let path = try hope.onlySession() + "/session.jsonl"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let killed = text.split(separator: "\n").dropLast().joined(separator: "\n") + "\n"
      try killed.write(toFile: path, atomically: true, encoding: .utf8)
      #expect(try hope.run(["rename", "cat", "dog"]).code == 0)
      let recording = try SessionRecording.read(path)
      #expect(recording.name == "dog" && recording.exitCode == nil && recording.problems.isEmpty)
      #expect(try hope.run(["show", "dog"]).text.contains("not yet, or not by itself"))
    }
  }

  @Test("misuse ends with 2, a damaged session with 4, a changed one with 1 where it is verified")
  func codes() throws {
    try Program.with { hope throws in
      #expect(try hope.run(["resume"]).code == 2)
      #expect(try hope.run(["resume", "-l"]).code == 2)
      #expect(try hope.run(["show", "nobody"]).code == 2)
      #expect(try hope.run(["verify", "nobody"]).code == 2)
      _ = try hope.run(["repl"] + short, input: talk)
      let name = try #require(
        try FileManager.default.contentsOfDirectory(atPath: hope.sessionsPath).first)
      let path = "\(hope.sessionsPath)/\(name)/session.jsonl"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.replacing("\"by\":\"a\",\"lp\":-", with: "\"by\":\"a\",\"lp\":-1")
        .write(toFile: path, atomically: true, encoding: .utf8)
      let changed = try hope.run(["verify", path])
      #expect(changed.code == 1 && changed.text.contains("differs at token"), "\(changed.text)")
      try text.replacing("\"i\":4,\"id\":", with: "\"i\":4,\"id\":1").write(
        toFile: path, atomically: true, encoding: .utf8)
      #expect(try hope.run(["resume", "-l"]).code == 4)
      try "{\"hope\":9}\n".write(toFile: path, atomically: true, encoding: .utf8)
      let future = try hope.run(["resume", path])
      #expect(future.code == 4 && future.notes.contains("form 9"))
    }
  }

  /// How many writes the program is allowed before it is killed: a few, or as many as
  /// HOPE_TEST_KILLS says.
  private static let kills =
    ProcessInfo.processInfo.environment["HOPE_TEST_KILLS"].flatMap { Int($0) }
    .map { Array(1...max(1, $0)) } ?? [1, 2, 3, 9, 24, 25, 40, 58]

  @Test("killed after any write: the folder opens, and no finished turn is lost", arguments: kills)
  func killed(writes: Int) throws {
    try Program.with { hope throws in
      let running = try hope.start(["repl", "--max-tokens", "12", "--seed", "3"])
      let words = (0..<40).map { "Turn number \($0).\n" }.joined()
      running.input.fileHandleForWriting.write(Data(words.utf8))
      var lines = 0
      let patience = Date() + 60
      while lines < writes, running.process.isRunning, Date() < patience {
        lines = try hope.recordedLines()
        usleep(200)
      }
      kill(running.process.processIdentifier, SIGKILL)
      running.process.waitUntilExit()
      let left = try hope.recordedLines()
      #expect(left >= writes)
      let path = try hope.onlySession()
      let recording = try SessionRecording.read(path)
      let finished = recording.lines.count { if case .end = $0.line { true } else { false } }
      let resumed = try hope.run(["resume", "-l"] + short, input: "And on.\n")
      #expect(resumed.code == 0, "\(resumed.notes)")
      let after = try SessionRecording.read(path)
      #expect(after.problems.isEmpty && after.transcript.count == finished + 1)
      #expect(try hope.run(["verify", path]).code == 0)
    }
  }

  @Test("where the disk is full the chat goes on, says so in red letters and once, and ends with 5")
  func full() throws {
    try Program.with { hope throws in
      // no file may grow beyond 4 KiB; the signal that comes with it is ignored, as a full disk has none
      let outcome = try hope.run(
        ["repl"] + short, input: (0..<6).map { "Turn number \($0).\n" }.joined(),
        shell: "trap '' XFSZ; ulimit -f 4")
      #expect(outcome.code == 5)
      #expect(outcome.notes.contains("is not in the session's file"))
      #expect(outcome.lines.count > 6)
      let notes = outcome.notes.components(separatedBy: "the session is not being saved")
      #expect(notes.count == 2, "\(outcome.notes)")
      let resumed = try hope.run(["resume", "-l"] + short, input: "And on.\n")
      #expect(resumed.code == 0 && resumed.notes.contains("memory restored and checked"))
    }
  }
}
