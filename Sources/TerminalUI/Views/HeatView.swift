/// Blocks by writes of the chosen level: how much of each block's weights every write moved.
struct HeatView {
  private let state: AppState
  private let brush: Brush
  init(_ state: AppState, _ brush: Brush) { (self.state, self.brush) = (state, brush) }

  func draw(_ rect: Rect, _ canvas: inout Canvas) {
    let isFocused = state.focus == .heat
    let level = state.shownLevel
    let title = [
      ("heat", isFocused ? Ink.accent : .strong),
      (level.map { brush.glyphs.dot + $0.name } ?? "", .text),
    ]
    let inside = canvas.drawFrame(
      rect, title: title, trailing: [(brush.glyphs.changeRatio, .quiet)], isFocused: isFocused,
      brush
    ).inset(columns: 1, rows: 0)
    guard let level, inside.height > 1 else { return }
    if level.level == 0 || level.blockUpdates.isEmpty {
      return drawEmpty(level, inside, &canvas)
    }
    var area = inside
    drawHealth(level, area.cutTop(1), &canvas)
    if area.height > level.blockUpdates.count + 1 { _ = area.cutTop(1) }
    if area.height > level.blockUpdates.count { drawScale(level, area.cutBottom(1), &canvas) }
    drawBlocks(level, area, &canvas)
  }

  private func drawEmpty(_ level: LevelMonitor, _ area: Rect, _ canvas: inout Canvas) {
    let text =
      level.level == 0
      ? "\(level.name) rewrites itself at every token; its single writes are not measured. Up and Down choose another level."
      : "\(level.name) has not written yet: \(level.pendingTokens) of \(level.period) tokens are in."
    for (i, row) in TextWrap.rows(text, width: area.width).prefix(area.height).enumerated() {
      canvas.draw(text[row], x: area.x, y: area.y + i, brush[.quiet])
    }
  }

  private func drawHealth(_ level: LevelMonitor, _ row: Rect, _ canvas: inout Canvas) {
    let health = level.health
    let ink: Ink = health == .thrashing || health == .saturated ? .alarm : .accent
    let meaning = brush.fitted(health.meaning, row.width - health.rawValue.count - 2)
    canvas.draw(
      [(health.rawValue, ink), ("  " + meaning, .quiet)], x: row.x, y: row.y, limit: row.width,
      brush)
  }

  private func drawBlocks(_ level: LevelMonitor, _ area: Rect, _ canvas: inout Canvas) {
    let labels = "block \(level.blockUpdates.count)".count + 1
    let width = max(1, area.width - labels)
    let cell = state.zoom == 0 && width >= 16 ? 2 : 1
    let series = level.blockUpdates.map { $0.columns(width / cell, stride: 1 << state.zoom) }
    let largest = series.joined().compactMap { $0 }.max() ?? 0
    let rows = max(1, min(2, area.height / level.blockUpdates.count))
    for (block, values) in series.prefix(area.height / rows).enumerated() {
      let y = area.y + block * rows
      canvas.draw("block \(block + 1)", x: area.x, y: y, brush[.quiet], limit: labels)
      // begins at the left; when the row is full, the newest stand at the right
      let known = values.drop { $0 == nil }
      for (i, value) in known.enumerated() {
        guard let value else { continue }
        let step = Self.step(value, largest)
        let sign = String(repeating: brush.shade(step), count: cell)
        for row in 0..<rows {
          canvas.draw(sign, x: area.x + labels + i * cell, y: y + row, brush[.heat(step)])
        }
      }
    }
  }

  /// 0...5: each step is a factor of two below the largest.
  private static func step(_ value: Float, _ largest: Float) -> Int {
    guard value > 0, largest > 0 else { return 0 }
    return max(0, 5 - Int(Digits.log2(largest / value).rounded()))
  }

  private func drawScale(_ level: LevelMonitor, _ row: Rect, _ canvas: inout Canvas) {
    let largest =
      level.blockUpdates.compactMap { $0.columns(64, stride: 1).compactMap { $0 }.max() }.max() ?? 0
    var pieces: [(String, Ink)] = [("small ", .quiet)]
    for step in 1...5 { pieces.append((brush.shade(step), .heat(step))) }
    pieces.append((" \(Digits.fixed(largest, 4))", .quiet))
    pieces.append(("  a column a write", .quiet))
    canvas.draw(pieces, x: row.x, y: row.y, limit: row.width, brush)
  }
}
