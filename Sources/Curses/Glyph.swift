import CNcurses
import Sessions
import TerminalUI

/// What ncurses puts for a cell: a base and what combines with it, at most five characters, in as
/// many columns as the cell takes.
///
/// Terminals disagree about clusters that join or select emoji: one draws 👩‍👩‍👧 in two columns, another
/// in six, and the rest of the line would be out of place. Of those the base alone is drawn, which all
/// draw alike. The screen shows less than the text then, and never a torn line.
package struct Glyph: Equatable, Sendable {
  /// For each column, the characters that go there; nil where the one before it reaches over.
  package private(set) var columns: [[Int32]?]

  private static let most = 5

  private init(columns: [[Int32]?]) { self.columns = columns }

  /// - Parameters:
  ///   - text: one grapheme cluster.
  ///   - width: the columns it takes, 1 or 2.
  ///   - measure: the columns of a character as the screen sees it; below 0 where it cannot be drawn.
  package init(
    _ text: String, width: Int, measure: (Unicode.Scalar) -> Int
  ) {
    let scalars = Array(TerminalText.filtered(text).unicodeScalars)
    if width == 2, let letters = Self.regionalLetters(scalars) {
      columns = letters.map { [$0] }
      return
    }
    let bases: [Unicode.Scalar?] = [scalars.first, "\u{FFFD}", "?"]
    let base = bases.compactMap { $0 }.first { (1...width).contains(measure($0)) } ?? "?"
    var characters = [Int32(base.value)]
    if base == scalars.first {
      let marks = scalars.dropFirst().prefix { Self.isMark($0) && measure($0) == 0 }
      characters += marks.prefix(Self.most - 1).map { Int32($0.value) }
    }
    columns = [characters]
    if width == 2 { columns.append(measure(base) == 2 ? nil : [0x20]) }
  }

  /// A mark that every terminal puts on the character before it; neither a joiner nor a selector.
  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: !(0xFE00...0xFE0F).contains(scalar.value)
    default: false
    }
  }

  /// Flags are letters in a dress that many terminals do not have: 🇫🇮 is FI.
  private static func regionalLetters(_ scalars: [Unicode.Scalar]) -> [Int32]? {
    let indicators = UInt32(0x1F1E6)...0x1F1FF
    guard scalars.count == 2, scalars.allSatisfy({ indicators.contains($0.value) }) else {
      return nil
    }
    return scalars.map { Int32($0.value - indicators.lowerBound + 0x41) }
  }

  /// The columns of a character, as ncurses sees it.
  static func measure(_ scalar: Unicode.Scalar) -> Int {
    Int(curses_width(wchar_t(scalar.value)))
  }
}
