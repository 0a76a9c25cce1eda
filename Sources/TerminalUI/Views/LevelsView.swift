import Hope

/// One block a level: its clock, its switches, what it wrote and how surprised it is.
struct LevelsView {
  private let state: AppState
  private let brush: Brush
  init(_ state: AppState, _ brush: Brush) { (self.state, self.brush) = (state, brush) }

  /// Rows of a block with everything, and the blank one below.
  static let fullHeight = 5

  func draw(_ rect: Rect, _ canvas: inout Canvas) {
    let isFocused = state.focus == .levels
    let inside = canvas.drawFrame(
      rect, title: [("levels", isFocused ? .accent : .strong)],
      trailing: isFocused ? [("1-9 write", .quiet)] : [], isFocused: isFocused, brush
    ).inset(columns: 1, rows: 0)
    for (level, block) in Self.blocks(state, inside: inside) {
      draw(state.levels[level], block, &canvas)
    }
  }

  /// Where each level stands in a pane of this place: its index, and its block.
  static func blocks(_ state: AppState, _ rect: Rect) -> [(level: Int, block: Rect)] {
    blocks(state, inside: rect.inset(columns: 2, rows: 1))
  }

  private static func blocks(_ state: AppState, inside: Rect) -> [(level: Int, block: Rect)] {
    let count = state.levels.count
    guard !inside.isEmpty, count > 0 else { return [] }
    let rows = min(fullHeight, max(1, (inside.height + 1) / count))
    let fitting = max(1, (inside.height + 1) / rows)
    let first = max(0, min(state.selectedLevel - fitting + 1, count - fitting))
    return (first..<min(count, first + fitting)).map { level in
      let y = (level - first) * rows
      let height = min(rows == fullHeight ? 4 : rows, inside.height - y)
      return (level, Rect(x: inside.x, y: inside.y + y, width: inside.width, height: height))
    }
  }

  /// `every 64 + answers`: the fastest level writes before every answer too; `every 64+` where there is
  /// no room for more words.
  private func clock(_ level: LevelMonitor, _ room: Int) -> String {
    guard level.period > 1 else { return " every token" }
    let clock = " every \(level.period)"
    guard state.isFastest(level) else { return clock }
    return [" and before answers", " + answers"].map { clock + $0 }
      .first { $0.cellWidth <= room } ?? clock + "+"
  }

  private func draw(_ level: LevelMonitor, _ block: Rect, _ canvas: inout Canvas) {
    let lines = [drawName, drawProgress, drawSurprise, drawWrites]
    for (i, line) in lines.prefix(block.height).enumerated() {
      line(level, Rect(x: block.x, y: block.y + i, width: block.width, height: 1), &canvas)
    }
  }

  /// `1 cms1  every 64      η 0.42  λ 0.50  rw on`
  private func drawName(_ level: LevelMonitor, _ row: Rect, _ canvas: inout Canvas) {
    let isSelected = state.focus == .levels && state.selectedLevel == level.level
    let isFlashing = level.isFlashing(at: state.now)
    let (gates, switches) = (gates(level), switches(level))
    let end = row.maxX - switches.columns
    let start = end - 2 - gates.columns
    let label = brush.fitted(level.name, 12)
    let taken = row.x + 2 + label.cellWidth + 1
    let hasRoom = !gates.isEmpty && start - taken >= 10
    let clock = clock(level, (hasRoom ? start : end) - taken)
    let name: [(String, Ink)] = [
      (isSelected ? brush.glyphs.pointer : "\(level.level + 1)", isSelected ? .accent : .quiet),
      (" ", .text), (label, isFlashing ? Ink.flash : .strong),
      (isFlashing && level.period > 1 ? " every \(level.period)" : clock, .quiet),
    ]
    var x = canvas.draw(name, x: row.x, y: row.y, limit: row.width, brush)
    let hasGates = start > row.x + 2 + label.cellWidth + clock.cellWidth
    // that it writes comes and goes; the gates stay where they are
    if isFlashing, !hasGates || x + Self.writes.count < start {
      x = canvas.draw(
        Self.writes, x: x, y: row.y, brush[.accent], limit: row.maxX - x)
    }
    canvas.draw(switches, x: max(x + 1, end), y: row.y, limit: row.width, brush)
    if hasGates { canvas.draw(gates, x: start, y: row.y, limit: row.width, brush) }
  }
  private static let writes = " writes"

  private func gates(_ level: LevelMonitor) -> [(String, Ink)] {
    let named = [
      (brush.glyphs.rate, level.rate),
      (brush.glyphs.retention(ofLevel: level.level), level.retention),
    ]
    return named.flatMap { name, value in
      value.map { [(" \(name) ", .quiet), (Digits.fixed($0, 2), .text)] } ?? []
    }
  }

  private func switches(_ level: LevelMonitor) -> [(String, Ink)] {
    let access = level.shownAccess
    let gain = level.gain == 1 ? "" : " \(brush.glyphs.times)\(Digits.plain(level.gain))"
    let waits = level.isWaiting ? brush.glyphs.ellipsis : ""
    let ink: Ink = access == .on ? .accent : access == .off ? .quiet : .strong
    return [(access.bits, ink), (" " + access.word + gain + waits, access == .on ? .quiet : ink)]
  }

  /// `  ━━━━━━╸────── 34/64   18 writes`
  private func drawProgress(_ level: LevelMonitor, _ row: Rect, _ canvas: inout Canvas) {
    let count = Digits.grouped(level.updates)
    let writes = level.updates == 1 ? "1 write " : "\(count) writes"
    let next = level.period > 1 ? "\(level.pendingTokens)/\(level.period)" : "always"
    let width = max(4, row.width - 2 - 10 - 13)
    let (full, rest) = brush.glyphs.bar(level.progress, width: width)
    let learns = level.shownAccess.contains(.write)
    let x = canvas.draw(
      [(full, learns ? .accent : .quiet), (rest, .faint)], x: row.x + 2, y: row.y,
      limit: row.width - 2, brush)
    canvas.draw(" " + next, x: x, y: row.y, brush[.text], limit: row.maxX - x)
    canvas.draw(
      writes, endingAt: row.maxX, y: row.y, brush[.quiet], from: x + 1 + next.cellWidth + 1)
  }

  /// `  surprise ⣀⣀⣠⣤⣶⣿⣷⣤⣀   2.4 bits`
  private func drawSurprise(_ level: LevelMonitor, _ row: Rect, _ canvas: inout Canvas) {
    let width = max(4, row.width - 2 - 9 - 10)
    let samples = state.surprise.columns(
      width * brush.glyphs.samplesPerCell, stride: Self.stride(level.period))
    let line = brush.glyphs.sparkline(samples, top: max(6, samples.compactMap { $0 }.max() ?? 0))
    let x = canvas.draw(
      [("surprise ", .quiet), (line, .heat3)], x: row.x + 2, y: row.y, limit: row.width - 2, brush)
    let bits = level.surpriseBits.map { "\(Digits.fixed($0, 1)) bits" } ?? brush.glyphs.dash
    canvas.draw(bits, endingAt: row.maxX, y: row.y, brush[.text], from: x)
  }

  /// Tokens a dot column of the sparkline stands for: an eighth of the period, as a power of two.
  private static func stride(_ period: Int) -> Int {
    var stride = 1
    while stride * 2 <= period / 8 { stride *= 2 }
    return stride
  }

  /// `  ‖ΔW‖/‖W‖ 0.2464   mean 0.0310   drift 1.3714`
  private func drawWrites(_ level: LevelMonitor, _ row: Rect, _ canvas: inout Canvas) {
    var facts: [(String, Ink)] = []
    if let last = level.lastUpdateRelative {
      facts += [(brush.glyphs.changeRatio + " ", .quiet), (Digits.fixed(last, 4), .text)]
      if row.width > 44, let mean = level.runningUpdateRelative {
        facts += [("  mean ", .quiet), (Digits.fixed(mean, 4), .text)]
      }
    } else if level.level > 0 {
      facts = [(row.width > 32 ? "nothing written yet" : "no write yet", .quiet)]
    }
    let x = canvas.draw(facts, x: row.x + 2, y: row.y, limit: row.width - 2, brush)
    let drift = level.driftRelative.map { Digits.fixed($0, 4) } ?? brush.glyphs.dash
    let width = 6 + drift.cellWidth
    guard row.maxX - width > x else { return }
    canvas.draw(
      [("drift ", .quiet), (drift, .text)], x: row.maxX - width, y: row.y, limit: width, brush)
  }
}

extension [(String, Ink)] {
  /// Columns that the pieces take.
  fileprivate var columns: Int { reduce(0) { $0 + $1.0.cellWidth } }
}
