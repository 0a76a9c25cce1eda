import Foundation
import Hope
import TestSupport
import Testing

@Suite("hope train")
struct TrainProgramTests {
  /// The data is missing, so that the program ends right after it has set the run up.
  private func train(
    _ program: Program, _ folder: String, _ arguments: [String]
  ) throws -> Program.Outcome {
    try program.run(
      ["train", "--data", folder + "/nowhere", "--run", folder + "/run"] + arguments)
  }

  @Test("a new run stores the optimizer it was asked for, else the recipe's")
  func newRun() throws {
    for (asked, stored) in [(["--optimizer", "m3-practical"], "m3-practical"), ([], "muon")] {
      try withTemporaryFolder { folder in
        try Program.with { program in
          let start = TrainingRun(folder: URL(fileURLWithPath: folder + "/start"))
          try start.create(TinyModel.recipe, tokenizer: TinyModel.tokenizer)
          let files = ["--recipe", start.recipePath, "--tokenizer", start.tokenizerPath]
          _ = try train(program, folder, files + asked)
          let run = TrainingRun(folder: URL(fileURLWithPath: folder + "/run"))
          #expect(try run.recipe().optimizer.rawValue == stored)
        }
      }
    }
  }

  @Test("a run cannot be gone on with by another optimizer, nor by one that is none")
  func resume() throws {
    try withTemporaryFolder { folder in
      try Program.with { program in
        let run = TrainingRun(folder: URL(fileURLWithPath: folder + "/run"))
        try run.create(TinyModel.recipe, tokenizer: TinyModel.tokenizer)
        try run.save(Trainer(recipe: TinyModel.recipe, lanes: 1))
        let refused = "is a run with muon; --resume cannot go on with dmgd."
        let other = try train(program, folder, ["--resume", "--optimizer", "dmgd"])
        #expect(other.code != 0 && other.notes.contains(refused), "\(other.notes)")
        let same = try train(program, folder, ["--resume", "--optimizer", "muon"])
        #expect(!same.notes.contains("cannot go on"), "\(same.notes)")
        let none = try train(program, folder, ["--resume", "--optimizer", "sgd"])
        #expect(none.code != 0 && none.notes.contains("delta-momentum"), "\(none.notes)")
      }
    }
  }
}
