import Hope
import Sessions
import TerminalUI
import Testing

@Suite("Keys")
struct KeysTests {
  @Test("Enter sends, keeps the line for later, and empties the draft")
  func send() {
    var user = User()
    user.types("hello there")
    user.sees("› hello there")
    user.presses(.enter)
    #expect(user.takesEffects() == [.saveHistory("hello there"), .send(.say("hello there"))])
    user.sees("1 waiting")
    user.presses(.up)
    user.sees("› hello there")
  }

  @Test("three ways to a new line, none of which sends")
  func newlines() {
    var user = User()
    user.types("a")
    user.presses(.control("j"))
    user.types("b")
    user.presses(.altEnter)
    user.types("c\\")
    user.presses(.enter)
    user.types("d")
    #expect(user.takesEffects().isEmpty)
    user.sees("4 lines")
    user.presses(.enter)
    #expect(user.takesEffects().last == .send(.say("a\nb\nc\nd")))
  }

  @Test("a paste is one draft, whatever it contains")
  func paste() {
    var user = User()
    user.presses(.paste("/quit\r\n/quit\n\u{1B}[201~x"))
    #expect(user.takesEffects().isEmpty)
    user.sees("3 lines")
    user.sees("␛[201~x")
    user.presses(.paste(String(repeating: "line\n", count: 10_000)))
    user.sees("10,003 lines")
  }

  @Test("an unknown command is an error and never sent; // sends a slash")
  func commands() {
    var user = User()
    user.types("/lvel")
    user.presses(.enter)
    #expect(user.takesEffects().isEmpty)
    user.sees("no command /lvel; did you mean /level?")
    user.sees("› /lvel")
    user.presses(.control("u"))
    user.types("//lvel")
    user.presses(.enter)
    #expect(user.takesEffects().last == .send(.say("/lvel")))
    user.types("exit")
    user.presses(.enter)
    #expect(user.takesEffects().last == .send(.say("exit")))
  }

  @Test("the draft has a slot of its own in the history")
  func history() {
    var user = User(history: ["one", "two"])
    user.types("draft")
    user.presses(.up)
    user.sees("› two")
    user.types("!")
    user.presses(.up)
    user.sees("› one")
    user.presses(.up, .down)
    user.sees("› two")
    user.seesNot("two!")
    user.presses(.down)
    user.sees("› draft")
    user.presses(.down)
    user.sees("› draft")
  }

  @Test("Ctrl+R searches what was sent")
  func historySearch() {
    var user = User(history: ["my cat Biscuit", "the river", "another Cat"])
    user.presses(.control("r"))
    user.types("cat")
    user.sees("another Cat")
    user.presses(.control("r"))
    user.sees("my cat Biscuit")
    user.presses(.control("r"))
    user.sees("my cat Biscuit")
    user.presses(.enter)
    user.sees("› my cat Biscuit")
    #expect(user.takesEffects().isEmpty)
  }

  @Test("Tab completes commands and their arguments, and else moves the focus")
  func completion() {
    var user = User()
    user.types("/expl")
    user.sees("what a level is and what it has done")
    user.presses(.tab)
    user.sees("› /explain")
    user.sees("titans")
    user.types("cm")
    user.presses(.tab)
    user.sees("› /explain cms")
    user.presses(.tab)
    user.sees("› /explain cms1")
    user.presses(.tab)
    user.sees("› /explain cms2")
    user.presses(.backTab)
    user.sees("› /explain cms1")
    user.presses(.control("u"))
    user.types("/level cms1 wr")
    user.presses(.tab)
    user.types("of")
    user.presses(.tab, .enter)
    #expect(user.takesEffects().last == .send(.setAccess(.name("cms1"), .one(.write, isOn: false))))
  }

  @Test("Ctrl+C stops the answer, then empties the draft, then, twice, leaves")
  func interrupt() {
    var user = User()
    user.types("go")
    user.presses(.enter)
    user.sees(Array(Recorded.turn("go", "a b c").prefix(6)))
    user.types("next thought")
    _ = user.takesEffects()
    user.presses(.control("c"))
    #expect(user.takesEffects() == [.stopAnswer])
    user.sees("stopping")
    user.sees([
      .answerEnded(Recorded.end("a", read: 3, position: 6, why: .stopped)), .commandFinished(1),
    ])
    user.sees("◇ stopped")
    user.presses(.control("c"))
    user.seesNot("next thought")
    user.presses(.control("y"))
    user.sees("next thought")
    user.presses(.control("c"))
    _ = user.takesEffects()
    user.presses(.control("c"))
    #expect(user.takesEffects().isEmpty)
    user.waits(2.5)
    user.presses(.control("c"))
    _ = user.takesEffects()
    user.presses(.control("c"))
    #expect(user.takesEffects().last == .quit(code: 130))
  }

  @Test("Ctrl+C leaves even where a message waits for a model that never comes")
  func interruptLoading() {
    var user = User(hasModel: false)
    user.sees([.loading(path: "/x")])
    user.types("hello")
    user.presses(.enter)
    _ = user.takesEffects()
    user.presses(.control("c"), .control("c"), .control("c"))
    #expect(user.takesEffects() == [.stopAnswer, .quit(code: 130)])
  }

  @Test("Ctrl+D deletes, and leaves from an empty line")
  func controlD() {
    var user = User()
    user.types("ab")
    user.presses(.control("a"), .control("d"))
    user.sees("› b")
    user.presses(.control("d"))
    _ = user.takesEffects()
    user.presses(.control("d"))
    #expect(user.takesEffects().contains(.quit(code: 0)))
  }

  @Test("the draft reaches the disk within a second, and goes when it is sent")
  func savesDraft() {
    var user = User()
    user.types("half a thought")
    #expect(user.app.nextDeadline != nil)
    user.waits(1)
    #expect(user.takesEffects() == [.saveDraft("half a thought")])
    #expect(user.app.nextDeadline == nil)
    user.presses(.enter)
    #expect(user.takesEffects().contains(.saveDraft("")))
    #expect(User(draft: "from last time").screen.contains("› from last time"))
  }

  @Test("digits in a pane turn the switches, at once and in words")
  func toggles() {
    var user = User()
    user.types("x")
    user.presses(.control("x"), .character("2"))
    #expect(user.takesEffects() == [.send(.setAccess(.number(2), .both(.read)))])
    user.sees("r- frozen…")
    user.sees("cms1 r- frozen: what it learned speaks, it learns no more")
    user.sees([
      .levelSet(LevelSetting(level: 1, name: "cms1", access: .read, gain: 1)), .commandFinished(1),
    ])
    user.seesNot("frozen…")
    user.presses(.function(2), .character("@"))
    #expect(user.takesEffects() == [.send(.setAccess(.number(2), .both(.off)))])
    user.presses(.character("1"), .character("9"))
    user.sees("no level 9; this model has 4")
  }

  @Test("two quick presses of one switch end where they began")
  func twice() {
    var user = User()
    user.presses(.function(2), .character("2"), .character("2"))
    #expect(
      user.takesEffects() == [
        .send(.setAccess(.number(2), .both(.read))), .send(.setAccess(.number(2), .both(.on))),
      ])
    user.sees([.levelSet(LevelSetting(level: 1, name: "cms1", access: .read, gain: 1))])
    user.sees("rw on…")
    user.sees([
      .levelSet(LevelSetting(level: 1, name: "cms1", access: .on, gain: 1)), .commandFinished(1),
      .commandFinished(2),
    ])
    user.seesNot("on…")
  }

  @Test("Tab goes through the panes, Esc back; F1 and ? open help, typing searches it")
  func focus() {
    var user = User(80, 24)
    for title in ["levels", "piano roll", "heat", "token"] {
      if title == "levels" { user.presses(.tab) }
      user.presses(.tab)
      user.sees("─ \(title) ")
    }
    user.presses(.tab)
    user.types("typed")
    user.sees("› typed")
    user.presses(.control("u"), .tab, .character("?"))
    user.sees("type to search")
    user.types("undo")
    user.sees("Ctrl+_")
    user.seesNot("Ctrl+Y")
    user.types("zzz")
    user.sees("nothing says undozzz")
    user.presses(.escape, .escape)
    user.types("again")
    user.sees("› again")
  }

  @Test("a pane can be enlarged and closed")
  func enlarge() {
    var user = User(120, 40)
    user.presses(.function(2), .character("e"))
    user.seesNot("─ chat ")
    user.presses(.character("q"))
    user.sees("─ chat ")
    user.presses(.function(3), .character("q"))
    user.seesNot("─ levels ")
    user.presses(.function(2))
    user.sees("─ levels ")
  }

  @Test("remapped keys act as what they stand for")
  func remapped() {
    let settings = DisplaySettings(remappedKeys: [.function(9): .control("d")])
    var user = User(settings: settings)
    user.presses(.function(9))
    #expect(user.takesEffects() == [.quit(code: 0)])
    user.presses(.control("d"))
    #expect(user.takesEffects() == [])
  }

  @Test("two keys can change places")
  func swapped() {
    let settings = DisplaySettings(
      remappedKeys: [.function(1): .function(4), .function(4): .function(1)])
    var user = User(settings: settings)
    user.presses(.function(1))
    user.sees("─ heat ")
    user.presses(.function(4))
    user.sees("─ help ")
  }

  @Test("/set theme and /set color change the screen at once, and Tab completes their values")
  func liveSettings() {
    var user = User(settings: DisplaySettings(colorDepth: .trueColor))
    let dark = user.style(of: "hope")
    user.types("/set th")
    user.presses(.tab)
    user.types("li")
    user.presses(.tab, .enter)
    #expect(user.takesEffects().contains { if case .send = $0 { true } else { false } } == false)
    #expect(user.style(of: "hope") != dark)
    user.types("/set theme blue")
    user.presses(.enter)
    user.sees("/theme dark|light|mono|high-contrast")
    user.presses(.control("u"))
    user.types("/set color n")
    user.presses(.tab, .enter)
    #expect(user.takesEffects().contains(.send(.set(.color(.never)))))
    user.sees([.settingChanged(.color(.never)), .commandFinished(1)])
    #expect(Set(user.canvas.cells.map(\.style.foreground)) == [.terminal])
    user.types("/set max_tokens ")
    user.sees("120")
  }

  @Test("effects the loop has to carry out")
  func effects() {
    var user = User()
    user.types("draft")
    user.presses(
      .control("l"), .control("z"), .control("g"), .tab, .character("%"), .character("%"))
    #expect(
      user.takesEffects() == [
        .redrawAll, .suspend, .edit("draft"), .setMouse(true), .setMouse(false),
      ])
    user.does(.editorReturned("edited\ntext\n"))
    user.presses(.escape)
    user.sees("2 lines")
    user.does(.editorReturned(nil))
    user.sees("the editor failed")
    user.sees("2 lines")
  }

  @Test("screen commands act here and are not sent")
  func localCommands() {
    var user = User()
    user.asks("a", answer: "b")
    _ = user.takesEffects()
    for line in ["/tint off", "/theme mono", "/pane heat", "/clear", "/mouse on", "/help tint"] {
      user.presses(.escape)
      user.types(line)
      user.presses(.enter)
    }
    #expect(!user.takesEffects().contains { if case .send = $0 { true } else { false } })
    user.sees("help")
    user.seesNot("you   a")
  }
}
