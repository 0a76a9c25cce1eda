/// A row of wrapped text: offsets into its UTF-8. Spaces at the break belong to no row.
package struct TextRow: Hashable, Sendable {
  package var start: Int
  package var end: Int
}

/// Breaks text into rows, between words where it can, never inside a grapheme cluster.
package enum TextWrap {
  package static func rows(_ text: String, width: Int) -> [TextRow] {
    var rows: [TextRow] = []
    append(text, from: 0, width: width, to: &rows)
    return rows
  }

  /// Wraps what begins at a row's start, so that growing text costs only its last row.
  package static func append(_ text: String, from start: Int, width: Int, to rows: inout [TextRow])
  {
    var breaker = Breaker(start: start, width: max(1, width))
    for character in text[text.index(atUTF8: start)...] { breaker.take(character, &rows) }
    rows.append(TextRow(start: breaker.rowStart, end: breaker.offset))
  }

  private struct Breaker {
    var rowStart: Int
    var offset: Int
    let width: Int
    private var column = 0
    private var hasWord = false
    /// The last place to break at: where the row ends, where the next begins, columns before that.
    private var opening: (end: Int, next: Int, column: Int)?

    init(start: Int, width: Int) { (rowStart, offset, self.width) = (start, start, width) }

    mutating func take(_ character: Character, _ rows: inout [TextRow]) {
      let next = offset + character.utf8.count
      defer { offset = next }
      if character.isNewline { return end(at: offset, next: next, &rows) }
      let advance = CellWidth.of(character)
      while column + advance > width, offset > rowStart {
        if character == " " { return end(at: offset, next: next, &rows) }
        breakRow(&rows)
      }
      column += advance
      note(character, advance, next)
    }

    /// Ends the row at the last opening, else right here.
    private mutating func breakRow(_ rows: inout [TextRow]) {
      guard let opening else { return end(at: offset, next: offset, &rows) }
      let rest = column - opening.column
      end(at: opening.end, next: opening.next, &rows)
      column = rest
    }

    private mutating func end(at end: Int, next: Int, _ rows: inout [TextRow]) {
      rows.append(TextRow(start: rowStart, end: end))
      (rowStart, column, hasWord, opening) = (next, 0, false, nil)
    }

    private mutating func note(_ character: Character, _ advance: Int, _ next: Int) {
      if character == " " {
        if hasWord { opening = (offset, next, column) }
        return
      }
      hasWord = true
      if character == "-" || advance == 2 { opening = (next, next, column) }
    }
  }
}

extension String {
  /// The place so many bytes of UTF-8 from the start.
  func index(atUTF8 offset: Int) -> Index {
    utf8.index(startIndex, offsetBy: Swift.min(Swift.max(0, offset), utf8.count))
  }

  package subscript(_ row: TextRow) -> Substring {
    self[index(atUTF8: row.start)..<index(atUTF8: row.end)]
  }
}
