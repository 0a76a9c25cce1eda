/// The help as lines of the width it has: what is found, and what of it is seen.
struct HelpPage {
  enum Line: Equatable {
    case blank
    case heading(String)
    /// A line of a row; the key stands in its first one.
    case text(row: Int, key: String, String)
    case detail(row: Int, String)
  }
  let rows: [HelpText.Row]
  private(set) var lines: [Line] = []
  /// Columns of the keys, with the mark of the chosen row before them.
  let keyColumns: Int
  private let height: Int

  static let mostColumns = 96

  init(_ state: AppState, _ help: AppState.HelpState) {
    let width = max(8, min(state.size.columns, Self.mostColumns) - 4)
    rows = HelpText.rows(state, query: help.query.text)
    keyColumns = min(38, max(14, width * 2 / 5))
    height = max(1, state.size.rows - 6)
    for (i, row) in rows.enumerated() {
      if i == 0 || rows[i - 1].section != row.section {
        lines += (i == 0 ? [] : [.blank]) + [.heading(row.section.rawValue)]
      }
      lines += Self.lines(row, i, width: width - keyColumns)
    }
  }

  private static func lines(_ row: HelpText.Row, _ number: Int, width: Int) -> [Line] {
    func wrapped(_ text: String) -> [String] {
      TextWrap.rows(text, width: width).map { String(text[$0]) }
    }
    let meaning = wrapped(row.meaning).enumerated().map { i, text in
      Line.text(row: number, key: i == 0 ? row.key : "", text)
    }
    return meaning + row.details.flatMap(wrapped).map { .detail(row: number, $0) }
  }

  // MARK: Places

  func firstRow(of section: HelpText.Section) -> Int {
    rows.firstIndex { $0.section == section } ?? 0
  }

  /// The row's first line, or its section's heading where that stands above it.
  func top(ofRow number: Int) -> Int {
    let first = lines.firstIndex { $0.isOf(number) } ?? 0
    if first > 0, case .heading = lines[first - 1] { return first - 1 }
    return first
  }

  /// The line to begin with so that a row is seen, changed as little as need be.
  func scroll(showingRow number: Int, from scroll: Int) -> Int {
    let last = lines.lastIndex { $0.isOf(number) } ?? 0
    let least = last - height + 1
    let wanted = min(max(scroll, least), top(ofRow: number))
    return min(max(0, wanted), max(0, lines.count - height))
  }
}

extension HelpPage.Line {
  fileprivate func isOf(_ number: Int) -> Bool {
    switch self {
    case .text(number, _, _), .detail(number, _): true
    default: false
    }
  }
}
