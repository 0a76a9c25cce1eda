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
  private var foregroundCode: UInt32
  private var backgroundCode: UInt32
  package var attributes: TextAttributes

  package init(
    _ foreground: Color = .terminal, on background: Color = .terminal,
    _ attributes: TextAttributes = []
  ) {
    (foregroundCode, backgroundCode) = (foreground.code, background.code)
    self.attributes = attributes
  }

  package var foreground: Color {
    get { Color(code: foregroundCode) }
    set { foregroundCode = newValue.code }
  }
  package var background: Color {
    get { Color(code: backgroundCode) }
    set { backgroundCode = newValue.code }
  }

  package static let plain = Style()

  /// The same with more attributes.
  package func adding(_ more: TextAttributes) -> Style {
    var style = self
    style.attributes.formUnion(more)
    return style
  }

  /// The same without some attributes.
  package func removing(_ some: TextAttributes) -> Style {
    var style = self
    style.attributes.subtract(some)
    return style
  }
}

extension Color {
  /// Four bytes: the kind, then the number or the three parts.
  fileprivate var code: UInt32 {
    switch self {
    case .terminal: 0
    case .ansi(let number): 1 << 24 | UInt32(number)
    case .palette(let number): 2 << 24 | UInt32(number)
    case .rgb(let red, let green, let blue):
      3 << 24 | UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
    }
  }

  fileprivate init(code: UInt32) {
    func part(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: code >> shift) }
    switch code >> 24 {
    case 1: self = .ansi(Int(code & 0xFF_FFFF))
    case 2: self = .palette(Int(code & 0xFF_FFFF))
    case 3: self = .rgb(part(16), part(8), part(0))
    default: self = .terminal
    }
  }
}
