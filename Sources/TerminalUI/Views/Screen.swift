/// The whole picture.
struct Screen {
  private let state: AppState
  private let size: TerminalSize
  private let brush: Brush

  init(_ state: AppState, _ size: TerminalSize) {
    var state = state
    state.size = size
    (self.state, self.size, brush) = (state, size, state.brush)
  }

  func draw() -> Canvas {
    var canvas = Canvas(width: size.columns, height: size.rows)
    if brush.theme.base != .plain { canvas.fill(canvas.bounds, brush.theme.base) }
    guard !ScreenLayout.isTooSmall(size) else {
      drawTooSmall(&canvas)
      return canvas
    }
    let layout = ScreenLayout(state, size)
    StatusBarView(state, brush).draw(layout.status, &canvas)
    for place in layout.panes { draw(place, &canvas) }
    if let player = state.player {
      TapeView(state, player, brush).draw(layout.composer, &canvas)
    } else {
      ComposerView(state, brush).draw(layout.composer, &canvas)
    }
    if let lanes = state.lanes {
      let body = Rect(x: 0, y: 1, width: size.columns, height: size.rows - 2)
      LanesView(state, lanes, brush).draw(body, &canvas)
    }
    if let help = state.help {
      let body = Rect(x: 0, y: 1, width: size.columns, height: size.rows - 2)
      HelpView(state, help, brush).draw(body, &canvas)
    }
    FooterView(state, brush).draw(layout.footer, &canvas)
    return canvas
  }

  private func draw(_ place: ScreenLayout.Place, _ canvas: inout Canvas) {
    switch place.pane {
    case .chat: ChatView(state, brush).draw(place.rect, &canvas)
    case .levels: LevelsView(state, brush).draw(place.rect, &canvas)
    case .piano: PianoView(state, brush).draw(place.rect, &canvas)
    case .heat: HeatView(state, brush).draw(place.rect, &canvas)
    case .token: TokenView(state, brush).draw(place.rect, &canvas)
    }
  }

  /// As much as fits of a line that names the wanted size.
  private func drawTooSmall(_ canvas: inout Canvas) {
    let wanted = ScreenLayout.smallest
    let times = brush.glyphs.times
    let sentences = [
      "hope wants \(wanted.columns)\(times)\(wanted.rows), this is \(size.columns)\(times)\(size.rows)",
      "wants \(wanted.columns)\(times)\(wanted.rows)", "\(wanted.columns)\(times)\(wanted.rows)",
    ]
    guard let text = sentences.first(where: { $0.cellWidth <= size.columns }) else { return }
    canvas.draw(
      text, x: (size.columns - text.cellWidth) / 2, y: size.rows / 2, brush[.accent])
  }
}
