/// Which part of the screen shows what, for a size.
struct ScreenLayout {
  struct Place {
    let pane: Pane
    let rect: Rect
  }
  private(set) var status: Rect
  private(set) var panes: [Place] = []
  private(set) var composer: Rect
  private(set) var footer: Rect

  /// Below this there is one line that says so.
  static let smallest = TerminalSize(columns: 40, rows: 10)
  /// From here on there is room beside the chat, for two panes, for all of them.
  private static let besideColumns = 76
  private static let two = TerminalSize(columns: 110, rows: 30)
  private static let all = TerminalSize(columns: 170, rows: 44)

  init(_ state: AppState, _ size: TerminalSize) {
    var rest = Rect(x: 0, y: 0, width: size.columns, height: size.rows)
    status = rest.cutTop(1)
    footer = rest.cutBottom(1)
    composer = rest.cutBottom(
      state.player == nil
        ? ComposerView.height(state, columns: size.columns, most: rest.height / 3)
        : TapeView.height(rows: size.rows))
    panes = Self.arrange(state, size, rest)
  }

  static func isTooSmall(_ size: TerminalSize) -> Bool {
    size.columns < smallest.columns || size.rows < smallest.rows
  }

  func rect(_ pane: Pane) -> Rect? { panes.first { $0.pane == pane }?.rect }
  var chat: Rect? { rect(.chat) }

  private static func arrange(_ state: AppState, _ size: TerminalSize, _ rest: Rect) -> [Place] {
    if state.isEnlarged, let focus = state.focus { return [Place(pane: focus, rect: rest)] }
    guard state.sidePane != nil || state.focus != nil else {
      return [Place(pane: .chat, rect: rest)]
    }
    if size.columns < besideColumns { return [Place(pane: state.focus ?? .chat, rect: rest)] }
    if size.columns >= all.columns, size.rows >= all.rows { return everything(state, rest) }
    if size.columns >= two.columns, size.rows >= two.rows { return pair(state, rest) }
    return one(state, rest)
  }

  private static func one(_ state: AppState, _ rest: Rect) -> [Place] {
    guard let side = state.sidePane else { return [Place(pane: .chat, rect: rest)] }
    var chat = rest
    let right = chat.cutRight(min(50, rest.width * 46 / 100))
    return [Place(pane: .chat, rect: chat), Place(pane: side, rect: right)]
  }

  /// Levels above, another pane below.
  private static func pair(_ state: AppState, _ rest: Rect) -> [Place] {
    guard let side = state.sidePane else { return [Place(pane: .chat, rect: rest)] }
    var chat = rest
    var right = chat.cutRight(min(60, rest.width * 43 / 100))
    let above = right.cutTop(min(levelsHeight(state), right.height - 10))
    return [
      Place(pane: .chat, rect: chat), Place(pane: .levels, rect: above),
      Place(pane: side == .levels ? .piano : side, rect: right),
    ]
  }

  private static func everything(_ state: AppState, _ rest: Rect) -> [Place] {
    guard state.sidePane != nil else { return [Place(pane: .chat, rect: rest)] }
    var chat = rest
    var right = chat.cutRight(rest.width * 56 / 100)
    var above = right.cutTop(min(levelsHeight(state), right.height / 2))
    let below = right.cutBottom(min(right.height * 3 / 5, max(11, HeatView.height(state))))
    let levels = above.cutLeft(above.width / 2)
    return [
      Place(pane: .chat, rect: chat), Place(pane: .levels, rect: levels),
      Place(pane: .token, rect: above), Place(pane: .piano, rect: right),
      Place(pane: .heat, rect: below),
    ]
  }

  private static func levelsHeight(_ state: AppState) -> Int {
    max(4, state.levels.count) * LevelsView.fullHeight + 1
  }
}
