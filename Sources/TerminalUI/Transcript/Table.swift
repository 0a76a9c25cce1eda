/// Rows of cells under headings, as text whose columns stand below each other.
struct Table {
  struct Column {
    let heading: String
    let cells: [String]
    var isText = false
    /// Columns of the highest rank go first where there is no room.
    var rank = 0
    var ink = Ink.text

    fileprivate var width: Int { ([heading] + cells).map(\.cellWidth).max() ?? 0 }

    fileprivate func padded(_ cell: String) -> String {
      let padding = String(repeating: " ", count: max(0, width - cell.cellWidth))
      return isText ? cell + padding : padding + cell
    }
  }
  private let columns: [Column]

  /// Columns without a single cell are left out.
  init(_ columns: [Column]) {
    self.columns = columns.filter { $0.cells.contains { !$0.isEmpty } }
  }

  /// The whole table, then with fewer and fewer columns.
  var forms: [RichText] {
    let ranks = Set(columns.map(\.rank)).sorted(by: >)
    return ranks.map { rank in Self.text(columns.filter { $0.rank <= rank }) }
  }

  private static func text(_ columns: [Column]) -> RichText {
    var text = RichText()
    text.appendLine(spaced(columns.map { ($0.padded($0.heading), .quiet) }))
    for row in 0..<(columns.map(\.cells.count).max() ?? 0) {
      text.appendLine(spaced(columns.map { ($0.padded($0.cells[row]), $0.ink) }))
    }
    return text
  }

  private static func spaced(_ cells: [(String, Ink)]) -> [(String, Ink)] {
    cells.enumerated().map { ($0 == 0 ? $1.0 : "  " + $1.0, $1.1) }
  }
}
