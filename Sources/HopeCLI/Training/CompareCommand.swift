import ArgumentParser
import Evaluation
import Foundation
import Hope
import Tensors

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Train models that differ in one thing, measure them alike, and report.",
    discussion: """
      Every model has as many parameters and reads the same tokens. One folder holds it all: a \
      training run for every model and seed, its result.json, and report.md. What is there already \
      is not done again: stop with Ctrl+C, go on with the same command.
      """)

  @Argument(help: "What differs: architectures, ablations or optimizers.")
  var subject: ComparisonPlan.Subject
  @Option(help: "The recipe of the Hope model that the others are measured against.")
  var recipe: String
  @Option(help: "The tokenizer.json of all models.")
  var tokenizer: String
  @Option(help: "A folder with dialogues.jsonl and narrative/*.txt.")
  var data: String
  @Option(help: "Shares of the sources per stage (mix.json).")
  var mix: String?
  @Option(help: "A folder with narrative.txt and dialogues.jsonl that training does not see.")
  var validation: String
  @Option(
    help: """
      A folder with wsc.jsonl, piqa_valid.jsonl, blimp_200.jsonl, tinyshakespeare.txt and \
      wikitext2_valid.txt.
      """)
  var tasks: String
  @Option(name: .customLong("run"), help: "The comparison's folder.")
  var runFolder: String
  @Option(help: "Seeds, separated by commas: so many models of each kind.")
  var seeds = "1,2,3"
  @Option(help: "Names of the models to train now, separated by commas; all without it.")
  var only: String?
  @Flag(help: "Train nothing: write the report of what is there.")
  var reportOnly = false
  @Option(help: "Threads.")
  var threads = 2

  func run() throws {
    BLAS.prepare()
    Kernels.keepFreedMemory()
    let whole = try plan()
    let plan = try chosen(of: whole)
    let folder = ComparisonFolder(url: URL(fileURLWithPath: runFolder))
    if reportOnly {
      try checkResults(of: whole, in: folder)
    } else {
      try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
    }
    let work = ComparisonWork(folder: folder, threads: threads, stop: StopSignal())
    guard try reportOnly || finish(plan, work) else {
      return print("stopped and saved; the same command goes on")
    }
    print(try work.report(whole, command: command))
  }

  private func finish(_ plan: ComparisonPlan, _ work: ComparisonWork) throws -> Bool {
    let words = try TokenizerFile.read(tokenizer)
    return try work.finish(
      plan, tokenizer: words,
      data: {
        try TrainingData.load(
          data, mix: mix, recipe: plan.entries[0].recipe, tokenizerPath: tokenizer,
          cache: work.folder.url, lanes: threads)
      },
      measuring: {
        try ComparisonMeasuring(
          validation: URL(fileURLWithPath: validation), tasks: tasks, tokenizer: words,
          lanes: threads)
      })
  }

  private func plan() throws -> ComparisonPlan {
    let numbers = seeds.split(separator: ",").map { UInt64($0) }
    guard !numbers.isEmpty, !numbers.contains(nil) else {
      throw ValidationError("--seeds wants numbers separated by commas, e.g. 1,2,3")
    }
    let plan = ComparisonPlan(
      subject, base: try TrainingRecipe(contentsOf: recipe), seeds: numbers.compactMap { $0 })
    for entry in plan.entries { try entry.recipe.validate() }
    return plan
  }

  private func checkResults(of plan: ComparisonPlan, in folder: ComparisonFolder) throws {
    let isAnyThere = try plan.runs.contains { try folder.result($0.entry, seed: $0.seed) != nil }
    guard !isAnyThere else { return }
    throw ValidationError(
      "--report-only: \(runFolder) holds no result of this comparison; check --run and --seeds, or "
        + "train without it")
  }

  /// The command that makes all of what is reported.
  private var command: [String] {
    var words = CommandLine.arguments.filter { $0 != "--report-only" && !$0.hasPrefix("--only=") }
    if let only = words.firstIndex(of: "--only") { words.removeSubrange(only...only + 1) }
    return words
  }

  /// The entries to train now.
  private func chosen(of plan: ComparisonPlan) throws -> ComparisonPlan {
    guard let only else { return plan }
    guard !reportOnly else { throw ValidationError("--only and --report-only: name one of them") }
    var plan = plan
    let wanted = only.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    for name in wanted where !plan.entries.contains(where: { $0.name == name }) {
      let names = plan.entries.map(\.name).joined(separator: ", ")
      throw ValidationError("--only: there is no \"\(name)\"; there are \(names)")
    }
    plan.entries.removeAll { !wanted.contains($0.name) }
    return plan
  }
}

extension ComparisonPlan.Subject: ExpressibleByArgument {}
