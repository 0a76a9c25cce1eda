import CNcurses
import Glibc
package import TerminalUI

/// The terminal's screen: shows pictures, and sends only what has changed since the last one.
///
/// One at a time, and only on the thread that made it: ncurses is one big shared state.
package final class CursesScreen {
  private let screen: OpaquePointer
  private let isAlternate: Bool
  private var pairs: ColorPairs
  /// What ncurses has been told; nil for a cell it knows nothing about.
  private var shown: Canvas?
  private var isCursorShown = true
  private var isMouseOn = false

  /// Takes the screen over; the guard gives it back.
  /// - Parameters:
  ///   - usesColor: whether any colour may be sent at all.
  ///   - usesAlternateScreen: whether the terminal's second screen is taken, where it has one.
  package init(usesColor: Bool, usesAlternateScreen: Bool = true) throws(Obstacle) {
    if let obstacle = Self.obstacle() { throw obstacle }
    guard TerminalGuard.open() else { throw .noTerminal }
    _ = curses_use_utf8()
    isAlternate = usesAlternateScreen && curses_has_alternate_screen()
    TerminalGuard.arm(alternate: isAlternate)
    guard let screen = curses_start(usesColor) else {
      TerminalGuard.disarm()
      throw .refused
    }
    self.screen = screen
    pairs = ColorPairs()
    curses_update()
    if !usesAlternateScreen { curses_use_normal_screen() }
    begin()
  }

  deinit {
    leave()
    delscreen(screen)
  }

  /// What the terminal can show.
  package var colorDepth: DisplaySettings.ColorDepth {
    switch pairs.palette.count {
    case 0: .none
    case 8, 16: .ansi16
    case 256: .palette256
    default: .trueColor
    }
  }

  package var size: TerminalSize {
    TerminalSize(columns: Int(curses_columns()), rows: Int(curses_rows()))
  }

  // MARK: Pictures

  /// Shows a picture of the screen's size. Sends nothing where nothing has changed.
  package func show(_ canvas: Canvas) {
    let last = shown
    guard canvas != last else { return }
    let isComparable = last?.width == canvas.width && last?.height == canvas.height
    let compared = isComparable ? last : nil
    let (size, width) = (size, canvas.width)
    for y in 0..<min(canvas.height, size.rows) {
      if let compared,
        compared.cells[y * width..<(y + 1) * width] == canvas.cells[y * width..<(y + 1) * width]
      {
        continue
      }
      for x in 0..<min(width, size.columns)
      where compared.map({ Self.differs($0, canvas, at: y * width + x) }) ?? true {
        put(canvas, x, y)
      }
    }
    shown = canvas
    update(cursor: canvas.cursor)
  }

  /// Whether a cell, or the width of its glyph, is another one.
  private static func differs(_ last: Canvas, _ next: Canvas, at index: Int) -> Bool {
    if last.cells[index] != next.cells[index] { return true }
    guard index + 1 < next.cells.count else { return false }
    return last.cells[index + 1].isRightHalf != next.cells[index + 1].isRightHalf
  }

  private func put(_ canvas: Canvas, _ x: Int, _ y: Int) {
    let cell = canvas.cells[y * canvas.width + x]
    guard !cell.isRightHalf else { return }
    let isWide = x + 1 < canvas.width && canvas.cells[y * canvas.width + x + 1].isRightHalf
    let (attributes, pair) = pairs.look(of: cell.style)
    let glyph =
      cell.isSpace ? .blank : Glyph(cell.text, width: isWide ? 2 : 1, measure: Glyph.measure)
    for (column, characters) in glyph.columns.enumerated() {
      guard let characters else { continue }
      curses_put(Int32(y), Int32(x + column), characters + [0], attributes, pair)
    }
  }

  private func update(cursor: Canvas.Point?) {
    if (cursor != nil) != isCursorShown {
      isCursorShown = cursor != nil
      curs_set(isCursorShown ? 1 : 0)
    }
    if let cursor { curses_cursor(Int32(cursor.y), Int32(cursor.x)) }
    curses_update()
  }

  /// Has the next picture sent whole.
  /// - Parameter clearing: whether the terminal first clears its screen, as for Ctrl+L.
  package func forget(clearing: Bool) {
    shown = nil
    curses_forget_screen(clearing)
  }

  /// Takes over the terminal's size.
  package func resize() {
    var (rows, columns): (Int32, Int32) = (0, 0)
    guard curses_terminal_size(&rows, &columns) else { return }
    shown = nil
    curses_resize(rows, columns)
  }

  // MARK: Modes

  private func begin() {
    TerminalGuard.write("\u{1B}[?2004h")  // pastes come in brackets
    if isMouseOn { writeMouseMode() }
  }

  /// Presses, moves with a button down and the wheel, coded so that wide screens work.
  package func setMouse(_ isOn: Bool) {
    isMouseOn = isOn
    writeMouseMode()
  }

  private func writeMouseMode() {
    let mode = isMouseOn ? "h" : "l"
    TerminalGuard.write("\u{1B}[?1000\(mode)\u{1B}[?1002\(mode)\u{1B}[?1006\(mode)")
  }

  /// Gives the terminal back for a while, or for good.
  package func leave() {
    guard !isendwin() else { return }
    endwin()
    TerminalGuard.disarm()
  }

  /// Takes the terminal again, at its present size.
  package func reenter() {
    TerminalGuard.arm(alternate: isAlternate)
    reset_prog_mode()
    resize()
    forget(clearing: !isAlternate)
    curses_update()
    if !isCursorShown { curs_set(0) }
    begin()
  }
}
