import Sessions
import Testing

@Suite("Text on its way to a terminal")
struct TerminalTextTests {
  @Test("harmless text passes as it is, newline and tab too")
  func harmless() {
    for text in ["", "My cat\tis\n", "漢字 👩‍💻 e\u{301} Ünïcode", "\u{200D}\u{FE0F}"] {
      #expect(TerminalText.filtered(text) == text)
    }
  }

  @Test("controls show as pictures and do nothing")
  func controls() {
    #expect(TerminalText.filtered("\u{1B}[2J") == "␛[2J")
    #expect(TerminalText.filtered("a\rb\u{7}\u{0}\u{7F}") == "a␍b␇␀␡")
    #expect(TerminalText.filtered("a\r\nb") == "a␍\nb")
    #expect(TerminalText.filtered("\u{9B}31m\u{90}\u{85}") == "\u{FFFD}31m\u{FFFD}\u{FFFD}")
  }

  @Test("nothing reorders what is shown")
  func bidirectional() {
    let dangerous = [0x061C, 0x200E, 0x200F] + Array(0x2028...0x202E) + Array(0x2066...0x2069)
    for value in dangerous {
      let scalar = Unicode.Scalar(UInt32(value))!
      #expect(TerminalText.filtered("a\(scalar)b") == "a\u{FFFD}b")
    }
  }

  @Test("no single scalar below U+3000 gets through that could drive a terminal")
  func allScalars() {
    let wrong = (UInt32(0)..<0x3000).compactMap(Unicode.Scalar.init).filter { scalar in
      let isHarmless = scalar.properties.generalCategory != .control && !isOverride(scalar.value)
      let isAllowed = scalar == "\t" || scalar == "\n" || isHarmless
      let text = String(Character(scalar))
      return (TerminalText.filtered(text) == text) != isAllowed
    }
    #expect(wrong == [])
  }

  private func isOverride(_ value: UInt32) -> Bool {
    [0x061C, 0x200E, 0x200F].contains(value) || 0x2028...0x202E ~= value
      || 0x2066...0x2069 ~= value
  }

  @Test("bytes that are no UTF-8, and halves of surrogates, show as replacements")
  func bytes() {
    #expect(TerminalText.filtered(bytes: [0x61, 0xFF, 0x1B, 0x62]) == "a\u{FFFD}␛b")
    let surrogate = TerminalText.filtered(bytes: [0xED, 0xA0, 0x80])
    #expect(surrogate.unicodeScalars.allSatisfy { $0 == "\u{FFFD}" } && !surrogate.isEmpty)
  }
}
