import Evaluation
import Foundation
import Hope

/// The long part of `hope compare`: what is done already is passed over.
struct ComparisonWork {
  let folder: ComparisonFolder
  let threads: Int
  let stop: StopSignal

  /// Trains and measures, run by run, what has no result yet.
  /// - Parameters:
  ///   - data: the texts to learn from, read when the first run needs them.
  ///   - measuring: the questions, read when the first model is trained.
  /// - Returns: false when asked to stop.
  func finish(
    _ plan: ComparisonPlan, tokenizer: Tokenizer, data: () throws -> TrainingData,
    measuring: () throws -> ComparisonMeasuring
  ) throws -> Bool {
    var texts: TrainingData?
    var questions: ComparisonMeasuring?
    for (number, (entry, seed)) in plan.runs.enumerated() {
      guard try folder.result(entry, seed: seed) == nil else { continue }
      let title = "\(number + 1)/\(plan.runs.count) \(entry.name), seed \(seed): "
      var trainer = try folder.trainer(entry, seed: seed, tokenizer: tokenizer, lanes: threads)
      if !trainer.isDone {
        let read = try texts ?? data()
        texts = read
        guard try train(&trainer, entry, seed, read, title) else { return false }
      }
      guard !stop.isRequested else { return false }
      let asked = try questions ?? measuring()
      questions = asked
      try measure(trainer, entry, seed, asked, title)
    }
    return true
  }

  private func train(
    _ trainer: inout Trainer, _ entry: ComparisonPlan.Entry, _ seed: UInt64,
    _ data: TrainingData, _ title: String
  ) throws -> Bool {
    try TrainingLoop(
      run: folder.run(entry, seed: seed), data: data, saveEvery: 50, title: title
    ).train(&trainer, last: trainer.recipe.updateCount, stop: stop)
  }

  private func measure(
    _ trainer: Trainer, _ entry: ComparisonPlan.Entry, _ seed: UInt64,
    _ questions: ComparisonMeasuring, _ title: String
  ) throws {
    let (run, line) = (folder.run(entry, seed: seed), ProgressLine())
    defer { line.end() }
    let measures = try questions.measures(of: trainer.model) { line.show(title + $0) }
    let c = trainer.recipe.model
    let result = MeasuredModel(
      parameters: c.parameterCount, bodyParameters: c.bodyParameterCount,
      trainedTokens: trainer.tokenCount,
      checkpointSHA256: try sha256(ofFile: run.checkpointPath).description, measures: measures,
      curve: ComparisonCurves.smoothed(run.logLines))
    try folder.save(result, entry, seed: seed)
  }

  /// Writes `report.md` and its pictures, `side-by-side.svg` and `curves.svg`.
  /// - Returns: the report.
  func report(_ plan: ComparisonPlan, command: [String]) throws -> String {
    let results = try plan.entries.map { entry in
      try plan.seeds.map { try folder.result(entry, seed: $0) }
    }
    let curves = zip(plan.entries, results).map { entry, results in
      zip(plan.seeds, results).map { seed, result in
        result?.curve ?? ComparisonCurves.smoothed(folder.run(entry, seed: seed).logLines)
      }
    }
    let text = ComparisonReport(plan, results: results, command: shell(command)).markdown
    try write(text, "report.md")
    try write(ComparisonPicture(plan, results: results).plot.svg(), "side-by-side.svg")
    try write(ComparisonCurves(plan, curves: curves).plot.svg(), "curves.svg")
    return text
  }

  private func write(_ text: String, _ name: String) throws {
    try Data(text.utf8).write(to: folder.url.appendingPathComponent(name), options: .atomic)
  }

  /// The command as it can be typed again, the program by its name alone.
  private func shell(_ words: [String]) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./,=+")
    return (["hope"] + words.dropFirst()).map { word in
      word.allSatisfy(plain.contains) ? word : "'\(word)'"
    }.joined(separator: " ")
  }
}
