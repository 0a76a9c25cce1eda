import Sessions

/// A recording as a map: turns, writes and notes from its beginning to its end, and the place shown.
struct TapeView {
  private let state: AppState
  private let player: Player
  private let brush: Brush
  init(_ state: AppState, _ player: Player, _ brush: Brush) {
    (self.state, self.player, self.brush) = (state, player, brush)
  }

  private var tape: Tape { player.tape }
  private static let labelWidth = 7

  /// Rows with the frame.
  static func height(rows: Int) -> Int { rows >= 18 ? 5 : 3 }

  func draw(_ rect: Rect, _ canvas: inout Canvas) {
    let place = position(rect.width - 12 - title.cellWidth)
    let inside = canvas.drawFrame(
      rect, title: [(title, .accent)], trailing: [(place, .quiet)], isFocused: true, brush
    ).inset(columns: 1, rows: 0)
    drawLegend(rect, &canvas)
    guard inside.width > 20, inside.height > 0 else { return }
    var map = inside
    let labels = map.cutLeft(Self.labelWidth)
    let rows: [(String, (Rect, inout Canvas) -> Void)] = [
      ("turns", drawTurns), ("writes", drawWrites), ("marks", drawMarks),
    ]
    for (i, row) in rows.prefix(inside.height).enumerated() {
      let y = inside.y + i
      canvas.draw(row.0, x: labels.x, y: y, brush[.quiet])
      row.1(Rect(x: map.x, y: y, width: map.width, height: 1), &canvas)
    }
    drawCursor(map, &canvas)
  }

  /// What is still to come is fainter.
  private func drawCursor(_ map: Rect, _ canvas: inout Canvas) {
    let x = map.x + column(tape.tokens(before: player.place), map.width)
    let cursor = Rect(x: x, y: map.y, width: 1, height: map.height)
    let rest = Rect(x: x + 1, y: map.y, width: map.maxX - x - 1, height: map.height)
    canvas.restyle(rest) { _ in brush[.faint] }
    canvas.restyle(cursor) { _ in brush[.accent].adding(.reverse) }
  }

  // MARK: Words

  private var title: String {
    guard player.isTimeline else { return "replay" }
    return state.isRecorded ? "timeline" : "timeline, not recorded"
  }

  /// Where this is, as far as there is room for it.
  private func position(_ room: Int) -> String {
    let tokens = Digits.grouped(tape.tokens(before: player.place))
    let parts = [
      "@\(Digits.grouped(state.position))",
      "\(tokens) of \(Digits.grouped(tape.tokenCount)) tokens",
      "turn \(tape.turn(at: player.place))/\(tape.turnCount)",
      "\(Digits.clock(player.shownTime)) of \(Digits.clock(tape.duration))",
    ]
    let texts = (1...parts.count).reversed().map {
      parts.prefix($0).joined(separator: brush.glyphs.dot)
    }
    return texts.first { $0.cellWidth <= room } ?? parts[0]
  }

  /// What the signs mean, in the lower edge.
  private func drawLegend(_ rect: Rect, _ canvas: inout Canvas) {
    let glyphs = brush.glyphs
    let (you, hope) = lines
    let parts = [
      "\(you) you", "\(hope) hope", "\(glyphs.column(glyphs.isASCII ? 7 : 4)) a level wrote",
      "\(glyphs.marker) marker",
      "\(glyphs.snapshot) memory saved",
    ]
    let text = " " + parts.joined(separator: "  ") + " "
    guard text.cellWidth <= rect.width - 4 else { return }
    canvas.draw(text, endingAt: rect.maxX - 2, y: rect.maxY - 1, brush[.quiet], from: rect.x + 2)
  }

  // MARK: The map

  /// Where so many tokens stand in a row.
  private func column(_ tokens: Int, _ width: Int) -> Int {
    min(width - 1, tokens * max(1, width - 1) / max(1, tape.tokenCount))
  }

  private var lines: (you: String, hope: String) {
    brush.glyphs.isASCII ? ("=", "-") : ("━", "─")
  }

  private func drawTurns(_ row: Rect, _ canvas: inout Canvas) {
    let (you, hope) = lines
    let turns = tape.marks.filter(\.isTurn)
    for (i, mark) in turns.enumerated() {
      guard case .turn(let words) = mark.kind else { continue }
      let end = i + 1 < turns.count ? turns[i + 1].token : tape.tokenCount
      let (start, answer) = (
        column(mark.token, row.width), column(min(end, mark.token + words), row.width)
      )
      let stop = column(end, row.width) + (end == tape.tokenCount ? 1 : 0)
      canvas.draw(
        repeating: you, max(0, answer - start), x: row.x + start, y: row.y, brush[.text])
      canvas.draw(
        repeating: hope, max(0, stop - answer), x: row.x + answer, y: row.y,
        brush[.quiet])
      canvas.draw(brush.glyphs.turnStart, x: row.x + start, y: row.y, brush[.accent])
    }
  }

  private func drawWrites(_ row: Rect, _ canvas: inout Canvas) {
    var largest = [Float?](repeating: nil, count: row.width)
    for mark in tape.marks {
      guard case .write(_, let share) = mark.kind else { continue }
      let x = column(mark.token, row.width)
      largest[x] = max(largest[x] ?? 0, share)
    }
    for (x, share) in largest.enumerated() {
      guard let share else { continue }
      let sign = brush.glyphs.column(max(1, Int((share * 8).rounded())))
      canvas.draw(
        sign, x: row.x + x, y: row.y, brush[.heat(2 + Int(share * 3))])
    }
  }

  /// A marker with its text where there is room before the next sign.
  private func drawMarks(_ row: Rect, _ canvas: inout Canvas) {
    let glyphs = brush.glyphs
    var signs: [(x: Int, sign: String, text: String, ink: Ink)] = []
    for mark in tape.marks {
      let x = column(mark.token, row.width)
      switch mark.kind {
      case .marker(let text):
        signs.append((x, glyphs.marker, RichText.safe(text), .strong))
      case .snapshot: signs.append((x, glyphs.snapshot, "", .quiet))
      case .jump: signs.append((x, glyphs.jump, "", .accent))
      case .turn, .write: break
      }
    }
    signs.sort { ($0.x, $0.text.isEmpty ? 0 : 1) < ($1.x, $1.text.isEmpty ? 0 : 1) }
    for (i, sign) in signs.enumerated() {
      let end = i + 1 < signs.count ? signs[i + 1].x : row.width
      canvas.draw(sign.sign, x: row.x + sign.x, y: row.y, brush[sign.ink])
      let text = brush.fitted(sign.text, end - sign.x - 3)
      canvas.draw(text, x: row.x + sign.x + 2, y: row.y, brush[sign.ink])
    }
  }
}
