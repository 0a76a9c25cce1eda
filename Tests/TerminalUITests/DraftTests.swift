import TerminalUI
import Testing

@Suite("Draft")
struct DraftTests {
  private func draft(_ text: String) -> Draft { Draft(text) }

  @Test("cuts gather, and yank brings them back")
  func kill() {
    var d = draft("my cat is called Biscuit")
    d.killWordBackward(.space)
    d.killWordBackward(.space)
    #expect(d.text == "my cat is ")
    d.yank()
    #expect(d.text == "my cat is called Biscuit")
    d.moveToLineStart()
    d.killWordForward()
    #expect(d.text == " cat is called Biscuit")
    d.killToLineEnd()
    #expect(d.text == "")
    d.yank()
    #expect(d.text == "my cat is called Biscuit")
  }

  @Test("undo takes typing back in one step, and cuts one by one")
  func undo() {
    var d = draft("")
    for letter in "hello" { d.insert(String(letter), isTyping: true) }
    d.insert(" ", isTyping: true)
    for letter in "you" { d.insert(String(letter), isTyping: true) }
    d.killToLineStart()
    d.undo()
    #expect(d.text == "hello you")
    d.undo()
    #expect(d.text == "hello ")
    d.undo()
    d.undo()
    #expect(d.text == "")
    d.undo()
    #expect(d.text == "")
  }

  @Test("moves and deletes by clusters and words")
  func moves() {
    var d = draft("e\u{301}👩‍💻 two, three")
    d.moveWordLeft()
    d.moveWordLeft()
    d.insert("|")
    #expect(d.text == "e\u{301}👩‍💻 |two, three")
    d.deleteBackward()
    d.deleteBackward()
    d.deleteBackward()
    #expect(d.text == "e\u{301}two, three")
    d.moveLeft()
    d.deleteForward()
    #expect(d.text == "two, three")
    d.moveWordRight()
    d.insert("!")
    #expect(d.text == "two!, three")
  }

  @Test("a mark that joins what stands before it moves the cursor behind both")
  func joins() {
    var d = draft("e")
    d.insert("\u{301}")
    #expect(d.text == "e\u{301}")
    d.insert("x")
    #expect(d.text == "e\u{301}x")
    d.moveLeft()
    d.deleteBackward()
    #expect(d.text == "x")
  }

  @Test("up and down keep the column")
  func vertical() {
    var d = draft("a long first line\nab\nanother long line")
    var moved = [d.moveUp(width: 40)]
    d.insert("1")
    #expect(d.text == "a long first line\nab1\nanother long line")
    d.undo()
    d.moveToEnd()
    moved += [d.moveUp(width: 40), d.moveUp(width: 40)]
    d.insert("2")
    #expect(d.text == "a long first line2\nab\nanother long line")
    moved += [d.moveUp(width: 40), d.moveDown(width: 40), d.moveDown(width: 40)]
    moved.append(d.moveDown(width: 40))
    #expect(moved == [true, true, true, false, true, true, false])
  }

  @Test("the view shows the cursor, whatever the size")
  func view() {
    let lines = (0..<200).map { "line \($0)" }.joined(separator: "\n")
    var d = draft(lines)
    for _ in 0..<250 {
      for (width, height) in [(1, 1), (5, 3), (30, 8)] {
        let view = d.view(width: width, height: height)
        #expect(view.rows.count <= height)
        #expect(view.rows.indices.contains(view.cursorRow))
        #expect(view.cursorColumn >= 0 && view.cursorColumn < max(1, width))
      }
      _ = d.moveUp(width: 30)
    }
    #expect(d.view(width: 30, height: 8).rows.first?.start == 0)
    #expect(draft("a\n").view(width: 9, height: 3).cursorRow == 1)
  }

  @Test("control characters become visible, line ends become newlines")
  func hostile() {
    var d = draft("")
    d.insert("a\r\nb\rc\u{1B}[2J\u{7}\u{202E}")
    #expect(d.text == "a\nb\nc␛[2J␇\u{FFFD}")
  }

  @Test("a paste beyond the limit is cut and says so")
  func limit() {
    var d = draft("")
    let fits = d.insert(String(repeating: "漢", count: 300_000))
    #expect(!fits)
    #expect(d.text.utf8.count <= 500_000 && d.text.count > 160_000)
    #expect(d.text.allSatisfy { $0 == "漢" })
  }
}
