// What a terminal has to be sent.

extension Canvas {
  /// Neighbouring cells that can be sent in one go.
  package enum Piece: Equatable, Sendable {
    /// Printable ASCII of one style, a byte a cell.
    case plain([UInt8], Style)
    /// One cluster in so many columns.
    case glyph(String, width: Int, Style)
  }

  /// The columns between the first and the last cell of a row that differ from another picture's of
  /// the same size; nil where none does. Both halves of a wide glyph count as one cell.
  package func changes(inRow y: Int, since last: Canvas) -> Range<Int>? {
    let start = y * width
    guard let first = (start..<start + width).first(where: { cells[$0] != last.cells[$0] }),
      let end = (first..<start + width).last(where: { cells[$0] != last.cells[$0] })
    else { return nil }
    return widened(first - start..<end - start + 1, y, last)
  }

  /// The same with the left half of a wide glyph, here or there, whose right half was the first cell.
  private func widened(_ columns: Range<Int>, _ y: Int, _ last: Canvas) -> Range<Int> {
    let first = y * width + columns.lowerBound
    let isHalf = cells[first].isRightHalf || last.cells[first].isRightHalf
    return isHalf && columns.lowerBound > 0
      ? columns.lowerBound - 1..<columns.upperBound : columns
  }

  /// The cells of a row, piece by piece.
  package func pieces(ofRow y: Int, in columns: Range<Int>, _ body: (Int, Piece) -> Void) {
    let start = y * width
    var x = columns.lowerBound
    while x < columns.upperBound {
      let cell = cells[start + x]
      guard cell.asciiByte == nil else {
        let bytes = plainBytes(from: start + x, to: start + columns.upperBound)
        body(x, .plain(bytes, cell.style))
        x += bytes.count
        continue
      }
      let isWide = x + 1 < width && cells[start + x + 1].isRightHalf
      if !cell.isRightHalf { body(x, .glyph(cell.text, width: isWide ? 2 : 1, cell.style)) }
      x += 1
    }
  }

  /// As many cells of printable ASCII as share the first one's style.
  private func plainBytes(from index: Int, to end: Int) -> [UInt8] {
    let style = cells[index].style
    var bytes: [UInt8] = []
    bytes.reserveCapacity(end - index)
    for cell in cells[index..<end] {
      guard let byte = cell.asciiByte, cell.style == style else { break }
      bytes.append(byte)
    }
    return bytes
  }
}
