import ArgumentParser
import Evaluation
import Foundation
import Hope
import REPL

struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval", abstract: "Measure what a model knows, remembers and gains by learning.",
    discussion: """
      Tasks that need data take a folder with --data, where the file has the name given below, or a \
      file with --file. Every figure has its 95 % interval.
      """,
    subcommands: [
      EvalLoss.self, EvalRecall.self, EvalPIQA.self, EvalSIQA.self, EvalWinograd.self,
      EvalBLiMP.self, EvalLambada.self, EvalBabi.self, EvalNeedle.self,
      EvalForgetting.self, EvalAssociativeRecall.self, EvalFormal.self,
      EvalIncremental.self,
    ])
}

/// What every task takes.
struct EvalOptions: ParsableArguments {
  @OptionGroup var model: ModelOptions
  @Option(help: "Threads.")
  var threads = 2
  @Flag(help: "Print one JSON document.")
  var json = false
  @OptionGroup var tuning: LevelTuning

  func validate() throws {
    guard (1...64).contains(threads) else {
      throw ValidationError("--threads: \(threads) is not in 1...64")
    }
  }

  /// The model, with the rates and retentions that were asked for; what differs goes to the notes.
  func load() throws -> LoadedModel {
    var loaded = try LoadedModel.load(path: try model.path())
    loaded.model = try tuning.tuned(loaded.model)
    if let text = tuning.text { try StandardStreams.notes().write("not as trained: \(text)\n") }
    return loaded
  }
}

/// What every task with examples in a file takes.
struct ExampleOptions: ParsableArguments {
  @Option(help: "The folder with the evaluation data.")
  var data: String?
  @Option(help: "The examples, one JSON object a line, instead of the folder's own file.")
  var file: String?
  @Option(help: "So many examples, spread evenly over the file (default: all).")
  var limit: Int?
  @Option(help: "Write what the model made of each example to this file, one JSON line each.")
  var examples: String?

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit: \(limit) is not positive") }
    if data != nil, file != nil {
      throw ValidationError("--data and --file: name one of them")
    }
    if data == nil, file == nil {
      throw ValidationError("name the folder with the data: --data FOLDER, or a file: --file FILE")
    }
  }

  /// The file named, or the one of that name in the folder.
  func source(_ name: String) throws -> ExampleFile {
    if let file { return ExampleFile(path: file) }
    return try ExampleFile(folder: data ?? "", name: name)
  }

  /// Writes one line per example where that is asked for.
  func write(_ answers: [some Encodable]) throws { try Self.write(answers, to: examples) }

  static func write(_ answers: [some Encodable], to path: String?) throws {
    guard let path else { return }
    let encoder = EvalDocument.encoder(isPretty: false)
    var bytes: [UInt8] = []
    for answer in answers { bytes += try encoder.encode(answer) + [UInt8(ascii: "\n")] }
    try AtomicFile.writeOutput(bytes, to: path)
  }
}

/// Whether the levels learn while they read.
enum Learning: String, ExpressibleByArgument, CaseIterable, Encodable { case on, off }

/// A task's results with what they belong to.
struct EvalDocument<Results: Encodable>: Encodable {
  let model: String
  let modelSHA256: String
  /// What of the model is not as its files say.
  let tuning: String?
  let results: Results
  /// Wall-clock seconds.
  let seconds: Double

  init(_ loaded: LoadedModel, _ results: Results, _ options: EvalOptions, since start: Date) {
    tuning = options.tuning.text
    (model, modelSHA256) = (loaded.path, loaded.summary.digest.description)
    self.results = results
    seconds = (Date().timeIntervalSince(start) * 1000).rounded() / 1000
  }
}

extension EvalDocument where Results == Never {
  static func encoder(isPretty: Bool) -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting =
      isPretty ? [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes] : [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }
}

extension EvalDocument {
  func text() throws -> String {
    String(
      decoding: try EvalDocument<Never>.encoder(isPretty: true).encode(self), as: UTF8.self) + "\n"
  }
}

/// How fast a long task goes and how long it will take.
struct EvalPace {
  private let line = ProgressLine()
  private let start = Date()
  private let name: String

  init(_ name: String) { self.name = name }

  var seconds: Double { Date().timeIntervalSince(start) }

  func show(_ done: Int, _ all: Int, _ unit: String, tokens: Int? = nil) {
    let rate = tokens.map { "  \(Int(Double($0) / max(seconds, 1e-3))) tokens/s" } ?? ""
    let left = done > 0 ? seconds / Double(done) * Double(all - done) : 0
    line.show("\(name): \(done) of \(all) \(unit)\(rate)  \(Self.duration(left)) left")
  }

  func end() { line.end() }

  static func duration(_ seconds: Double) -> String {
    let s = Int(seconds.rounded(.up))
    if s >= 3600 { return "\(s / 3600) h \(s % 3600 / 60) min" }
    return s >= 60 ? "\(s / 60) min \(s % 60) s" : "\(s) s"
  }
}
