import TerminalUI
import Testing

@Suite("Wrapping")
struct TextWrapTests {
  private func wrapped(_ text: String, _ width: Int) -> [String] {
    TextWrap.rows(text, width: width).map { String(text[$0]) }
  }

  @Test("words stay whole where they fit")
  func words() {
    #expect(wrapped("the cat is called Biscuit", 10) == ["the cat is", "called", "Biscuit"])
    #expect(wrapped("one\n\ntwo", 10) == ["one", "", "two"])
    #expect(wrapped("abcdefghij k", 4) == ["abcd", "efgh", "ij k"])
    #expect(wrapped("well-known", 6) == ["well-", "known"])
    #expect(wrapped("", 5) == [""])
    #expect(wrapped("漢字漢字", 5) == ["漢字", "漢字"])
    #expect(wrapped("  indented text", 10) == ["  indented", "text"])
  }

  private static let samples = [
    "the cat is called Biscuit and lives in Turku", "漢字 and 👩‍💻👩‍💻 e\u{301}e\u{301} 🇫🇮🇸🇪🇳🇴 mixed",
    "averyveryverylongwordwithoutanyspace and more", "a\nb\n\n  c  d   \n", "   ", "------",
  ]

  @Test("no row is too wide, no cluster is split, nothing but spaces is lost", arguments: samples)
  func whole(_ text: String) {
    for width in 1...40 {
      let rows = TextWrap.rows(text, width: width)
      let clusters = Set(text)
      for row in rows {
        let piece = text[row]
        #expect(piece.cellWidth <= max(2, width), "\(width): \(piece)")
        #expect(piece.allSatisfy { clusters.contains($0) })
      }
      let kept = rows.map { String(text[$0]) }.joined().filter { !$0.isWhitespace }
      #expect(kept == text.filter { !$0.isWhitespace }, "\(width)")
    }
  }

  @Test("text that grows wraps as if it had come at once", arguments: samples)
  func grows(_ text: String) {
    for width in [1, 2, 7, 20] {
      var (grown, rows) = ("", TextWrap.rows("", width: width))
      for scalar in text.unicodeScalars {
        grown.unicodeScalars.append(scalar)
        let last = rows.removeLast()
        TextWrap.append(grown, from: last.start, width: width, to: &rows)
      }
      #expect(rows == TextWrap.rows(text, width: width), "\(width)")
    }
  }
}
