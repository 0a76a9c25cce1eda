import Foundation
import Hope

/// A recording in forms that other programs read.
package enum SessionExport {
  /// For people: what was said, and what every turn did to the levels.
  package static func markdown(_ recording: SessionRecording) -> String {
    let header = recording.header
    var text = "# \(escaped(recording.name))\n\n"
    text += "\(header.created) · \(escaped(header.model.name)) `\(header.model.digest)` · "
    text += "seed \(header.settings.seed) · \(header.identity)\n"
    var number = 0
    for turn in recording.allTurns {
      if !turn.isTakenBack { number += 1 }
      let title = turn.isTakenBack ? "Taken back" : "Turn \(number)"
      text += "\n## \(title)\n\n**you:** \(escaped(turn.words))\n\n"
      text += "**hope:** \(escaped(turn.answer))\n"
      guard let end = turn.end else { continue }
      text += "\n| level | every | state | writes | change | drift |\n|---|---|---|---|---|---|\n"
      for change in end.changes {
        text += "| \(escaped(change.status.name)) | \(change.status.period) | "
        text += "\(change.status.bits) | \(change.writes) | "
        text += "\(fixed(change.changeRelative)) | \(fixed(change.status.driftRelative)) |\n"
      }
    }
    return text
  }

  /// What Markdown would take for its own, and what could drive a terminal.
  private static func escaped(_ text: String) -> String {
    TerminalText.filtered(text).reduce(into: "") { result, letter in
      if "\\`*_{}[]<>#|".contains(letter) { result.append("\\") }
      result.append(letter == "\n" ? " " : letter)
    }
  }

  private static func fixed(_ value: Float) -> String {
    value.isFinite ? String(format: "%.4f", Double(value)) : "-"
  }

  /// One row a token, with the levels that wrote just before it.
  package static func csv(_ recording: SessionRecording) -> String {
    let names = recording.header.model.levels.map(\.name)
    var rows = ["turn,position,id,text,author,learned,surprise_bits,entropy_bits"]
    rows[0] += names.dropFirst().map { ",\(cell($0))_update" }.joined()
    let writes = recording.writesByPosition
    for (i, turn) in recording.transcript.enumerated() {
      for token in turn.tokens {
        var row = "\(i + 1),\(token.position),\(token.id),\(cell(token.text)),"
        row += "\(token.author.rawValue),\(token.isLearnedFrom ? 1 : 0),"
        row += "\(number(token.surpriseBits)),\(number(token.entropyBits))"
        for name in names.dropFirst() {
          row += ",\(number(writes[token.position]?[name]))"
        }
        rows.append(row)
      }
    }
    return rows.joined(separator: "\r\n") + "\r\n"
  }

  private static func number(_ value: Float?) -> String {
    value.flatMap { $0.isFinite ? "\($0)" : nil } ?? ""
  }

  /// RFC 4180; text that a spreadsheet would take for a formula begins with an apostrophe.
  private static func cell(_ text: String) -> String {
    var text = TerminalText.filtered(text)
    if let first = text.first, "=+-@".contains(first) { text = "'" + text }
    guard text.contains(where: { "\",\n\r".contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  private struct Document: Encodable {
    struct Turn: Encodable {
      struct Token: Encodable {
        let position: Int
        let id: TokenID
        let text: String
        let author: String
        let learned: Bool
        let surpriseBits: Float?
      }
      let words: String
      let answer: String
      let position: Int
      let why: String?
      let state: String?
      let tokens: [Token]
    }
    let id: String
    let name: String
    let created: String
    let model: String
    let modelSHA256: String
    let seed: UInt64
    let turns: [Turn]
  }

  /// One document: the turns as they stand, with their tokens.
  package static func json(_ recording: SessionRecording) throws -> String {
    let header = recording.header
    let turns = recording.transcript.map { turn in
      Document.Turn(
        words: turn.words, answer: turn.answer, position: turn.position,
        why: turn.end?.why.rawValue, state: turn.end.map { "\($0.stateDigest)" },
        tokens: turn.tokens.map {
          .init(
            position: $0.position, id: $0.id, text: $0.text, author: $0.author.rawValue,
            learned: $0.isLearnedFrom,
            surpriseBits: $0.surpriseBits.flatMap { $0.isFinite ? $0 : nil })
        })
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let document = Document(
      id: header.id, name: recording.name, created: header.created, model: header.model.name,
      modelSHA256: "\(header.model.digest)", seed: header.settings.seed, turns: turns)
    return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
  }
}

extension SessionRecording {
  /// ‖ΔW‖ / ‖W‖ of each level's last write before the token at a position.
  fileprivate var writesByPosition: [Int: [String: Float]] {
    lines.reduce(into: [:]) { writes, line in
      guard case .write(let write) = line.line else { return }
      writes[write.position, default: [:]][write.name] = write.updateRelative
    }
  }
}

/// Lines of JSON for other programs.
package enum JSONLine {
  package static func quoted(_ text: String) -> String {
    var w = LineWriter()
    w.element(text)
    return String(decoding: w.bytes, as: UTF8.self)
  }

  /// `[seconds, kind, text]`.
  package static func array(_ time: Double, _ kind: String, _ text: String) -> String {
    var w = LineWriter()
    w.begin("[")
    w.element(exactly: (time * 1e6).rounded() / 1e6)
    w.element(kind)
    w.element(text)
    w.end("]")
    return String(decoding: w.bytes, as: UTF8.self)
  }

  /// Values are JSON already.
  package static func object(_ members: [(String, String)]) -> String {
    "{" + members.map { "\(quoted($0)):\($1)" }.joined(separator: ",") + "}"
  }
}
