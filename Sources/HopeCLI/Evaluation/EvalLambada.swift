import ArgumentParser
import Evaluation
import Foundation
import Hope
import REPL

struct EvalLambada: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lambada", abstract: "The last word of a passage (lambada_test.jsonl).",
    discussion: """
      Right is a last word whose every token was the most probable one; the perplexity is that of \
      the word as a whole. As lm-evaluation-harness does.
      """)

  @OptionGroup var options: EvalOptions
  @OptionGroup var examples: ExampleOptions
  @OptionGroup var learning: LearnOption

  func run() throws {
    let start = Date()
    let file = try examples.source(LambadaEvaluation.fileName)
    let rows = try file.examples(LambadaRow.self, limit: examples.limit)
    let loaded = try options.load()
    let evaluation = LambadaEvaluation(
      scorer: ContinuationScorer(
        model: loaded.model, tokenizer: loaded.tokenizer, learns: learning.learn == .on,
        lanes: options.threads))
    let pace = EvalPace("lambada")
    let answers = try evaluation.answers(to: rows, path: file.path) {
      pace.show($0, $1, "passages", tokens: $2)
    }
    pace.end()
    try examples.write(answers)
    let report = LambadaReport(answers)
    let document = EvalDocument(loaded, report, options, since: start)
    try StandardStreams.output().write(
      options.json ? try document.text() : table(report, pace.seconds))
  }

  private func table(_ report: LambadaReport, _ seconds: Double) -> String {
    var table = EvalTable(["lambada", "", "95 %"])
    table.add(["last word right", report.accuracy.percent, report.accuracy.interval])
    let interval = report.perplexityLow.flatMap { low in
      report.perplexityHigh.map { String(format: "%.1f–%.1f", low, $0) }
    }
    table.add(
      ["perplexity of it", String(format: "%.1f", report.perplexity), interval ?? "–"])
    table.note(
      "\(report.accuracy.all) passages, "
        + "the levels \(learning.learn == .on ? "learning" : "as trained"), "
        + EvalPace.duration(seconds))
    return table.text
  }
}
