import Hope
import Sessions
import TestSupport
import Testing

@Suite("Tokens taken apart")
struct TimelineTests {
  private static let words = [
    "The harbour is full of small red boats this morning.", "And my cat is called Biscuit.",
    "What did I say?",
  ]

  /// A chat with a switch and a drop between its turns.
  private func talk(_ chat: Chat) throws -> [TokenEvent] {
    try [
      Self.words[0], "/level 2 read off", Self.words[1], "/amnesia", "/level 3 reset",
      Self.words[2],
    ]
    .flatMap { try chat.events($0).compactMap(\.token) }
  }

  @Test("every token's prediction is computed again as it was")
  func surprise() throws {
    try Chat.with { chat in
      let tokens = try talk(chat)
      let last = tokens[tokens.count - 1].position
      let facts = try chat.facts("/token @1-@\(last)")
      #expect(facts.map(\.position) == Array(1...last))
      for (token, fact) in zip(tokens.dropFirst(), facts) {
        #expect(token.id == fact.id)
        let bits = try #require(token.surpriseBits)
        #expect(abs(bits - fact.surpriseBits) < 1e-3, "@\(fact.position)")
        #expect(fact.alternatives.count == 5)
        let sorted = fact.alternatives.map(\.probability)
        #expect(sorted == sorted.sorted(by: >) && sorted.allSatisfy { $0 > 0 && $0 <= 1 })
        #expect(fact.levels.map(\.name) == chat.model.levels.map(\.name))
      }
    }
  }

  @Test("answers drawn one by one are computed again to the bit, also from an older snapshot")
  func exact() throws {
    try Chat.with { chat in
      var answers: [TokenEvent] = []
      for i in 0..<12 {
        answers += try chat.events("Turn \(i)").compactMap(\.token).filter {
          $0.author == .assistant && !$0.text.isEmpty
        }
      }
      for token in answers.dropFirst() {
        let fact = try #require(try chat.facts("/token @\(token.position)").first)
        #expect(fact.surpriseBits == token.surpriseBits)
        #expect(fact.entropyBits == token.entropyBits)
      }
    }
  }

  @Test("a level that is not heard has no credit; all levels' credit is that of their sum alone")
  func credit() throws {
    try Chat.with { chat in
      for line in Self.words { _ = try chat.events(line) }
      let heard = try #require(try chat.facts("/token").first)
      #expect(heard.levels.contains { $0.creditBits != 0 })
      for level in heard.levels.dropFirst() { #expect((level.rate ?? 0) > 0) }
      _ = try chat.events("/level all read off")
      _ = try chat.events(Self.words[0])
      let silent = try #require(try chat.facts("/token").first)
      #expect(silent.levels.allSatisfy { $0.creditBits == 0 } && silent.allCreditBits == 0)
    }
  }

  @Test("looking back changes nothing")
  func reading() throws {
    try Chat.with { chat in
      _ = try chat.events(Self.words[0])
      let before = try chat.statistics().stateDigest
      _ = try chat.facts("/token @3-@9")
      #expect(try chat.statistics().stateDigest == before)
    }
  }

  @Test("positions nothing was predicted at are errors", arguments: ["@0", "@100000", "5-@999"])
  func outside(positions: String) throws {
    try Chat.with { chat in
      let empty = try chat.events("/token")
      #expect(empty.contains { if case .failed(.noSuchToken) = $0 { true } else { false } })
      _ = try chat.events(Self.words[0])
      let events = try chat.events("/token \(positions)")
      #expect(events.contains { if case .failed(.noSuchToken) = $0 { true } else { false } })
      #expect(!events.contains { if case .inspected = $0 { true } else { false } })
    }
  }

  @Test("what is no position is refused", arguments: ["x", "@", "@5-@3", "-4", "@1-"])
  func parsing(word: String) {
    #expect(throws: CommandError.self) { try Command(parsing: "/token \(word)") }
  }
}

extension Chat {
  fileprivate func facts(_ line: String) throws -> [TokenFacts] {
    try events(line).compactMap { if case .inspected(let facts) = $0 { facts } else { nil } }
  }
}
