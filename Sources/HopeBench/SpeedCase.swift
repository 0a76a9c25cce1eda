import Foundation
import Glibc

/// How fast the same answers come with the screen and in plain lines, by the clock: what the engine
/// itself has written into the session.
struct SpeedCase {
  let report: BenchReport
  private static let rounds = 3
  private static let questions = 3
  /// Shown when everything before it is answered.
  private static let marker = "98765432"

  func run() throws(BenchTerminal.Failure) {
    var (plain, screen) = ([Double](), [Double]())
    for _ in 0..<Self.rounds {
      plain.append(try Self.inPlainLines())
      screen.append(try Self.onTheScreen())
    }
    let ratios = zip(screen, plain).map { $0 / $1 }
    report.note(
      "terminal: answers in plain lines", plain.percentile(50), unit: "tokens/s", reference: nil,
      detail: "median of \(Self.rounds), by the clock")
    report.note(
      "terminal: the same answers on the screen", screen.percentile(50), unit: "tokens/s",
      reference: plain.percentile(50), detail: "of those in plain lines")
    report.note(
      "  speed lost", 100 * (1 - ratios.percentile(50)), unit: "%", reference: nil,
      detail: "median of \(Self.rounds) pairs; 3 % are allowed")
  }

  private static let words = [String](repeating: "Tell me everything.", count: questions)

  private static func inPlainLines() throws(BenchTerminal.Failure) -> Double {
    let home = BenchHome()
    let (process, input) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: BenchHome.program)
    process.arguments = ["repl"] + TerminalCases.longAnswers
    process.environment = home.environment
    process.standardInput = input
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    do {
      try process.run()
      try input.fileHandleForWriting.write(
        contentsOf: Data((words + [""]).joined(separator: "\n").utf8))
      try input.fileHandleForWriting.close()
    } catch {
      throw BenchTerminal.Failure(description: "\(error)")
    }
    process.waitUntilExit()
    return try tokensPerSecond(home)
  }

  private static func onTheScreen() throws(BenchTerminal.Failure) -> Double {
    let home = BenchHome()
    let terminal = try home.terminal(TerminalCases.longAnswers)
    guard terminal.read(until: "say something", within: 60) != nil else {
      throw BenchTerminal.Failure(description: "no model in 60 s")
    }
    terminal.type((words + ["/set seed \(marker)", ""]).joined(separator: "\r"))
    terminal.drain(for: 1)  // the marker as it is typed
    guard terminal.read(until: marker, within: 120) != nil else {
      throw BenchTerminal.Failure(description: "no answers in 120 s")
    }
    terminal.drain(for: 0.5)
    return try tokensPerSecond(home)
  }

  /// Of all answers in the only session.
  private static func tokensPerSecond(_ home: BenchHome) throws(BenchTerminal.Failure) -> Double {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: home.sessions)) ?? []
    let paths = names.map { home.sessions + "/\($0)/session.jsonl" }
    let text = paths.lazy.compactMap { try? String(contentsOfFile: $0, encoding: .utf8) }.first
    var (tokens, seconds) = (0.0, 0.0)
    for line in text?.split(separator: "\n") ?? [] {
      guard let end = try? JSONDecoder().decode(End.self, from: Data(line.utf8)), end.e == "end",
        let drawn = end.drawn, let tps = end.tps, tps > 0
      else { continue }
      (tokens, seconds) = (tokens + drawn, seconds + drawn / tps)
    }
    guard seconds > 0 else { throw BenchTerminal.Failure(description: "no answer was recorded") }
    return tokens / seconds
  }

  private struct End: Decodable {
    let e: String
    let drawn: Double?
    let tps: Double?
  }
}
