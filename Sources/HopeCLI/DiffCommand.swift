import ArgumentParser
import Foundation
import Hope
import REPL
import Sessions

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Compare two memories: 0 same, 1 differ, 2 trouble.",
    discussion: """
      What each level has learned in every layer, then how differently the two would go on after a probe \
      text. A memory of another model ends with 4.
      """)

  @Argument(help: "A memory's file, or a session.") var a: String
  @Argument(help: "Another one.") var b: String
  @Option(help: "A text that both read, to compare what they expect.") var probe: String?
  @Flag(help: "Print one JSON document.") var json = false
  @OptionGroup var model: ModelOptions
  @OptionGroup var display: DisplayOptions

  func run() throws {
    let comparison: MemoryComparison
    do {
      let loaded = try LoadedModel.load(path: try model.path())
      comparison = MemoryComparison(
        try MemoryFile.read(SessionPlace.memoryPath(a), loaded),
        try MemoryFile.read(SessionPlace.memoryPath(b), loaded), probe: probe, loaded)
    } catch {
      try StandardStreams.notes().writeText("error: \(error)\n")
      // 2: trouble, as of diff and cmp
      throw MemoryDocument.isOtherBase(error) ? ExitStatus.damaged : .usage
    }
    let output = StandardStreams.output(display)
    if json {
      try output.write(try MemoryDocument.json(comparison) + "\n")
    } else {
      for line in LineReport(output.style).memoryCompared(comparison) { try output.writeLine(line) }
    }
    if !comparison.isSame { throw ExitStatus.failed }
  }
}

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "What a memory can reproduce.",
    discussion: """
      How much likelier the memory makes what was said than the model is without it. A session brings its \
      own words; a memory's file does not hold them: name what to look for with --text.
      """)

  @Argument(help: "A memory's file, or a session.") var memory: String
  @Option(help: "A text to look for; may be repeated.") var text: [String] = []
  @Flag(help: "Print one JSON document.") var json = false
  @OptionGroup var model: ModelOptions
  @OptionGroup var display: DisplayOptions

  func run() throws {
    let path = try SessionPlace.memoryPath(memory)
    let texts = text.isEmpty ? try said(path) : text
    let loaded = try LoadedModel.load(path: try model.path())
    let audit = MemoryAudit(try MemoryFile.read(path, loaded), texts: texts, loaded)
    let output = StandardStreams.output(display)
    guard !json else { return try output.write(try MemoryDocument.json(audit) + "\n") }
    for line in LineReport(output.style).memoryAudited(audit) { try output.writeLine(line) }
  }

  private func said(_ path: String) throws -> [String] {
    guard !path.hasSuffix(".safetensors") else {
      throw ValidationError(
        "a memory's file does not hold what was said: name what to look for with --text")
    }
    return try SessionRecording.read(path).saidTexts
  }
}
