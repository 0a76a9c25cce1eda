import Hope
import Sessions
import TerminalUI
import Testing

@Suite("The chat on the screen")
struct ChatScreenTests {
  @Test("the first minute: teach, ask, switch off, ask again, switch on")
  func guide() {
    var user = User()
    user.sees("1/5 Tell it something new")
    user.asks("My cat is called Biscuit.", answer: "How nice.")
    user.sees("you   My cat is called Biscuit.")
    user.sees("hope  How nice.")
    user.sees("2/5 Now ask for it")
    user.asks("What is my cat called?", answer: "Biscuit.", at: 20)
    user.sees("3/5 Silence what cms1 learned: /level cms1 read off")
    user.types("/level cms1 read off")
    user.presses(.enter)
    #expect(user.takesEffects().last == .send(.setAccess(.name("cms1"), .one(.read, isOn: false))))
    user.sees([.levelSet(LevelSetting(level: 1, name: "cms1", access: .write, gain: 1))])
    user.sees("-w listening")
    user.sees("4/5 Ask again")
    user.asks("What is my cat called?", answer: "Box.", at: 40)
    user.sees("5/5 Let it speak again")
    user.sees([.levelSet(LevelSetting(level: 1, name: "cms1", access: .on, gain: 1))])
    user.sees("Ask once more")
    user.asks("What is my cat called?", answer: "Biscuit.", at: 60)
    user.seesNot("Ask once more")
    user.sees("You saw it: that memory lived in cms1. Next: /ab cms1=off, Ctrl+O, F1")
    user.asks("Thanks.", answer: "Of course.", at: 80)
    user.seesNot("You saw it")
    user.types("/help tour")
    user.presses(.enter)
    user.sees("the tour begins again")
    user.sees("1/5 Tell it something new")
  }

  @Test("an answer appears as it streams, with its speed and what it changed")
  func streaming() {
    var user = User(100, 30)
    let events = Recorded.turn("Who are you?", "I am a small model", from: 0)
    user.sees(Array(events.prefix(3)))
    user.sees("reading 2/5")
    user.sees(Array(events[3..<9]))
    user.sees("answering")
    user.sees("hope  I am▌")
    user.sees(Array(events[9...]))
    user.sees("I am a small model")
    user.seesNot("▌")
    user.sees("86 tok/s")
    user.sees("◇ titans 17 % · cms1 1× 25 % · 6.2 bits")
    user.resizes(120, 40)
    user.sees("◇ titans ΔW 17 % · cms1 wrote 1× ΔW 25 % · 6.2 bits")
    user.resizes(160, 40)
    user.sees("◇ titans ΔW 17 % · cms1 wrote 1× ΔW 25 % · surprise 6.2 bits")
    user.resizes(40, 24)
    user.sees("◇ titans 17 % · cms1 1× 25 % ")
  }

  @Test("half a character shows as one placeholder, then as itself")
  func partial() {
    var user = User(100, 30)
    user.sees([
      .turnStarted(TurnStart(text: "hi", tokens: [], position: 0)),
      Recorded.token("a", .assistant, at: 0), Recorded.token("", .assistant, at: 1),
    ])
    user.sees("hope  a▯")
    user.sees([Recorded.token("漢", .assistant, at: 2)])
    user.sees("hope  a漢▌")
  }

  @Test("surprising tokens are marked, without colour too")
  func tints() {
    for depth in [DisplaySettings.ColorDepth.none, .ansi16, .palette256, .trueColor] {
      var user = User(100, 30, settings: DisplaySettings(colorDepth: depth))
      user.sees([
        .turnStarted(TurnStart(text: "x", tokens: [], position: 0)),
        Recorded.token("calm", .assistant, at: 0, bits: 0.1),
        Recorded.token(" odd", .assistant, at: 1, bits: 5),
        Recorded.token(" wild", .assistant, at: 2, bits: 9),
      ])
      #expect(user.style(of: "calm")?.attributes == [])
      #expect(user.style(of: "odd")?.attributes == .underline)
      #expect(user.style(of: "wild")?.attributes == [.bold, .underline])
      #expect((user.style(of: "wild")?.foreground == .terminal) == (depth == .none))
      user.presses(.control("t"))
      user.presses(.control("t"))
      #expect(user.style(of: "wild")?.attributes == [])
    }
  }

  @Test("the user's words get their tints while they are read")
  func questionTints() {
    var user = User(100, 30)
    user.sees([
      .turnStarted(
        TurnStart(
          text: "a Biscuit", tokens: [AuthoredToken(1, .user), AuthoredToken(2, .user)], position: 0
        )), Recorded.token("a", .user, at: 0, bits: 1),
      Recorded.token(" Biscuit", .user, at: 1, bits: 9),
    ])
    user.sees("you   a Biscuit")
    #expect(user.style(of: "Biscuit")?.attributes == [.bold, .underline])
  }

  @Test("scrolled up, the view stays while text streams in; End follows again")
  func scrolling() {
    var user = User(80, 24)
    for i in 0..<20 { user.asks("Question \(i)", answer: "Answer \(i)", at: i * 10) }
    user.presses(.pageUp, .pageUp)
    let before = user.canvas.text().split(separator: "\n").prefix(16).map { $0.prefix(40) }
    user.asks("New", answer: "Newest words", at: 300)
    // sending goes to the end
    user.sees("Newest words")
    user.presses(.pageUp, .pageUp)
    let there = user.canvas.text()
    user.sees(Recorded.turn("Other", "More words", from: 320))
    let rows = { (text: String) in
      text.split(separator: "\n").dropFirst(2).prefix(14).map { $0.prefix(40) }
    }
    #expect(rows(user.screen) == rows(there))
    #expect(before.count == 16)
    user.sees("End: newest")
    user.presses(.function(2), .end)
    user.sees("More words")
    user.seesNot("End: newest")
  }

  @Test("the scroll position survives a resize")
  func resize() {
    var user = User(100, 30)
    for i in 0..<30 {
      user.asks("Question \(i)", answer: "Answer number \(i) in some words", at: i * 10)
    }
    user.presses(.pageUp, .pageUp)
    let first = user.screen.split(separator: "\n").first { $0.contains("Answer number") }
    let number = first?.split(separator: " ").drop { $0 != "number" }.dropFirst().first
    for (columns, rows) in [(60, 20), (200, 60), (10, 3), (100, 30)] { user.resizes(columns, rows) }
    user.sees("Answer number \(number ?? "?")")
    user.sees("End: newest")
  }

  @Test("search finds, marks, and goes from place to place")
  func search() {
    var user = User(100, 30)
    for i in 0..<30 {
      user.asks("Question \(i)", answer: i == 3 ? "a Needle" : "hay \(i)", at: i * 10)
    }
    user.presses(.function(2))
    user.types("/needle")
    user.sees("1 found")
    user.sees("a Needle")
    #expect(user.style(of: "Needle")?.attributes.contains(.reverse) == true)
    user.presses(.enter)
    user.sees("1/1")
    user.presses(.escape)
    #expect(user.style(of: "Needle")?.attributes.contains(.reverse) == false)
    user.types("/nothing at all")
    user.sees("nothing")
    user.presses(.escape)
    user.seesNot("find nothing")
  }

  @Test("copy takes the last answer, and says how it went")
  func copy() {
    var user = User()
    user.asks("a", answer: "first answer")
    user.asks("b", answer: "second answer", at: 20)
    _ = user.takesEffects()
    user.presses(.tab)
    user.types("y")
    #expect(user.takesEffects() == [.copy("second answer")])
    user.does(.copied(by: "OSC 52"))
    user.sees("copied with OSC 52")
    user.presses(.escape)
    user.types("/copy 2")
    user.presses(.enter)
    #expect(user.takesEffects().contains(.copy("first answer")))
  }

  @Test("what commands answer stands in the chat")
  func reports() {
    var user = User(120, 40)
    user.sees([
      .levels(Recorded.facts.levels), .settingChanged(.temperature(0.5)),
      .explanation(LevelExplanation(kind: .continuum(retention: 0.9), status: Recorded.status(1))),
      .stateReset(
        StateReset(scope: .mixers(name: "titans"), digest: Recorded.digest, equalsBase: false)),
      .failed(.unknownLevel("cms9", known: ["titans"])),
    ])
    user.sees("4  cms3     1024  rw on  0/1024       0         –  0.0000")
    user.sees("temperature 0.5")
    user.sees("with its own clock")
    user.sees("working memory (titans) dropped")
    user.sees("error: no level cms9")
  }

  @Test("a new conversation is proven, and the counters begin anew")
  func newConversation() {
    var user = User()
    user.asks("a", answer: "b c d")
    _ = user.takesEffects()
    user.sees([
      .stateReset(StateReset(scope: .everything, digest: Recorded.digest, equalsBase: true))
    ])
    user.sees("─── new conversation · memory is the base's (checked) ─────")
    user.resizes(80, 24)
    user.sees("─── new conversation · checked ────")
    user.resizes(120, 40)
    user.sees(" 0 tok")
    #expect(user.takesEffects() == [.send(.showLevels)])
    user.sees([.levels(Recorded.facts.levels), .commandFinished(2)])
    user.seesNot("‖ΔW‖/‖W‖   drift")
    user.sees("ready")
    user.sees([
      .stateReset(StateReset(scope: .everything, digest: Recorded.digest, equalsBase: false))
    ])
    user.sees("ERROR: the state differs")
  }

  @Test("hostile text is made visible before it is a cell")
  func hostile() {
    var user = User(100, 30)
    user.sees([
      .turnStarted(TurnStart(text: "\u{1B}]52;c;x\u{7}", tokens: [], position: 0)),
      Recorded.token("\u{1B}[2J\u{202E}a\tb\r", .assistant, at: 0),
      .loading(path: "/x/\u{1B}]0;t\u{7}"), .failed(.unknownLevel("\u{9B}31m", known: [])),
    ])
    user.does(.notice("\u{1B}c", isAlarm: true))
    let scalars = user.canvas.cells.flatMap { Array($0.text.unicodeScalars) }
    let raw = scalars.filter {
      $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || $0 == "\u{202E}"
    }
    #expect(raw == [])
  }

  @Test("a very long chat gives up its beginning and keeps its end")
  func bounded() {
    var user = User(100, 30)
    // 30 long words a turn: half a million letters in all
    let answer = Array(repeating: String(repeating: "long", count: 25), count: 30)
    for i in 0..<160 {
      user.sees(
        Recorded.turn("Question \(i).", answer.joined(separator: " ") + " End \(i).", from: i * 40))
    }
    user.sees("End 159.")
    user.presses(.tab, .home)
    user.sees("End: newest")
    user.seesNot("Question 0.")
    user.presses(.end)
    user.sees("End 159.")
  }
}
