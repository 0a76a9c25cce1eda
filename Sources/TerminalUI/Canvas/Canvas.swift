/// A picture made of cells. Drawing clips at the edges and never leaves half of a wide glyph.
package struct Canvas: Equatable, Sendable {
  package struct Point: Hashable, Sendable {
    package var x: Int
    package var y: Int
    package init(x: Int, y: Int) { (self.x, self.y) = (x, y) }
  }
  package let width: Int
  package let height: Int
  /// Row by row.
  package private(set) var cells: [Cell]
  /// Where the terminal's cursor stands; nil hides it.
  package var cursor: Point?

  package init(width: Int, height: Int) {
    (self.width, self.height) = (max(0, width), max(0, height))
    cells = Array(repeating: .blank, count: self.width * self.height)
  }

  package subscript(x: Int, y: Int) -> Cell { cells[y * width + x] }

  package var bounds: Rect { Rect(x: 0, y: 0, width: width, height: height) }

  /// The rows as text, without the spaces at their ends.
  package func text() -> String {
    (0..<height).map(line).joined(separator: "\n")
  }

  /// One row of `text()`.
  package func line(_ y: Int) -> String {
    var line = cells[y * width..<(y + 1) * width].map(\.text).joined()
    while line.last == " " { line.removeLast() }
    return line
  }
}

// MARK: Drawing

extension Canvas {
  /// Draws as much of the text as fits into `limit` columns and the picture; what has no width is
  /// left out.
  /// - Returns: the column after the text, as if nothing had been clipped at the left.
  @discardableResult
  package mutating func draw(
    _ text: some StringProtocol, x: Int, y: Int, _ style: Style = .plain, limit: Int = .max
  ) -> Int {
    let end = limit >= width - x ? width : x + max(0, limit)
    var column = x
    guard y >= 0, y < height else { return x }
    if let column = drawASCII(text, x: x, y: y, style, end: end) { return column }
    for character in text {
      guard let next = draw(character, x: column, y: y, style, end: end) else { break }
      column = next
    }
    return column
  }

  /// The same for text of printable ASCII alone, byte by byte; nil for other text.
  private mutating func drawASCII(
    _ text: some StringProtocol, x: Int, y: Int, _ style: Style, end: Int
  ) -> Int? {
    text.utf8.withContiguousStorageIfAvailable { bytes -> Int? in
      guard bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return nil }
      var column = x
      for byte in bytes where column < end {
        put(Cell(ascii: byte, style), 1, x: column, y: y)
        column += 1
      }
      return column
    } ?? nil
  }

  /// Draws one cluster where it ends before column `end`.
  /// - Returns: the column after it; nil where it does not fit.
  mutating func draw(_ character: Character, x: Int, y: Int, _ style: Style, end: Int) -> Int? {
    let advance = CellWidth.of(character)
    guard x + advance <= min(end, width) else { return nil }
    if advance > 0, y >= 0, y < height { put(Cell(character, style), advance, x: x, y: y) }
    return x + advance
  }

  /// Draws a narrow glyph many times.
  /// - Returns: the column after them.
  @discardableResult
  mutating func draw(repeating glyph: String, _ count: Int, x: Int, y: Int, _ style: Style) -> Int {
    guard y >= 0, y < height else { return x + count }
    let cell = Cell(glyph, style)
    for column in max(0, x)..<max(max(0, x), min(width, x + count)) {
      put(cell, 1, x: column, y: y)
    }
    return x + count
  }

  /// Draws text so that it ends before column `end`; what does not fit is cut off at its end.
  package mutating func draw(
    _ text: some StringProtocol, endingAt end: Int, y: Int, _ style: Style = .plain, from start: Int
  ) {
    let x = max(start, end - text.cellWidth)
    draw(text, x: x, y: y, style, limit: end - x)
  }

  /// Puts one glyph; one that does not fit wholly becomes spaces.
  private mutating func put(_ cell: Cell, _ advance: Int, x: Int, y: Int) {
    guard x >= 0, x + advance <= width else {
      for column in max(0, x)..<max(max(0, x), min(width, x + advance)) {
        clear(x: column, y: y, cell.style)
      }
      return
    }
    let index = y * width + x
    heal(x: x, y: y)
    if advance == 2 { heal(x: x + 1, y: y) }
    cells[index] = cell
    if advance == 2 { cells[index + 1] = Cell("", cell.style) }
  }

  private mutating func clear(x: Int, y: Int, _ style: Style) {
    heal(x: x, y: y)
    cells[y * width + x] = Cell(ascii: 0x20, style)
  }

  /// Before a cell is overwritten, the other half of a wide glyph in it becomes a space.
  private mutating func heal(x: Int, y: Int) {
    let index = y * width + x
    if cells[index].isRightHalf, x > 0 { cells[index - 1].text = " " }
    if x + 1 < width, cells[index + 1].isRightHalf { cells[index + 1].text = " " }
  }

  /// Fills a part with spaces of one style.
  package mutating func fill(_ rect: Rect, _ style: Style = .plain) {
    for y in max(0, rect.y)..<max(max(0, rect.y), min(height, rect.maxY)) {
      for x in max(0, rect.x)..<max(max(0, rect.x), min(width, rect.maxX)) {
        clear(x: x, y: y, style)
      }
    }
  }

  /// Changes the style of what is already there, whole glyphs at once.
  package mutating func restyle(_ rect: Rect, _ change: (Style) -> Style) {
    for y in max(0, rect.y)..<max(max(0, rect.y), min(height, rect.maxY)) {
      for x in max(0, rect.x)..<max(max(0, rect.x), min(width, rect.maxX)) {
        cells[y * width + x].style = change(cells[y * width + x].style)
      }
    }
  }
}
