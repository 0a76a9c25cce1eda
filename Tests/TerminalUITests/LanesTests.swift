import Hope
import Sessions
import TerminalUI
import Testing

@Suite("Two lanes")
struct LanesTests {
  private func lane(_ name: String, _ words: [String]) -> LaneComparison.Lane {
    LaneComparison.Lane(
      name: name, text: words.joined(),
      tokens: words.enumerated().map { i, text in
        TokenEvent(
          position: 20 + i, id: 7, text: text, author: .assistant, isLearnedFrom: false)
      })
  }

  private func compare(fork: Int? = 3) -> SessionEvent {
    let words = ["Your", " cat", " is", " Biscuit", "."]
    return .compared(
      LaneComparison(
        words: "What is my cat called?", a: lane("as it is", words),
        b: lane("cms1=off", fork == nil ? words : words.prefix(3) + [" Box", " here"]),
        divergenceBits: [0.01, 0.2, 0.4, 3.25], fork: fork))
  }

  @Test("the answers stand side by side, with where they part and how far apart they were")
  func lanes() {
    var user = User(120, 40)
    user.types("/ab cms1=off")
    user.presses(.enter)
    user.sees([compare(), .commandFinished(1)])
    user.sees("two answers to: What is my cat called?")
    user.sees("at the right with cms1=off")
    user.sees("Your cat is▏ Biscuit.")
    user.sees("Your cat is▏ Box here")
    user.sees("up to 3.25 bits before a token, mean 0.965; they part at token 4")
    user.sees("here they part")
    #expect(user.style(of: "▏ Box") != user.style(of: "Your cat"))
    _ = user.takesEffects()
    user.types("1")
    user.presses(.function(1))
    user.sees("type to search")
    user.presses(.escape, .escape)
    user.seesNot("two answers to")
    user.sees("they part at token 4")
    #expect(user.takesEffects().isEmpty)
  }

  @Test("equal answers are called that; long ones scroll", arguments: [(80, 24), (40, 10)])
  func same(_ columns: Int, _ rows: Int) {
    var user = User(columns, rows)
    user.sees([compare(fork: nil)])
    user.sees("Your cat is")
    user.sees("Esc close")
    if rows > 20 { user.sees("the same answer") }
    user.presses(.down, .down, .down, .up, .home)
    user.sees("Your cat is")
    user.presses(.character("q"))
    user.seesNot("Esc closes")
  }
}
