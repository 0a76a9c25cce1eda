import Sessions

/// The first row: who is talking, how much was read, how fast, whose words are learned.
struct StatusBarView {
  private let state: AppState
  private let brush: Brush
  init(_ state: AppState, _ brush: Brush) { (self.state, self.brush) = (state, brush) }

  func draw(_ rect: Rect, _ canvas: inout Canvas) {
    let right = activity + saving
    let width = right.reduce(0) { $0 + $1.0.cellWidth }
    let start = max(rect.x, rect.maxX - width)
    canvas.draw(right, x: start, y: rect.y, limit: rect.maxX - start, brush)
    var x = canvas.draw(" hope ", x: rect.x, y: rect.y, brush[.hope], limit: start - 1)
    for (i, fact) in facts(width: start - x - 1).enumerated() {
      let separator = i == 0 ? " " : brush.glyphs.dot
      guard x + separator.cellWidth + fact.0.cellWidth < start - 1 else { break }
      x = canvas.draw(separator, x: x, y: rect.y, brush[.faint])
      x = canvas.draw(fact.0, x: x, y: rect.y, brush[fact.1])
    }
  }

  /// What is told, the most important first; the session's name has the room that the others leave.
  private func facts(width: Int) -> [(String, Ink)] {
    var facts = facts
    guard let session = state.session, !facts.isEmpty else { return facts }
    let separator = brush.glyphs.dot.cellWidth
    let room = width - facts.reduce(0) { $0 + $1.0.cellWidth + separator } - separator
    guard room >= Self.shortestName else { return facts }
    facts.insert((brush.fitted(RichText.safe(session.name), room), .text), at: 1)
    return facts
  }
  private static let shortestName = 8

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

  /// What becomes of what is said: it is recorded, or why it is not.
  private var saving: [(String, Ink)] {
    if let player = state.player {
      return player.isTimeline ? [] : [("replay ", .accent)]
    }
    guard state.model != nil else { return [] }
    switch state.saving {
    case .off: return [("not recorded ", .quiet)]
    case .waiting: return [(brush.glyphs.emptyBullet + " rec ", .faint)]
    case .on: return [(brush.glyphs.bullet, .alarm), (" rec ", .quiet)]
    case .failing, .stopped: return [("! not saved ", .alarm)]
    case .readOnly: return [("! read only ", .alarm)]
    }
  }

  private var activity: [(String, Ink)] {
    let (mark, word, ink) = state.player.map { playing($0) } ?? working
    return [("\(mark) \(word)  ", ink)]
  }

  private func playing(_ player: Player) -> (mark: String, word: String, Ink) {
    if player.isTimeline { return (brush.glyphs.jump, "looking back", .accent) }
    let speed = Digits.plain(Float(player.speed)) + brush.glyphs.times
    return player.isPlaying
      ? (brush.glyphs.pointer, "playing \(speed)", .accent)
      : (brush.glyphs.paused, "paused \(speed)", .quiet)
  }

  private var working: (mark: String, word: String, Ink) {
    let glyphs = brush.glyphs
    switch state.phase {
    case .starting, .loading: return (glyphs.emptyBullet, "loading", .quiet)
    case .failed: return ("!", "no model", .alarm)
    case .ended: return ("!", "ended", .alarm)
    case .ready: break
    }
    guard let turn = state.turn else {
      return !state.openCommands.isEmpty
        ? (glyphs.bullet, "working", .accent) : (glyphs.emptyBullet, "ready", .quiet)
    }
    if turn.isStopped { return (glyphs.bullet, "stopping", .accent) }
    return turn.seen < turn.total
      ? (glyphs.bullet, "reading \(turn.seen)/\(turn.total)", .accent)
      : (glyphs.bullet, "answering", .accent)
  }
}
