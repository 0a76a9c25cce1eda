/// The help, over everything.
struct HelpView {
  private let state: AppState
  private let help: AppState.HelpState
  private let brush: Brush
  init(_ state: AppState, _ help: AppState.HelpState, _ brush: Brush) {
    (self.state, self.help, self.brush) = (state, help, brush)
  }

  func draw(_ body: Rect, _ canvas: inout Canvas) {
    let width = min(body.width, 96)
    let rect = Rect(
      x: body.x + (body.width - width) / 2, y: body.y, width: width, height: body.height)
    canvas.restyle(canvas.bounds) { _ in brush[.faint] }
    canvas.fill(Rect(x: 0, y: canvas.height - 1, width: canvas.width, height: 1), brush.theme.base)
    canvas.fill(rect, brush.theme.base)
    let inside = canvas.drawFrame(
      rect, title: [("help", .accent)], trailing: [("Esc closes", .quiet)], isFocused: true, brush
    ).inset(columns: 1, rows: 0)
    guard inside.height > 2 else { return }
    drawQuery(inside, &canvas)
    var list = inside
    _ = list.cutTop(2)
    drawRows(list, &canvas)
  }

  private func drawQuery(_ inside: Rect, _ canvas: inout Canvas) {
    let x = canvas.draw(
      [("find ", .accent), (help.query, .strong)], x: inside.x, y: inside.y,
      limit: inside.width - 1, brush)
    if help.query.isEmpty {
      canvas.draw(" type to search", x: x, y: inside.y, brush[.faint], limit: inside.maxX - x)
    }
    canvas.cursor = Canvas.Point(x: min(x, canvas.width - 1), y: inside.y)
  }

  private func drawRows(_ list: Rect, _ canvas: inout Canvas) {
    let rows = HelpText.rows(state, query: help.query)
    if rows.isEmpty {
      canvas.draw(
        "nothing says \(help.query)", x: list.x, y: list.y, brush[.quiet], limit: list.width)
    }
    let keys = min(36, max(12, list.width * 2 / 5))
    var y = list.y
    for row in rows.dropFirst(help.scroll) where y < list.maxY {
      if row.isHeading {
        if y > list.y { y += 1 }
        if y < list.maxY { canvas.draw(row.meaning, x: list.x, y: y, brush[.strong]) }
        y += 1
      } else {
        y = draw(row, keys, list, y, &canvas)
      }
    }
  }

  /// - Returns: the row below.
  private func draw(
    _ row: HelpText.Row, _ keys: Int, _ list: Rect, _ y: Int, _ canvas: inout Canvas
  ) -> Int {
    canvas.draw(
      brush.fitted(
        brush.glyphs.isASCII ? brush.glyphs.spelled(row.key).replacing("…", with: "-") : row.key,
        keys - 1),
      x: list.x, y: y, brush[.accent])
    var y = y
    for part in TextWrap.rows(row.meaning, width: list.width - keys) where y < list.maxY {
      canvas.draw(row.meaning[part], x: list.x + keys, y: y, brush[.text])
      y += 1
    }
    return y
  }
}
