import Hope
import Sessions
import TerminalUI
import Testing

/// Numbers that are the same in every run.
private struct Dice {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed &* 2 &+ 1 }

  mutating func roll(_ sides: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % sides
  }
}

@Suite("Whatever happens")
struct StormTests {
  private static let keys: [Key] =
    [
      .enter, .altEnter, .tab, .backTab, .backspace, .altBackspace, .delete, .escape, .up, .down,
      .left, .right, .shiftLeft, .shiftRight, .shiftUp, .shiftDown, .controlLeft, .controlRight,
      .home, .end, .pageUp, .pageDown, .insert, .focusGained, .focusLost, .paste("漢\n\u{301}x\r\n"),
      .paste(""), .function(1), .function(3), .function(12), .function(0), .alt("b"), .alt("f"),
      .alt("d"), .mouse(MouseEvent(kind: .press, x: 3, y: 3)),
      .mouse(MouseEvent(kind: .scrollUp, x: 900, y: -4)),
    ] + "abcdefghijklmnopqrstuvwxyz_".map { .control($0) }
    + "aeyqnNgG/?:%[]+-`1259!@#( \\漢é".map { .character($0) }

  private static func check(_ user: User) {
    let canvas = user.canvas
    #expect(canvas.cells.count == user.size.columns * user.size.rows)
    if let cursor = canvas.cursor {
      #expect(canvas.bounds.contains(x: cursor.x, y: cursor.y), "\(cursor)")
    }
    #expect(brokenCells(canvas) == [])
  }

  /// Cells that hold more or less than one cluster, or half of a wide one.
  private static func brokenCells(_ canvas: Canvas) -> [String] {
    canvas.cells.indices.compactMap { i in
      let text = canvas.cells[i].text
      if text == " " { return nil }
      let isLast = i % canvas.width == canvas.width - 1
      let hasHalf = !isLast && canvas.cells[i + 1].isRightHalf
      let isWide = text.first.map(CellWidth.of) == 2
      return text.count <= 1 && isWide == hasHalf ? nil : "\(i): \(text)"
    }
  }

  @Test("no keys, events or sizes in any order crash it", arguments: 0..<6)
  func storm(_ seed: Int) {
    var dice = Dice(UInt64(seed))
    var user = User(80, 24, hasModel: seed % 2 == 0)
    var events: [SessionEvent] = []
    for step in 0..<1_000 {
      switch dice.roll(12) {
      case 0..<7: user.presses(Self.keys[dice.roll(Self.keys.count)])
      case 7: user.types(["/le", "/set ", "漢字👩‍💻 ", "word ", "\\"][dice.roll(5)])
      case 8: user.waits(Double(dice.roll(30)) / 10)
      case 9: user.resizes(1 + dice.roll(220), 1 + dice.roll(70))
      default:
        if events.isEmpty { events = Self.events(&dice) }
        user.sees([events.removeFirst()])
      }
      if step % 25 == 0 { Self.check(user) }
    }
  }

  private static func events(_ dice: inout Dice) -> [SessionEvent] {
    switch dice.roll(5) {
    case 0: Recorded.loaded
    case 1:
      [
        .levelSet(LevelSetting(level: dice.roll(9), name: "cms1", access: .off, gain: 2)),
        .stateReset(StateReset(scope: .everything, digest: Recorded.digest, equalsBase: true)),
        .levels(Recorded.facts.levels), .commandFinished(1),
      ]
    default:
      Recorded.turn("Where is 漢字 now?", "in e\u{301} a 👩‍💻 house\nby the river", from: dice.roll(900))
        + [.commandFinished(1)]
    }
  }

  @Test(
    "every size has a picture",
    arguments: [
      (1, 1), (2, 2), (39, 9), (40, 10), (41, 11), (80, 24), (110, 30), (300, 80), (40, 80),
      (300, 10),
    ])
  func sizes(_ columns: Int, _ rows: Int) {
    var user = User(columns, rows)
    user.asks("Where is 漢字?", answer: "in the house by the river, where it has always been")
    Self.check(user)
    for number in 1...5 {
      user.presses(.function(number))
      Self.check(user)
      user.presses(.escape)
    }
  }

  @Test("a screen that is too small names the size it wants, and recovers with the draft")
  func tooSmall() {
    var user = User(80, 24)
    user.types("kept")
    user.resizes(39, 9)
    user.sees("hope wants 40×10, this is 39×9")
    user.resizes(20, 3)
    user.sees("wants 40×10")
    user.resizes(5, 1)
    user.sees("40×10")
    user.resizes(40, 10)
    user.sees("› kept")
  }

  @Test("in ASCII nothing of our own goes beyond it")
  func ascii() {
    for (columns, rows) in [(40, 10), (80, 24), (200, 60)] {
      var user = User(columns, rows, settings: DisplaySettings(colorDepth: .none, isASCII: true))
      user.asks("Where is it?", answer: "in the house")
      user.presses(.function(2), .character("2"))
      for number in 1...5 {
        user.presses(.escape, .function(number))
        let foreign = user.canvas.cells.map(\.text).filter { !$0.utf8.allSatisfy { $0 < 128 } }
        #expect(foreign == [], "F\(number)")
      }
    }
  }

  @Test("without colours no cell has one", arguments: DisplaySettings.Theme.allCases)
  func noColor(_ theme: DisplaySettings.Theme) {
    var user = User(200, 60, settings: DisplaySettings(theme: theme, colorDepth: .none))
    user.asks("Where is it?", answer: "in the house")
    let styles = Set(user.canvas.cells.map(\.style))
    #expect(styles.allSatisfy { $0.foreground == .terminal && $0.background == .terminal })
    #expect(styles.count > 2)
  }

  @Test("colours stay within the terminal's depth", arguments: DisplaySettings.Theme.allCases)
  func depth(_ theme: DisplaySettings.Theme) {
    var user = User(200, 60, settings: DisplaySettings(theme: theme, colorDepth: .ansi16))
    user.asks("Where is it?", answer: "in the house")
    for style in Set(user.canvas.cells.map(\.style)) {
      switch style.foreground {
      case .terminal, .ansi(0...15): break
      default: Issue.record("\(style.foreground)")
      }
    }
  }
}
