import Sessions

/// All that is known about the token under the cursor.
struct TokenView {
  private let state: AppState
  private let brush: Brush
  init(_ state: AppState, _ brush: Brush) { (self.state, self.brush) = (state, brush) }

  func draw(_ rect: Rect, _ canvas: inout Canvas) {
    let isFocused = state.focus == .token
    let inside = canvas.drawFrame(
      rect, title: [("token", isFocused ? .accent : .strong)],
      trailing: [(state.tokenCursor == nil ? "the newest" : "under the cursor", .quiet)],
      isFocused: isFocused, brush
    ).inset(columns: 1, rows: 0)
    guard let number = state.shownToken, let record = state.tokens[number] else {
      canvas.draw("no token yet", x: inside.x, y: inside.y, brush[.quiet], limit: inside.width)
      return
    }
    var area = inside
    if isEnlarged, area.width >= Self.besideColumns {
      drawNeighbours(number, area.cutRight(area.width * 2 / 5), &canvas)
    }
    for (i, line) in lines(record, area).prefix(area.height).enumerated() {
      canvas.draw(line, x: area.x, y: area.y + i, limit: area.width, brush)
    }
  }

  private var isEnlarged: Bool { state.isEnlarged && state.focus == .token }
  private static let besideColumns = 90
  /// Columns of a bar at most.
  private func bar(_ room: Int) -> Int { max(4, min(isEnlarged ? 60 : 20, room)) }

  /// The tokens before and after, each with its surprise.
  private func drawNeighbours(_ number: Int, _ rect: Rect, _ canvas: inout Canvas) {
    canvas.draw("the tokens around it", x: rect.x, y: rect.y, brush[.strong], limit: rect.width)
    let height = rect.height - 2
    let known = state.tokens.known
    let first = max(known.lowerBound, min(number - height / 2, known.upperBound - height))
    for (i, near) in (first..<min(known.upperBound, first + max(0, height))).enumerated() {
      guard let record = state.tokens[near] else { continue }
      let row = neighbour(record, isShown: near == number, rect.width)
      canvas.draw(row, x: rect.x, y: rect.y + 2 + i, limit: rect.width, brush)
    }
  }

  private func neighbour(_ record: TokenRecord, isShown: Bool, _ width: Int) -> [(String, Ink)] {
    let bits = record.surpriseBits ?? 0
    let size = record.surpriseBits.map { "\(Digits.fixed($0, 1)) bits" } ?? ""
    let ink = Ink.surprise(bits: bits)
    let (full, _) = brush.glyphs.bar(bits / 12, width: max(4, width - 31))
    return [
      (isShown ? brush.glyphs.pointer + " " : "  ", .accent),
      (brush.fitted(shown(record.text), 14).padded(15), isShown ? .accent : .text),
      (size.padded(10), .quiet), (full, ink == .text ? .heat3 : ink),
    ]
  }

  /// With air between the parts and a row for every alternative where there is room, else without.
  private func lines(_ record: TokenRecord, _ area: Rect) -> [[(String, Ink)]] {
    let head = head(record)
    let measures = measures(record, area.width)
    guard let facts = record.facts else {
      return [head, []] + measures + [[]] + hint(area.width)
    }
    let credits = credits(facts, area.width)
    let airy =
      [head, []] + measures + [[]] + alternatives(facts, area.width) + [[]] + credits
    guard airy.count > area.height else { return airy }
    return [head] + measures + [likely(facts, area.width)] + credits
  }

  private func hint(_ width: Int) -> [[(String, Ink)]] {
    let text = "Enter: what else was likely, and each level's credit"
    return TextWrap.rows(text, width: width).map { [(String(text[$0]), .quiet)] }
  }

  private func head(_ record: TokenRecord) -> [(String, Ink)] {
    let who = record.author == .user ? "you" : record.author == .assistant ? "hope" : "the frame"
    return [
      (shown(record.text), Ink.strong),
      ("  #\(Digits.grouped(record.position)) by \(who)", .quiet),
    ]
  }

  private func measures(_ record: TokenRecord, _ width: Int) -> [[(String, Ink)]] {
    let bits = { (value: Float) in (value, "\(Digits.fixed(value, 1)) bits", value / 12) }
    let p = record.surpriseBits.map { Digits.probability(bits: $0) }
    return [
      measure("surprise", record.surpriseBits.map(bits), width),
      measure("chance", p.map { ($0, Digits.percent($0), $0) }, width),
      measure("entropy", record.entropyBits.map(bits), width),
      [
        ("learned".padded(9), .quiet), (record.isLearnedFrom ? "yes" : "no", .text),
        (why(record), .quiet),
      ],
    ]
  }

  /// The alternatives in one row.
  private func likely(_ facts: TokenFacts, _ width: Int) -> [(String, Ink)] {
    let words = facts.alternatives.map {
      "\(shown(RichText.safe($0.text))) \(Digits.percent($0.probability))"
    }
    return [
      ("likely".padded(9), .quiet),
      (brush.fitted(words.joined(separator: brush.glyphs.dot), width - 9), .text),
    ]
  }

  private func why(_ record: TokenRecord) -> String {
    record.isLearnedFrom ? "" : record.author == .assistant ? ": its own words" : ""
  }

  /// Whitespace is made visible.
  private func shown(_ text: String) -> String {
    if text.isEmpty { return "(no text)" }
    let (newline, space) = brush.glyphs.isASCII ? ("\\n", "_") : ("⏎", "␣")
    return text.replacing("\n", with: newline).replacing(" ", with: space)
  }

  private func measure(
    _ name: String, _ value: (value: Float, text: String, share: Float)?, _ width: Int
  ) -> [(String, Ink)] {
    guard let value else { return [(name.padded(9), .quiet), (brush.glyphs.dash, .quiet)] }
    let (full, rest) = brush.glyphs.bar(value.share, width: bar(width - 20))
    return [
      (name.padded(9), .quiet), (value.text.padded(10), .text), (full, .accent), (rest, .faint),
    ]
  }

  private func alternatives(_ facts: TokenFacts, _ width: Int) -> [[(String, Ink)]] {
    [[("likely here", .strong)]]
      + facts.alternatives.map {
        let (full, rest) = brush.glyphs.bar($0.probability, width: bar(width - 20))
        let isIt = $0.id == facts.id
        return [
          (brush.fitted(shown(RichText.safe($0.text)), 8).padded(9), isIt ? .accent : .text),
          (Digits.percent($0.probability).padded(10), .quiet), (full, .heat3), (rest, .faint),
        ]
      }
  }

  /// What each level's learned part did to the chance of this token, and its gates.
  private func credits(_ facts: TokenFacts, _ width: Int) -> [[(String, Ink)]] {
    let all = TokenFacts.LevelShare(name: "all", creditBits: facts.allCreditBits)
    return [[("what each level gave", .strong)]]
      + (facts.levels + [all]).enumerated().map { credit($1, ofLevel: $0, width) }
  }

  private func credit(_ level: TokenFacts.LevelShare, ofLevel number: Int, _ width: Int)
    -> [(String, Ink)]
  {
    let bits = level.creditBits
    let room = isEnlarged ? width - 36 : min(12, width - 34)
    let (full, rest) = brush.glyphs.bar(abs(bits) / 6, width: bar(room))
    let gates = [
      level.rate.map { "\(brush.glyphs.rate) \(Digits.fixed($0, 2))" },
      level.retention.map { "\(brush.glyphs.retention(ofLevel: number)) \(Digits.fixed($0, 2))" },
    ].compactMap { $0 }.joined(separator: " ")
    return [
      (brush.fitted(level.name, 8).padded(9), .text),
      ("\(bits > 0 ? "+" : "")\(Digits.fixed(bits, 1)) bits".padded(10), .quiet),
      (full, bits < 0 ? .alarm : .accent), (rest, .faint), ("  " + gates, .quiet),
    ]
  }
}

extension String {
  /// With spaces up to so many columns.
  func padded(_ width: Int) -> String {
    let missing = width - cellWidth
    return missing > 0 ? self + String(repeating: " ", count: missing) : self
  }
}
