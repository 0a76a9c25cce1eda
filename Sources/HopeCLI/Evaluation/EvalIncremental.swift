import ArgumentParser
import Evaluation
import Foundation
import Hope
import REPL

struct EvalIncremental: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clinc",
    abstract: "Classes told task by task (clinc150_train.jsonl, clinc150_test.jsonl).",
    discussion: """
      The user tells examples, "TEXT is about CLASS.", of a few classes a task; after every task \
      the model is asked about new sentences of all classes so far, whose names are ranked. \
      "likeliest": by their probability; "calibrated": by how much more probable the sentence made \
      them. Asked with all it has, with what the levels learned alone (mixer dropped), with the \
      mixer alone (levels off), and with neither.
      """)

  @OptionGroup var options: EvalOptions
  @Option(help: "The folder with the evaluation data.")
  var data: String?
  @Option(help: "The examples that are told, one JSON object a line, instead of the folder's.")
  var train: String?
  @Option(help: "The sentences that are asked, instead of the folder's.")
  var test: String?
  @Option(help: "Tasks.")
  var tasks = 5
  @Option(help: "Classes a task.")
  var classes = 3
  @Option(name: .customLong("per-class"), help: "Examples told of each class.")
  var perClass = 10
  @Option(help: "Sentences asked of each class.")
  var tests = 5
  @Option(help: "Draws other classes, examples and sentences.")
  var seed: UInt64 = 1
  @Option(help: "Write what the model made of each sentence, one JSON line each.")
  var examples: String?
  @OptionGroup var plot: PlotOption

  func run() throws {
    let plan = try plan()
    let start = Date()
    let loaded = try options.load()
    let evaluation = IncrementalEvaluation(
      model: loaded.model, tokenizer: loaded.tokenizer, plan: plan, lanes: options.threads)
    let pace = EvalPace("clinc")
    let answers = evaluation.answers { pace.show($0, $1, "questions") }
    pace.end()
    try ExampleOptions.write(answers, to: examples)
    let report = IncrementalReport(answers, plan: plan, seed: seed)
    try plot.write(report.plot.svg())
    let document = EvalDocument(loaded, report, options, since: start)
    try StandardStreams.output().write(options.json ? try document.text() : report.table)
  }

  private func plan() throws -> IncrementalPlan {
    guard [tasks, classes, perClass, tests].allSatisfy({ (1...10_000).contains($0) }),
      tasks * classes > 1
    else {
      throw ValidationError(
        "--tasks, --classes, --per-class and --tests must be positive, and two classes in all")
    }
    var sizes = IncrementalPlan.Sizes()
    (sizes.tasks, sizes.classes) = (tasks, classes)
    (sizes.examples, sizes.tests) = (perClass, tests)
    let told = try source(train, "clinc150_train.jsonl")
    return try IncrementalPlan(
      training: told.examples(IntentRow.self).map(\.row),
      test: source(test, "clinc150_test.jsonl").examples(IntentRow.self).map(\.row),
      sizes: sizes, seed: seed, path: told.path)
  }

  private func source(_ file: String?, _ name: String) throws -> ExampleFile {
    if let file { return ExampleFile(path: file) }
    guard let data else {
      throw ValidationError(
        "name the folder with the data: --data FOLDER, or two files: --train FILE --test FILE")
    }
    return try ExampleFile(folder: data, name: name)
  }
}

extension IncrementalReport {
  /// The table and the curves for people.
  fileprivate var table: String {
    let memories = IncrementalEvaluation.Memory.allCases
    var table = EvalTable(
      ["classes"] + memories.flatMap { ["\($0.rawValue): likeliest", "calibrated", "95 %"] }
        + ["by chance"])
    for t in classes.indices {
      let row = memories.compactMap { memory in
        cells(of: memory).first { $0.tasks == t + 1 }
      }
      table.add(
        ["\(row[0].classes)"]
          + row.flatMap {
            [$0.likeliest.percent, $0.calibrated.percent, $0.calibrated.interval]
          } + [String(format: "%.1f %%", 100 * row[0].chance)])
    }
    for memory in memories {
      let first = cells(of: memory).map(\.firstTask.percent).joined(separator: ", ")
      table.note("first task's classes, \(memory.rawValue): \(first)")
    }
    table.note(
      "\(sizes.examples) examples and \(sizes.tests) questions a class; seed \(seed)")
    guard classes.count > 1 else { return table.text }
    return table.text + "\n" + plot.brailleLines().map { $0 + "\n" }.joined()
  }
}
