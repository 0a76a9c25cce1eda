/// The chat pane before anything was said: what this is, and how it goes on; or how loading goes.
struct WelcomeView {
  private let state: AppState
  private let brush: Brush
  init(_ state: AppState, _ brush: Brush) { (self.state, self.brush) = (state, brush) }

  func draw(_ area: Rect, _ canvas: inout Canvas) {
    let lines = lines(width: area.width)
    let width = lines.map { $0.reduce(0) { $0 + $1.0.cellWidth } }.max() ?? 0
    let x = area.x + max(0, (area.width - width) / 2)
    var y = area.y + max(0, (area.height - lines.count) / 2 - 1)
    for line in lines.prefix(area.height) {
      canvas.draw(line, x: x, y: y, limit: area.maxX - x, brush)
      y += 1
    }
  }

  private func lines(width: Int) -> [[(String, Ink)]] {
    if state.player != nil { return [[("the beginning: nothing was said yet", .quiet)]] }
    return switch state.phase {
    case .starting: [[("hope", .hope)]]
    case .loading(let path, let since): loading(path, since, width)
    case .failed(let reason): wrapped("no model: \(reason)", width, .alarm)
    case .ended: [[("the engine has ended", .alarm)]]
    case .ready: welcome(width)
    }
  }

  private func loading(_ path: String, _ since: Double, _ width: Int) -> [[(String, Ink)]] {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let length = min(24, width)
    let step = Int((state.now - since) / AppState.loadingTime) % (2 * (length - 4))
    let place = step < length - 4 ? step : 2 * (length - 4) - step
    let (full, rest) = brush.glyphs.isASCII ? ("#", ".") : ("━", "─")
    return [
      [("loading ", .quiet), (brush.fitted(RichText.safe(name), max(4, width - 8)), .strong)], [],
      [
        (String(repeating: rest, count: place), .faint),
        (String(repeating: full, count: 4), .accent),
        (String(repeating: rest, count: length - 4 - place), .faint),
      ], [], [("Ctrl+D leaves", .quiet)],
    ]
  }

  private func welcome(_ width: Int) -> [[(String, Ink)]] {
    let level = state.levels.dropFirst().first?.name ?? "a level"
    let dot = brush.glyphs.isASCII ? "*" : "●"
    let steps = [
      "Tell it something it cannot know.", "Ask for it: it learned while it read.",
      "Silence \(level), ask again: gone.", "Let \(level) speak: there it is.",
    ]
    var lines = wrapped("A small language model that learns while you talk to it.", width, .text)
    lines.append([])
    for (i, step) in steps.enumerated() {
      let rows = wrapped(step, max(8, width - 4), .quiet)
      for (j, row) in rows.enumerated() {
        lines.append([(j == 0 ? "\(i + 1) " : "  ", .accent)] + row)
      }
    }
    guard width > 44 else { return lines }
    return lines + [[]] + [
      [(dot, .accent), (" each level is a memory with its own clock", .quiet)]
    ]
  }

  private func wrapped(_ text: String, _ width: Int, _ ink: Ink) -> [[(String, Ink)]] {
    let safe = RichText.safe(text)
    return TextWrap.rows(safe, width: width).map { [(String(safe[$0]), ink)] }
  }
}
