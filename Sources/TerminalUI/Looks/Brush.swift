/// What every view paints with.
struct Brush: Sendable {
  let theme: Theme
  let glyphs: Glyphs
  /// Whether the heat inks differ enough to be told apart by colour.
  private let hasGradient: Bool

  init(_ settings: DisplaySettings) {
    (theme, glyphs) = (Theme(settings), Glyphs(isASCII: settings.isASCII))
    hasGradient =
      [.palette256, .trueColor].contains(settings.colorDepth)
      && [.dark, .light].contains(settings.theme) && !settings.isASCII
  }

  subscript(_ ink: Ink) -> Style { theme[ink] }

  /// One cell of a heat map, 0...5: by colour where that is enough, else by darkness.
  func shade(_ step: Int) -> String { hasGradient ? "█" : glyphs.shade(step) }

  /// A text of at most `width` columns; a longer one ends in an ellipsis.
  func fitted(_ text: String, _ width: Int) -> String {
    guard text.cellWidth > width else { return text }
    var (result, used) = ("", glyphs.ellipsis.cellWidth)
    guard width >= used else { return "" }
    for character in text {
      used += CellWidth.of(character)
      guard used <= width else { break }
      result.append(character)
    }
    return result + glyphs.ellipsis
  }
}

extension Canvas {
  /// Draws pieces of several inks one after the other.
  /// - Returns: the column after them.
  @discardableResult
  mutating func draw(
    _ pieces: [(String, Ink)], x: Int, y: Int, limit: Int, _ brush: Brush
  ) -> Int {
    var column = x
    for (text, ink) in pieces {
      column = draw(text, x: column, y: y, brush[ink], limit: x + limit - column)
    }
    return column
  }

  /// A frame with a title in its upper edge, and the part inside.
  @discardableResult
  mutating func drawFrame(
    _ rect: Rect, title: [(String, Ink)] = [], trailing: [(String, Ink)] = [], isFocused: Bool,
    _ brush: Brush
  ) -> Rect {
    guard rect.width >= 2, rect.height >= 2 else {
      return Rect(x: rect.x, y: rect.y, width: 0, height: 0)
    }
    let (corners, horizontal, vertical) = brush.glyphs.frame
    let style = brush[isFocused ? .accent : .faint]
    for (y, left, right) in [(rect.y, 0, 1), (rect.maxY - 1, 3, 2)] {
      draw(corners[left], x: rect.x, y: y, style)
      draw(repeating: horizontal, rect.width - 2, x: rect.x + 1, y: y, style)
      draw(corners[right], x: rect.maxX - 1, y: y, style)
    }
    for y in rect.y + 1..<rect.maxY - 1 {
      draw(repeating: vertical, 1, x: rect.x, y: y, style)
      draw(repeating: vertical, 1, x: rect.maxX - 1, y: y, style)
    }
    drawTitles(rect, title, trailing, brush)
    return rect.inset(columns: 1, rows: 1)
  }

  /// The title at the left, and what else is told at the right where there is room for both.
  private mutating func drawTitles(
    _ rect: Rect, _ title: [(String, Ink)], _ trailing: [(String, Ink)], _ brush: Brush
  ) {
    let room = rect.width - 4
    var end = rect.x + 2
    if !title.isEmpty, room > 2 {
      end = draw(
        [(" ", .text)] + title + [(" ", .text)], x: rect.x + 2, y: rect.y, limit: room, brush)
    }
    let width = trailing.reduce(2) { $0 + $1.0.cellWidth }
    guard !trailing.isEmpty, rect.maxX - 2 - width > end else { return }
    draw(
      [(" ", .text)] + trailing + [(" ", .text)], x: rect.maxX - 2 - width, y: rect.y,
      limit: width, brush)
  }
}
