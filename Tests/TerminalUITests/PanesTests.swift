import Hope
import Sessions
import TerminalUI
import Testing

@Suite("Panes")
struct PanesTests {
  private func told() -> User {
    var user = User(120, 40)
    user.asks("My cat is called Biscuit.", answer: "What a lovely name! How old is Biscuit?")
    user.asks("Three.", answer: "A fine age for a cat.", at: 16)
    return user
  }

  @Test("a level shows its clock, switches, writes and drift")
  func levels() {
    var user = told()
    user.waits(1)
    user.sees("2 cms1 every 64 and before answers")
    user.sees("3 cms2 every 256 ")
    user.sees("/64")
    user.sees("1 write ")
    user.sees("‖ΔW‖/‖W‖ 0.2464  mean 0.2464")
    user.sees("drift 0.3714")
    user.sees("1 titans every token")
  }

  @Test("a level flashes while it writes, and a tick ends that")
  func flash() throws {
    var user = told()
    #expect(user.app.nextDeadline == nil || user.style(of: "cms1 every") != nil)
    user.waits(10)
    #expect(user.app.nextDeadline == nil)
    user.sees([Recorded.write(1, at: 64, number: 2)])
    user.sees("cms1 every 64 writes")
    #expect(user.style(of: "cms1 every")?.attributes.contains(.reverse) == true)
    let deadline = try #require(user.app.nextDeadline)
    user.waits(deadline - user.app.now)
    user.seesNot("cms1 every 64 writes")
    #expect(user.app.nextDeadline == nil)
  }

  @Test("the piano roll has a tick where a level wrote, and says whose words those were")
  func piano() {
    var user = told()
    user.presses(.function(3))
    user.sees("a column a token")
    user.sees("you━━━")
    user.presses(.character("-"))
    user.sees("a column 2 tokens")
    user.presses(.character("`"))
    user.sees("a column a token")
  }

  @Test("heat stacks the levels, shows the chosen one by blocks, and tells the health of each")
  func heat() {
    var user = told()
    user.presses(.function(4))
    user.sees("▸ cms1 every 64  learning  adds to what it knew │")
    user.sees("block 4")
    user.sees("cms2 every 256")
    user.sees("no write yet: ")
    for _ in 2..<8 { user.sees([Recorded.write(1, at: 64, number: 0, size: 0.5)]) }
    user.sees("learning")
    for _ in 2..<10 { user.sees([Recorded.turningWrite(1, at: 64)]) }
    user.sees("thrashing")
    user.sees([Recorded.write(2, at: 30), Recorded.write(3, at: 30)])
    #expect(user.screen.split(separator: "block 4").count == 2)
    user.presses(.down)
    user.sees("▸ cms2 every 256  learning")
    user.sees(" thrashing")
    user.presses(.up, .up)
    user.sees("rewrites itself at every token")
  }

  @Test("a level's gates stand beside its switches where there is room")
  func gates() {
    var user = told()
    let statuses = [
      LevelStatus(level: 0, name: "titans", period: 1, rate: 0.314, retention: 0.968),
      LevelStatus(level: 1, name: "cms1", period: 64, rate: 0.42, retention: 0.5),
    ]
    user.sees([.levels(statuses)])
    user.sees("η 0.31 α 0.97  rw on")
    user.sees("η 0.42 λ 0.50  rw on")
    user.resizes(80, 24)
    user.seesNot("η 0.42 λ 0.50  rw on")
    user.sees("2 cms1 every 64")
  }

  @Test("where there is room every level is shown by blocks; enlarged, the chosen one alone")
  func heatRoom() {
    var user = told()
    user.resizes(200, 60)
    user.sees([Recorded.write(2, at: 30), Recorded.write(3, at: 30)])
    for name in ["cms1 every 64", "cms2 every 256", "cms3 every 1024"] {
      user.sees("\(name)  learning")
    }
    #expect(user.screen.split(separator: "block 4").count == 4)
    user.presses(.function(4), .character("e"))
    #expect(user.screen.split(separator: "block 4").count == 2)
    user.seesNot("cms2 every 256  learning")
  }

  @Test("enlarged, heat has tall blocks, whose words those were, and a row for every other level")
  func heatEnlarged() {
    var user = told()
    user.presses(.function(4), .character("e"))
    user.sees("3 columns a token")
    user.sees("writes add to what it knows")
    user.sees("last 0.2500")
    user.sees("you━━━━━━")
    user.sees("cms3")
    let rows = user.screen.split(separator: "\n")
    let first = rows.firstIndex { $0.contains("block 1") } ?? 0
    let second = rows.firstIndex { $0.contains("block 2") } ?? 0
    #expect(second - first >= 5)
  }

  @Test("enlarged, the token pane has long bars and the tokens around")
  func tokenEnlarged() {
    var user = told()
    user.presses(.function(5), .left, .left, .character("e"))
    user.sees("the tokens around it")
    user.sees("▸ ␣a ")
    user.sees("Enter: what else was likely, and each level's credit")
    user.resizes(80, 24)
    user.sees("under the cursor")
  }

  @Test("enlarged, the piano roll has tall rows and wide columns")
  func pianoEnlarged() {
    var user = told()
    user.presses(.function(3), .character("e"))
    user.sees("4 columns a token")
    user.sees("hope───")
  }

  @Test("no word is clipped at 80 columns")
  func narrow() {
    var user = told()
    user.resizes(80, 24)
    user.presses(.function(4))
    user.sees("cms1 every 64  learning")
    user.seesNot("writ…")
    user.presses(.function(5))
    user.sees("level's credit")
    user.presses(.function(2))
    user.waits(1)
    user.sees("cms1 every 64 + answers")
    user.sees([.levels([LevelStatus(level: 1, name: "cms1", period: 64, retention: 0.5)])])
    user.sees("cms1 every 64+ ")
    user.sees("λ 0.50  rw on")
  }

  @Test("a write's heat lies over the tokens it learned from")
  func heatColumns() {
    var user = told()
    user.presses(.function(4))
    let before = user.screen
    user.sees([Recorded.write(1, at: 40)])
    #expect(user.screen != before)
    user.presses(.character("-"))
    user.sees("a column 2 tokens")
    user.presses(.character("`"))
    user.sees("a column a token")
  }

  @Test("the inspector follows the newest token, or the cursor")
  func token() {
    var user = told()
    user.presses(.function(5))
    user.sees("the newest")
    user.sees("␣cat.")
    user.sees("entropy  3.1 bits")
    user.presses(.left, .left)
    user.sees("under the cursor")
    user.sees("␣a  #")
    user.presses(.shiftLeft)
    user.sees("by you")
    user.presses(.end)
    user.sees("the newest")
    user.presses(.character("["))
    user.sees("cms1 wrote just before token")
  }

  @Test("Enter on a token asks what else was likely and what each level gave")
  func credit() {
    var user = told()
    _ = user.takesEffects()
    user.presses(.function(5), .left)
    user.sees("Enter: what else was likely, and each level's ")
    user.presses(.left, .enter)
    let position = user.app.draw(size: user.size).text().contains("#23") ? 23 : -1
    #expect(user.takesEffects() == [.send(.inspect(position...position))])
    let facts = TokenFacts(
      position: position, id: 7, text: " a", surpriseBits: 2, entropyBits: 3,
      alternatives: [
        .init(id: 7, text: " a", probability: 0.25), .init(id: 8, text: " the", probability: 0.5),
      ],
      levels: [
        .init(name: "titans", creditBits: -0.4), .init(name: "cms1", creditBits: 4.2, rate: 0.5),
      ], allCreditBits: 4.4)
    user.sees([.inspected(facts), .commandFinished(3)])
    user.sees("␣the 50 %")
    user.sees("cms1     +4.2 bits")
    user.sees("titans   -0.4 bits")
    user.resizes(200, 60)
    user.sees("␣the     50 %")
    user.seesNot("credit  titans")
    user.sees([.inspected(facts)])
    user.sees("credit  titans -0.4 · cms1 +4.2 · all +4.4 bits")
    user.presses(.escape, .control("t"))
    #expect(user.style(of: "fine age")?.attributes == [])
    #expect(user.style(of: "a cat.")?.attributes == [.bold, .underline, .reverse])
  }

  @Test("layouts: one pane, one beside the chat, two, all")
  func layouts() {
    for (columns, rows, seen, unseen) in [
      (60, 20, ["chat"], ["levels", "piano roll"]), (80, 24, ["chat", "levels"], ["piano roll"]),
      (120, 40, ["chat", "levels", "piano roll"], ["heat"]),
      (200, 60, ["chat", "levels", "piano roll", "heat", "token"], []),
    ] {
      let user = User(columns, rows)
      for title in seen { user.sees("─ \(title) ") }
      for title in unseen { user.seesNot("─ \(title) ") }
    }
  }

  @Test("while the model loads there is a picture that moves, and leaving works")
  func loading() {
    var user = User(80, 24, hasModel: false)
    user.sees([.loading(path: "/models/hope-mini")])
    user.sees("loading hope-mini")
    let first = user.canvas
    user.waits(0.2)
    #expect(user.canvas != first)
    #expect(user.app.nextDeadline != nil)
    user.types("early words")
    user.presses(.enter)
    user.sees("sent when the model is there")
    _ = user.takesEffects()
    user.presses(.control("d"))
    #expect(user.takesEffects() == [.quit(code: 0)])
  }

  @Test("a model that cannot be loaded ends the program with a reason")
  func failed() {
    var user = User(80, 24, hasModel: false)
    user.sees([.loading(path: "/x"), .failed(.unknownLevel("a", known: ["b"])), .ended])
    #expect(user.takesEffects() == [.quit(code: 3)])
    #expect(user.app.lastWords?.contains("no level a") == true)
  }

  @Test("drawing at another size than the last resize gives the same picture as resizing")
  func otherSize() {
    var user = told()
    let size = TerminalSize(columns: 200, rows: 60)
    let drawn = user.app.draw(size: size)
    user.resizes(200, 60)
    #expect(user.canvas == drawn)
  }
}
