import Hope
import Sessions
import TestSupport
import Testing

@Suite("Chat turns", .timeLimit(.minutes(15)))
struct ChatTurnTests {
  private let tokenizer = TinyModel.tokenizer

  @Test("a turn is told token by token: the words, then the answer, then its end")
  func flow() throws {
    try Chat.with { chat throws in
      let events = try chat.events("My cat is called Biscuit.")
      guard case .turnStarted(let start) = events.first else {
        Issue.record("begins with \(events.first as Any)")
        return
      }
      let special = tokenizer.special
      let words = tokenizer.encode(" My cat is called Biscuit.")
      #expect(
        start.tokens.map(\.id) == [special.endOfText, special.user] + words + [special.assistant])
      let tokens = events.compactMap(\.token)
      #expect(tokens.map(\.position) == Array(tokens.indices))
      #expect(Array(tokens.map(\.id).prefix(start.tokens.count)) == start.tokens.map(\.id))
      let end = try #require(events.last?.answerEnd)
      #expect(end.readTokens == start.tokens.count)
      #expect(end.readTokens + end.answerTokens == tokens.count)
      #expect(end.position == tokens.count)
      let answer = tokens.suffix(end.answerTokens)
      #expect(answer.allSatisfy { $0.author == .assistant && $0.entropyBits != nil })
      #expect(answer.map(\.text).joined() + end.trailingText == end.text)
      #expect(end.text == ChatTemplate(tokenizer).answerText(answer.map(\.id)))
      #expect(end.why == (end.answerTokens == 9 ? .maxTokens : .finished))
    }
  }

  @Test("the second turn begins with the user's mark; system text stands before the first")
  func secondTurn() throws {
    var settings = ChatSettings.brief()
    settings.system = "Be kind."
    try Chat.with(settings) { chat throws in
      let first = try chat.events("hi").compactMap(\.token)
      let marks = first.map(\.id).filter(tokenizer.isSpecial)
      let special = tokenizer.special
      #expect(marks == [special.endOfText, special.system, special.user, special.assistant])
      let second = try chat.events("ho").compactMap(\.token)
      #expect(second.first?.id == special.user)
      #expect(second.first?.position == first.count)
    }
  }

  @Test("answers are made of text alone and are never empty, even at random")
  func noMarks() throws {
    var settings = ChatSettings.brief()
    settings.sampler.temperature = 100
    try Chat.with(settings) { chat throws in
      var reasons: Set<AnswerEnd.Reason> = []
      for _ in 0..<60 {
        let events = try chat.events("x")
        let end = try #require(events.last?.answerEnd)
        reasons.insert(end.why)
        let answer = events.compactMap(\.token).suffix(end.answerTokens)
        #expect(!answer.isEmpty && !answer.contains { tokenizer.isSpecial($0.id) })
      }
      #expect(reasons == [.finished, .maxTokens])
    }
  }

  @Test(
    "learn says whose tokens are learned from",
    arguments: [
      (.user, [.user]), (.both, [.user, .assistant]), (.off, []),
    ] as [(LearnMode, Set<Author>)])
  func learn(_ mode: LearnMode, _ authors: Set<Author>) throws {
    var settings = ChatSettings.brief()
    (settings.learn, settings.system) = (mode, "Be kind.")
    try Chat.with(settings) { chat throws in
      let tokens = try chat.events("I live in Turku, by the river.").compactMap(\.token)
      #expect(Set(tokens.filter(\.isLearnedFrom).map(\.author)) == authors)
      #expect(tokens.allSatisfy { $0.isLearnedFrom == authors.contains($0.author) })
      let mark = tokens.first { $0.id == tokenizer.special.user }
      #expect(mark?.isLearnedFrom == authors.contains(.user))
    }
  }

  @Test("with learn off no level writes, with both the answers are learned too")
  func learnedTokens() throws {
    func written(_ mode: LearnMode) throws -> Int {
      var settings = ChatSettings.brief()
      settings.learn = mode
      return try Chat.with(settings) { chat throws in
        try (0..<3).flatMap { _ in try chat.events("I live in Turku.") }
          .compactMap(\.write).filter { $0.name == "cms1" }.reduce(0) { $0 + $1.tokens }
      }
    }
    let (off, user, both) = (try written(.off), try written(.user), try written(.both))
    #expect(off == 0)
    #expect(user > 0)
    #expect(both > user)
  }

  @Test("writes are told at the level's clock, or just before the answer, and counted as told")
  func writes() throws {
    try Chat.with { chat throws in
      let events = try chat.events("I live in Turku, by the river.")
      let writes = events.compactMap(\.write)
      let periods = chat.model.levels.map(\.period)
      let mark = try #require(
        events.compactMap(\.token).first { $0.author == .assistant }?.position)
      let early = writes.filter { $0.position % periods[$0.level] != 0 }
      #expect(early.allSatisfy { $0.level == 1 && $0.position == mark })
      let end = try #require(events.last?.answerEnd)
      for change in end.changes.dropFirst() {
        let level = change.status.level
        let own = writes.filter { $0.level == level }
        #expect(!own.isEmpty)
        #expect(change.writes == own.count)
        #expect(change.status.updates == own.count)
        #expect(change.status.lastUpdateRelative == own.last?.updateRelative)
        #expect(change.status.driftRelative > 0)
        #expect(abs(change.changeRelative - change.status.driftRelative) < 1e-6)
      }
      #expect(end.changes[0].writes == end.position)
    }
  }

  @Test("the same seed says the same, another one does not")
  func seeds() throws {
    func trace(_ seed: UInt64) throws -> Trace {
      var settings = ChatSettings.brief(seed: seed)
      try settings.apply(.temperature(1))
      return try Chat.with(settings) { chat throws in
        Trace(try chat.events("hello") + chat.events("again"))
      }
    }
    let once = try trace(1)
    #expect(try trace(1) == once)
    #expect(try trace(2) != once)
  }

  @Test("a stop ends the answer and keeps the program")
  func stop() throws {
    try Chat.with(.endless) { chat throws in
      chat.engine.send(.say("hello"))
      var answered = 0
      while answered < 3, let event = chat.engine.events.take() {
        if event.token?.author == .assistant { answered += 1 }
      }
      chat.engine.stopAnswers()
      var end: AnswerEnd?
      while end == nil, let event = chat.engine.events.take() { end = event.answerEnd }
      #expect(end?.why == .stopped)
      _ = chat.engine.events.take()
      _ = try chat.events("/set max_tokens 3")
      let next = try chat.end("go on")
      #expect(next.answerTokens > 0)
    }
  }

  @Test("a stop also ends what waits, and nothing that is asked later")
  func stopQueued() throws {
    try Chat.with(.endless) { chat throws in
      for text in ["one", "two", "three"] { chat.engine.send(.say(text)) }
      chat.engine.stopAnswers()
      let last = chat.engine.send(.set(.maxTokens(2)))
      var ends: [AnswerEnd] = []
      while let event = chat.engine.events.take(), event != .commandFinished(last) {
        if let end = event.answerEnd { ends.append(end) }
      }
      #expect(ends.map(\.why) == [.stopped, .stopped, .stopped])
      let fourth = try chat.end("four")
      #expect(fourth.why == .maxTokens)
    }
  }
}
