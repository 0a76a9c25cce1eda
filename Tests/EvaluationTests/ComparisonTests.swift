import Evaluation
import Foundation
import Hope
import TestSupport
import Testing

@Suite("Comparisons")
struct ComparisonTests {
  private static func base() -> TrainingRecipe {
    let phase = TrainingRecipe.Phase(
      name: "tiny", updates: 2, sequences: 2, sequencesPerPass: 1, length: 8, learns: true,
      learningRate: 1e-3, floorShare: 0.1, warmUpUpdates: 1, mix: "single", memoryShare: 0.5,
      answerWeight: 3, fewestBreaks: 0, mostBreaks: 0, distances: [4, 8])
    return TrainingRecipe(
      name: "tiny", model: TinyModel.configuration { $0.width = 32 }, seed: 5, optimizer: .adamw,
      gradientClip: 1, weightDecay: 0.1, trainsRetention: false, phases: [phase])
  }

  @Test("entries have sound recipes, names of their own and as many parameters as the base")
  func entries() throws {
    for subject in ComparisonPlan.Subject.allCases {
      let plan = ComparisonPlan(subject, base: Self.base(), seeds: [1, 2])
      #expect(Set(plan.entries.map(\.slug)).count == plan.entries.count)
      #expect(plan.runs.count == 2 * plan.entries.count)
      let wanted = Double(Self.base().model.parameterCount)
      for entry in plan.entries {
        try entry.recipe.validate()
        let share = Double(entry.recipe.model.parameterCount) / wanted
        #expect(abs(share - 1) < 0.02, "\(entry.name): \(share)")
      }
    }
  }

  @Test("a width is found that comes closest to a count", arguments: [1, 3000, 17_345, 200_000])
  func fill(count: Int) {
    var c = TinyModel.configuration { $0.levels = [] }
    c.fill(to: count)
    let width = c.feedForwardWidth ?? 0
    for other in [width - 1, width + 1] where other > 0 {
      var neighbour = c
      neighbour.feedForwardWidth = other
      #expect(abs(neighbour.parameterCount - count) >= abs(c.parameterCount - count))
    }
  }

  @Test("a run goes on where it was left, and another recipe in its folder is refused")
  func folder() throws {
    try withTemporaryFolder { path in
      let plan = ComparisonPlan(.architectures, base: Self.base(), seeds: [1])
      let folder = ComparisonFolder(url: URL(fileURLWithPath: path))
      let entry = plan.entries[1]
      var trainer = try folder.trainer(entry, seed: 1, tokenizer: TinyModel.tokenizer, lanes: 1)
      _ = trainer.update { phase, random in
        (0..<phase.sequences).map { _ in
          ToyModel.sequence(entry.recipe.model, length: phase.length, seed: random.next())
        }
      }
      try folder.run(entry, seed: 1).save(trainer)
      let again = try folder.trainer(entry, seed: 1, tokenizer: TinyModel.tokenizer, lanes: 1)
      #expect(again.updateIndex == 1 && again.parameters == trainer.parameters)
      var other = entry
      other.recipe.gradientClip = 2
      #expect(throws: ComparisonError.otherRecipe(path: folder.run(entry, seed: 1).recipePath)) {
        try folder.trainer(other, seed: 1, tokenizer: TinyModel.tokenizer, lanes: 1)
      }
    }
  }

  @Test("results are read as they were written; what is missing is nil")
  func results() throws {
    try withTemporaryFolder { path in
      let plan = ComparisonPlan(.optimizers, base: Self.base(), seeds: [1, 2])
      let folder = ComparisonFolder(url: URL(fileURLWithPath: path))
      let entry = plan.entries[0]
      _ = try folder.trainer(entry, seed: 1, tokenizer: TinyModel.tokenizer, lanes: 1)
      let result = Self.result([.init("loss, narrative", 2.5, count: 100)])
      try folder.save(result, entry, seed: 1)
      #expect(try folder.result(entry, seed: 1) == result)
      #expect(try folder.result(entry, seed: 2) == nil)
    }
  }

  @Test("the report gives means, deviations and what is missing, checked by hand")
  func report() {
    let plan = ComparisonPlan(.architectures, base: Self.base(), seeds: [1, 2])
    var results: [[MeasuredModel?]] = plan.entries.map { _ in [nil, nil] }
    results[0] = [2.0, 3.0].map {
      Self.result([
        .init("loss, narrative", $0, count: 9), .init("piqa", $0 / 4, count: 9),
        .init("recall at 64", 0.1, count: 9), .init("forgetting, lost", 0.25, count: 9),
      ])
    }
    results[1] = [Self.result([.init("piqa", 0.5, count: 9)]), nil]
    let text = ComparisonReport(plan, results: results, command: "hope compare").markdown
    #expect(text.contains("| Hope | 2.500 ± 0.707 | 62.5 ± 17.7 % |"))
    #expect(text.contains("| Hope-Attention | – | 50.0 % |"))
    #expect(text.contains("| RetNet | – | – |"))
    #expect(text.contains("| Hope | 10.0 ± 0.0 % |"))
    #expect(text.contains("| Hope | 0.250 ± 0.000 |"))
    #expect(text.contains("3 of 14 models are measured"))
  }

  @Test("a curve is the mean over seeds, as far as all of them go")
  func curves() {
    let plan = ComparisonPlan(.architectures, base: Self.base(), seeds: [1, 2])
    var curves: [[ComparisonCurves.Curve]] = plan.entries.map { _ in [[], []] }
    curves[0] = [
      [.init(tokens: 10, loss: 3), .init(tokens: 20, loss: 2)], [.init(tokens: 10, loss: 5)],
    ]
    let series = ComparisonCurves(plan, curves: curves).plot.series
    #expect(series == [LinePlot.Series("Hope", [LinePlot.Point(10, 4)])])
  }

  @Test("the picture shows what is measured, learning where the model can, and nothing else")
  func picture() {
    let plan = ComparisonPlan(.architectures, base: Self.base(), seeds: [1, 2])
    var results: [[MeasuredModel?]] = plan.entries.map { _ in [nil, nil] }
    results[0][0] = Self.result([
      .init("loss, narrative", 3, count: 9), .init("loss, narrative, learning", 2, count: 9),
      .init("recall at 512", 0.5, count: 9),
    ])
    results[3][1] = Self.result([.init("loss, narrative", 4, count: 9)])
    let plot = ComparisonPicture(plan, results: results).plot
    #expect(plot.rows == ["Hope", plan.entries[3].name] && plot.reference == "Hope")
    #expect(plot.panels.map(\.values) == [[[2], [4]], [[], []], [[], []], [[50], []]])
  }

  @Test("every subject has one entry that is the base itself")
  func reference() {
    for subject in ComparisonPlan.Subject.allCases {
      let plan = ComparisonPlan(subject, base: Self.base(), seeds: [1])
      let same = plan.entries.filter { $0.recipe == Self.base() }
      #expect(same.map(\.name) == [plan.reference], "\(subject)")
    }
  }

  private static func result(_ measures: [MeasuredModel.Measure]) -> MeasuredModel {
    MeasuredModel(
      parameters: 10, bodyParameters: 5, trainedTokens: 100, checkpointSHA256: "00",
      measures: measures, curve: [.init(tokens: 10, loss: 3), .init(tokens: 20, loss: 2.5)])
  }
}
