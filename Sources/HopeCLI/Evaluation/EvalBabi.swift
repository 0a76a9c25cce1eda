import ArgumentParser
import Evaluation
import Foundation
import Hope
import REPL

struct EvalBabi: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "babi",
    abstract:
      "A question about a short story, at once or after small talk (babi_qa1_test.jsonl …).",
    discussion: """
      The user tells the story and asks; between the two lies as much small talk as --small-talk \
      says. "ranked": the answer was the most probable of all answers of its file. "exact": it was \
      what the model would have begun its turn with.
      """)

  @OptionGroup var options: EvalOptions
  @OptionGroup var examples: ExampleOptions
  @Option(help: "Which of the five sets, separated by commas.")
  var sets = "1,2,3,4,5"
  @Option(help: "Tokens of small talk between story and question, separated by commas.")
  var smallTalk = "0"
  @Option(help: "Whether the levels learn the user's words: on or off.")
  var learn: Learning = .on
  @Option(help: "Draws other small talk.")
  var seed: UInt64 = 1
  @OptionGroup var filler: SmallTalkOption

  private struct Source {
    let name: String
    let path: String
    let examples: [Example<BabiRow>]
    let candidates: [String]
  }

  func run() throws {
    guard let numbers = sets.numbers(atLeast: 1), numbers.allSatisfy({ $0 <= 5 }) else {
      throw ValidationError("--sets wants numbers from 1 to 5, e.g. 1,4")
    }
    guard let gaps = smallTalk.numbers(atLeast: 0), gaps.allSatisfy({ $0 <= 1 << 17 }) else {
      throw ValidationError("--small-talk wants numbers of tokens up to 131072, e.g. 0,1024")
    }
    let start = Date()
    let sources = try readSources(numbers)
    let loaded = try options.load()
    let evaluation = BabiEvaluation(
      model: loaded.model, tokenizer: loaded.tokenizer,
      filler: try filler.source(loaded.tokenizer, lanes: options.threads), learns: learn == .on,
      seed: seed)
    let answers = try measure(evaluation, sources, gaps)
    try examples.write(answers.flatMap { $0.answers })
    let report = BabiReport(answers.map(\.cell), learns: learn == .on)
    let document = EvalDocument(loaded, report, options, since: start)
    try StandardStreams.output().write(
      options.json ? try document.text() : table(report, sources, gaps))
  }

  private func readSources(_ numbers: [Int]) throws -> [Source] {
    if examples.file != nil {
      let file = try examples.source("")
      return [try read(file, URL(fileURLWithPath: file.path).lastPathComponent)]
    }
    return try numbers.map { try read(examples.source(BabiEvaluation.fileName($0)), "qa\($0)") }
  }

  /// The candidates are those of the whole file, however few examples are asked.
  private func read(_ file: ExampleFile, _ name: String) throws -> Source {
    let all = try file.examples(BabiRow.self)
    let wanted = min(examples.limit ?? all.count, all.count)
    return Source(
      name: name, path: file.path, examples: (0..<wanted).map { all[$0 * all.count / wanted] },
      candidates: Set(all.map(\.row.answer)).sorted())
  }

  private func measure(
    _ evaluation: BabiEvaluation, _ sources: [Source], _ gaps: [Int]
  ) throws -> [(cell: BabiReport.Cell, answers: [BabiEvaluation.Answer])] {
    var results: [(cell: BabiReport.Cell, answers: [BabiEvaluation.Answer])] = []
    for source in sources {
      for gap in gaps {
        let pace = EvalPace(gap > 0 ? "\(source.name) after \(gap) tokens" : source.name)
        let answers = try evaluation.answers(
          source.name, to: source.examples, candidates: source.candidates, filler: gap,
          path: source.path, lanes: options.threads
        ) { pace.show($0, source.examples.count, "questions") }
        pace.end()
        let cell = BabiReport.Cell(
          answers, set: source.name, filler: gap, candidates: source.candidates.count)
        results.append((cell, answers))
      }
    }
    return results
  }

  private func table(_ report: BabiReport, _ sources: [Source], _ gaps: [Int]) -> String {
    var table = EvalTable(
      ["tokens between"] + gaps.flatMap { ["\($0): ranked", "95 %", "exact"] } + ["by chance"])
    for source in sources {
      let cells = report.cells.filter { $0.set == source.name }
      let chance = String(format: "%.1f %%", 100 * (cells.first?.chance ?? 0))
      table.add(
        [source.name]
          + cells.flatMap { [$0.ranked.percent, $0.ranked.interval, $0.exact.percent] } + [chance])
    }
    let counts = Set(sources.map(\.examples.count)).sorted().map(String.init)
    table.note(
      "\(counts.joined(separator: "–")) questions a set, "
        + "the levels \(learn == .on ? "learning the user's words" : "as trained")")
    return table.text
  }
}
