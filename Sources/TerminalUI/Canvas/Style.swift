/// A colour as a terminal knows it. A theme asks only for colours within the terminal's depth.
package enum Color: Hashable, Sendable {
  /// The terminal's own foreground or background.
  case terminal
  /// One of the 16 named colours, 0...15.
  case ansi(Int)
  /// One of the 256 colours, 16...255.
  case palette(Int)
  case rgb(UInt8, UInt8, UInt8)
}

package struct TextAttributes: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let bold = TextAttributes(rawValue: 1)
  package static let dim = TextAttributes(rawValue: 2)
  package static let italic = TextAttributes(rawValue: 4)
  package static let underline = TextAttributes(rawValue: 8)
  package static let reverse = TextAttributes(rawValue: 16)
}

/// How a cell looks.
package struct Style: Hashable, Sendable {
  package var foreground: Color
  package var background: Color
  package var attributes: TextAttributes

  package init(
    _ foreground: Color = .terminal, on background: Color = .terminal,
    _ attributes: TextAttributes = []
  ) {
    (self.foreground, self.background, self.attributes) = (foreground, background, attributes)
  }

  package static let plain = Style()

  /// The same with more attributes.
  package func adding(_ more: TextAttributes) -> Style {
    Style(foreground, on: background, attributes.union(more))
  }
}
