package import Foundation
package import Hope
import Tensors

/// The same questions for every model of a comparison.
package struct ComparisonMeasuring: Sendable {
  private struct Text: Sendable {
    let name: String
    let windows: [[TokenID]]
  }
  private struct Choices: Sendable {
    let task: ChoiceTask
    let path: String
    let questions: [ChoiceQuestion]
  }

  let tokenizer: Tokenizer
  let lanes: Int
  private let texts: [Text]
  private let choices: [Choices]
  private let domains: [(name: String, tokens: [TokenID], path: String)]

  static let windowLength = 512
  static let windowCount = 48
  static let recallDistances = [64, 256, 512]
  static let recallQuestions = 200

  /// - Parameters:
  ///   - validation: a folder with `narrative.txt` and `dialogues.jsonl`.
  ///   - tasks: a folder with the files of the multiple-choice tasks, and `tinyshakespeare.txt` and
  ///     `wikitext2_valid.txt` to learn one after the other.
  package init(validation: URL, tasks: String, tokenizer: Tokenizer, lanes: Int) throws {
    self.tokenizer = tokenizer
    self.lanes = lanes
    texts = try ["narrative.txt", "dialogues.jsonl"].map { name in
      let tokens = try EvaluationText.tokens(
        of: validation.appendingPathComponent(name), tokenizer: tokenizer)
      return Text(
        name: String(name.prefix { $0 != "." }),
        windows: EvaluationText.windows(
          tokens, length: Self.windowLength, count: Self.windowCount))
    }
    choices = try [ChoiceTask.winograd, .piqa, .blimp].map { task in
      let file = try ExampleFile(folder: tasks, name: task.fileName)
      return Choices(task: task, path: file.path, questions: try task.questions(from: file))
    }
    domains = try ["tinyshakespeare.txt", "wikitext2_valid.txt"].map { name in
      let path = try ExampleFile(folder: tasks, name: name).path
      return (
        String(name.prefix { $0 != "." && $0 != "_" }),
        try EvaluationText.tokens(of: URL(fileURLWithPath: path), tokenizer: tokenizer), path
      )
    }
  }

  /// Everything that is measured of a model, in a fixed order.
  /// - Parameter progress: what is being measured.
  package func measures(
    of model: HopeModel, progress: (String) -> Void = { _ in }
  ) throws -> [MeasuredModel.Measure] {
    var measures: [MeasuredModel.Measure] = []
    for text in texts {
      progress(text.name)
      measures += losses(text, model)
    }
    for choices in choices {
      progress(choices.task.rawValue)
      measures.append(try accuracy(choices, model))
    }
    for distance in Self.recallDistances {
      progress("recall at \(distance)")
      measures += recall(distance, model)
    }
    progress("forgetting")
    return try measures + forgetting(model)
  }

  /// Nats a token, with the levels off and, where there are any, learning.
  private func losses(_ text: Text, _ model: HopeModel) -> [MeasuredModel.Measure] {
    let evaluation = LossEvaluation(
      model: model, tokenizer: tokenizer, length: Self.windowLength)
    return (model.configuration.levels.isEmpty ? [false] : [false, true]).map { learns in
      let buckets = evaluation.buckets(text.windows, learns: learns, lanes: lanes)
      let (nats, tokens) = buckets.reduce((0.0, 0)) { ($0.0 + $1.nats, $0.1 + $1.tokens) }
      return .init(
        "loss, \(text.name)\(learns ? ", learning" : "")", nats / Double(max(1, tokens)),
        count: tokens)
    }
  }

  /// The share of right answers: by length where the task's texts differ in it.
  private func accuracy(
    _ choices: Choices, _ model: HopeModel
  ) throws -> MeasuredModel.Measure {
    let scorer = ContinuationScorer(model: model, tokenizer: tokenizer, lanes: lanes)
    let answers = try ChoiceEvaluation(choices.task, scorer: scorer)
      .answers(to: choices.questions, path: choices.path)
    let report = ChoiceReport(choices.task, questions: choices.questions, answers: answers)
    let counted = report.normalized ?? report.accuracy
    return .init(choices.task.rawValue, counted.share, count: counted.all)
  }

  /// Exact answers with everything on and, where there are levels, with the mixer's state dropped.
  private func recall(_ distance: Int, _ model: HopeModel) -> [MeasuredModel.Measure] {
    let (tokenizer, roles) = (tokenizer, RoleTokens(tokenizer.special))
    let encode: TextEncoding = { tokenizer.encode($0) }
    let hasLevels = !model.configuration.levels.isEmpty
    let evaluation = RecallEvaluation(
      model: model,
      questions: RecallQuestions(
        encode: encode, roles: roles, filler: SmallTalk(encode: encode, roles: roles)),
      distances: [distance], count: Self.recallQuestions, seed: 1,
      switches: hasLevels ? [.allOn, .mixerDropped] : [.allOn])
    let names = ["recall at \(distance)", "recall at \(distance), mixer dropped"]
    return zip(names, evaluation.column(distance, lanes: lanes)).map {
      .init($0, $1.value, count: $1.all)
    }
  }

  /// Nats a token: what learning a first text saves on it, and how much of that a second one costs
  /// again; by fine-tuning all weights and, where there are any, by the levels' own writes.
  private func forgetting(_ model: HopeModel) throws -> [MeasuredModel.Measure] {
    let evaluation = try ForgettingEvaluation(
      model: model, a: domains[0], b: domains[1], settings: .init(), lanes: lanes)
    let (report, count) = (evaluation.report(), evaluation.settings.windows)
    return zip(["fine-tuned", "own levels"], report.matrices).flatMap { name, matrix in
      [
        .init("forgetting, saved, \(name)", matrix.gainA.nats, count: count),
        .init("forgetting, lost, \(name)", matrix.forgetting.nats, count: count),
      ]
    }
  }
}
