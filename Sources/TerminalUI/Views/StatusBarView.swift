import Sessions

/// The first row: who is talking, how much was read, how fast, whose words are learned.
struct StatusBarView {
  private let state: AppState
  private let brush: Brush
  init(_ state: AppState, _ brush: Brush) { (self.state, self.brush) = (state, brush) }

  func draw(_ rect: Rect, _ canvas: inout Canvas) {
    let (mark, word, ink) = activity
    let right = "\(mark) \(word) "
    let start = max(rect.x, rect.maxX - right.cellWidth)
    canvas.draw(right, x: start, y: rect.y, brush[ink], limit: rect.maxX - start)
    var x = canvas.draw(" hope ", x: rect.x, y: rect.y, brush[.hope], limit: start - 1)
    for (i, fact) in facts.enumerated() {
      let separator = i == 0 ? " " : brush.glyphs.dot
      guard x + separator.cellWidth + fact.0.cellWidth < start - 1 else { break }
      x = canvas.draw(separator, x: x, y: rect.y, brush[.faint])
      x = canvas.draw(fact.0, x: x, y: rect.y, brush[fact.1])
    }
  }

  /// What is told, the most important first.
  private var facts: [(String, Ink)] {
    guard let model = state.model else { return [] }
    var facts: [(String, Ink)] = [
      (RichText.safe(model.name) + " " + Digits.short(model.parameterCount), .text),
      ("\(Digits.grouped(state.position)) tok", .quiet),
    ]
    if let rate = state.tokensPerSecond {
      facts.append(("\(Digits.fixed(Float(rate), 0)) tok/s", .quiet))
    }
    facts.append(("learn \(state.learn.rawValue)", state.learn == .off ? .strong : .quiet))
    return facts
  }

  private var activity: (mark: String, word: String, Ink) {
    let glyphs = brush.glyphs
    switch state.phase {
    case .starting, .loading: return (glyphs.emptyBullet, "loading", .quiet)
    case .failed: return ("!", "no model", .alarm)
    case .ended: return ("!", "ended", .alarm)
    case .ready: break
    }
    guard let turn = state.turn else {
      return state.openCommands > 0
        ? (glyphs.bullet, "working", .accent) : (glyphs.emptyBullet, "ready", .quiet)
    }
    if turn.isStopped { return (glyphs.bullet, "stopping", .accent) }
    return turn.seen < turn.total
      ? (glyphs.bullet, "reading \(turn.seen)/\(turn.total)", .accent)
      : (glyphs.bullet, "answering", .accent)
  }
}
