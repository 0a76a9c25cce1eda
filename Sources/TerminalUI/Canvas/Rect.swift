/// A part of the screen, in cells; never of negative size.
package struct Rect: Hashable, Sendable {
  package var x: Int
  package var y: Int
  package var width: Int
  package var height: Int

  package init(x: Int, y: Int, width: Int, height: Int) {
    (self.x, self.y, self.width, self.height) = (x, y, max(0, width), max(0, height))
  }

  /// The first column and row outside.
  package var maxX: Int { x + width }
  package var maxY: Int { y + height }
  package var isEmpty: Bool { width == 0 || height == 0 }

  package func contains(x: Int, y: Int) -> Bool {
    x >= self.x && x < maxX && y >= self.y && y < maxY
  }

  package func inset(columns: Int, rows: Int) -> Rect {
    Rect(x: x + columns, y: y + rows, width: width - 2 * columns, height: height - 2 * rows)
  }

  /// Cut off a side: the piece, and what is left in `self`.
  package mutating func cutTop(_ rows: Int) -> Rect {
    let rows = min(max(0, rows), height)
    defer { (y, height) = (y + rows, height - rows) }
    return Rect(x: x, y: y, width: width, height: rows)
  }

  package mutating func cutBottom(_ rows: Int) -> Rect {
    let rows = min(max(0, rows), height)
    height -= rows
    return Rect(x: x, y: maxY, width: width, height: rows)
  }

  package mutating func cutLeft(_ columns: Int) -> Rect {
    let columns = min(max(0, columns), width)
    defer { (x, width) = (x + columns, width - columns) }
    return Rect(x: x, y: y, width: columns, height: height)
  }

  package mutating func cutRight(_ columns: Int) -> Rect {
    let columns = min(max(0, columns), width)
    width -= columns
    return Rect(x: maxX, y: y, width: columns, height: height)
  }
}
