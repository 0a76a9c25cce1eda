import Foundation
import Hope
import Sessions

/// What `hope verify` prints.
struct VerifyReport {
  let report: VerificationReport
  init(_ report: VerificationReport) { self.report = report }

  var lines: [String] {
    let r = report
    let compared =
      "\(r.turns) turns, \(r.tokens) tokens, \(r.updates) updates, \(r.digests) digests, "
      + "\(r.snapshots) snapshots"
    guard let divergence = r.divergence else {
      let result = r.problems.isEmpty ? "same" : "computed the same, but the file was changed"
      return ["\(result): \(compared)", how] + damage
    }
    return ["differs at \(divergence.description)", "  " + divergence.explanation]
      + ["compared: \(compared)", how] + damage
  }

  private var damage: [String] { report.problems.map { "damage: \($0)" } }

  private var how: String {
    switch report.mode {
    case .bits: "compared to the bit, on \(report.computedOn)"
    case .tolerance(let share):
      "compared to \(share) of each number: recorded on \(report.recordedOn), "
        + "computed on \(report.computedOn)"
    }
  }
}

// MARK: JSON

extension VerifyReport {
  private struct Document: Encodable {
    let same: Bool
    /// 0: to the bit.
    let tolerance: Double
    let recordedOn: String
    let computedOn: String
    let turns: Int
    let tokens: Int
    let updates: Int
    let digests: Int
    let snapshots: Int
    let difference: Difference?
    let damage: [String]
  }

  private struct Difference: Encodable {
    let what: String
    let line: Int
    let turn: Int
    let token: Int
    let level: String?
    let layer: Int?
    let tensor: String?
    let recorded: String
    let computed: String
    let cause: String
    /// Tokens read when a digest was last the same.
    let sameAt: Int?
    /// Tokens read when the state was saved that `tensor` was compared with.
    let savedAt: Int?

    init(_ d: Divergence) {
      (what, line, turn, token) = (d.subject.rawValue, d.line + 1, d.turn, d.position)
      (level, layer, tensor) = (d.level ?? d.state?.level, d.block ?? d.state?.block, d.tensor)
      (recorded, computed, cause) = (d.recorded, d.found, "\(d.cause)")
      (sameAt, savedAt) = (d.agreed?.position, d.state?.position)
    }
  }

  func json() throws -> String {
    let r = report
    let tolerance = if case .tolerance(let share) = r.mode { Double("\(share)") ?? 0 } else { 0.0 }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let document = Document(
      same: r.isSame, tolerance: tolerance, recordedOn: "\(r.recordedOn)",
      computedOn: "\(r.computedOn)", turns: r.turns, tokens: r.tokens, updates: r.updates,
      digests: r.digests, snapshots: r.snapshots, difference: r.divergence.map { Difference($0) },
      damage: r.problems)
    return String(decoding: try encoder.encode(document), as: UTF8.self)
  }
}

/// How far a verification is, how fast, and how long it will take: by the tokens it has to run again.
final class VerifyProgress {
  private let line = ProgressLine()
  private let start = Date()
  /// Tokens in the lines up to each.
  private let tokens: [Int]

  init(_ recording: SessionRecording) {
    var count = 0
    tokens = recording.lines.map {
      if case .token = $0.line { count += 1 }
      return count
    }
  }

  func show(_ lineCount: Int) {
    guard let all = tokens.last, all > 0, lineCount > 0 else { return }
    let done = tokens[min(lineCount, tokens.count) - 1]
    let seconds = Date().timeIntervalSince(start)
    line.show(Self.text(done: done, of: all, after: seconds))
  }

  func end() { line.end() }

  /// `verifying: 410 of 1,024 tokens, 86 tokens/s, 7 s left`.
  static func text(done: Int, of all: Int, after seconds: Double) -> String {
    let rate = seconds > 0 ? Double(done) / seconds : 0
    let left = rate > 0 ? ", \(Int((Double(all - done) / rate).rounded(.up))) s left" : ""
    return "verifying: \(done) of \(all) tokens, \(Int(rate)) tokens/s\(left)"
  }
}
