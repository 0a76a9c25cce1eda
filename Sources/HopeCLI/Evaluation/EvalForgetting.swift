import ArgumentParser
import Evaluation
import Foundation
import Hope
import REPL

struct EvalForgetting: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forgetting",
    abstract: "What is lost of text A while text B is learned, fine-tuned and by the levels.",
    discussion: """
      A, then B, then A again is learned twice: by fine-tuning a copy of all weights, and by the \
      model's own levels, which read the texts as one stream. After each text the loss on held-out \
      windows of both is measured from a copy in which nothing learns and the mixer's state is \
      dropped. "forgetting" is how much the loss on A rose while B was learned, window by window.
      """)

  @OptionGroup var options: EvalOptions
  @Option(help: "Text A: a text file, or dialogues as .jsonl.")
  var a: String?
  @Option(help: "Text B.")
  var b: String?
  @Option(help: "A folder with tinyshakespeare.txt for A and wikitext2_valid.txt for B.")
  var data: String?
  @Option(help: "Optimizer updates a text, of 4 sequences of 256 tokens.")
  var updates = 50
  @Option(help: "Tokens the levels read a text (default: as many as are fine-tuned on).")
  var tokens: Int?
  @Option(help: "Peak learning rate of the fine-tuning.")
  var learningRate: Float = 3e-4
  @Option(help: "Held-out windows of each text.")
  var windows = 16
  @Option(help: "Tokens of a held-out window.")
  var length = 512
  @Option(help: "Draws other sequences for the fine-tuning.")
  var seed: UInt64 = 1
  @OptionGroup var plot: PlotOption

  func run() throws {
    let settings = try settings()
    let (pathA, pathB) = try paths()
    let start = Date()
    let loaded = try options.load()
    let evaluation = try ForgettingEvaluation(
      model: loaded.model, a: try text(pathA, loaded.tokenizer),
      b: try text(pathB, loaded.tokenizer), settings: settings, lanes: options.threads)
    let pace = EvalPace("forgetting")
    let report = evaluation.report { pace.show($0 / 1000, $1 / 1000, "k tokens (\($2))") }
    pace.end()
    try plot.write(report.plot.svg())
    let document = EvalDocument(loaded, report, options, since: start)
    try StandardStreams.output().write(options.json ? try document.text() : report.table)
  }

  private func settings() throws -> ForgettingEvaluation.Settings {
    var settings = ForgettingEvaluation.Settings()
    guard updates > 0, learningRate > 0, learningRate.isFinite else {
      throw ValidationError("--updates and --learning-rate must be positive")
    }
    guard windows > 1, length > 1, windows * length <= 1 << 24 else {
      throw ValidationError("--windows and --length must be 2 or more")
    }
    (settings.updates, settings.learningRate) = (updates, learningRate)
    (settings.windows, settings.windowLength, settings.seed) = (windows, length, seed)
    settings.streamTokens = tokens ?? updates * settings.sequences * settings.trainingLength
    guard (1...1 << 28).contains(settings.streamTokens) else {
      throw ValidationError("\(settings.streamTokens) tokens a text; wants 1 to \(1 << 28)")
    }
    return settings
  }

  private func paths() throws -> (String, String) {
    if let a, let b, data == nil { return (a, b) }
    guard let data, a == nil, b == nil else {
      throw ValidationError(
        "name two texts: --a FILE --b FILE, or a folder with both: --data FOLDER")
    }
    return (
      try ExampleFile(folder: data, name: "tinyshakespeare.txt").path,
      try ExampleFile(folder: data, name: "wikitext2_valid.txt").path
    )
  }

  private func text(
    _ path: String, _ tokenizer: Tokenizer
  ) throws -> (name: String, tokens: [TokenID], path: String) {
    let file = URL(fileURLWithPath: path)
    return (
      file.deletingPathExtension().lastPathComponent,
      try EvaluationText.tokens(of: file, tokenizer: tokenizer), path
    )
  }
}

extension ForgettingReport {
  /// The matrices and the curves for people.
  fileprivate var table: String {
    let names = fineTuning.stages.dropFirst().map { "after \($0.after)" }
    var table = EvalTable(["nats a token", "loss on", "before"] + names)
    for matrix in matrices {
      table.add([matrix.name, a] + matrix.stages.map { $0.a.text })
      table.add(["", b] + matrix.stages.map { $0.b.text })
    }
    table.add([])
    var summary = EvalTable(["", "gain on \(a)", "gain on \(b)", "forgetting of \(a)"])
    for matrix in matrices {
      summary.add(
        [matrix.name, matrix.gainA.text, matrix.gainB.text, matrix.forgetting.text])
    }
    let s = settings
    summary.note(
      "fine-tuning: \(s.updates) updates of \(s.sequences) × \(s.trainingLength) tokens a text; "
        + "levels: \(s.streamTokens) tokens a text")
    summary.note("\(s.windows) held-out windows of \(s.windowLength) tokens a text; ± 95 %")
    return table.text + summary.text + "\n" + plot.brailleLines().map { $0 + "\n" }.joined()
  }
}

extension ForgettingReport.Loss {
  fileprivate var text: String {
    String(format: "%.3f", nats) + (halfWidth.map { String(format: " ± %.3f", $0) } ?? "")
  }
}
