/// What the terminal can do and how the person wants it to look.
package struct DisplaySettings: Sendable, Equatable {
  package enum Theme: String, Sendable, CaseIterable {
    case dark, light, mono
    case highContrast = "high-contrast"
  }
  package enum ColorDepth: Sendable, Equatable, CaseIterable {
    case none, ansi16, palette256, trueColor
  }

  package var theme: Theme
  package var colorDepth: ColorDepth
  /// No glyph beyond ASCII of our own; what people and models say stays as it is.
  package var isASCII: Bool
  /// A key pressed → the key whose work it does, and which does it no more.
  package var remappedKeys: [Key: Key]
  /// Whether clicks and the wheel act here from the start.
  package var hasMouse: Bool

  package init(
    theme: Theme = .dark, colorDepth: ColorDepth = .ansi16, isASCII: Bool = false,
    remappedKeys: [Key: Key] = [:], hasMouse: Bool = false
  ) {
    self.theme = theme
    self.colorDepth = colorDepth
    self.isASCII = isASCII
    self.remappedKeys = remappedKeys
    self.hasMouse = hasMouse
  }

  /// The key whose work a pressed one does; nil where another key does that work instead.
  func meaning(of key: Key) -> Key? {
    if let usual = remappedKeys[key] { return usual }
    return remappedKeys.values.contains(key) ? nil : key
  }
}
