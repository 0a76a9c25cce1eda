import TerminalUI
import Testing

@Suite("Canvas")
struct CanvasTests {
  @Test("text is clipped at every edge")
  func clips() {
    var canvas = Canvas(width: 5, height: 2)
    canvas.draw("abcdefgh", x: 2, y: 0)
    canvas.draw("abcdefgh", x: -3, y: 1)
    canvas.draw("x", x: 0, y: -1)
    canvas.draw("x", x: 0, y: 2)
    #expect(canvas.text() == "  abc\ndefgh")
  }

  @Test("a wide glyph takes two cells and is never halved")
  func wide() {
    var canvas = Canvas(width: 5, height: 1)
    canvas.draw("漢字漢", x: 0, y: 0)
    #expect(canvas.text() == "漢字")
    #expect(canvas[0, 0].text == "漢" && canvas[1, 0].isRightHalf)
    #expect(canvas[4, 0].text == " ")
    canvas.draw("漢", x: -1, y: 0)
    #expect(canvas.line(0) == "  字")
  }

  @Test("drawing over half of a wide glyph blanks the other half", arguments: [0, 1])
  func heals(_ x: Int) {
    var canvas = Canvas(width: 4, height: 1)
    canvas.draw("漢字", x: 0, y: 0)
    canvas.draw("x", x: x, y: 0)
    #expect(canvas.line(0) == (x == 0 ? "x 字" : " x字"))
    canvas.draw("漢", x: 1, y: 0)
    #expect(canvas.line(0) == (x == 0 ? "x漢" : " 漢"))
    #expect(canvas[3, 0].text == " ")
  }

  @Test("every cluster stays whole in one cell")
  func clusters() {
    var canvas = Canvas(width: 12, height: 1)
    canvas.draw("e\u{301}👩‍💻🇫🇮a\u{200B}b", x: 0, y: 0)
    #expect(canvas[0, 0].text == "e\u{301}")
    #expect(canvas[1, 0].text == "👩‍💻")
    #expect(canvas[3, 0].text == "🇫🇮")
    #expect(canvas.line(0).hasSuffix("b"))
  }

  @Test("a limit counts columns, and says where the text ended")
  func limit() {
    var canvas = Canvas(width: 20, height: 1)
    #expect(canvas.draw("abcdef", x: 2, y: 0, limit: 3) == 5)
    #expect(canvas.line(0) == "  abc")
    canvas.draw("right", endingAt: 20, y: 0, from: 0)
    #expect(canvas.line(0) == "  abc          right")
  }

  @Test("no size is too small", arguments: [(0, 0), (1, 1), (1, 5), (-3, 2)])
  func sizes(_ width: Int, _ height: Int) {
    var canvas = Canvas(width: width, height: height)
    canvas.draw("漢字", x: 0, y: 0)
    canvas.fill(Rect(x: -1, y: -1, width: 9, height: 9), .plain)
    canvas.restyle(Rect(x: -1, y: -1, width: 9, height: 9)) { $0.adding(.bold) }
    #expect(canvas.cells.count == max(0, width) * max(0, height))
  }

  @Test("a row's changes begin and end at the cells that differ, wide glyphs whole")
  func changes() {
    var (before, after) = (Canvas(width: 12, height: 2), Canvas(width: 12, height: 2))
    #expect(after.changes(inRow: 0, since: before) == nil)
    for row in 0..<2 { before.draw("a漢b", x: 2, y: row) }
    after.draw("a漢b", x: 2, y: 0)
    after.draw("a漢c", x: 2, y: 1)
    #expect(after.changes(inRow: 0, since: before) == nil)
    #expect(after.changes(inRow: 1, since: before) == 5..<6)
    after.draw("xyz", x: 4, y: 0)  // over the right half of the wide one
    #expect(after.changes(inRow: 0, since: before) == 3..<7)
    before = Canvas(width: 12, height: 2)
    before.draw("漢", x: 3, y: 1, Style(on: .ansi(1)))
    after = before
    after.draw("字", x: 3, y: 1, Style(on: .ansi(1)))
    #expect(after.changes(inRow: 1, since: before) == 3..<4)
  }

  @Test("a row comes in pieces of one look, with every cluster by itself")
  func pieces() {
    var canvas = Canvas(width: 9, height: 1)
    let bold = Style(.terminal, on: .terminal, .bold)
    canvas.draw("ab", x: 0, y: 0)
    canvas.draw("cd漢é", x: 2, y: 0, bold)
    var seen: [String] = []
    canvas.pieces(ofRow: 0, in: 1..<8) { x, piece in
      switch piece {
      case .plain(let bytes, let style):
        seen.append("\(x) \(String(decoding: bytes, as: UTF8.self)) \(style == bold)")
      case .glyph(let text, let width, let style):
        seen.append("\(x) \(text) \(width) \(style == bold)")
      }
    }
    #expect(seen == ["1 b false", "2 cd true", "4 漢 2 true", "6 é 1 true", "7   false"])
  }
}
