import Hope
import Sessions
import TerminalUI
import Testing

@Suite("A session that goes on, on the screen")
struct ResumeScreenTests {
  private let restored = SessionEvent.restored(
    Restoration(
      session: Recorded.session, position: 23, turnCount: 3, tensorCount: 38,
      digest: Recorded.digest, recomputedTokens: 3))

  private func recall(_ events: [SessionEvent]) -> SessionEvent {
    .recalled(
      Recall(session: Recorded.session, settings: ChatSettings(seed: 7), events: events))
  }

  @Test("what was said before is there, then that the memory was checked")
  func resumed() {
    var user = User(hasModel: false)
    user.sees([.loading(path: "/m"), recall(Recorded.talk), restored])
    user.seesNot("Biscuit")
    user.sees([.modelLoaded(Recorded.facts)])
    user.sees("you   My cat is Biscuit.")
    user.sees("hope  In Turku.")
    user.sees("Biscuit: memory restored and checked (38 tensors")
    user.sees("● rec")
    user.sees("· Biscuit · 23 tok")
    user.seesNot("1/5 Tell it")
    #expect(user.takesEffects() == [.send(.showLevels)])
    user.sees([
      .levels((0..<4).map { Recorded.status($0, position: 23, updates: 5) }), .commandFinished(1),
    ])
    user.sees("5 writes")
    user.presses(.control("o"))
    #expect(user.takesEffects() == [.readSession("/sessions/biscuit")])
  }

  @Test("another chat takes the place of the present one")
  func replaced() {
    var user = User(chatting: Recorded.turn("Old words", "Old answer"))
    user.types("/resume Biscuit")
    user.presses(.enter)
    #expect(user.takesEffects().last == .send(.resume("Biscuit")))
    user.sees([recall(Recorded.talk), restored, .commandFinished(1)])
    user.seesNot("Old words")
    user.sees("And I live in Turku.")
    user.asks("And now?", answer: "Here we are.", at: 23)
    user.sees("Here we are.")
    user.sees("30 tok")
  }

  @Test("the header says from the start whose words are learned")
  func learning() {
    var user = User(hasModel: false)
    user.app = AppState(isGuided: false, learn: .off)
    user.resizes(100, 30)
    user.sees(Recorded.loaded)
    user.sees("learn off")
  }

  @Test("sessions are listed; their names complete /resume, words and all")
  func list() {
    var user = User()
    user.types("/sessions")
    user.presses(.enter)
    #expect(user.takesEffects().last == .send(.showSessions(saying: nil)))
    user.sees([
      .sessions([SessionSummary(Recorded.recording(Recorded.talk))]), .commandFinished(1),
    ])
    user.sees("Biscuit · 3 turns · 23 tokens")
    user.types("/resume Bi")
    user.presses(.tab)
    user.sees("› /resume Biscuit")
    user.presses(.control("u"))
    user.types("/export c")
    user.presses(.tab)
    user.sees("csv")
    user.sees("cast")
  }
}
