import ArgumentParser
import Evaluation
import Foundation
import Hope
import REPL

// The four multiple-choice tasks: the same work, other files.

struct EvalPIQA: ChoiceCommand {
  static let task = ChoiceTask.piqa
  static let configuration = choice(
    "piqa", "Physical common sense, two answers (piqa_valid.jsonl).")
  @OptionGroup var options: EvalOptions
  @OptionGroup var examples: ExampleOptions
  @OptionGroup var learning: LearnOption
}

struct EvalSIQA: ChoiceCommand {
  static let task = ChoiceTask.siqa
  static let configuration = choice(
    "siqa", "Social common sense, three answers (siqa_dev.jsonl).")
  @OptionGroup var options: EvalOptions
  @OptionGroup var examples: ExampleOptions
  @OptionGroup var learning: LearnOption
}

struct EvalWinograd: ChoiceCommand {
  static let task = ChoiceTask.winograd
  static let configuration = choice(
    "winograd", "Whom a pronoun means, two candidates (wsc.jsonl).")
  @OptionGroup var options: EvalOptions
  @OptionGroup var examples: ExampleOptions
  @OptionGroup var learning: LearnOption
}

struct EvalBLiMP: ChoiceCommand {
  static let task = ChoiceTask.blimp
  static let configuration = choice(
    "blimp", "Which of two sentences is good English, 67 sets (blimp_200.jsonl).")
  @OptionGroup var options: EvalOptions
  @OptionGroup var examples: ExampleOptions
  @OptionGroup var learning: LearnOption
}

/// Whether the levels learn while they read an example.
struct LearnOption: ParsableArguments {
  @Option(help: "Whether the levels learn while they read an example: on or off.")
  var learn: Learning = .off
}

protocol ChoiceCommand: ParsableCommand {
  static var task: ChoiceTask { get }
  var options: EvalOptions { get }
  var examples: ExampleOptions { get }
  var learning: LearnOption { get }
}

extension ChoiceCommand {
  static func choice(_ name: String, _ abstract: String) -> CommandConfiguration {
    CommandConfiguration(
      commandName: name, abstract: abstract,
      discussion: """
        Every example is read from a fresh state, and the text with the largest log-likelihood is \
        the model's choice. Prompts and scoring follow lm-evaluation-harness; "by length" divides \
        by the characters of the text, which is its acc_norm.
        """)
  }

  func run() throws {
    let (task, start) = (Self.task, Date())
    let file = try examples.source(task.fileName)
    let questions = try task.questions(from: file, limit: examples.limit)
    let loaded = try options.load()
    let evaluation = ChoiceEvaluation(
      task,
      scorer: ContinuationScorer(
        model: loaded.model, tokenizer: loaded.tokenizer, learns: learning.learn == .on,
        lanes: options.threads))
    let pace = EvalPace(task.rawValue)
    let answers = try evaluation.answers(to: questions, path: file.path) {
      pace.show($0, $1, "texts", tokens: $2)
    }
    pace.end()
    try examples.write(answers)
    let report = ChoiceReport(task, questions: questions, answers: answers)
    let document = EvalDocument(loaded, report, options, since: start)
    let text = options.json ? try document.text() : report.table(pace.seconds, learning.learn)
    try StandardStreams.output().write(text)
  }
}

extension ChoiceReport {
  /// The table for people.
  fileprivate func table(_ seconds: Double, _ learn: Learning) -> String {
    var table = EvalTable([task.rawValue, "right", "95 %", "examples"])
    func add(_ name: String, _ accuracy: Accuracy) {
      table.add([name, accuracy.percent, accuracy.interval, "\(accuracy.all)"])
    }
    add(task.isNormalized ? "by likelihood" : "all", accuracy)
    if let normalized { add("by length", normalized) }
    for field in fields { add(field.name, field.accuracy) }
    for term in terms { add("  " + term.name, term.accuracy) }
    if let meanOfSets {
      table.note(String(format: "mean of %d sets %.1f %%", sets.count, 100 * meanOfSets))
    }
    table.note(
      String(format: "by chance %.1f %%", 100 * chance)
        + ", the levels \(learn == .on ? "learning" : "as trained"), "
        + EvalPace.duration(seconds))
    return table.text
  }
}
