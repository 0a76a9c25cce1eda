import Foundation
package import Sessions

// The longer answers: the level table, statistics, explanations and help.

extension LineReport {
  /// One row a level: switches, how full its chunk is, what it wrote and how far it is from the base.
  package func levelTable(_ levels: [LevelStatus]) -> [StyledText] {
    let size = style.isASCII ? "|dW|/|W|" : "‖ΔW‖/‖W‖"
    let header = [
      "", "level", "every", "state", "next", "", "updates", size, "drift", "surprise",
    ]
    let rows = levels.map { level -> [String] in
      [
        "\(level.level + 1)", level.name, "\(level.period)", state(level), bar(level),
        level.period > 1 ? "\(level.pendingTokens)/\(level.period)" : "",
        Self.grouped(level.updates) + (level.refused > 0 ? " (\(level.refused) refused)" : ""),
        level.lastUpdateRelative.map { Self.fixed($0, 4) } ?? dash,
        Self.fixed(level.driftRelative, 4),
        level.surpriseBits.map { Self.fixed($0, 1) + " bits" } ?? dash,
      ]
    }
    return table(header, rows, leftAligned: [0, 1, 3, 4])
  }

  var dash: String { style.isASCII ? "-" : "–" }

  private func state(_ level: LevelStatus) -> String {
    let gain = level.gain == 1 ? "" : (style.isASCII ? " x" : " ×") + Self.plain(level.gain)
    return "\(level.bits) \(level.word)\(gain)"
  }

  /// How full the level's chunk is, in eighths of a cell; a level that writes at every token is full.
  private func bar(_ level: LevelStatus) -> String {
    let cells = 8
    let share = level.period > 1 ? Double(level.pendingTokens) / Double(level.period) : 1
    let eighths = Int((share * Double(cells * 8)).rounded(.down))
    if style.isASCII {
      let full = eighths / 8
      return "[" + String(repeating: "#", count: full)
        + String(repeating: ".", count: cells - full) + "]"
    }
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let filled = String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    return "▕" + filled + String(repeating: " ", count: cells - filled.count) + "▏"
  }

  /// Columns as wide as their widest entry, two spaces apart; empty columns vanish.
  func table(
    _ header: [String], _ rows: [[String]], leftAligned: Set<Int>
  ) -> [StyledText] {
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    let lines = ([header] + rows).map { row in
      let cells = zip(row, widths).enumerated().map { column, cell in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return leftAligned.contains(column) ? cell.0 + padding : padding + cell.0
      }
      var line = "  " + cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
    return lines.enumerated().map { StyledText($1, $0 == 0 ? .quiet : .plain) }
  }

  package func statistics(_ s: Statistics) -> [StyledText] {
    let speed = { (value: Double?) in
      value.map { "\(Self.fixed(Float($0), 0)) tokens/s" } ?? dash
    }
    let drifts = s.levels.map { "\($0.name) \(Self.fixed($0.driftRelative, 4))" }
    let rows = [
      ("tokens", "\(Self.grouped(s.position)) read, \(Self.grouped(s.answerTokens)) of them drawn"),
      (
        "speed",
        "answers \(speed(s.answerTokensPerSecond))\(dot)reading \(speed(s.readTokensPerSecond))"
      ),
      ("memory", "\(Self.bytes(s.stateBytes)) of state"),
      ("drift", drifts.joined(separator: dot)),
      ("seed", "\(s.settings.seed)"),
      ("state", "\(s.stateDigest)"),
    ]
    return rows.map { name, value in
      var line = StyledText("  " + name.padding(toLength: 8, withPad: " ", startingAt: 0), .quiet)
      line.append(value)
      return line
    }
  }

  static func bytes(_ count: Int) -> String {
    count >= 1 << 20
      ? fixed(Float(count) / Float(1 << 20), 1) + " MiB" : fixed(Float(count) / 1024, 0) + " KiB"
  }

  package func explanation(_ level: LevelExplanation) -> [StyledText] {
    let lines = level.sentences.flatMap { sentence in
      (style.isASCII ? sentence.asciiOnly : sentence).wrapped(at: 76).map { StyledText("  \($0)") }
    }
    return [StyledText("  \(level.status.name)", .strong)] + lines
  }

  /// A prediction taken apart: the token, what else was likely, and each level's credit.
  package func token(_ token: TokenFacts) -> [StyledText] {
    var head = StyledText("  @\(token.position) ", .quiet)
    head.append("\(Self.quoted(token.text))", .strong)
    head.append(
      " chance \(Self.percent(token.probability))\(dot)surprise \(Self.fixed(token.surpriseBits, 1)) bits"
        + "\(dot)entropy \(Self.fixed(token.entropyBits, 1)) bits", .quiet)
    let others = token.alternatives.map {
      "\(Self.quoted($0.text)) \(Self.percent($0.probability))"
    }
    let rows = token.levels.map { level in
      [
        level.name, Self.signed(level.creditBits),
        level.rate.map { Self.fixed($0, 3) } ?? dash,
        level.retention.map { Self.fixed($0, 3) } ?? dash,
      ]
    }
    let gates = style.isASCII ? ("eta", "keeps") : ("η", "keeps")
    return [head, StyledText("  likely  " + others.joined(separator: dot))]
      + table(
        ["level", "credit, bits", gates.0, gates.1],
        rows + [["all", Self.signed(token.allCreditBits), "", ""]], leftAligned: [0])
  }

  /// In one line, spaces to be seen.
  static func quoted(_ text: String) -> String {
    "\"" + text.replacingOccurrences(of: "\n", with: "\\n") + "\""
  }

  private static func signed(_ value: Float) -> String { (value > 0 ? "+" : "") + fixed(value, 2) }

  /// The list of commands, or all about one.
  package func help(topic: String?) -> [StyledText]? {
    guard let topic else { return CommandHelp.all.map(summary) + [StyledText(Self.rest, .quiet)] }
    let name = topic.hasPrefix("/") ? String(topic.dropFirst()) : topic
    guard let help = CommandHelp.all.first(where: { $0.name == name }) else { return nil }
    return [StyledText("  \(help.form)", .strong), StyledText("  \(help.summary)")]
      + help.details.map { StyledText("  \($0)") }
  }

  private static let rest =
    "  //text sends /text. Ctrl+C stops the answer; twice within two seconds it quits."

  private func summary(_ help: CommandHelp) -> StyledText {
    var line = StyledText(
      "  " + "/\(help.name)".padding(toLength: 10, withPad: " ", startingAt: 0), .strong)
    line.append(help.summary)
    return line
  }
}

extension String {
  /// Lines of at most so many characters, broken between words.
  fileprivate func wrapped(at width: Int) -> [String] {
    split(separator: " ").reduce(into: []) { lines, word in
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
  }

  /// With the few signs that our own sentences use spelled in ASCII.
  fileprivate var asciiOnly: String {
    let spellings = ["‖ΔW‖/‖W‖": "|dW|/|W|", "λ": "lambda", "×": "x", "–": "-"]
    return spellings.reduce(self) { $0.replacingOccurrences(of: $1.key, with: $1.value) }
  }
}
