import Hope
import Sessions
import TerminalUI
import Testing

@Suite("Looking back")
struct TimelineTests {
  /// In the timeline of a chat.
  private func lookBack(_ columns: Int = 120, _ rows: Int = 40) -> User {
    var user = User(chatting: Recorded.talk, columns, rows)
    user.presses(.control("o"))
    #expect(user.takesEffects() == [.readSession("/sessions/biscuit")])
    user.does(.timeline(Recorded.tape(Recorded.talk, isPresent: true)))
    return user
  }

  @Test("without anything recorded there is no timeline, and that is said")
  func nothing() {
    var user = User()
    user.presses(.control("o"))
    #expect(user.takesEffects().isEmpty)
    user.sees("nothing is recorded yet")
  }

  @Test(
    "the chat is shown as it was; leaving changes nothing", arguments: [Key.escape, .control("o")])
  func look(_ leaving: Key) {
    var user = User(chatting: Recorded.talk)
    let before = user.screen
    user.presses(.control("o"))
    user.does(.timeline(Recorded.tape(Recorded.talk, isPresent: true)))
    user.sees("timeline")
    user.sees("chat at @23")
    user.sees("23 of 23 tokens")
    user.presses(.shiftLeft)
    user.sees("chat at @18")
    user.seesNot("In Turku.")
    user.sees("Enter go there")
    _ = user.takesEffects()
    user.presses(leaving)
    #expect(user.takesEffects().isEmpty)
    #expect(user.screen == before)
  }

  @Test("Enter goes there, and the engine's check is shown")
  func goThere() {
    var user = lookBack()
    user.presses(.shiftLeft, .left, .left, .enter)
    #expect(user.takesEffects() == [.send(.rewind(.token(16)))])
    user.sees("computing the memory at @16 again")
    user.sees([Recorded.jump(to: 16, .token(16))])
    #expect(user.takesEffects() == [.send(.showLevels)])
    user.sees("back at @16: memory computed again and checked")
    user.sees("hope  By")
    user.seesNot("the sea!")
    user.seesNot("Where?")
    user.sees([.commandFinished(1), .levels(Recorded.facts.levels), .commandFinished(2)])
    user.sees("ready")
    user.asks("Go on", answer: "Gladly.", at: 16)
    user.sees("Gladly.")
  }

  @Test("f forks there; the end is now, and going there changes nothing")
  func forkThere() {
    var user = lookBack()
    user.presses(.enter)
    #expect(user.takesEffects().isEmpty)
    user.sees("this is now")
    user.presses(.control("o"))
    user.does(.timeline(Recorded.tape(Recorded.talk, isPresent: true)))
    _ = user.takesEffects()
    user.presses(.shiftLeft, .character("f"))
    #expect(user.takesEffects() == [.send(.fork(name: nil, at: 18))])
    let other = SessionName(id: "2", name: "Biscuit fork", path: "/sessions/fork")
    user.sees([
      Recorded.jump(to: 18, .token(18)), .recording(.forked(other, from: Recorded.session)),
    ])
    user.sees("this is now Biscuit fork; Biscuit stays as it was")
    user.sees("· Biscuit fork ·")
    user.seesNot("Where?")
  }

  @Test("what happens meanwhile is there afterwards")
  func meanwhile() {
    var user = lookBack()
    user.presses(.home)
    user.sees(Recorded.turn("Still there?", "Always.", from: 23))
    user.seesNot("Still there?")
    user.presses(.escape)
    user.sees("Still there?")
    user.sees("Always.")
    user.sees("28 tok")
  }

  @Test("what was taken back is not on the way")
  func present() {
    let events =
      Recorded.talk
      + [.levelSet(LevelSetting(level: 1, name: "cms1", access: .read, gain: 1))]
      + [Recorded.jump(to: 16, .token(16))] + Recorded.turn("What else?", "Nothing.", from: 16)
    let tape = Recorded.tape(events, isPresent: true)
    #expect(tape.turnCount == 3)
    #expect(tape.tokenCount == 21)
    var user = User(chatting: events)
    user.presses(.control("o"))
    user.does(.timeline(tape))
    user.seesNot("Where?")
    user.sees("What else?")
    user.sees("r- frozen")
  }

  @Test("a turn that was undone leaves the screen; its level writes too")
  func undone() {
    var user = User(chatting: Recorded.talk)
    user.sees("23 tok")
    user.sees([Recorded.jump(to: 18, .turn(3))])
    user.seesNot("Where?")
    user.sees("By the sea!")
    user.sees("18 tok")
    user.presses(.function(3))
    user.sees("you━━───you━━━──── │")
  }

  @Test("the header says what becomes of what is said")
  func header() {
    var user = User(100, 30)
    user.sees("○ rec")
    user.sees([.recording(.started(Recorded.session))])
    user.sees("● rec")
    user.sees("· Biscuit ·")
    let error = FileError.refused(path: "/sessions/x", operation: "write", code: 28)
    user.sees([.recording(.failed(error, pendingBytes: 12))])
    user.sees("! not saved")
    user.sees("the session is not being saved")
    user.sees([.recording(.recovered)])
    user.sees("● rec")
    user.sees("is being saved again")
    user.sees([.recording(.renamed("A cat"))])
    user.sees("· A cat ·")
    user.sees([.recording(.readOnly(Recorded.session))])
    user.sees("! read only")
    user.sees("another program records Biscuit")
    user.sees([
      .stateReset(StateReset(scope: .everything, digest: Recorded.digest, equalsBase: true))
    ])
    user.sees("○ rec")
    user.app = AppState(isGuided: false, isRecorded: false)
    user.resizes(80, 24)
    user.sees(Recorded.loaded)
    user.sees("not recorded")
  }
}
