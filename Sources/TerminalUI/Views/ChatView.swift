import Sessions

/// What was said, with tokens tinted; a welcome before anything was.
struct ChatView {
  private let state: AppState
  private let brush: Brush
  init(_ state: AppState, _ brush: Brush) { (self.state, self.brush) = (state, brush) }

  /// The part of the pane that text stands in.
  static func textArea(_ rect: Rect) -> Rect { rect.inset(columns: 2, rows: 1) }

  func draw(_ rect: Rect, _ canvas: inout Canvas) {
    canvas.drawFrame(
      rect, title: [(title, state.focus == .chat ? .accent : .strong)], trailing: legend,
      isFocused: state.focus == .chat, brush)
    let area = Self.textArea(rect)
    guard !area.isEmpty else { return }
    if state.transcript.entries.isEmpty {
      WelcomeView(state, brush).draw(area, &canvas)
    } else {
      drawRows(area, &canvas)
      drawPosition(rect, &canvas)
    }
  }

  private var title: String {
    state.player?.isTimeline == true ? "chat at @\(Digits.grouped(state.position))" : "chat"
  }

  /// What the tints mean.
  private var legend: [(String, Ink)] {
    switch state.tint {
    case .off: []
    case .credit:
      [
        ("credit ", .quiet), ("1", .heat3), (" ", .text), ("2", .heat4), (" ", .text),
        ("4", .credit3), (" bits", .quiet),
      ]
    case .surprise:
      [
        ("surprise ", .quiet), ("2", .surprise1), (" ", .text), ("4", .surprise2), (" ", .text),
        ("7", .surprise3), (" bits", .quiet),
      ]
    }
  }

  private func drawPosition(_ rect: Rect, _ canvas: inout Canvas) {
    if !state.transcript.isFollowing {
      let text = state.turn == nil ? " End: newest " : " End: newest, more is coming "
      canvas.draw(text, endingAt: rect.maxX - 2, y: rect.maxY - 1, brush[.accent], from: rect.x + 2)
    }
    if let search = state.search, !state.isTypingSearch, !search.matches.isEmpty {
      let text = " \(search.current + 1)/\(search.matches.count) n older N newer "
      canvas.draw(text, x: rect.x + 2, y: rect.maxY - 1, brush[.accent], limit: rect.width - 4)
    }
  }

  private func drawRows(_ area: Rect, _ canvas: inout Canvas) {
    let visible = state.transcript.visibleRows(width: area.width, height: area.height)
    for (i, row) in visible.enumerated() { draw(row, area, area.y + i, &canvas) }
  }

  private func draw(
    _ visible: Transcript.VisibleRow, _ area: Rect, _ y: Int, _ canvas: inout Canvas
  ) {
    guard let row = visible.row else { return }
    let entry = visible.entry
    if entry.kind == .rule {
      canvas.draw(
        repeating: brush.glyphs.frame.horizontal, area.width, x: area.x, y: y, brush[.faint])
    }
    if visible.isFirst, !entry.isContinuation, let (name, ink) = label(entry.kind) {
      canvas.draw(name, x: area.x, y: y, brush[ink], limit: area.width)
    }
    let x = draw(row, of: entry, area, y, &canvas)
    guard visible.isLast, entry.id == state.turn?.answer else { return }
    let mark = entry.hasPartialCharacter ? brush.glyphs.placeholder : brush.glyphs.caret
    canvas.draw(mark, x: min(x, area.maxX - 1), y: y, brush[.accent])
  }

  /// - Returns: the column after the row.
  private func draw(
    _ row: TextRow, of entry: Entry, _ area: Rect, _ y: Int, _ canvas: inout Canvas
  ) -> Int {
    var x = area.x + entry.indent
    if state.search == nil {
      let isDone = entry.content.pieces(in: row) { text, offset, run in
        x = draw(text, style(run, entry, offset), x, y, area.maxX, &canvas)
      }
      if isDone { return x }
    }
    entry.content.clusters(in: row) { character, offset, run in
      var style = style(run, entry, offset)
      // a space at which no row ends is one all the same
      let character = character == "\u{A0}" ? " " : character
      if character == " " { style = style.removing(.underline) }
      x = canvas.draw(character, x: x, y: y, style, end: area.maxX) ?? area.maxX
    }
    return x
  }

  /// ASCII of one style; spaces are not underlined.
  private func draw(
    _ text: Substring, _ style: Style, _ x: Int, _ y: Int, _ end: Int, _ canvas: inout Canvas
  ) -> Int {
    let next = canvas.draw(text, x: x, y: y, style, limit: end - x)
    guard style.attributes.contains(.underline) else { return next }
    for (i, byte) in text.utf8.enumerated() where byte == 0x20 && x + i < end {
      canvas.draw(" ", x: x + i, y: y, style.removing(.underline))
    }
    return next
  }

  private func label(_ kind: Entry.Kind) -> (String, Ink)? {
    switch kind {
    case .you: ("you", .you)
    case .hope: ("hope", .hope)
    case .note, .report, .command, .alarm, .rule: nil
    }
  }

  private func style(_ run: RichText.Run?, _ entry: Entry, _ offset: Int) -> Style {
    guard let run else { return brush[.text] }
    var style = brush[ink(run)]
    if let search = state.search, search.covers(entry: entry.id, offset: offset) {
      style = style.adding(brush[.match].attributes)
    }
    if let cursor = state.tokenCursor, run.token == Int32(cursor) {
      style = style.adding(brush[.selection].attributes)
    }
    return style
  }

  private func ink(_ run: RichText.Run) -> Ink {
    switch run.ink {
    case .surprise1, .surprise2, .surprise3, .text:
      switch state.tint {
      case .surprise: return run.ink
      case .off: return .text
      case .credit:
        return Ink.credit(bits: state.tokens[Int(run.token)]?.facts?.allCreditBits)
      }
    default: return run.ink
    }
  }
}
