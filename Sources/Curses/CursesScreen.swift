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
  private struct GlyphKey: Hashable {
    let text: String
    let width: Int
  }
  private var glyphs: [GlyphKey: Glyph] = [:]
  private static let mostGlyphs = 4096
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
    let (compared, size) = (isComparable ? last : nil, size)
    let all = 0..<min(canvas.width, size.columns)
    for y in 0..<min(canvas.height, size.rows) {
      let changed = compared.map { canvas.changes(inRow: y, since: $0) } ?? all
      guard let columns = changed?.clamped(to: all) else { continue }
      canvas.pieces(ofRow: y, in: columns) { put($1, x: $0, y: y) }
    }
    shown = canvas
    update(cursor: canvas.cursor)
  }

  private func put(_ piece: Canvas.Piece, x: Int, y: Int) {
    switch piece {
    case .plain(let bytes, let style):
      let look = pairs.look(of: style)
      curses_put_plain(
        Int32(y), Int32(x), bytes, Int32(bytes.count), look.attributes, look.pair)
    case .glyph(let text, let width, let style):
      let look = pairs.look(of: style)
      for (column, characters) in glyph(text, width: width).columns.enumerated() {
        guard let characters else { continue }
        curses_put(
          Int32(y), Int32(x + column), characters + [0], look.attributes, look.pair)
      }
    }
  }

  /// Made once for each cluster; a chat in many scripts makes them anew now and then.
  private func glyph(_ text: String, width: Int) -> Glyph {
    let key = GlyphKey(text: text, width: width)
    if let known = glyphs[key] { return known }
    if glyphs.count >= Self.mostGlyphs { glyphs.removeAll() }
    let glyph = Glyph(text, width: width, measure: Glyph.measure)
    glyphs[key] = glyph
    return glyph
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
  /// - Parameter clearing: whether the terminal first clears its screen, which flickers: only where it is
  ///   not known to be ours alone.
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
