import Foundation
import Hope
import Tensors
import TestSupport
import Testing

@Suite("A training run on disk")
struct TrainingRunTests {
  private static func recipe(_ change: (inout TrainingRecipe) -> Void = { _ in }) -> TrainingRecipe
  {
    let phase = TrainingRecipe.Phase(
      name: "tiny", updates: 8, sequences: 2, sequencesPerPass: 1, length: 8, learns: true,
      learningRate: 1e-3, floorShare: 0.1, warmUpUpdates: 2, mix: "single", memoryShare: 0.5,
      answerWeight: 3, fewestBreaks: 0, mostBreaks: 1, distances: [4, 8])
    var recipe = TrainingRecipe(
      name: "tiny", model: TinyModel.configuration(), seed: 5, optimizer: .adamw,
      gradientClip: 1, weightDecay: 0.1, trainsRetention: false, phases: [phase])
    change(&recipe)
    return recipe
  }

  private static func train(_ trainer: inout Trainer, updates: Int) {
    for _ in 0..<updates {
      _ = trainer.update { phase, random in
        (0..<phase.sequences).map { _ in
          ToyModel.sequence(tiny, length: phase.length, seed: random.next())
        }
      }
    }
  }
  private static let tiny = TinyModel.configuration()

  @Test(
    "goes on bit for bit from its checkpoint",
    arguments: TrainingRecipe.OptimizerKind.allCases)
  func resume(_ optimizer: TrainingRecipe.OptimizerKind) throws {
    try withTemporaryFolder { folder in
      let run = TrainingRun(folder: URL(fileURLWithPath: folder).appendingPathComponent("run"))
      try run.create(Self.recipe { $0.optimizer = optimizer }, tokenizer: TinyModel.tokenizer)
      var straight = Trainer(recipe: try run.recipe(), lanes: 1)
      Self.train(&straight, updates: 3)
      try run.save(straight)
      Self.train(&straight, updates: 3)
      var resumed = try run.restore(lanes: 2)
      #expect(resumed.updateIndex == 3)
      Self.train(&resumed, updates: 3)
      #expect(resumed.tokenCount == straight.tokenCount)
      for (a, b) in zip(resumed.parameters, straight.parameters) { #expect(a.hasSameBits(as: b)) }
    }
  }

  @Test("drops the log lines of updates that will be done again")
  func log() throws {
    try withTemporaryFolder { folder in
      let run = TrainingRun(folder: URL(fileURLWithPath: folder))
      try run.create(Self.recipe(), tokenizer: TinyModel.tokenizer)
      var trainer = Trainer(recipe: try run.recipe(), lanes: 1)
      for _ in 0..<3 {
        let report = trainer.update { phase, random in
          [1, 2].map { ToyModel.sequence(Self.tiny, length: phase.length, seed: $0) }
        }
        try run.log(report, tokensPerSecond: 1)
      }
      try run.truncateLog(after: 2)
      let lines = try String(contentsOfFile: folder + "/log.jsonl", encoding: .utf8)
        .split(separator: "\n")
      #expect(lines.count == 2)
      #expect(lines.last?.contains("\"update\":2") == true)
    }
  }

  @Test("names the field of a recipe that cannot be")
  func badRecipe() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/recipe.json"
      var recipe = Self.recipe()
      recipe.phases[0].length = 7
      try JSONEncoder().encode(recipe).write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: TrainingRunError.self) { try TrainingRecipe(contentsOf: path) }
      #expect(error?.description.contains("phases[0].length: 7 is not a multiple") == true)
      try Data("{\"name\": \"x\"}".utf8).write(to: URL(fileURLWithPath: path))
      let missing = #expect(throws: TrainingRunError.self) { try TrainingRecipe(contentsOf: path) }
      #expect(missing?.description.contains("is missing") == true)
    }
  }

  @Test("names the field of a phase that no training can follow")
  func badPhase() throws {
    let cases: [((inout TrainingRecipe.Phase) -> Void, String)] = [
      ({ $0.warmUpUpdates = 9 }, "warmUpUpdates: 9 is not in 0...8"),
      ({ $0.warmUpUpdates = -1 }, "warmUpUpdates: -1 is not in 0...8"),
      ({ $0.floorShare = 1.5 }, "floorShare: 1.5 is not in 0...1"),
      ({ $0.sequences = 0 }, "sequences: 0 is not a positive multiple"),
      ({ $0.mix = "stage3" }, "mix: stage3 is none of single, stage1, stage2"),
      ({ $0.answerWeight = 0 }, "answerWeight: 0.0 is not positive"),
      ({ $0.mostBreaks = -1 }, "mostBreaks: -1 is negative"),
      ({ $0.fewestBreaks = 2 }, "fewestBreaks: 2 is not in 0...1"),
      ({ $0.distances = [] }, "distances: [] does not ascend"),
      ({ $0.distances = [64, 64] }, "distances: [64, 64] does not ascend"),
    ]
    for (breaking, said) in cases {
      Self.expect("phases[0].\(said)", from: Self.recipe { breaking(&$0.phases[0]) })
    }
  }

  @Test("names the field of a recipe without phases, or that would not step at all")
  func badRecipeWhole() throws {
    let cases: [((inout TrainingRecipe) -> Void, String)] = [
      ({ $0.phases = [] }, "phases: there is none"),
      ({ $0.gradientClip = 0 }, "gradientClip: 0.0 is not positive"),
      ({ $0.weightDecay = -1 }, "weightDecay: -1.0 is negative"),
    ]
    for (breaking, said) in cases { Self.expect(said, from: Self.recipe(breaking)) }
  }

  private static func expect(_ said: String, from recipe: TrainingRecipe) {
    let error = #expect(throws: ConfigurationError.self) { try recipe.validate() }
    #expect(error?.description.contains(said) == true, "\(error as Any)")
  }

  @Test("refuses a checkpoint of another shape, by the parameter's name")
  func otherShape() throws {
    try withTemporaryFolder { folder in
      let run = TrainingRun(folder: URL(fileURLWithPath: folder))
      try run.create(Self.recipe(), tokenizer: TinyModel.tokenizer)
      let trainer = Trainer(recipe: Self.recipe { $0.model.levels[0].hiddenWidth = 10 }, lanes: 1)
      try run.save(trainer)
      let error = #expect(throws: TrainingRunError.self) { try run.restore(lanes: 1) }
      #expect(error?.description.contains("blocks.0.cms1.gate_up has shape [20, 16]") == true)
    }
  }

  @Test("the shipped recipes are sound")
  func shippedRecipes() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("recipes")
    let names = try FileManager.default.contentsOfDirectory(atPath: root.path)
    #expect(!names.isEmpty)
    for name in names {
      let recipe = try TrainingRecipe(contentsOf: root.appendingPathComponent(name).path)
      #expect(recipe.updateCount > 0)
    }
  }
}
