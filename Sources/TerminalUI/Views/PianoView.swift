/// A row a level, a column a token or a group of them: a tick where the level wrote, as high and as
/// bright as the write was large; below, whose words those were.
struct PianoView {
  private let state: AppState
  private let brush: Brush
  init(_ state: AppState, _ brush: Brush) { (self.state, self.brush) = (state, brush) }

  /// Rows a level has at most; more where the pane is enlarged.
  private var mostRows: Int { isEnlarged ? 12 : 3 }
  private var isEnlarged: Bool { state.isEnlarged && state.focus == .piano }

  private func axis(_ width: Int) -> TimeAxis {
    isEnlarged && state.zoom == 0
      ? TimeAxis(filling: width, tokens: state.tokens.count) : TimeAxis(stride: 1 << state.zoom)
  }

  func draw(_ rect: Rect, _ canvas: inout Canvas) {
    let isFocused = state.focus == .piano
    let names = min(10, state.levels.map(\.name.cellWidth).max() ?? 0)
    let axis = axis(rect.width - names - 5)
    let inside = canvas.drawFrame(
      rect, title: [("piano roll", isFocused ? .accent : .strong)],
      trailing: [(axis.title, .quiet)], isFocused: isFocused, brush
    ).inset(columns: 1, rows: 0)
    guard inside.height >= 2, !state.levels.isEmpty else { return }
    var area = inside
    area.x += names + 1
    area.width = max(0, area.width - names - 1)
    let authors = Rect(x: area.x, y: inside.maxY - 1, width: area.width, height: 1)
    AuthorsRow(state, axis, brush).draw(authors, end: end(axis.count(area.width), axis), &canvas)
    area.height -= 1
    for (level, rows) in rows(area.height) {
      let row = area.cutTop(rows)
      let ink: Ink = level.level == state.selectedLevel && isFocused ? .accent : .quiet
      canvas.draw(brush.fitted(level.name, names), x: inside.x, y: row.maxY - 1, brush[ink])
      draw(level, axis, row, &canvas)
    }
  }

  /// The levels that have room, and their rows. Enlarged, the mixer needs no height: its ticks are all
  /// alike.
  private func rows(_ height: Int) -> [(LevelMonitor, Int)] {
    let levels = state.levels
    let rows = max(1, min(mostRows, height / levels.count))
    guard isEnlarged, rows > 3 else { return levels.prefix(height / rows).map { ($0, rows) } }
    let others = min(mostRows, (height - 2) / max(1, levels.count - 1))
    return levels.map { ($0, $0.level == 0 ? 2 : others) }
  }

  /// The newest column at the right, or the cursor's in the middle.
  private func end(_ columns: Int, _ axis: TimeAxis) -> Int {
    guard let cursor = state.tokenCursor else { return state.tokens.count }
    return min(state.tokens.count, max(cursor + 1, cursor + columns * axis.stride / 2))
  }

  private func draw(
    _ level: LevelMonitor, _ axis: TimeAxis, _ area: Rect, _ canvas: inout Canvas
  ) {
    let columns = axis.count(area.width)
    let end = end(columns, axis)
    let sizes = level.writes.columns(columns, stride: axis.stride, end: end)
    let largest = sizes.lazy.compactMap { $0 }.max() ?? 0
    for run in axis.runs(sizes, in: area, end: end) {
      // how much the mixer wrote is not measured: the same small tick at every token
      if run.value != nil, level.level == 0 {
        canvas.draw(
          repeating: brush.glyphs.column(2), run.width, x: run.x, y: area.maxY - 1, brush[.heat2])
      } else if let size = run.value {
        let share = largest > 0 ? size / largest : 0
        for x in run.x..<run.x + run.width { drawTick(share, x: x, area, &canvas) }
      } else {
        canvas.draw(
          repeating: brush.glyphs.baseline, run.width, x: run.x, y: area.maxY - 1, brush[.heat0])
      }
    }
  }

  private func drawTick(_ share: Float, x: Int, _ area: Rect, _ canvas: inout Canvas) {
    // a little air below the row above; a small write is still seen
    let most = area.height * 8 - (area.height > 1 ? 3 : 0)
    let eighths = max(3, Int((share * Float(most)).rounded()))
    for row in 0..<area.height where eighths > row * 8 {
      canvas.draw(
        brush.glyphs.column(eighths - row * 8), x: x, y: area.maxY - 1 - row,
        brush[.heat(2 + Int(share * 3))])
    }
  }
}
