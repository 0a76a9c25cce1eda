/// One place on the screen.
package struct Cell: Hashable, Sendable {
  /// One grapheme cluster; empty in the right half of the wide glyph to its left.
  package var text: String
  package var style: Style

  package init(_ text: String, _ style: Style = .plain) { (self.text, self.style) = (text, style) }

  package static let blank = Cell(" ")
  package var isRightHalf: Bool { text.isEmpty }
}
