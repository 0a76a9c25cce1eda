import REPL
import Testing

@Suite("Ctrl+C")
struct InterruptsTests {
  private let start = ContinuousClock.now

  @Test("at a prompt the second within two seconds quits")
  func prompt() {
    var interrupts = Interrupts(isInteractive: true)
    func press(_ seconds: Double, answering: Bool = false) -> Interrupts.Meaning {
      interrupts.interrupted(isAnswering: answering, now: start + .seconds(seconds))
    }
    #expect(press(0) == .warn)
    #expect(press(5) == .warn)
    #expect(press(6.9) == .quit)
  }

  @Test("while an answer is given it stops the answer, then the program")
  func answer() {
    var interrupts = Interrupts(isInteractive: true)
    #expect(interrupts.interrupted(isAnswering: true, now: start) == .stopAnswer)
    #expect(
      interrupts.interrupted(isAnswering: true, now: start + .seconds(1)) == .stopAnswer)
    #expect(interrupts.interrupted(isAnswering: false, now: start + .seconds(2)) == .quit)
  }

  @Test("where no person types, one between answers ends the program")
  func pipe() {
    var interrupts = Interrupts(isInteractive: false)
    #expect(interrupts.interrupted(isAnswering: true, now: start) == .stopAnswer)
    #expect(interrupts.interrupted(isAnswering: true, now: start + .seconds(1)) == .quit)
    var idle = Interrupts(isInteractive: false)
    #expect(idle.interrupted(isAnswering: false, now: start) == .quit)
  }
}
