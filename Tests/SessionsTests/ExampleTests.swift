import Foundation
import Hope
import Sessions
import Testing

/// Recordings that ship with the program, of the bundled model.
private let examples: [String] = {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let folder = root.appending(path: "sessions/examples").path
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return names.sorted().map { "\(folder)/\($0)" }
    .filter { FileManager.default.fileExists(atPath: $0 + "/session.jsonl") }
}()

@Suite("Example sessions", .timeLimit(.minutes(15)))
struct ExampleTests {
  @Test("there are examples")
  func exist() { #expect(examples.count >= 5) }

  @Test("every example is whole, and computes the same again", arguments: examples)
  func verified(path: String) throws {
    let recording = try SessionRecording.read(path)
    #expect(recording.problems.isEmpty && recording.exitCode == 0)
    #expect(recording.transcript.count > 0)
    let loaded = try LoadedModel.load(
      path: BundledModel.bundledModelPath(named: recording.header.model.name))
    let report = try recording.verify(loaded)
    #expect(report.isSame, "\(report.divergence?.description ?? "")")
    #expect(
      report.turns == recording.lines.count { if case .user = $0.line { true } else { false } })
  }

  @Test(
    "what was taught is what an audit finds; what nobody said gains less",
    arguments: examples.filter { $0.hasSuffix("/teach-and-recall") })
  func audited(path: String) throws {
    let recording = try SessionRecording.read(path)
    let loaded = try LoadedModel.load(
      path: BundledModel.bundledModelPath(named: recording.header.model.name))
    let audit = MemoryAudit(
      try MemoryFile.read(path, loaded), texts: recording.saidTexts, loaded)
    let taught = try #require(audit.texts.first { $0.text == "My cat is called Biscuit." })
    let control = try #require(audit.texts.first { $0.isControl })
    #expect(taught.gainedBits > 3 && taught.gainedBits > control.gainedBits + 3, "\(audit)")
    #expect(taught.firstChoices > taught.baseFirstChoices)
  }
}
