import Sessions
import TerminalUI
import Testing

@Suite("The help")
struct HelpTests {
  @Test("the search is edited like every line")
  func editing() {
    var user = User(80, 24)
    user.presses(.function(1))
    user.types("undo what")
    user.presses(.control("w"))
    user.sees("find undo ")
    user.sees("Ctrl+_")
    user.presses(.control("a"), .control("k"))
    user.sees("type to search")
    user.types("xtint")
    user.presses(.control("a"), .control("d"))
    user.sees("find tint")
    user.sees("/tint off|surprise|credit")
    user.presses(.control("u"))
    user.sees("type to search")
  }

  @Test("a command that is looked for comes first, and its lines stand below it")
  func order() {
    var user = User(100, 30)
    user.presses(.function(1))
    user.types("/amnesia")
    let rows = user.screen.split(separator: "\n")
    let heading = rows.firstIndex { $0.contains("Commands") } ?? 0
    #expect(rows[heading + 1].contains("▸ /amnesia [levels]"), "\n\(user.screen)")
    let level = rows.firstIndex { $0.contains("/level ") } ?? 0
    #expect(level > heading + 1)
    #expect(rows.dropFirst(level).contains { $0.contains("as /amnesia and") })
    user.sees("r-  frozen: still speaks, learns no more")
  }

  @Test("it opens at what is asked about here")
  func section() {
    var user = User(chatting: Recorded.talk, 100, 30)
    user.presses(.function(1))
    user.sees("▸ Enter")
    user.sees("Writing")
    user.presses(.function(1), .function(2), .character("?"))
    user.sees("▸ Tab Shift+Tab")
    user.seesNot("Writing")
    user.presses(.escape, .control("o"))
    user.does(.timeline(Recorded.tape(Recorded.talk, isPresent: true)))
    user.presses(.function(1))
    user.sees("Timeline and replay")
    user.sees("▸ Left Right")
    user.seesNot("Everywhere")
  }

  @Test("going elsewhere leaves it")
  func leave() {
    var user = User(chatting: Recorded.talk, 120, 40)
    user.presses(.function(1), .function(4))
    user.seesNot("─ help ")
    user.presses(.function(1), .control("o"))
    user.does(.timeline(Recorded.tape(Recorded.talk, isPresent: true)))
    user.seesNot("─ help ")
    user.sees("─ timeline ")
  }

  @Test("arrows choose a row, which stays in sight; Enter writes the command it is about")
  func insert() {
    var user = User(100, 20)
    user.presses(.function(1))
    for _ in 0..<30 { user.presses(.down) }
    user.sees("▸")
    user.presses(.end)
    user.sees("▸ idle")
    user.types("/explain")
    user.sees("▸ /explain NAME")
    user.presses(.enter)
    user.seesNot("─ help ")
    user.sees("› /explain ")
    user.sees("cms2")
  }

  @Test("a draft in the way is kept for Ctrl+Y")
  func keepsDraft() {
    var user = User()
    user.types("half a thought")
    user.presses(.function(1))
    user.types("/undo")
    user.presses(.enter)
    user.sees("› /undo")
    user.presses(.control("u"), .escape)
    user.sees("Ctrl+Y brings back")
  }

  @Test("the list of commands says how many it does not show, and leaves the chat's frame whole")
  func completion() {
    var user = User(100, 30)
    user.types("/")
    let count = user.screen.firstMatch(of: #/… (\d+) more/#).flatMap { Int($0.1) } ?? 0
    #expect(count > 10)
    for _ in 0..<3 { user.presses(.tab) }
    user.sees("3/\(count + 10)")
    let rows = user.screen.split(separator: "\n")
    let bottom = rows.firstIndex { $0.hasPrefix("╰─") } ?? 0
    #expect(rows[1..<bottom].dropFirst().allSatisfy { $0.hasPrefix("│") })
    user.types("zzz")
    user.seesNot(" more ")
  }
}
