/// The one filter for text on its way to a terminal. Text from models, files and people cannot move
/// the cursor, change modes or reorder what is shown: what could is replaced by something visible.
package enum TerminalText {
  /// The text with every control character but newline and tab, every mark of direction and every
  /// separator of lines made visible: `␛` for ESC and its kin, U+FFFD for the others.
  package static func filtered(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isDangerous) else { return text }
    var safe = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      safe.append(isDangerous(scalar) ? stand(for: scalar) : scalar)
    }
    return String(safe)
  }

  /// The same for bytes nobody has checked: what is not UTF-8 shows as U+FFFD.
  package static func filtered(bytes: some Sequence<UInt8>) -> String {
    filtered(String(decoding: Array(bytes), as: UTF8.self))
  }

  private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// A picture of a C0 control, else the replacement character.
  private static func stand(for scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
    case 0x7F: "\u{2421}"
    default: "\u{FFFD}"
    }
  }
}
