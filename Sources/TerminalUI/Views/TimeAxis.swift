/// How tokens become columns, the newest at the right: several tokens a column, or, where a pane has
/// much room and the chat is short, several columns a token.
struct TimeAxis {
  let stride: Int
  let columnsPerToken: Int

  private static let mostColumns = 6

  init(stride: Int, columnsPerToken: Int = 1) {
    (self.stride, self.columnsPerToken) = (stride, columnsPerToken)
  }

  /// With as many columns a token as let `tokens` fill a width.
  init(filling width: Int, tokens: Int) {
    self.init(
      stride: 1, columnsPerToken: min(Self.mostColumns, max(1, width / max(1, tokens))))
  }

  /// Values that have room.
  func count(_ width: Int) -> Int { max(0, width) / columnsPerToken }

  var title: String {
    if columnsPerToken > 1 { return "\(columnsPerToken) columns a token" }
    return stride == 1 ? "a column a token" : "a column \(Digits.grouped(stride)) tokens"
  }

  /// Where values are drawn: neighbours of one value at once.
  /// - Parameters:
  ///   - values: as many as `count` says.
  ///   - end: tokens until the right edge.
  func runs(_ values: [Float?], in area: Rect, end: Int) -> [(value: Float?, x: Int, width: Int)] {
    let left = area.maxX - values.count * columnsPerToken
    return values.runs(from: values.count - (end + stride - 1) / stride).map { run in
      (values[run.lowerBound], left + run.lowerBound * columnsPerToken, run.count * columnsPerToken)
    }
  }
}

extension [Float?] {
  /// Neighbours of one value, so that each is drawn at once.
  fileprivate func runs(from first: Int) -> [Range<Int>] {
    var (runs, start) = ([Range<Int>](), Swift.max(0, first))
    while start < count {
      let end = self[start...].firstIndex { $0 != self[start] } ?? count
      runs.append(start..<end)
      start = end
    }
    return runs
  }
}

/// Whose words the columns are: `you━━━━━━hope──────`.
struct AuthorsRow {
  private let state: AppState
  private let axis: TimeAxis
  private let brush: Brush
  init(_ state: AppState, _ axis: TimeAxis, _ brush: Brush) {
    (self.state, self.axis, self.brush) = (state, axis, brush)
  }

  func draw(_ row: Rect, end: Int, _ canvas: inout Canvas) {
    let values = state.authors.columns(axis.count(row.width), stride: axis.stride, end: end)
    let (heavy, light) = brush.glyphs.isASCII ? ("=", "-") : ("━", "─")
    for run in axis.runs(values, in: row, end: end) {
      guard let author = run.value else { continue }
      let (sign, name, ink) = author > 0.5 ? (heavy, "you", Ink.text) : (light, "hope", Ink.quiet)
      let label = run.width >= name.count + 2 ? name : ""
      let line = label + String(repeating: sign, count: run.width - label.count)
      canvas.draw(line, x: run.x, y: row.y, brush[ink])
    }
    drawCursor(row, end, &canvas)
  }

  private func drawCursor(_ row: Rect, _ end: Int, _ canvas: inout Canvas) {
    guard let cursor = state.tokenCursor else { return }
    let last = (end + axis.stride - 1) / axis.stride
    let x = row.maxX - (last - cursor / axis.stride) * axis.columnsPerToken
    guard (row.x..<row.maxX).contains(x) else { return }
    let mark = Rect(x: x, y: row.y, width: axis.columnsPerToken, height: 1)
    canvas.restyle(mark) { $0.adding(.reverse) }
  }
}
