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

  /// What one sentence is enough for.
  package func session(_ event: SessionEvent) -> StyledText? {
    guard let said = SessionNotice(event) else { return nil }
    return said.isAlarm ? error(said.sentence) : notice(said.sentence)
  }

  static func count(_ number: Int, _ noun: String) -> String {
    "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
  }
}
