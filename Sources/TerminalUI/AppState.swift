import Sessions

/// All the screen needs. Changes only in `update`; `draw` is a function of it.
package struct AppState: Sendable {
  package var settings: DisplaySettings
  /// The terminal, as the last `resize` told.
  package private(set) var size = TerminalSize(columns: 80, rows: 24)
  /// Seconds since the program began.
  package private(set) var now = 0.0
  /// What to say on the normal screen after leaving.
  package private(set) var lastWords: String?

  /// - Parameters:
  ///   - history: what was sent before, oldest first.
  ///   - draft: what was being written when the last run ended.
  ///   - isGuided: whether the hint line leads through the first minute.
  package init(
    settings: DisplaySettings = DisplaySettings(), history: [String] = [], draft: String = "",
    isGuided: Bool = true
  ) {
    self.settings = settings
  }

  /// When a tick would change the picture or have an effect; nil: draw nothing while nothing comes.
  package var nextDeadline: Double? { nil }

  /// Takes an action in. Pure: what is to be done outside is returned.
  package mutating func update(_ action: Action) -> [Effect] {
    switch action {
    case .resize(let size): self.size = size
    case .tick(let seconds): now = seconds
    case .key(.control("d")): return [.quit(code: 0)]
    default: break
    }
    return []
  }

  /// The picture at a size; cheapest at the size of the last `resize`.
  package func draw(size: TerminalSize) -> Canvas {
    var canvas = Canvas(width: size.columns, height: size.rows)
    canvas.draw("hope", x: 0, y: 0)
    return canvas
  }
}
