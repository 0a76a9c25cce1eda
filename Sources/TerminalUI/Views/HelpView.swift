/// The help, over everything.
struct HelpView {
  private let state: AppState
  private let help: AppState.HelpState
  private let page: HelpPage
  private let brush: Brush
  init(_ state: AppState, _ help: AppState.HelpState, _ brush: Brush) {
    (self.state, self.help, self.brush) = (state, help, brush)
    page = HelpPage(state, help)
  }

  func draw(_ body: Rect, _ canvas: inout Canvas) {
    let width = min(body.width, HelpPage.mostColumns)
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
    drawLines(list, &canvas)
    drawPosition(rect, list.height, &canvas)
  }

  private func drawQuery(_ inside: Rect, _ canvas: inout Canvas) {
    let start = canvas.draw("find ", x: inside.x, y: inside.y, brush[.accent])
    let x = canvas.draw(
      field: help.query, x: start, y: inside.y, limit: inside.maxX - start - 1, brush[.strong])
    if help.query.isEmpty {
      canvas.draw(" type to search", x: x, y: inside.y, brush[.faint], limit: inside.maxX - x)
    }
  }

  /// How much there is besides what is seen, in the lower edge.
  private func drawPosition(_ rect: Rect, _ height: Int, _ canvas: inout Canvas) {
    let rest = page.lines.count - help.scroll - height
    guard rest > 0 else { return }
    let text = " \(rest) more lines "
    canvas.draw(text, endingAt: rect.maxX - 2, y: rect.maxY - 1, brush[.quiet], from: rect.x + 2)
  }

  private func drawLines(_ list: Rect, _ canvas: inout Canvas) {
    if page.rows.isEmpty {
      let text = "nothing says \(help.query.text)"
      canvas.draw(text, x: list.x, y: list.y, brush[.quiet], limit: list.width)
    }
    for (i, line) in page.lines.dropFirst(help.scroll).prefix(list.height).enumerated() {
      draw(line, Rect(x: list.x, y: list.y + i, width: list.width, height: 1), &canvas)
    }
  }

  private func draw(_ line: HelpPage.Line, _ row: Rect, _ canvas: inout Canvas) {
    switch line {
    case .blank: break
    case .heading(let title): canvas.draw(title, x: row.x, y: row.y, brush[.strong])
    case .text(let number, let key, let text):
      let isChosen = number == help.choice
      if isChosen, !key.isEmpty {
        canvas.draw(brush.glyphs.pointer, x: row.x, y: row.y, brush[.accent])
      }
      canvas.draw(spelled(key), x: row.x + 2, y: row.y, brush[.accent])
      draw(text, isChosen ? .strong : .text, row, &canvas)
    case .detail(_, let text): draw(text, .quiet, row, &canvas)
    }
  }

  private func draw(_ text: String, _ ink: Ink, _ row: Rect, _ canvas: inout Canvas) {
    let x = row.x + page.keyColumns
    canvas.draw(text, x: x, y: row.y, brush[ink], limit: row.maxX - x)
  }

  private func spelled(_ key: String) -> String {
    let glyphs = brush.glyphs
    let key = glyphs.isASCII ? glyphs.spelled(key).replacing("…", with: "-") : key
    return brush.fitted(key, page.keyColumns - 3)
  }
}
