import Sessions
import TerminalUI
import Testing

/// Somebody at the screen: types, presses, looks. The engine is played by the test.
struct User {
  var app: AppState
  private(set) var size: TerminalSize
  /// What the program wanted done since the last look.
  private(set) var effects: [Effect] = []

  init(
    _ columns: Int = 120, _ rows: Int = 40, settings: DisplaySettings = DisplaySettings(),
    history: [String] = [], draft: String = "", isGuided: Bool = true, hasModel: Bool = true
  ) {
    app = AppState(settings: settings, history: history, draft: draft, isGuided: isGuided)
    size = TerminalSize(columns: columns, rows: rows)
    resizes(columns, rows)
    if hasModel { sees(Recorded.loaded) }
  }

  mutating func does(_ action: Action) { effects += app.update(action) }

  mutating func types(_ text: String) {
    for letter in text { does(.key(.character(letter))) }
  }
  mutating func presses(_ keys: Key...) { for key in keys { does(.key(key)) } }
  mutating func resizes(_ columns: Int, _ rows: Int) {
    size = TerminalSize(columns: columns, rows: rows)
    does(.resize(size))
  }
  mutating func waits(_ seconds: Double) { does(.tick(seconds: app.now + seconds)) }
  mutating func sees(_ events: [SessionEvent]) { for event in events { does(.event(event)) } }

  /// A message and its answer.
  mutating func asks(_ question: String, answer: String, at position: Int = 0) {
    types(question)
    presses(.enter)
    sees(Recorded.turn(question, answer, from: position) + [.commandFinished(1)])
  }

  var canvas: Canvas { app.draw(size: size) }
  var screen: String { canvas.text() }

  /// What the program wanted done, once.
  mutating func takesEffects() -> [Effect] {
    defer { effects = [] }
    return effects
  }

  func sees(_ text: String, location: SourceLocation = #_sourceLocation) {
    #expect(screen.contains(text), "\n\(screen)", sourceLocation: location)
  }

  func seesNot(_ text: String, location: SourceLocation = #_sourceLocation) {
    #expect(!screen.contains(text), "\n\(screen)", sourceLocation: location)
  }

  /// The style of the first cell of a text on the screen.
  func style(of text: String) -> Style? {
    let canvas = canvas
    for y in 0..<canvas.height {
      let row = (0..<canvas.width).map { canvas[$0, y].text }
      for x in 0..<canvas.width where row[x...].joined().hasPrefix(text) {
        return canvas[x, y].style
      }
    }
    return nil
  }
}
