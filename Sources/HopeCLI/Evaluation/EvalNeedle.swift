import ArgumentParser
import Evaluation
import Foundation
import Hope
import REPL

struct EvalNeedle: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "niah",
    abstract: "A passkey, number or word told in a long chat and asked at its end.",
    discussion: """
      The value is told at depths spread evenly over the text, small talk around it, by phrases of \
      the training and values that training never saw. Lengths double from --from to --to. Right is \
      an answer whose every token was the most probable one. What reading costs by length is \
      measured on the same texts.
      """)

  @OptionGroup var options: EvalOptions
  @Option(help: "Tokens of the shortest text.")
  var from = 1024
  @Option(help: "Tokens of the longest text.")
  var to = 65_536
  @Option(help: "What is hidden, separated by commas: passkey, number, word.")
  var kinds = "passkey,number,word"
  @Option(help: "Texts per kind and length.")
  var texts = 8
  @Option(help: "Whether the levels learn the user's words: on or off.")
  var learn: Learning = .on
  @Option(help: "Draws other texts.")
  var seed: UInt64 = 1
  @Option(help: "Write what the model made of each text, one JSON line each.")
  var examples: String?
  @OptionGroup var filler: SmallTalkOption
  @OptionGroup var plot: PlotOption

  private var lengths: [Int] {
    Array(sequence(first: from) { $0 * 2 <= to ? $0 * 2 : nil })
  }

  func run() throws {
    let kinds = try checkedKinds()
    let start = Date()
    let loaded = try options.load()
    let roles = RoleTokens(loaded.tokenizer.special)
    let tokenizer = loaded.tokenizer
    let evaluation = NeedleEvaluation(
      model: loaded.model,
      texts: NeedleTexts(
        encode: { tokenizer.encode($0) }, roles: roles,
        filler: try filler.source(tokenizer, lanes: options.threads)),
      learns: learn == .on, seed: seed)
    let answers = measure(evaluation, kinds)
    try ExampleOptions.write(answers.flatMap { $0 }, to: examples)
    let report = NeedleReport(answers, learns: learn == .on, seed: seed)
    try plot.write(LinePlot.svg([report.accuracyPlot, report.costPlot]))
    let document = EvalDocument(loaded, report, options, since: start)
    try StandardStreams.output().write(
      options.json ? try document.text() : report.table(lengths, texts: texts))
  }

  private func checkedKinds() throws -> [NeedleKind] {
    let names = kinds.split(separator: ",").map { $0.filter { $0 != " " } }
    let found = names.compactMap { NeedleKind(rawValue: String($0)) }
    guard !found.isEmpty, found.count == names.count else {
      throw ValidationError("--kinds wants passkey, number, word, or some of them")
    }
    guard from >= NeedleTexts.shortestLength, to >= from, to <= 1 << 22 else {
      throw ValidationError(
        "--from \(from) --to \(to): wants \(NeedleTexts.shortestLength) ≤ from ≤ to ≤ \(1 << 22)")
    }
    guard texts > 0 else { throw ValidationError("--texts: \(texts) is not positive") }
    return found
  }

  /// Short lengths first, so that something is known soon.
  private func measure(
    _ evaluation: NeedleEvaluation, _ kinds: [NeedleKind]
  ) -> [[NeedleEvaluation.Answer]] {
    let pace = EvalPace("niah")
    let all = lengths.reduce(0, +) * kinds.count * texts
    var (done, answers): (Int, [[NeedleEvaluation.Answer]]) = (0, [])
    for length in lengths {
      for kind in kinds {
        let before = done
        answers.append(
          evaluation.answers(kind, length: length, count: texts, lanes: options.threads) {
            done = before + $0 * length
            pace.show(done, all, "tokens, \(length) a text", tokens: done)
          })
      }
    }
    pace.end()
    return answers
  }
}

extension NeedleReport {
  /// The tables and curves for people.
  fileprivate func table(_ lengths: [Int], texts: Int) -> String {
    let kinds = NeedleKind.allCases.filter { kind in cells.contains { $0.kind == kind } }
    var table = EvalTable(
      ["tokens"] + kinds.flatMap { [$0.rawValue, "95 %", "ln p"] } + ["ms/token"])
    for length in lengths {
      let row = cells.filter { $0.length == length }
      let ordered = kinds.compactMap { kind in row.first { $0.kind == kind } }
      let cost = Spread(row.map(\.millisecondsPerToken)).mean
      table.add(
        ["\(length)"] + ordered.flatMap(Self.columns) + [String(format: "%.3f", cost)])
    }
    table.note(
      "\(texts) texts a cell, the levels "
        + (learns ? "learning the user's words" : "as trained"))
    guard lengths.count > 1 else { return table.text }
    let plots = [accuracyPlot, costPlot].map { plot in
      "\n" + plot.brailleLines(height: 10).map { $0 + "\n" }.joined()
    }
    return table.text + plots.joined()
  }

  private static func columns(_ cell: Cell) -> [String] {
    let half = cell.logProbabilityHalfWidth.map { String(format: " ± %.1f", $0) } ?? ""
    return [
      cell.accuracy.percent, cell.accuracy.interval,
      String(format: "%.1f", cell.logProbability) + half,
    ]
  }
}
