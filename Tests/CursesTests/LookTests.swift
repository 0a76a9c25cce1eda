import Curses
import TerminalUI
import Testing

@Suite("Glyphs")
struct GlyphTests {
  /// Columns as most terminals count them.
  private func columns(_ text: String, _ width: Int) -> [String?] {
    let glyph = Glyph(text, width: width) { scalar in
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .format: 0
      case .control, .unassigned: -1
      default: scalar.properties.isEmojiPresentation || scalar.value == 0x6F22 ? 2 : 1
      }
    }
    return glyph.columns.map { characters in
      characters.map { $0.map { String(Unicode.Scalar(UInt32($0)) ?? "!") }.joined() }
    }
  }

  @Test("plain, combined and wide characters are drawn as they are")
  func plain() {
    #expect(columns("a", 1) == ["a"])
    #expect(columns("e\u{301}", 1) == ["e\u{301}"])
    #expect(columns("漢", 2) == ["漢", nil])
    #expect(columns("👩", 2) == ["👩", nil])
  }

  @Test("of joined emoji the first is drawn, flags are letters, selectors are left out")
  func clusters() {
    #expect(columns("👩‍👩‍👧‍👦", 2) == ["👩", nil])
    #expect(columns("👍🏽", 2) == ["👍", nil])
    #expect(columns("🇫🇮", 2) == ["F", "I"])
    #expect(columns("\u{2764}\u{FE0F}", 2) == ["\u{2764}", " "])
    #expect(columns("1\u{FE0F}\u{20E3}", 2) == ["1", " "])
  }

  @Test("at most four marks are put on a base")
  func marks() {
    let text = "a" + String(repeating: "\u{301}", count: 100)
    #expect(columns(text, 1) == ["a\u{301}\u{301}\u{301}\u{301}"])
  }

  @Test("what cannot be drawn in its place shows as something that can")
  func undrawable() {
    #expect(columns("漢", 1) == ["\u{FFFD}"])
    #expect(columns("\u{1B}", 1) == ["␛"])
    #expect(columns("\u{9B}", 1) == ["\u{FFFD}"])
    #expect(columns("a\u{202E}", 1) == ["a"])
    #expect(columns("\u{301}", 1) == ["\u{FFFD}"])
    #expect(columns("", 1) == ["\u{FFFD}"])
  }
}

@Suite("Colours")
struct PaletteTests {
  @Test("a terminal's own colours keep their numbers")
  func named() {
    for count in [8, 16, 256, 1 << 24] {
      let palette = Palette(count: count)
      #expect(palette.number(of: .terminal) == -1)
      #expect(palette.number(of: .ansi(3)) == 3)
    }
    #expect(Palette(count: 16).number(of: .ansi(11)) == 11)
    #expect(Palette(count: 8).number(of: .ansi(11)) == 3)
    #expect(Palette(count: 8).isBrightByBold(.ansi(11)))
    #expect(!Palette(count: 16).isBrightByBold(.ansi(11)))
    // of eight colours, grey as bold black was black on black
    #expect(Palette(count: 8).number(of: .ansi(8)) == -1)
    #expect(Palette(count: 8).isGreyByDim(.ansi(8)) && !Palette(count: 8).isBrightByBold(.ansi(8)))
    #expect(
      Palette(count: 16).number(of: .ansi(8)) == 8 && !Palette(count: 16).isGreyByDim(.ansi(8)))
    #expect(Palette(count: 256).number(of: .palette(200)) == 200)
  }

  @Test("others become the nearest there is")
  func nearest() {
    #expect(Palette(count: 256).number(of: .rgb(255, 0, 0)) == 196)
    #expect(Palette(count: 256).number(of: .rgb(8, 8, 8)) == 232)
    #expect(Palette(count: 16).number(of: .rgb(250, 5, 5)) == 9)
    #expect(Palette(count: 8).number(of: .palette(196)) == 1)
    #expect(Palette(count: 1 << 24).number(of: .rgb(1, 2, 3)) == 0x010203)
    #expect(Palette(count: 1 << 24).number(of: .palette(196)) == 0xFF0000)
    #expect(Palette(count: 0).number(of: .rgb(1, 2, 3)) == 0)
    #expect(Palette(count: 88).count == 16)
  }
}
