/// Levels by blocks by time: how much of a block's weights every write moved, over the tokens that it
/// learned from. All levels one above the other where there is room, else the chosen one whole and a
/// row for each of the others; enlarged, the chosen one as tall as it gets, above whose words those were.
struct HeatView {
  private let state: AppState
  private let brush: Brush
  private let largest: Float

  init(_ state: AppState, _ brush: Brush) {
    (self.state, self.brush) = (state, brush)
    largest = state.levels.map(\.blockWrites.largest).max() ?? 0
  }

  /// Several tokens a column, so that the whole chat is to be seen, up to eight, for writes are wide.
  private func axis(_ width: Int) -> TimeAxis {
    let tokens = state.levels.first?.writes.count ?? 0
    if isEnlarged, state.zoom == 0, tokens <= width {
      return TimeAxis(filling: width, tokens: tokens)
    }
    let stride = [1, 2, 4].first { $0 * width >= tokens } ?? 8
    return TimeAxis(stride: stride << state.zoom)
  }

  private var isFocused: Bool { state.focus == .heat }
  private var isEnlarged: Bool { isFocused && state.isEnlarged }
  private static let labelColumns = 10
  private static let valueColumns = 14

  func draw(_ rect: Rect, _ canvas: inout Canvas) {
    let labels = Self.labelColumns + (isEnlarged ? Self.valueColumns : 2)
    let axis = axis(rect.width - 4 - labels)
    let inside = canvas.drawFrame(
      rect, title: [("heat", isFocused ? .accent : .strong)], trailing: [(axis.title, .quiet)],
      isFocused: isFocused, brush
    ).inset(columns: 1, rows: 0)
    guard inside.height > 1, let chosen = state.shownLevel else { return }
    var area = inside
    if area.height > 5 { drawScale(area.cutBottom(1), &canvas) }
    if isEnlarged, area.height > 12 { return drawEnlarged(chosen, axis, area, &canvas) }
    let plan = Self.plan(state, chosen, area)
    for (level, rows) in plan.rows {
      let part = area.cutTop(rows)
      if rows == 1 {
        drawRow(level, axis, part, &canvas)
      } else {
        drawWhole(level, axis, part, &canvas)
      }
      if plan.isAiry { _ = area.cutTop(1) }
    }
  }

  // MARK: Enlarged

  /// The chosen level with all the room there is; below it whose words it learned from, and the others.
  private func drawEnlarged(
    _ chosen: LevelMonitor, _ axis: TimeAxis, _ rect: Rect, _ canvas: inout Canvas
  ) {
    var area = rect
    _ = area.cutBottom(1)
    for level in state.levels.reversed() where level.level > 0 && level.level != chosen.level {
      drawRow(level, axis, area.cutBottom(1), &canvas)
    }
    _ = area.cutBottom(1)
    drawHeading(chosen, area.cutTop(1), &canvas)
    _ = area.cutTop(1)
    guard chosen.level > 0, chosen.blockWrites.blockCount > 0 else {
      return drawReason(chosen, area, &canvas)
    }
    var authors = area.cutBottom(1)
    authors.x += Self.labelColumns
    authors.width -= Self.labelColumns + Self.valueColumns
    AuthorsRow(state, axis, brush).draw(authors, end: chosen.writes.count, &canvas)
    drawBlocks(chosen, axis, area, &canvas)
  }

  /// Tall rows with air between them; at the right what the newest write changed.
  private func drawBlocks(
    _ level: LevelMonitor, _ axis: TimeAxis, _ area: Rect, _ canvas: inout Canvas
  ) {
    let blocks = level.blockWrites.blockCount
    let pitch = max(1, min(7, area.height / blocks))
    let rows = pitch > 2 ? pitch - 1 : pitch
    for block in 0..<min(blocks, area.height / pitch) {
      let y = area.y + block * pitch
      canvas.draw("  block \(block + 1)", x: area.x, y: y, brush[.quiet], limit: area.width)
      let strip = Rect(
        x: area.x + Self.labelColumns, y: y,
        width: area.width - Self.labelColumns - Self.valueColumns, height: rows)
      drawStrip(level, block, axis, strip, &canvas)
      guard let size = level.blockWrites.newest(block) else { continue }
      canvas.draw(
        [("  last ", .quiet), (Digits.fixed(size, 4), .text)], x: strip.maxX, y: y,
        limit: Self.valueColumns, brush)
    }
  }

  // MARK: Room

  /// Rows that all levels take with air between them, the frame and the scale.
  static func height(_ state: AppState) -> Int {
    let levels = state.levels.filter { $0.level > 0 }
    let blocks = levels.map(\.blockWrites.blockCount).max() ?? 0
    return levels.count * (2 + (blocks > 0 ? blocks : 4)) + 2
  }

  /// How many rows each level gets. The mixer's single writes are not measured: it is shown only
  /// where it is the chosen one.
  private static func plan(_ state: AppState, _ chosen: LevelMonitor, _ area: Rect)
    -> (rows: [(LevelMonitor, Int)], isAiry: Bool)
  {
    let levels = state.levels.filter { $0.level > 0 || $0.level == chosen.level }
    let heights = levels.map { 1 + max(1, $0.blockWrites.blockCount) }
    let whole = heights.reduce(0, +)
    if whole <= area.height {
      return (Array(zip(levels, heights)), whole + levels.count - 1 <= area.height)
    }
    var room = area.height
    let own = max(1, min(1 + max(1, chosen.blockWrites.blockCount), room - levels.count + 1))
    let rows = levels.map { level in
      let rows = min(room, level.level == chosen.level ? own : 1)
      room -= rows
      return (level, rows)
    }
    return (rows.filter { $0.1 > 0 }, false)
  }

  // MARK: A level

  /// A heading, and a row or more for every block.
  private func drawWhole(
    _ level: LevelMonitor, _ axis: TimeAxis, _ rect: Rect, _ canvas: inout Canvas
  ) {
    var area = rect
    drawHeading(level, area.cutTop(1), &canvas)
    let blocks = level.blockWrites.blockCount
    guard level.level > 0, blocks > 0 else { return drawReason(level, area, &canvas) }
    let rows = max(1, min(3, area.height / blocks))
    let width = "  block \(blocks) ".count
    for block in 0..<min(blocks, area.height / rows) {
      let y = area.y + block * rows
      canvas.draw("  block \(block + 1)", x: area.x, y: y, brush[.quiet], limit: area.width)
      let strip = Rect(x: area.x + width, y: y, width: area.width - width, height: rows)
      drawStrip(level, block, axis, strip, &canvas)
    }
  }

  /// `cms1 every 64  learning  writes add to what it knows`
  private func drawHeading(_ level: LevelMonitor, _ row: Rect, _ canvas: inout Canvas) {
    let clock = level.period == 1 ? " every token" : " every \(level.period)"
    var pieces = [name(level), (clock + "  ", .quiet)]
    if level.level > 0, !level.blockWrites.isEmpty {
      pieces += [(level.health.rawValue, ink(level.health)), ("  ", .quiet)]
      let rest = row.width - pieces.reduce(0) { $0 + $1.0.cellWidth }
      let meaning = level.health.meanings.first { $0.cellWidth <= rest }
      pieces.append((meaning ?? "", .quiet))
    }
    canvas.draw(pieces, x: row.x, y: row.y, limit: row.width, brush)
  }

  /// `cms1 ████░░▒▒██·· learning`
  private func drawRow(
    _ level: LevelMonitor, _ axis: TimeAxis, _ row: Rect, _ canvas: inout Canvas
  ) {
    let longest = min(10, state.levels.map(\.name.cellWidth).max() ?? 0) + 2
    let names = isEnlarged ? max(longest, Self.labelColumns) : longest
    canvas.draw([name(level)], x: row.x, y: row.y, limit: names, brush)
    let word = level.blockWrites.isEmpty ? "no write" : level.health.rawValue
    let end = row.maxX - (isEnlarged ? Self.valueColumns : 10)
    let strip = Rect(x: row.x + names, y: row.y, width: end - row.x - names, height: 1)
    drawStrip(level, nil, axis, strip, &canvas)
    let ink = level.blockWrites.isEmpty ? .quiet : ink(level.health)
    canvas.draw(word, x: end + (isEnlarged ? 2 : 1), y: row.y, brush[ink], limit: 10)
  }

  private func name(_ level: LevelMonitor) -> (String, Ink) {
    let isChosen = isFocused && level.level == state.selectedLevel
    let mark = isChosen ? brush.glyphs.pointer + " " : ""
    return (mark + brush.fitted(level.name, 10), isChosen ? .accent : .strong)
  }

  private func ink(_ health: Health) -> Ink {
    health == .thrashing || health == .saturated ? .alarm : .accent
  }

  private func drawReason(_ level: LevelMonitor, _ area: Rect, _ canvas: inout Canvas) {
    let text =
      level.level == 0
      ? "rewrites itself at every token; its single writes are not measured"
      : "no write yet: \(level.pendingTokens)/\(level.period) tokens"
    let rows = TextWrap.rows(text, width: max(1, area.width - 2))
    for (i, row) in rows.prefix(area.height).enumerated() {
      canvas.draw(text[row], x: area.x + 2, y: area.y + i, brush[.quiet], limit: area.width - 2)
    }
  }

  // MARK: Cells

  /// The newest tokens at the right; what is still being gathered is a faint line.
  private func drawStrip(
    _ level: LevelMonitor, _ block: Int?, _ axis: TimeAxis, _ area: Rect, _ canvas: inout Canvas
  ) {
    let end = level.writes.count
    let columns = axis.count(area.width)
    let values = level.blockWrites.columns(columns, stride: axis.stride, end: end, block: block)
    for run in axis.runs(values, in: area, end: end) {
      let step = run.value.map(step) ?? 0
      let sign = run.value == nil ? brush.glyphs.baseline : brush.shade(step)
      for y in area.y..<(run.value == nil ? area.y + 1 : area.maxY) {
        canvas.draw(repeating: sign, run.width, x: run.x, y: y, brush[.heat(step)])
      }
    }
  }

  /// 1...5: each step is a factor of two below the largest.
  private func step(_ value: Float) -> Int {
    guard value > 0, largest > 0 else { return 0 }
    return max(1, 5 - Int(Digits.log2(largest / value).rounded()))
  }

  private func drawScale(_ row: Rect, _ canvas: inout Canvas) {
    var pieces: [(String, Ink)] = [(brush.glyphs.changeRatio + " small ", .quiet)]
    for step in 1...5 { pieces.append((brush.shade(step), .heat(step))) }
    pieces.append((" \(Digits.fixed(largest, 4))", .quiet))
    let gathered = [("  " + brush.glyphs.baseline, Ink.heat0), (" being gathered", .quiet)]
    if row.width >= (pieces + gathered).reduce(0, { $0 + $1.0.cellWidth }) { pieces += gathered }
    canvas.draw(pieces, x: row.x, y: row.y, limit: row.width, brush)
  }
}
