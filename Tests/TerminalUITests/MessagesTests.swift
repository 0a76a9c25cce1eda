import Hope
import Sessions
import TerminalUI
import Testing

@Suite("What the screen says, and where")
struct MessagesTests {
  @Test("a message about one view does not hide the keys of the next")
  func otherView() {
    var user = User(chatting: Recorded.talk)
    user.presses(.control("t"))
    user.sees("tokens tinted by: what the levels gave")
    user.presses(.control("o"))
    user.does(.timeline(Recorded.tape(Recorded.talk, isPresent: true)))
    user.seesNot("tokens tinted by")
    user.sees("Enter go there")
    user.presses(.escape, .control("t"), .function(2))
    user.seesNot("tokens tinted by")
    user.sees("1-9 write")
  }

  @Test("a message ends when what it announced has happened")
  func announced() {
    var user = User(hasModel: false)
    user.sees([.loading(path: "/x")])
    user.types("hello")
    user.presses(.enter)
    user.sees("sent when the model is there")
    user.sees([.modelLoaded(Recorded.facts)])
    user.seesNot("sent when the model is there")
    user.sees(Array(Recorded.turn("hello", "Hi there").prefix(5)))
    user.types("/level")
    user.presses(.enter)
    user.sees("after this answer")
    user.sees(Array(Recorded.turn("hello", "Hi there").dropFirst(5)) + [.commandFinished(1)])
    user.seesNot("after this answer")
  }

  @Test("an alarm stays though the view changes")
  func alarm() {
    var user = User()
    user.does(.notice("the draft cannot be saved", isAlarm: true))
    user.presses(.function(2))
    user.sees("the draft cannot be saved")
  }

  @Test("what a command answers stands below the command, with air around both")
  func echo() {
    var user = User(120, 40)
    user.asks("Hello.", answer: "Hi.")
    user.types("/level")
    user.presses(.enter)
    user.seesNot("      /level")
    user.sees([.levels(Recorded.facts.levels), .commandFinished(2)])
    user.types("/set temperature 0.5")
    user.presses(.enter)
    user.sees([.settingChanged(.temperature(0.5)), .commandFinished(3)])
    let rows = user.screen.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.prefix(67) }
    let line = rows.firstIndex { $0.contains("/level") } ?? 0
    #expect(!rows[line - 1].contains { $0.isLetter })
    #expect(rows[line + 1].contains("level") && rows[line + 1].contains("drift"))
    #expect(rows[line + 2].contains("1  titans"))
    let next = rows.firstIndex { $0.contains("/set temperature") } ?? 0
    #expect(next == line + 7)
    #expect(rows[next + 1].contains("temperature 0.5"))
  }

  @Test("keys that turn switches leave no command behind")
  func noEcho() {
    var user = User()
    user.presses(.control("x"), .character("2"))
    user.sees([
      .levelSet(LevelSetting(level: 1, name: "cms1", access: .read, gain: 1)), .commandFinished(1),
    ])
    user.seesNot("/level")
  }

  @Test("in a narrow pane the level table becomes lines that break between facts")
  func narrowTable() {
    var user = User(80, 24)
    user.sees([.levels((0..<4).map { Recorded.status($0, position: 40, updates: 2) })])
    user.sees("2  cms1    rw on       2  0.3714")
    user.resizes(60, 24)
    user.sees("2  cms1    rw on    40/64       2  0.3714")
    user.resizes(200, 60)
    user.sees("bits")
    user.resizes(40, 30)
    user.sees([
      .levels([
        LevelStatus(level: 1, name: "cms1", period: 64, access: .read, gain: 0.5, updates: 12)
      ])
    ])
    user.sees("1 titans rw on · every token")
    user.sees("2 cms1 r- frozen ×0.5 · 0/64 ·")
    user.sees("12 writes · drift 0.0000")
  }

  @Test("/mem log gives digests and positions")
  func memoryLog() {
    var user = User()
    user.sees([.memoryLog([Marker(position: 1200, text: "before", state: Recorded.digest)])])
    user.sees("before · @1,200 · e3b0c44298fc")
    user.sees([.memoryLog([])])
    user.sees("no memory was kept")
  }

  @Test("a fork of its parent's name is told apart from it")
  func fork() {
    var user = User(chatting: Recorded.talk)
    let fork = SessionName(id: "01J9FORKED", name: "Biscuit", path: "/sessions/fork")
    user.sees([.recording(.forked(fork, from: Recorded.session))])
    user.sees("this is now a fork of Biscuit (id J9FORKED)")
    user.sees("9BISCUIT) stays as it was")
  }

  @Test("without a recording the timeline shows what was heard, and says that recording is off")
  func unrecorded() {
    var user = User()
    user.app = AppState(isGuided: false, isRecorded: false)
    user.resizes(120, 40)
    user.sees(Recorded.loaded)
    user.presses(.control("o"))
    user.sees("nothing was said yet")
    user.sees(Recorded.talk)
    _ = user.takesEffects()
    user.presses(.control("o"))
    #expect(user.takesEffects().isEmpty)
    user.sees("─ timeline, not recorded ─")
    user.sees("23 of 23 tokens")
    user.presses(.shiftLeft)
    user.seesNot("In Turku.")
    user.seesNot("fork there")
    user.presses(.character("f"))
    user.sees("a fork needs a recording: start hope without --no-record")
    _ = user.takesEffects()
    user.presses(.enter)
    #expect(user.takesEffects() == [.send(.rewind(.token(18)))])
    user.sees([Recorded.jump(to: 18, .token(18)), .commandFinished(1)])
    user.presses(.control("o"))
    user.sees("18 of 18 tokens")
  }

  @Test("letters over two answers close them and are typed")
  func lanes() {
    var user = User()
    let lane = LaneComparison.Lane(name: "as it is", text: "Yes.", tokens: [])
    user.sees([
      .compared(
        LaneComparison(words: "Is it?", a: lane, b: lane, divergenceBits: [0.1], fork: nil))
    ])
    user.sees("two answers to: Is it?")
    user.types("just so")
    user.seesNot("two answers to")
    user.sees("› just so")
  }

  @Test("credit is asked for at once for the newest answers, and for every answer that follows")
  func credit() {
    var user = User(chatting: Recorded.talk)
    user.presses(.control("t"))
    let asked = user.takesEffects()
    #expect(asked.contains(.send(.inspect(20...22))) && asked.count > 1, "\(asked)")
    #expect(user.style(of: "In Turku.") != user.style(of: "›"))
    user.sees(asked.map { _ in .commandFinished(1) })
    user.sees(Recorded.turn("And now?", "Still here.", from: 23))
    #expect(user.takesEffects().contains { if case .send(.inspect) = $0 { true } else { false } })
  }
}
