import TerminalUI
import Testing

@Suite("Columns of a grapheme cluster")
struct CellWidthTests {
  @Test(
    "every kind of cluster has its width",
    arguments: [
      ("a", 1), (" ", 1), ("é", 1), ("e\u{301}", 1), ("ß", 1), ("漢", 2), ("か", 2), ("ｶ", 1),
      ("한", 2), ("\u{1112}\u{1161}\u{11AB}", 2), ("👩‍💻", 2), ("👍🏽", 2), ("🇫🇮", 2), ("❤️", 2),
      ("❤", 1), ("1️⃣", 2), ("\u{301}", 0), ("\u{200B}", 0), ("\u{FEFF}", 0), ("\t", 0),
      ("\r\n", 0), ("\u{AD}", 0), ("─", 1), ("█", 1), ("⣿", 1), ("☃", 1), ("⚡", 2), ("𠀀", 2),
    ] as [(String, Int)])
  func widths(_ text: String, _ width: Int) {
    #expect(text.count == 1)
    #expect(CellWidth.of(Character(text)) == width, "\(text.unicodeScalars.map(\.value))")
  }

  @Test("a text's width is the sum")
  func sum() {
    #expect("漢字 ok".cellWidth == 7)
    #expect("plain".cellWidth == 5)
    #expect("".cellWidth == 0)
  }
}
