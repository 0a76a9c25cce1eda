import Sessions

/// What happened, in words for the chat pane.
struct Report {
  let glyphs: Glyphs
  init(_ glyphs: Glyphs) { self.glyphs = glyphs }

  /// What the turn changed: `◇ titans ΔW 17 % · cms1 wrote 1× ΔW 0.8 % · surprise 6.2 bits`; shorter
  /// where there is less room, and at last in rows that end between two parts.
  func turn(_ end: AnswerEnd) -> [RichText] {
    let bits = end.surpriseBits.map { "\(Digits.fixed($0, 1)) bits" }
    return [
      turn(end, bits.map { "surprise \($0)" }, worded: true), turn(end, bits, worded: true),
      turn(end, bits, worded: false), turn(end, nil, worded: false),
    ]
  }

  private func turn(_ end: AnswerEnd, _ surprise: String?, worded isWorded: Bool) -> RichText {
    var parts = end.changes.compactMap { part($0, worded: isWorded) }
    if let surprise { parts.append(surprise) }
    switch end.why {
    case .finished: break
    case .maxTokens: parts.insert("cut after \(end.answerTokens) tokens", at: 0)
    case .stopped: parts.insert("stopped", at: 0)
    case .failed: parts.insert("no answer", at: 0)
    }
    if parts.isEmpty { parts = ["nothing was learned"] }
    return RichText("\(glyphs.turnMark)\u{A0}\(joined(parts))", .quiet)
  }

  /// Parts with dots between them; a row can end behind a dot alone.
  private func joined(_ parts: [String]) -> String {
    let dot = glyphs.dot.dropLast().keptTogether()
    return parts.map { $0.keptTogether() }.joined(separator: dot + " ")
  }

  /// nil for a level that nothing happened to.
  private func part(_ level: LevelChange, worded isWorded: Bool) -> String? {
    let status = level.status
    var words = [status.name]
    if level.refused > 0 { words.append("refused \(level.refused)\(glyphs.times)") }
    if level.writes > 0, status.level > 0 {
      words.append((isWorded ? "wrote " : "") + "\(level.writes)\(glyphs.times)")
    }
    if level.changeRelative > 0 {
      words.append((isWorded ? glyphs.change + " " : "") + Digits.percent(level.changeRelative))
    }
    if !status.isOn { words.append(status.word) }
    return words.count > 1 ? words.joined(separator: " ") : nil
  }

  func levelSet(_ setting: LevelSetting) -> RichText {
    var text = RichText(setting.name, .strong)
    let gain = setting.gain == 1 ? "" : ", gain \(Digits.plain(setting.gain))"
    text.append(" \(setting.bits) \(setting.word)\(gain)", .quiet)
    let meaning = LevelWords.meaning(setting.access)
    text.append(glyphs.spelled(" – \(meaning)"), .quiet)
    return text
  }

  func settings(_ settings: ChatSettings) -> RichText {
    RichText(joined(settings.all.map { "\($0.name) \($0.value)" }), .quiet)
  }

  /// - Returns: also whether what had to be proven is.
  func stateReset(_ reset: StateReset) -> (RichText, isProven: Bool) {
    let digest = "\(reset.digest)".prefix(12)
    let proof =
      reset.equalsBase
      ? "state = base, checked by digest \(digest)" : "state digest \(digest)"
    let what =
      switch reset.scope {
      case .everything: "a fresh conversation"
      case .mixers(let name): "working memory (\(name)) dropped, what the levels learned kept"
      case .levels(let mixer): "what the levels learned dropped, working memory (\(mixer)) kept"
      case .level(_, let name): "\(name) forgot what it had learned"
      }
    let isProven = reset.scope != .everything || reset.equalsBase
    guard isProven else {
      return (RichText("\(what): ERROR: the state differs from the base's", .alarm), false)
    }
    var text = RichText(what, .strong)
    text.append(": \(proof)", .quiet)
    return (text, true)
  }

  /// Where a conversation begins: with the digest that proves it where there is room.
  func newConversation(_ reset: StateReset) -> [RichText] {
    let long = "memory is the base's (checked"
    return ["\(long), digest \("\(reset.digest)".prefix(12)))", "\(long))", "checked"].map {
      RichText(" new conversation\(glyphs.dot)\($0) ", .quiet)
    }
  }

  /// A table where there is room, else a few lines a level.
  func levelTable(_ levels: [LevelStatus]) -> [RichText] {
    typealias Column = Table.Column
    let decimals = { (value: Float?, count: Int) in
      value.map { Digits.fixed($0, count) } ?? glyphs.dash
    }
    let table = Table([
      Column(heading: "", cells: levels.map { "\($0.level + 1)" }, ink: .quiet),
      Column(heading: "level", cells: levels.map(\.name), isText: true, ink: .strong),
      Column(heading: "every", cells: levels.map { "\($0.period)" }, rank: 3),
      Column(heading: "state", cells: levels.map(state), isText: true),
      Column(heading: "next", cells: levels.map(progress), rank: 1),
      Column(heading: "writes", cells: levels.map { Digits.grouped($0.updates) }),
      Column(
        heading: "refused", cells: levels.map { $0.refused > 0 ? "\($0.refused)" : "" }, rank: 2),
      Column(
        heading: glyphs.changeRatio, cells: levels.map { decimals($0.lastUpdateRelative, 4) },
        rank: 2),
      Column(heading: "drift", cells: levels.map { decimals($0.driftRelative, 4) }),
      Column(heading: glyphs.rate, cells: levels.map { decimals($0.rate, 2) }, rank: 5),
      Column(heading: "keeps", cells: levels.map { decimals($0.retention, 2) }, rank: 5),
      Column(heading: "bits", cells: levels.map { decimals($0.surpriseBits, 1) }, rank: 4),
    ])
    return table.forms + [levelList(levels)]
  }

  private func state(_ level: LevelStatus) -> String {
    let gain = level.gain == 1 ? "" : " \(glyphs.times)\(Digits.plain(level.gain))"
    return "\(level.bits) \(level.word)\(gain)"
  }

  private func progress(_ level: LevelStatus) -> String {
    level.period > 1 ? "\(level.pendingTokens)/\(level.period)" : ""
  }

  private func levelList(_ levels: [LevelStatus]) -> RichText {
    var text = RichText()
    let width = levels.map(\.name.count).max() ?? 0
    for level in levels {
      let name = level.name + String(repeating: " ", count: width - level.name.count)
      text.appendLine([
        ("\(level.level + 1)\u{A0}", .quiet), (name, .strong), ("\u{A0}" + facts(level), .text),
      ])
    }
    return text
  }

  private func facts(_ level: LevelStatus) -> String {
    var facts = [state(level)]
    facts.append(level.period > 1 ? progress(level) : "every token")
    facts.append("\(Digits.grouped(level.updates)) writes")
    if level.refused > 0 { facts.append("\(level.refused) refused") }
    if let last = level.lastUpdateRelative { facts.append("last \(Digits.fixed(last, 4))") }
    facts.append("drift \(Digits.fixed(level.driftRelative, 4))")
    if let rate = level.rate { facts.append("\(glyphs.rate) \(Digits.fixed(rate, 2))") }
    if let kept = level.retention {
      facts.append("\(glyphs.retention(ofLevel: level.level)) \(Digits.fixed(kept, 2))")
    }
    if let bits = level.surpriseBits { facts.append("surprise \(Digits.fixed(bits, 1)) bits") }
    return joined(facts)
  }

  /// Memories that were kept, with what proves them and where they stand.
  func memoryLog(_ kept: [Marker]) -> RichText {
    guard !kept.isEmpty else {
      return RichText("no memory was kept; /mem commit NAME keeps one", .quiet)
    }
    var text = RichText()
    for marker in kept {
      let digest = marker.state.map { "\("\($0)".prefix(12))" }
      let rest = ["@\(Digits.grouped(marker.position))", digest].compactMap { $0 }
      text.appendLine([(marker.text, .strong), (glyphs.dot + joined(rest), .quiet)])
    }
    text.appendLine([("/mem checkout NAME goes on with one", .quiet)])
    return text
  }

  /// Recorded sessions, a line each.
  func sessions(_ sessions: [SessionSummary]) -> RichText {
    guard !sessions.isEmpty else { return RichText("no such session", .quiet) }
    var text = RichText()
    for session in sessions {
      let turns = "\(session.turnCount) turn\(session.turnCount == 1 ? "" : "s")"
      let rest = [turns, "\(Digits.grouped(session.tokenCount)) tokens", "\(session.id.suffix(8))"]
      let date = session.created.prefix(16).replacing("T", with: " ")
      text.appendLine([
        (date + "  ", .quiet), (session.name, .strong),
        (glyphs.dot + rest.joined(separator: glyphs.dot), .quiet),
      ])
    }
    text.appendLine([("/resume NAME goes on with one", .quiet)])
    return text
  }

  func statistics(_ s: Statistics) -> RichText {
    let speed = { (value: Double?) in
      value.map { "\(Digits.fixed(Float($0), 0)) tokens/s" } ?? glyphs.dash
    }
    let drifts = s.levels.map { "\($0.name) \(Digits.fixed($0.driftRelative, 4))" }
    let speeds = [
      "answers \(speed(s.answerTokensPerSecond))", "reading \(speed(s.readTokensPerSecond))",
    ]
    let rows = [
      (
        "tokens",
        "\(Digits.grouped(s.position)) read, \(Digits.grouped(s.answerTokens)) of them drawn"
      ),
      ("speed", joined(speeds)),
      ("memory", "\(Digits.bytes(s.stateBytes)) of state"),
      ("drift", joined(drifts)),
      ("seed", "\(s.settings.seed)"),
      ("state", "\("\(s.stateDigest)".prefix(16))"),
    ]
    var text = RichText()
    for (name, value) in rows {
      text.appendLine([(name.padded(8), .quiet), (value, .text)])
    }
    return text
  }

  /// A prediction taken apart: the token, what else was likely, and each level's credit.
  func token(_ token: TokenFacts) -> RichText {
    var text = RichText("@\(token.position) ", .quiet)
    text.append(Self.quoted(token.text), .strong)
    text.append(
      " "
        + joined([
          "chance \(Digits.percent(Digits.probability(bits: token.surpriseBits)))",
          "surprise \(Digits.fixed(token.surpriseBits, 1)) bits",
          "entropy \(Digits.fixed(token.entropyBits, 1)) bits",
        ]), .quiet)
    let others = token.alternatives.map {
      "\(Self.quoted($0.text)) \(Digits.percent($0.probability))"
    }
    text.appendLine([("likely  ", .quiet), (joined(others), .text)])
    let shares = token.levels.map { ($0.name, $0.creditBits) } + [("all", token.allCreditBits)]
    let credits = shares.map { "\($0.0) \($0.1 > 0 ? "+" : "")\(Digits.fixed($0.1, 1))" }
    text.appendLine([("credit  ", .quiet), (joined(credits) + "\u{A0}bits", .text)])
    return text
  }

  /// In one line, spaces to be seen.
  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\n", with: "\\n") + "\""
  }

  func explanation(_ level: LevelExplanation) -> RichText {
    var text = RichText(level.status.name, .strong)
    for sentence in level.sentences { text.appendLine([(glyphs.spelled(sentence), .text)]) }
    return text
  }
}

extension StringProtocol {
  /// With spaces at which no row ends.
  fileprivate func keptTogether() -> String { String(self).replacing(" ", with: "\u{A0}") }
}
