package import Sessions

// What became of the session: its file, going back, taking it up again.

extension LineReport {
  /// `memory restored and checked (38 tensors, digest identical)`, then what is worth knowing.
  package func restored(_ r: Restoration) -> [StyledText] {
    var line = StyledText("  \(r.session.name)", .strong)
    let turns = Self.count(r.turnCount, "turn")
    let again = r.recomputedTokens > 0 ? "\(dot)\(r.recomputedTokens) computed again" : ""
    line.append("\(dot)\(turns)\(dot)\(Self.count(r.position, "token"))\(again)", .quiet)
    let check = notice(
      "memory restored and checked (\(r.tensorCount) tensors, digest identical "
        + "\("\(r.digest)".prefix(12)))")
    return [line, check] + r.problems.map { error($0) }
  }

  /// What was said in a session that goes on: its last turns.
  package func recalled(_ recall: Recall) -> [StyledText] {
    let turns = recall.turns
    let left = turns.count - Self.recalledTurns
    let first = left > 0 ? [notice("\(Self.count(left, "turn")) before")] : []
    return first
      + turns.suffix(Self.recalledTurns).flatMap { turn in
        var words = StyledText(style.isASCII ? "> " : "› ", .strong)
        words.append(turn.words)
        return [words, StyledText(turn.answer)]
      }
  }
  private static let recalledTurns = 10

  /// A line a session.
  package func sessions(_ sessions: [SessionSummary]) -> [StyledText] {
    guard !sessions.isEmpty else { return [notice("no such session")] }
    return sessions.map { session in
      var line = StyledText("  \(session.created.prefix(16))  ", .quiet)
      line.append(session.name, .strong)
      line.append(
        "\(dot)\(Self.count(session.turnCount, "turn"))\(dot)"
          + "\(Self.count(session.tokenCount, "token"))\(dot)\(session.id.suffix(8))", .quiet)
      return line
    }
  }

  /// What one sentence is enough for.
  package func session(_ event: SessionEvent) -> StyledText? {
    guard let said = SessionNotice(event) else { return nil }
    if said.isWarning { return warning(said.sentence) }
    return said.isAlarm ? error(said.sentence) : notice(said.sentence)
  }

  static func count(_ number: Int, _ noun: String) -> String {
    "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
  }
}
