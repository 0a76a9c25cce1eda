/// What a piece of the picture is for; a theme gives it colours, and attributes where those are missing.
enum Ink: UInt8, Sendable, CaseIterable {
  case text, quiet, faint, strong, accent, alarm
  /// Labels of speakers.
  case you, hope
  /// Tokens by how surprising they were; from 2 on marked without colour too.
  case surprise1, surprise2, surprise3
  /// Sizes of writes.
  case heat0, heat1, heat2, heat3, heat4, heat5
  /// Tokens that the levels made likely most of all.
  case credit3
  /// A level that is writing just now; a found word; the token under the cursor.
  case flash, match, selection

  static func heat(_ step: Int) -> Ink {
    Ink(rawValue: heat0.rawValue + UInt8(min(5, max(0, step)))) ?? .heat0
  }

  /// The class of what the levels' learned parts gave to a token; quiet where nobody has asked.
  static func credit(bits: Float?) -> Ink {
    guard let bits else { return .quiet }
    return switch bits {
    case 4...: .credit3
    case 2...: .heat4
    case 1...: .heat3
    default: .text
    }
  }

  /// The class of a token's surprise; `text` below 2 bits.
  static func surprise(bits: Float?) -> Ink {
    switch bits ?? 0 {
    case SurpriseScale.high...: .surprise3
    case SurpriseScale.middle...: .surprise2
    case SurpriseScale.low...: .surprise1
    default: .text
    }
  }
}

/// Where a token begins to count as surprising, in bits.
enum SurpriseScale {
  static let low: Float = 2
  static let middle: Float = 4
  static let high: Float = 7
}

/// Styles for every ink, within what the terminal can show.
struct Theme: Sendable {
  private let styles: [Style]
  /// What the whole screen is filled with.
  let base: Style

  init(_ settings: DisplaySettings) {
    let base = Self.base(settings)
    self.base = base
    styles = Ink.allCases.map { Self.style($0, settings, base) }
  }

  subscript(_ ink: Ink) -> Style { styles[Int(ink.rawValue)] }

  private static func base(_ settings: DisplaySettings) -> Style {
    let isPainted = settings.theme == .highContrast && settings.colorDepth != .none
    return isPainted ? Style(.ansi(15), on: .ansi(0)) : .plain
  }

  private static func style(_ ink: Ink, _ settings: DisplaySettings, _ base: Style) -> Style {
    let hasColor = settings.colorDepth != .none && settings.theme != .mono
    var style = base
    style.attributes = attributes(ink, hasColor: hasColor, settings.theme)
    guard hasColor, let shades = shades(ink, settings.theme) else { return style }
    style.foreground = shades.color(settings.colorDepth)
    return style
  }

  /// What an ink looks like beside its colour; without colours, instead of it.
  private static func attributes(
    _ ink: Ink, hasColor: Bool, _ theme: DisplaySettings.Theme
  ) -> TextAttributes {
    switch ink {
    case .strong, .you, .hope, .alarm, .heat5: .bold
    case .accent: hasColor ? [] : .bold
    case .surprise2: .underline
    case .credit3: [.bold, .underline]
    case .surprise3: [.bold, .underline]
    case .flash, .match, .selection: .reverse
    case .quiet, .faint, .heat0: hasColor || theme == .highContrast ? [] : .dim
    case .text, .surprise1, .heat1, .heat2, .heat3, .heat4: []
    }
  }
}

/// One colour in the three depths.
private struct Shades {
  let ansi: Int
  let palette: Int
  let rgb: (UInt8, UInt8, UInt8)

  init(_ ansi: Int, _ palette: Int, _ rgb: (UInt8, UInt8, UInt8)) {
    (self.ansi, self.palette, self.rgb) = (ansi, palette, rgb)
  }

  func color(_ depth: DisplaySettings.ColorDepth) -> Color {
    switch depth {
    case .none: .terminal
    case .ansi16: .ansi(ansi)
    case .palette256: .palette(palette)
    case .trueColor: .rgb(rgb.0, rgb.1, rgb.2)
    }
  }
}

/// The colours of an ink; nil keeps the foreground as it is.
private func shades(_ ink: Ink, _ theme: DisplaySettings.Theme) -> Shades? {
  switch theme {
  case .dark: darkShades(ink)
  case .light: lightShades(ink)
  case .highContrast: brightShades(ink)
  case .mono: nil
  }
}

private func darkShades(_ ink: Ink) -> Shades? {
  switch ink {
  case .text, .strong, .you, .match, .selection: nil
  case .quiet: Shades(8, 246, (140, 147, 158))
  case .faint: Shades(8, 239, (72, 78, 88))
  case .accent, .hope, .flash, .credit3: Shades(6, 79, (92, 207, 184))
  case .alarm: Shades(9, 203, (255, 110, 103))
  case .surprise1: Shades(3, 186, (214, 204, 146))
  case .surprise2: Shades(11, 221, (243, 203, 96))
  case .surprise3: Shades(9, 209, (255, 140, 90))
  case .heat0: Shades(8, 239, (60, 72, 78))
  case .heat1: Shades(6, 23, (38, 92, 92))
  case .heat2: Shades(6, 30, (44, 124, 120))
  case .heat3: Shades(6, 37, (58, 160, 150))
  case .heat4: Shades(14, 43, (82, 200, 178))
  case .heat5: Shades(15, 122, (168, 255, 230))
  }
}

private func lightShades(_ ink: Ink) -> Shades? {
  switch ink {
  case .text, .strong, .you, .match, .selection: nil
  case .quiet: Shades(8, 242, (100, 106, 116))
  case .faint: Shades(7, 250, (186, 190, 198))
  case .accent, .hope, .flash, .credit3: Shades(6, 30, (0, 118, 104))
  case .alarm: Shades(1, 160, (190, 30, 30))
  case .surprise1: Shades(3, 94, (128, 96, 20))
  case .surprise2: Shades(3, 130, (165, 88, 0))
  case .surprise3: Shades(1, 124, (176, 40, 10))
  case .heat0: Shades(7, 252, (205, 214, 214))
  case .heat1: Shades(6, 152, (160, 205, 200))
  case .heat2: Shades(6, 116, (110, 180, 172))
  case .heat3: Shades(6, 73, (60, 150, 142))
  case .heat4: Shades(6, 30, (0, 118, 108))
  case .heat5: Shades(0, 23, (0, 72, 66))
  }
}

private func brightShades(_ ink: Ink) -> Shades? {
  switch ink {
  case .text, .strong, .you, .quiet, .faint, .match, .selection: nil
  case .accent, .hope, .flash, .credit3: Shades(14, 51, (0, 255, 255))
  case .alarm: Shades(9, 196, (255, 80, 80))
  case .surprise1, .surprise2, .surprise3: Shades(11, 226, (255, 255, 0))
  case .heat0, .heat1, .heat2, .heat3: Shades(14, 51, (0, 255, 255))
  case .heat4, .heat5: Shades(15, 231, (255, 255, 255))
  }
}
