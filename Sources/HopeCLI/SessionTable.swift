import Foundation
import Sessions

/// What `hope ls` and `hope show` print. Names and words come from files: they are filtered.
enum SessionTable {
  static func lines(_ sessions: [SessionSummary]) -> [String] {
    let width = sessions.map(\.name.count).max() ?? 0
    return sessions.map { session in
      let name = session.name.padding(toLength: width, withPad: " ", startingAt: 0)
      let origin = session.parent == nil ? "" : "  fork"
      let ending = session.isDamaged ? "  damaged" : session.exitCode == nil ? "  open" : ""
      return TerminalText.filtered(
        "\(session.created.prefix(16))  \(name)  \(session.turnCount) turns  "
          + "\(session.tokenCount) tokens  \(session.model)  \(session.id.suffix(8))"
          + origin + ending)
    }
  }

  private struct Row: Encodable {
    let id: String
    let name: String
    let folder: String
    let created: String
    let model: String
    let modelSHA256: String
    let turns: Int
    let tokens: Int
    let bytes: Int
    let exit: Int?
    let damaged: Bool
    let parent: String?
    let state: String?
  }

  static func json(_ sessions: [SessionSummary]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let rows = sessions.map {
      Row(
        id: $0.id, name: $0.name, folder: $0.path, created: $0.created, model: $0.model,
        modelSHA256: "\($0.modelDigest)", turns: $0.turnCount, tokens: $0.tokenCount,
        bytes: $0.byteCount, exit: $0.exitCode, damaged: $0.isDamaged, parent: $0.parent,
        state: $0.stateDigest.map { "\($0)" })
    }
    return String(decoding: try encoder.encode(rows), as: UTF8.self)
  }

  /// The facts of a session, and what was said.
  static func details(_ recording: SessionRecording) -> [String] {
    let summary = SessionSummary(recording)
    let header = recording.header
    let facts = [
      ("name", summary.name), ("id", summary.id), ("folder", summary.path),
      ("created", "\(header.created), hope \(header.app)"),
      ("model", "\(header.model.name) \(header.model.digest)"),
      ("computed", "\(header.identity)"), ("seed", "\(header.settings.seed)"),
      ("turns", "\(summary.turnCount), \(summary.tokenCount) tokens"),
      ("state", summary.stateDigest.map { "\($0)" } ?? "-"),
      ("ended", summary.exitCode.map { "with \($0)" } ?? "not yet, or not by itself"),
    ]
    let parent = header.parent.map {
      [("from", "\($0.name) (\($0.id)) at @\($0.position)")]
    }
    return (facts + (parent ?? []) + recording.problems.map { ("damage", $0) })
      .map { TerminalText.filtered($0.padding(toLength: 10, withPad: " ", startingAt: 0) + $1) }
      + [""]
      + recording.allTurns.flatMap { turn in
        let note = turn.isTakenBack ? "  (taken back)" : ""
        return [
          TerminalText.filtered("you   \(turn.words)\(note)"),
          TerminalText.filtered("hope  \(turn.answer)\(note)"),
        ]
      }
  }
}
