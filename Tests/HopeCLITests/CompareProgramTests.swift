import Evaluation
import Foundation
import Hope
import TestSupport
import Testing

@Suite("hope compare")
struct CompareProgramTests {
  /// Files of a recipe, and a folder for the comparison's results.
  private func withComparison(
    _ body: (Program, _ folder: String, _ arguments: [String]) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      try Program.with { program in
        let start = TrainingRun(folder: URL(fileURLWithPath: folder + "/start"))
        try start.create(TinyModel.recipe, tokenizer: TinyModel.tokenizer)
        let nowhere = ["--data", "--validation", "--tasks"].flatMap { [$0, folder + "/nowhere"] }
        let files = ["--recipe", start.recipePath, "--tokenizer", start.tokenizerPath]
        try body(
          program, folder,
          ["compare", "architectures", "--run", folder + "/run", "--seeds", "1"] + files + nowhere)
      }
    }
  }

  @Test("--report-only needs no data, reports every entry, and says how all of it is made")
  func reportOnly() throws {
    try withComparison { program, folder, arguments in
      let plan = ComparisonPlan(.architectures, base: TinyModel.recipe, seeds: [1])
      let results = ComparisonFolder(url: URL(fileURLWithPath: folder + "/run"))
      let entry = plan.entries[1]
      _ = try results.trainer(entry, seed: 1, tokenizer: TinyModel.tokenizer, lanes: 1)
      try results.save(
        MeasuredModel(
          parameters: 1, bodyParameters: 1, trainedTokens: 8, checkpointSHA256: "00",
          measures: [.init("loss, narrative", 2.5, count: 9)], curve: []), entry, seed: 1)
      let outcome = try program.run(arguments + ["--report-only"])
      #expect(outcome.code == 0, "\(outcome.notes)")
      #expect(outcome.text.contains("1 of 7 models are measured"))
      #expect(outcome.text.contains("| \(entry.name) | 2.500 |"))
      #expect(!outcome.text.contains("--report-only"))
      for name in ["report.md", "curves.svg", "side-by-side.svg"] {
        #expect(FileManager.default.fileExists(atPath: "\(folder)/run/\(name)"), "\(name)")
      }
    }
  }

  @Test("a folder without results, and two ways to choose at once, are refused and leave nothing")
  func refusals() throws {
    try withComparison { program, folder, arguments in
      let empty = try program.run(arguments + ["--report-only"])
      #expect(empty.code == 2 && empty.notes.contains("holds no result"), "\(empty.notes)")
      let both = try program.run(arguments + ["--report-only", "--only", "Hope"])
      #expect(both.code == 2 && both.notes.contains("name one of them"), "\(both.notes)")
      #expect(!FileManager.default.fileExists(atPath: folder + "/run"))
    }
  }
}
