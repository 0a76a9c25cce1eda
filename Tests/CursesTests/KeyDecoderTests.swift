import Curses
import TerminalUI
import Testing

@Suite("Keys from bytes")
struct KeyDecoderTests {
  /// The keys of bytes that come at once, and then nothing for long.
  private func keys(_ text: String) -> [Key] { keys(Array(text.utf8)) }

  private func keys(_ bytes: [UInt8]) -> [Key] {
    var decoder = KeyDecoder()
    var keys = decoder.feed(bytes)
    while decoder.patience != nil { keys += decoder.timeIsUp() }
    return keys
  }

  @Test(
    "sequences of the usual terminals",
    arguments: [
      ("\u{1B}[A", Key.up), ("\u{1B}OB", .down), ("\u{1B}[1;2C", .shiftRight),
      ("\u{1B}[1;5D", .controlLeft), ("\u{1B}[1;3C", .alt("f")), ("\u{1B}[H", .home),
      ("\u{1B}[4~", .end), ("\u{1B}[8~", .end), ("\u{1B}OF", .end), ("\u{1B}[5~", .pageUp),
      ("\u{1B}[6;5~", .pageDown), ("\u{1B}[3~", .delete), ("\u{1B}[2~", .insert),
      ("\u{1B}[Z", .backTab), ("\u{1B}OP", .function(1)), ("\u{1B}[1;2S", .function(4)),
      ("\u{1B}[15~", .function(5)), ("\u{1B}[24~", .function(12)), ("\u{1B}[[A", .function(1)),
      ("\u{1B}[11~", .function(1)), ("\u{1B}[a", .shiftUp), ("\u{1B}Oc", .controlRight),
      ("\u{1B}[3$", .delete), ("\u{1B}[13;2u", .altEnter), ("\u{1B}[27;5;99~", .control("c")),
      ("\u{1B}[I", .focusGained), ("\u{1B}[O", .focusLost), ("\u{1B}OM", .enter),
      ("\u{1B}Ok", .character("+")), ("\u{1B}\r", .altEnter), ("\u{1B}\u{7F}", .altBackspace),
      ("\u{1B}b", .alt("b")), ("\u{1B}ö", .alt("ö")), ("\u{1B}[", .alt("[")),
      ("\u{1B}O", .alt("O")),
      ("\u{1B}]", .alt("]")), ("\u{1B}", .escape),
      ("\u{1B}[<0;100;30M", .mouse(MouseEvent(kind: .press, x: 99, y: 29))),
      ("\u{1B}[<2;1;1m", .mouse(MouseEvent(kind: .release, button: 3, x: 0, y: 0))),
      ("\u{1B}[<32;5;6M", .mouse(MouseEvent(kind: .drag, x: 4, y: 5))),
      ("\u{1B}[<65;5;6M", .mouse(MouseEvent(kind: .scrollDown, x: 4, y: 5))),
    ])
  func sequences(_ bytes: String, _ key: Key) {
    #expect(keys(bytes) == [key])
    #expect(keys(bytes + "x") == [key, .character("x")] || keys(bytes).first?.isPrefix == true)
  }

  @Test("controls are keys, also those that terminals keep for themselves")
  func controls() {
    #expect(
      keys([0x03, 0x13, 0x11, 0x1A, 0x04, 0x09, 0x0D, 0x0A, 0x08, 0x7F, 0x1F, 0x00])
        == [
          .control("c"), .control("s"), .control("q"), .control("z"), .control("d"), .tab, .enter,
          .control("j"), .backspace, .backspace, .control("_"), .control("@"),
        ])
  }

  @Test("a sequence may be cut anywhere")
  func splits() {
    let text = "a\u{1B}[1;5Cé漢\u{1B}[200~x\ny\u{1B}[201~"
    let whole: [Key] = [
      .character("a"), .controlRight, .character("é"), .character("漢"), .paste("x\ny"),
    ]
    let bytes = Array(text.utf8)
    for cut in 0...bytes.count {
      var decoder = KeyDecoder()
      var found = decoder.feed(Array(bytes[..<cut])) + decoder.feed(Array(bytes[cut...]))
      found += decoder.timeIsUp()
      #expect(found == whole, "cut at \(cut)")
    }
    var decoder = KeyDecoder()
    #expect(bytes.flatMap { decoder.feed([$0]) } + decoder.timeIsUp() == whole)
  }

  @Test("unknown sequences are swallowed whole")
  func unknown() {
    for sequence in [
      "\u{1B}[?1;2c", "\u{1B}[24;80R", "\u{1B}[99;99;99~", "\u{1B}[>0;276;0c",
      "\u{1B}]11;rgb:0000/0000/0000\u{7}", "\u{1B}P1+r436f\u{1B}\\", "\u{1B}_Gi=1;OK\u{1B}\\",
      "\u{1B}[M !!", "\u{1B}[<35;5;6M", "\u{1B}[?2026;2$y",
      "\u{1B}[" + String(repeating: "1;", count: 500) + "Q",
    ] {
      #expect(
        keys("a" + sequence + "b") == [.character("a"), .character("b")], "\(sequence.dropFirst())")
    }
  }

  @Test("what is not UTF-8 shows as one character each, and nothing is lost")
  func invalid() {
    #expect(
      keys([0x61, 0xFF, 0x62, 0xC3, 0x28, 0xE2, 0x82, 0x63])
        == "a\u{FFFD}b\u{FFFD}(\u{FFFD}c".map { .character($0) })
    #expect(keys([0xC2, 0x9B, 0x41]) == [.character("A")])  // a control of two bytes
    #expect(keys([0xE2, 0x82]) == [.character("\u{FFFD}")])
  }

  @Test("characters that make one glyph arrive as one")
  func clusters() {
    #expect(keys("e\u{301}👩‍👩‍👧") == [.character("e\u{301}"), .character("👩‍👩‍👧")])
  }

  @Test("two quick presses of Esc are two")
  func escapes() {
    #expect(keys("\u{1B}\u{1B}") == [.escape, .escape])
    #expect(keys("\u{1B}\u{1B}[A") == [.escape, .up])
  }

  @Test("a paste is one key with line ends of one kind, however long")
  func paste() {
    #expect(keys("\u{1B}[200~a\r\nb\rc\u{1B}[201~") == [.paste("a\nb\nc")])
    let lines = (1...10_000).map { "line \($0) of a long paste, /quit" }.joined(separator: "\n")
    let bytes = Array("\u{1B}[200~\(lines)\u{1B}[201~q".utf8)
    var decoder = KeyDecoder()
    var found: [Key] = []
    for at in stride(from: 0, to: bytes.count, by: 4095) {
      found += decoder.feed(Array(bytes[at..<min(bytes.count, at + 4095)]))
    }
    found += decoder.timeIsUp()
    #expect(found == [.paste(lines), .character("q")])
  }

  @Test("a paste with an end mark in it stays one paste and types nothing")
  func hostilePaste() {
    #expect(
      keys("\u{1B}[200~good\u{1B}[201~/quit\rmore\u{1B}[201~") == [.paste("good/quit\nmore")])
    #expect(
      keys("\u{1B}[200~a\u{1B}[201~b\u{1B}[200~c\u{1B}[201~\r")
        == [.paste("a"), .character("b"), .paste("c"), .enter])
    #expect(keys("\u{1B}[200~\u{1B}[2J\u{0}\u{1B}[201~") == [.paste("␛[2J␀")])
  }

  @Test("a paste whose end never comes is not waited for for ever")
  func unendingPaste() {
    var decoder = KeyDecoder()
    #expect(decoder.feed(Array("\u{1B}[200~text".utf8)) == [])
    #expect(decoder.patience == 2)
    #expect(decoder.timeIsUp() == [.paste("text")])
    #expect(decoder.patience == nil)
  }
}

extension Key {
  /// Whether what follows may belong to it.
  fileprivate var isPrefix: Bool {
    switch self {
    case .escape, .alt("["), .alt("O"), .alt("]"): true
    default: false
    }
  }
}
