import Sessions

/// Two answers to the same words side by side: what they share, where they part, and how far apart the
/// two predictions were at every token until then.
struct LanesView {
  private let state: AppState
  private let lanes: AppState.LanesState
  private let brush: Brush
  init(_ state: AppState, _ lanes: AppState.LanesState, _ brush: Brush) {
    (self.state, self.lanes, self.brush) = (state, lanes, brush)
  }

  private var comparison: LaneComparison { lanes.comparison }
  private static let chartHeight = 4

  func draw(_ body: Rect, _ canvas: inout Canvas) {
    canvas.fill(body, brush.theme.base)
    canvas.cursor = nil
    let words = RichText.safe(comparison.words).replacing("\n", with: " ")
    let title = brush.fitted("two answers to: \(words)", max(8, body.width - 22))
    var area = canvas.drawFrame(
      body, title: [(title, .accent)], trailing: [("Esc closes", .quiet)], isFocused: true, brush
    ).inset(columns: 1, rows: 0)
    canvas.draw(
      brush.fitted(explanation, area.width), x: area.x, y: area.cutTop(1).y, brush[.quiet])
    guard area.height > 7 else { return drawLanes(area, &canvas) }
    _ = area.cutTop(1)
    let chartHeight = area.height >= 14 ? Self.chartHeight + 2 : 2
    let lanes = area.cutTop(
      min(area.height - chartHeight - 1, mostScroll(columns: body.width) + 2))
    drawLanes(lanes, &canvas)
    _ = area.cutTop(1)
    drawDivergence(area.cutTop(chartHeight), &canvas)
  }

  private var explanation: String {
    "same memory, same random numbers; at the right with \(RichText.safe(comparison.b.name)). "
      + "Nothing of it is kept."
  }

  // MARK: Answers

  private static func laneWidth(_ width: Int) -> Int { max(1, (width - 3) / 2) }

  /// Rows that a longer lane has more than one.
  func mostScroll(columns: Int) -> Int {
    let width = Self.laneWidth(columns - 4)
    let rows = [comparison.a, comparison.b].map { TextWrap.rows(text($0).text, width: width).count }
    return max(0, (rows.max() ?? 1) - 1)
  }

  private func drawLanes(_ area: Rect, _ canvas: inout Canvas) {
    let width = Self.laneWidth(area.width)
    let left = Rect(x: area.x, y: area.y, width: width, height: area.height)
    let right = Rect(x: area.maxX - width, y: area.y, width: width, height: area.height)
    for y in area.y..<area.maxY {
      canvas.draw(brush.glyphs.frame.vertical, x: area.x + width + 1, y: y, brush[.faint])
    }
    draw(comparison.a, left, &canvas)
    draw(comparison.b, right, &canvas)
  }

  private func draw(_ lane: LaneComparison.Lane, _ area: Rect, _ canvas: inout Canvas) {
    var area = area
    let head = area.cutTop(1)
    let name = RichText.safe(lane.name)
    let count = "\(brush.glyphs.dot)\(lane.tokens.count) tokens"
    canvas.draw([(name, .strong), (count, .quiet)], x: head.x, y: head.y, limit: head.width, brush)
    let content = text(lane)
    let rows = TextWrap.rows(content.text, width: area.width).dropFirst(lanes.scroll)
    for (i, row) in rows.prefix(area.height).enumerated() {
      var x = area.x
      content.clusters(in: row) { character, _, run in
        let style = brush[run?.ink ?? .text]
        x = canvas.draw(character, x: x, y: area.y + i, style, end: area.maxX) ?? area.maxX
      }
    }
  }

  /// What both share is quiet; behind the mark each goes its own way.
  private func text(_ lane: LaneComparison.Lane) -> RichText {
    guard let fork = comparison.fork else { return RichText(lane.text.trimmed) }
    var text = RichText(lane.tokens.prefix(fork).map(\.text).joined().trimmed, .quiet)
    text.append(brush.glyphs.fork, .alarm)
    text.append(lane.tokens.dropFirst(fork).map(\.text).joined(), .strong)
    return text
  }

  // MARK: How far apart

  private func drawDivergence(_ area: Rect, _ canvas: inout Canvas) {
    var area = area
    canvas.draw(
      [("KL", .strong), (brush.glyphs.dot + measures, .quiet)], x: area.x, y: area.cutTop(1).y,
      limit: area.width, brush)
    guard area.height > 2 else {
      let line = brush.glyphs.sparkline(comparison.divergenceBits.map { $0 }, top: largest)
      canvas.draw(line, x: area.x, y: area.y, brush[.heat4], limit: area.width)
      return
    }
    let axis = area.cutBottom(1)
    let columns = self.columns(area.width)
    for (i, bits) in columns.enumerated() { drawColumn(bits, area.x + i, area, &canvas) }
    drawAxis(axis, columns.count, &canvas)
  }

  private var largest: Float { max(comparison.divergenceBits.filter(\.isFinite).max() ?? 0, 1e-6) }

  private var measures: String {
    let top = "up to \(Digits.fixed(largest, 2)) bits before a token, mean "
    let mean = "\(Digits.fixed(comparison.meanDivergenceBits, 3))"
    let end = comparison.fork.map { "; they part at token \($0 + 1)" } ?? "; the same answer"
    return top + mean + end
  }

  /// The largest of the tokens that share a column; a short answer has wide ones.
  private func columns(_ width: Int) -> [Float] {
    let bits = comparison.divergenceBits.map { $0.isFinite ? $0 : 0 }
    guard !bits.isEmpty, width > 0 else { return [] }
    if bits.count > width {
      return (0..<width).map { i in
        bits[i * bits.count / width..<(i + 1) * bits.count / width].max() ?? 0
      }
    }
    let each = min(4, width / bits.count)
    return bits.flatMap { [Float](repeating: $0, count: each) }
  }

  private func drawColumn(_ bits: Float, _ x: Int, _ area: Rect, _ canvas: inout Canvas) {
    let share = bits / largest
    let eighths = max(1, Int((share * Float(area.height * 8)).rounded()))
    for row in 0..<area.height where eighths > row * 8 {
      canvas.draw(
        brush.glyphs.column(eighths - row * 8), x: x, y: area.maxY - 1 - row,
        brush[.heat(2 + Int(share * 3))])
    }
  }

  /// The first token of the answer, and where the lanes part.
  private func drawAxis(_ row: Rect, _ columns: Int, _ canvas: inout Canvas) {
    let end = comparison.fork == nil ? "the end" : "\(brush.glyphs.marker) here they part"
    canvas.draw("token 1", x: row.x, y: row.y, brush[.quiet], limit: row.width)
    let x = max(row.x + 9, row.x + columns - 1)
    canvas.draw(
      end, x: min(x, row.maxX - end.cellWidth), y: row.y,
      brush[comparison.fork == nil ? .quiet : .alarm])
  }
}

extension String {
  fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
