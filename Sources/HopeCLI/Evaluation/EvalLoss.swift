import ArgumentParser
import Evaluation
import Foundation
import Hope
import REPL

struct EvalLoss: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "loss",
    abstract: "Loss of any text by position, with the levels learning or not.",
    discussion: """
      Nats a token and bits a byte; the latter compare models with other tokenizers. Intervals come \
      from how the windows scatter; the gain's from the difference window by window.
      """)

  enum Choice: String, ExpressibleByArgument, CaseIterable { case on, off, both }

  @OptionGroup var options: EvalOptions
  @Option(help: "A text file, or dialogues as .jsonl.")
  var text: String
  @Option(help: "Whether the levels learn while they read: on, off or both.")
  var learn: Choice = .both
  @Option(help: "Tokens per window; every window starts fresh.")
  var length = 2048
  @Option(help: "Windows, spread evenly over the text.")
  var windows = 16
  @OptionGroup var plot: PlotOption

  func run() throws {
    guard length > 1, windows > 0 else {
      throw ValidationError("--length and --windows must be positive, and a window two tokens long")
    }
    let start = Date()
    let loaded = try options.load()
    let parts = try readWindows(loaded.tokenizer)
    let evaluation = LossEvaluation(
      model: loaded.model, tokenizer: loaded.tokenizer, length: length)
    let off = learn == .on ? nil : measure(evaluation, parts, learns: false)
    let on = learn == .off ? nil : measure(evaluation, parts, learns: true)
    let report = LossReport(text: text, windows: parts.count, length: length, off: off, on: on)
    try plot.write(report.plot.svg())
    let document = EvalDocument(loaded, report, options, since: start)
    try StandardStreams.output().write(options.json ? try document.text() : report.table)
  }

  private func readWindows(_ tokenizer: Tokenizer) throws -> [[TokenID]] {
    let tokens = try EvaluationText.tokens(of: URL(fileURLWithPath: text), tokenizer: tokenizer)
    guard tokens.count > 1 else { throw EvaluationError.noText(text) }
    return EvaluationText.windows(tokens, length: length, count: windows)
  }

  private func measure(
    _ evaluation: LossEvaluation, _ windows: [[TokenID]], learns: Bool
  ) -> [LossEvaluation.Bucket] {
    let pace = EvalPace("learning \(learns ? "on" : "off")")
    defer { pace.end() }
    return evaluation.buckets(windows, learns: learns, lanes: options.threads) {
      pace.show($0, $1, "windows", tokens: $0 * length)
    }
  }
}

extension LossReport {
  /// The table and the curves for people.
  fileprivate var table: String {
    var table = EvalTable(
      ["positions", "off: nats/token", "bits/byte", "on: nats/token", "bits/byte", "gain", "95 %"])
    for i in (off ?? on ?? []).indices {
      let bucket = (off ?? on ?? [])[i]
      table.add(
        ["\(bucket.from)–\(bucket.to)"] + Self.cells(off?[i]) + Self.cells(on?[i])
          + Self.cells(gain?[i], of: bucket.natsPerToken))
    }
    let count = windows == 1 ? "1 window" : "\(windows) windows"
    table.note("\(count) of \(length) tokens of \(text)")
    let lines = plot.brailleLines().map { $0 + "\n" }.joined()
    return table.text + ((off ?? on ?? []).count > 1 ? "\n" + lines : "")
  }

  private static func cells(_ bucket: LossEvaluation.Bucket?) -> [String] {
    guard let bucket, bucket.tokens > 0 else { return ["–", "–"] }
    let half = bucket.halfWidth.map { String(format: " ± %.3f", $0) } ?? ""
    return [
      String(format: "%.3f", bucket.natsPerToken) + half,
      String(format: "%.3f", bucket.bitsPerByte),
    ]
  }

  private static func cells(_ gain: Gain?, of nats: Double) -> [String] {
    guard let gain, nats > 0 else { return ["–", "–"] }
    let interval = gain.halfWidth.map { half in
      String(format: "%.1f–%.1f", 100 * (gain.nats - half) / nats, 100 * (gain.nats + half) / nats)
    }
    return [String(format: "%.1f %%", 100 * gain.nats / nats), interval ?? "–"]
  }
}
