/// Where a person writes: the draft in a frame, what it could become above it.
struct ComposerView {
  private let state: AppState
  private let brush: Brush
  init(_ state: AppState, _ brush: Brush) { (self.state, self.brush) = (state, brush) }

  /// Rows of text at most.
  private static let mostRows = 8

  static func textWidth(_ rect: Rect, _ brush: Brush) -> Int {
    max(1, rect.width - 4 - brush.glyphs.prompt.cellWidth)
  }

  /// Rows with the frame, for a screen of so many columns.
  static func height(_ state: AppState, columns: Int, most: Int) -> Int {
    let rect = Rect(x: 0, y: 0, width: columns, height: 3)
    let rows = state.draft.view(
      width: textWidth(rect, state.brush), height: max(1, min(mostRows, most))
    ).rows
    return max(1, rows.count) + 2
  }

  func draw(_ rect: Rect, _ canvas: inout Canvas) {
    let isFocused = state.focus == nil && state.help == nil
    canvas.drawFrame(
      rect, title: title(rect.width), trailing: trailing, isFocused: isFocused, brush)
    let inside = rect.inset(columns: 2, rows: 1)
    guard !inside.isEmpty else { return }
    if let search = state.historySearch { return draw(search, inside, &canvas) }
    drawDraft(inside, isFocused && !state.isTypingSearch, &canvas)
    drawCandidates(rect, &canvas)
  }

  private func drawDraft(_ inside: Rect, _ isFocused: Bool, _ canvas: inout Canvas) {
    let x = canvas.draw(
      brush.glyphs.prompt, x: inside.x, y: inside.y, brush[isFocused ? .accent : .faint])
    let view = state.draft.view(width: inside.maxX - x, height: inside.height)
    if state.draft.isEmpty {
      canvas.draw(placeholder, x: x, y: inside.y, brush[.quiet], limit: inside.maxX - x)
    }
    for (i, row) in view.rows.enumerated() {
      canvas.draw(
        state.draft.text[row], x: x, y: inside.y + i, brush[.text], limit: inside.maxX - x)
    }
    guard isFocused else { return }
    canvas.cursor = Canvas.Point(
      x: min(x + view.cursorColumn, canvas.width - 1), y: inside.y + view.cursorRow)
  }

  private var placeholder: String {
    if case .ready = state.phase { "say something" } else { "write while the model loads" }
  }

  private func title(_ columns: Int) -> [(String, Ink)] {
    guard let guide = state.guide, state.historySearch == nil, state.model != nil else { return [] }
    let level = state.levels.dropFirst().first.map { (name: $0.name, number: $0.level + 1) }
    let (step, text) = guide.hint(level: level)
    return (step.isEmpty ? [] : [(step + " ", .accent)])
      + [(brush.fitted(text, max(0, columns - 11)), .text)]
  }

  private var trailing: [(String, Ink)] {
    if state.waitingMessages > 0 { return [("\(state.waitingMessages) waiting", .accent)] }
    if state.history.index != nil { return [("from the history", .quiet)] }
    let lines = state.draft.text.utf8.count { $0 == 10 } + 1
    return lines > 1 ? [("\(Digits.grouped(lines)) lines", .quiet)] : []
  }

  private func draw(_ search: AppState.HistorySearch, _ inside: Rect, _ canvas: inout Canvas) {
    let start = canvas.draw("search ", x: inside.x, y: inside.y, brush[.accent])
    let x = canvas.draw(
      field: search.line, x: start, y: inside.y, limit: inside.width / 2 - 7, brush[.strong])
    let found = search.match.map { state.history.entries[$0].replacing("\n", with: " ") }
    let text = found ?? (search.query.isEmpty ? "" : "nothing")
    canvas.draw(
      RichText.safe(text), x: x + 2, y: inside.y, brush[found == nil ? .quiet : .text],
      limit: inside.maxX - x - 2)
  }

  // MARK: Completion

  /// A list above the frame while a command is being written: in the chat's frame, and over what stands
  /// beside it where its words are long.
  private func drawCandidates(_ rect: Rect, _ canvas: inout Canvas) {
    guard state.focus == nil, let (candidates, chosen) = candidates else { return }
    let most = ScreenLayout(state, state.size).chat?.inset(columns: 1, rows: 1) ?? rect
    let shown = min(candidates.count, 10, most.height - 2)
    guard shown > 0 else { return }
    let first = max(0, min((chosen ?? 0) - shown + 1, candidates.count - shown))
    let names = candidates.map(\.word.cellWidth).max() ?? 0
    let width = 5 + names + (candidates.map(\.summary.cellWidth).max() ?? 0) + 3
    let box = Rect(
      x: most.x, y: most.maxY - shown - 2, width: min(rect.maxX - 1 - most.x, max(width, 24)),
      height: shown + 2)
    canvas.fill(box, brush.theme.base)
    canvas.drawFrame(box, isFocused: false, brush)
    drawRest(first + shown, candidates.count, chosen, box, &canvas)
    for i in 0..<shown {
      draw(candidates[first + i], names, first + i == chosen, box, box.y + 1 + i, &canvas)
    }
  }

  /// What the list does not show: `… 13 more`, or where in it one stands.
  private func drawRest(
    _ end: Int, _ count: Int, _ chosen: Int?, _ box: Rect, _ canvas: inout Canvas
  ) {
    let rest = end < count ? " \(brush.glyphs.ellipsis) \(count - end) more " : ""
    let place = chosen.map { " \($0 + 1)/\(count)" } ?? ""
    let text = place + (place.isEmpty || !rest.isEmpty ? rest : " ")
    canvas.draw(text, endingAt: box.maxX - 2, y: box.maxY - 1, brush[.quiet], from: box.x + 2)
  }

  private func draw(
    _ candidate: Completion.Candidate, _ names: Int, _ isChosen: Bool, _ box: Rect, _ y: Int,
    _ canvas: inout Canvas
  ) {
    let padding = String(repeating: " ", count: names - candidate.word.cellWidth)
    canvas.draw(
      [
        (isChosen ? brush.glyphs.pointer + " " : "  ", .accent),
        (candidate.word, isChosen ? .accent : .strong),
        (padding + "  " + brush.fitted(candidate.summary, box.width - names - 7), .quiet),
      ], x: box.x + 1, y: y, limit: box.width - 2, brush)
  }

  private var candidates: ([Completion.Candidate], Int?)? {
    if let choice = state.completion { return (choice.completion.candidates, choice.index) }
    let draft = state.draft
    return Completion(
      draft.text, cursor: draft.cursor, levels: state.levels.map(\.name),
      sessions: state.sessionNames
    )
    .map { ($0.candidates, nil) }
  }
}
