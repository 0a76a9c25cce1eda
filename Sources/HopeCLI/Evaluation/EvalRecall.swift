import ArgumentParser
import Evaluation
import Foundation
import Hope
import REPL
import Tensors

struct EvalRecall: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recall", abstract: "Facts told and asked at a distance, by what is switched off.",
    discussion: """
      Facts with values that training never saw are told, small talk follows, then each is asked \
      from a copy of the same state. An answer counts when every token of the value is the most \
      probable one. Rows switch something off; the mixer's state is dropped before the question in \
      all rows but the first.
      """)

  @OptionGroup var options: EvalOptions
  @Option(help: "Tokens between telling and asking, separated by commas.")
  var distances = "64,256,1024,4096"
  @Option(help: "Questions per cell.")
  var questions = 200
  @Option(help: "Draws other questions.")
  var seed: UInt64 = 1
  @OptionGroup var filler: SmallTalkOption
  @Flag(help: "Ask with phrasings that training never saw.")
  var unseenPhrasings = false

  func run() throws {
    let parsed = distances.split(separator: ",").compactMap { Int($0) }.filter { $0 > 0 }
    guard !parsed.isEmpty, questions > 0 else {
      throw ValidationError("--distances wants positive numbers, e.g. 64,256; --questions too")
    }
    let loaded = try options.load()
    let tokenizer = loaded.tokenizer
    let roles = RoleTokens(tokenizer.special)
    let evaluation = RecallEvaluation(
      model: loaded.model,
      questions: RecallQuestions(
        encode: { tokenizer.encode($0) }, roles: roles,
        filler: try filler.source(loaded.tokenizer, lanes: options.threads),
        phrasings: unseenPhrasings ? .heldOut : .training),
      distances: parsed, count: questions, seed: seed)
    var columns: [[Share]] = []
    let (line, start) = (ProgressLine(), Date())
    for distance in parsed {
      columns.append(
        evaluation.column(distance, lanes: options.threads) { done, all in
          line.show("distance \(distance): \(done) of \(all) texts, \(seconds(since: start)) s")
        })
    }
    line.end()
    let table = RecallTable(
      evaluation, columns: columns, loaded: loaded, tuning: options.tuning.text)
    try StandardStreams.output().write(options.json ? try table.json() : table.text())
  }

  private func seconds(since start: Date) -> Int { Int(Date().timeIntervalSince(start)) }

}

/// The recall table as text and as a document.
private struct RecallTable: Encodable {
  struct Row: Encodable {
    let name: String
    let cells: [Cell]
  }
  struct Cell: Encodable {
    let distance: Int
    let right: Int
    let questions: Int
    let share: Double
    let low: Double
    let high: Double
  }
  let model: String
  let modelSHA256: String
  let tuning: String?
  let seed: UInt64
  let rows: [Row]

  init(_ evaluation: RecallEvaluation, columns: [[Share]], loaded: LoadedModel, tuning: String?) {
    self.tuning = tuning
    model = loaded.path
    modelSHA256 = loaded.summary.digest.description
    seed = evaluation.seed
    rows = evaluation.switches.enumerated().map { index, choice in
      Row(
        name: evaluation.name(of: choice),
        cells: zip(evaluation.distances, columns).map { distance, column in
          let share = column[index]
          return Cell(
            distance: distance, right: share.right, questions: share.all, share: share.value,
            low: share.interval.low, high: share.interval.high)
        })
    }
  }

  func json() throws -> String {
    String(
      decoding: try EvalDocument<Never>.encoder(isPretty: true).encode(self), as: UTF8.self) + "\n"
  }

  func text() -> String {
    let head = rows.first?.cells.map { Self.right("\($0.distance)", 16) }.joined() ?? ""
    let lines = rows.map { row in
      Self.left(row.name, 20) + row.cells.map { Self.right(Self.percent($0), 16) }.joined()
    }
    let count = rows.first?.cells.first?.questions ?? 0
    let note = "exact answers, unseen values, \(count) questions a cell, 95 % intervals"
    return ([Self.left("tokens between", 20) + head] + lines + [note]).joined(separator: "\n")
      + "\n"
  }

  private static func percent(_ cell: Cell) -> String {
    String(
      format: "%3.0f %% (%.0f–%.0f)", 100 * cell.share, 100 * cell.low, 100 * cell.high)
  }
  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
