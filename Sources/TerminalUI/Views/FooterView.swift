/// The last row: a notice, or the keys that matter here.
struct FooterView {
  private let state: AppState
  private let brush: Brush
  init(_ state: AppState, _ brush: Brush) { (self.state, self.brush) = (state, brush) }

  func draw(_ rect: Rect, _ canvas: inout Canvas) {
    if state.isTypingSearch, let search = state.search { return draw(search, rect, &canvas) }
    if let notice = state.notice {
      let text = brush.fitted(brush.glyphs.spelled(notice.text), rect.width - 2)
      canvas.draw(text, x: rect.x + 1, y: rect.y, brush[notice.isAlarm ? .alarm : .accent])
      return
    }
    drawKeys(rect, &canvas)
  }

  private func draw(_ search: TextSearch, _ rect: Rect, _ canvas: inout Canvas) {
    let start = canvas.draw(" find ", x: rect.x, y: rect.y, brush[.accent], limit: rect.width - 12)
    let x = canvas.draw(
      field: search.line, x: start, y: rect.y, limit: rect.width - 20, brush[.text])
    let count =
      search.query.isEmpty
      ? "" : search.matches.isEmpty ? "nothing" : "\(search.matches.count) found"
    canvas.draw(count, endingAt: rect.maxX - 1, y: rect.y, brush[.quiet], from: x + 2)
  }

  private func drawKeys(_ rect: Rect, _ canvas: inout Canvas) {
    var x = rect.x + 1
    for (usual, meaning) in keys {
      let key = state.settings.spelled(keys: usual)
      guard x + key.cellWidth + 1 + meaning.cellWidth < rect.maxX else { break }
      x = canvas.draw(key, x: x, y: rect.y, brush[.text])
      x = canvas.draw(" " + meaning, x: x, y: rect.y, brush[.quiet]) + 3
    }
  }

  private var keys: [(String, String)] {
    if state.help != nil {
      return [
        ("type", "to search"), (brush.glyphs.upDown, "choose"), ("Enter", "write the command"),
        ("Esc", "close"),
      ]
    }
    if state.lanes != nil {
      return [
        ("Esc", "close"), ("type", "to go on"), (brush.glyphs.upDown, "scroll"), ("F1", "help"),
      ]
    }
    if state.historySearch != nil {
      return [("Ctrl+R", "older"), ("Enter", "take it"), ("Esc", "leave")]
    }
    if let player = state.player { return player.isTimeline ? timelineKeys : replayKeys }
    guard let pane = state.focus else { return composerKeys }
    return paneKeys(pane) + [("Tab", "next pane"), ("Esc", "back"), ("F1", "help")]
  }

  private var timelineKeys: [(String, String)] {
    [
      ("Enter", "go there"), state.isRecorded ? ("f", "fork there") : nil, ("Esc", "leave"),
      (brush.glyphs.leftRight, "token"), ("Shift+" + brush.glyphs.leftRight, "turn"),
      ("[ ]", "write"), ("Home End", "ends"), ("F1", "help"),
    ].compactMap { $0 }
  }

  private var replayKeys: [(String, String)] {
    [
      ("Space", "play"), (brush.glyphs.leftRight, "token"),
      ("Shift+" + brush.glyphs.leftRight, "turn"), ("[ ]", "write"), ("< >", "speed"),
      ("f", "fork"), ("q", "quit"), ("F1", "help"), ("Home End", "ends"),
    ]
  }

  private var composerKeys: [(String, String)] {
    if state.draft.text.hasPrefix("/") {
      return [("Tab", "complete"), ("Enter", "do it"), ("Ctrl+C", "clear"), ("F1", "help")]
    }
    if state.isBusy {
      return [("Esc", "stop"), ("PgUp", "scroll"), ("Tab", "panes"), ("F1", "help")]
    }
    return [
      ("Enter", "send"), ("/", "commands"), ("Tab", "panes"), ("F1", "help"),
      ("Ctrl+O", "timeline"),
      ("Ctrl+T", "tint"), ("Ctrl+J", "newline"), ("Ctrl+D", "quit"),
    ]
  }

  private func paneKeys(_ pane: Pane) -> [(String, String)] {
    let level = (brush.glyphs.upDown, "level")
    switch pane {
    case .chat:
      return [("/", "find"), ("y", "copy"), (brush.glyphs.leftRight, "token"), ("e", "enlarge")]
    case .levels: return [("1-9", "write"), ("Shift+1-9", "read"), level, ("e", "enlarge")]
    case .piano: return [("+ -", "zoom"), ("[ ]", "writes"), level]
    case .heat: return [level, ("+ -", "zoom"), ("e", "enlarge")]
    case .token: return [(brush.glyphs.leftRight, "token"), ("Enter", "credit"), ("[ ]", "writes")]
    }
  }
}
