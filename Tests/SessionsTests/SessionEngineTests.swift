import Hope
import Sessions
import TestSupport
import Testing

@Suite("Session engine", .timeLimit(.minutes(15)))
struct SessionEngineTests {
  @Test("a fresh conversation is the base, bit for bit, and forgets the one before")
  func new() throws {
    let alone = try Chat.with { Trace(try $0.events("Where do I live?")) }
    try Chat.with { chat throws in
      _ = try chat.events("I live in Turku, by the river.")
      _ = try chat.events("What a lovely name!")
      let reset = try #require(try chat.events("/new").compactMap(\.reset).first)
      #expect(reset.equalsBase)
      #expect(reset.digest == chat.model.freshStateDigest)
      #expect(Trace(try chat.events("Where do I live?")) == alone)
      #expect(try chat.statistics().stateDigest != chat.model.freshStateDigest)
    }
  }

  @Test("off and on again without words in between changes nothing")
  func offAndOn() throws {
    func trace(_ between: [String]) throws -> (Trace, SHA256Digest) {
      try Chat.with { chat throws in
        _ = try chat.events("I live in Turku, by the river.")
        let before = try chat.statistics().stateDigest
        for line in between { _ = try chat.events(line) }
        #expect(try chat.statistics().stateDigest == before)
        let trace = Trace(try chat.events("Where do I live?"))
        return (trace, try chat.statistics().stateDigest)
      }
    }
    let plain = try trace([])
    let switched = try trace(["/level all off", "/gain cms1 3", "/gain cms1 1", "/level all on"])
    #expect(plain == switched)
    let muted = try trace(["/level all off"])
    #expect(muted.0.surprises.dropFirst() != plain.0.surprises.dropFirst())
  }

  @Test("with every level off nothing is learned and nothing remembered")
  func allOff() throws {
    try Chat.with { chat throws in
      _ = try chat.events("/level all off")
      let end = try chat.end("I live in Turku, by the river.")
      #expect(end.changes.allSatisfy { $0.writes == 0 && $0.changeRelative == 0 })
      #expect(end.changes.allSatisfy { $0.status.driftRelative == 0 && $0.status.bits == "--" })
    }
  }

  @Test("switches are told as they then stand")
  func switches() throws {
    try Chat.with { chat throws in
      let setting = LevelSetting(level: 1, name: "cms1", access: .read, gain: 1)
      #expect(try chat.events("/level cms1 write off") == [.levelSet(setting)])
      #expect(try chat.events("/level 2 write off") == [.levelSet(setting)])
      let louder = LevelSetting(level: 1, name: "cms1", access: .read, gain: 2)
      #expect(try chat.events("/gain 2 2") == [.levelSet(louder)])
      #expect(try chat.events("/level all off").count == 3)
    }
  }

  @Test("a reset level has learned nothing, the others keep what they have")
  func resetLevel() throws {
    try Chat.with { chat throws in
      _ = try chat.end("I live in Turku, by the river.")
      let before = try chat.statistics().levels
      #expect(before.allSatisfy { $0.driftRelative > 0 })
      let reset = try #require(try chat.events("/level cms2 reset").compactMap(\.reset).first)
      #expect(reset.scope == .level(2, name: "cms2"))
      #expect(!reset.equalsBase)
      let after = try chat.statistics().levels
      #expect(after[2].driftRelative == 0 && after[2].updates == 0)
      #expect(after[0].driftRelative > 0)
      #expect(after[1].driftRelative > 0)
    }
  }

  @Test("amnesia drops the working memory and keeps the levels")
  func amnesia() throws {
    try Chat.with { chat throws in
      _ = try chat.end("I live in Turku, by the river.")
      let reset = try #require(try chat.events("/amnesia").compactMap(\.reset).first)
      #expect(reset.scope == .mixers(name: "titans"))
      let after = try chat.statistics().levels
      #expect(after[0].driftRelative == 0)
      #expect(after[1].driftRelative > 0 && after[2].driftRelative > 0)
    }
  }

  @Test("amnesia of the levels drops what they learned and keeps the working memory")
  func amnesiaOfLevels() throws {
    try Chat.with { chat throws in
      _ = try chat.end("I live in Turku, by the river.")
      let before = try chat.statistics().levels
      let reset = try #require(try chat.events("/amnesia levels").compactMap(\.reset).first)
      #expect(reset.scope == .levels(keeping: "titans") && !reset.equalsBase)
      let after = try chat.statistics().levels
      #expect(after[0].driftRelative == before[0].driftRelative && after[0].updates > 0)
      #expect(after.dropFirst().allSatisfy { $0.driftRelative == 0 && $0.updates == 0 })
    }
  }

  @Test("both halves forgotten is all levels reset")
  func bothHalves() throws {
    func digest(_ lines: [String]) throws -> SHA256Digest? {
      try Chat.with { chat throws in
        _ = try chat.end("I live in Turku, by the river.")
        return try lines.flatMap(chat.events).compactMap(\.reset).last?.digest
      }
    }
    let halves = try digest(["/amnesia", "/amnesia levels"])
    #expect(try halves == digest(["/level all reset"]))
    #expect(try halves == digest(["/amnesia levels", "/amnesia"]))
    #expect(halves != nil)
  }

  @Test("model and session are shown")
  func shown() throws {
    try Chat.with { chat throws in
      let end = try chat.end("I live in Turku.")
      _ = try chat.events("/mark home")
      guard case .session(let facts)? = try chat.events("/show session").first else {
        Issue.record("no session")
        return
      }
      #expect(facts.session == nil && facts.turnCount == 1 && facts.position == end.position)
      #expect(facts.markers.map(\.text) == ["home"] && facts.digest == end.stateDigest)
      guard case .model(let model)? = try chat.events("/show model").first else {
        Issue.record("no model")
        return
      }
      #expect(model.digest == chat.model.digest)
    }
  }

  @Test("unknown levels and impossible settings are errors that change nothing")
  func errors() throws {
    try Chat.with { chat throws in
      let unknown = SessionError.unknownLevel("cms9", known: ["titans", "cms1", "cms2"])
      for line in ["/level cms9 off", "/gain cms9 1", "/explain cms9", "/level cms9 reset"] {
        #expect(try chat.events(line) == [.failed(unknown)])
      }
      let impossible = try ["/set top_p 7", "/set max_tokens 0"].flatMap(chat.events)
      #expect(impossible.count == 2 && impossible.allSatisfy { $0.error != nil })
      #expect(try chat.events("   ") == [.failed(.emptyMessage)])
      #expect(try chat.statistics().settings.sampler == SamplerSettings())
      #expect(try chat.statistics().position == 0)
    }
  }

  @Test("a setting is taken over and told; a seed starts the random numbers anew")
  func settings() throws {
    try Chat.with(.brief(seed: 1)) { chat throws in
      #expect(try chat.events("/set temperature 0.3") == [.settingChanged(.temperature(0.3))])
      #expect(try chat.statistics().settings.sampler.temperature == 0.3)
      _ = try chat.events("/set temperature 0.8")
      let first = Trace(try chat.events("hello"))
      _ = try chat.events("/new")
      _ = try chat.events("/set seed 2")
      #expect(Trace(try chat.events("hello")) != first)
      _ = try chat.events("/set seed 1")
      _ = try chat.events("/new")
      #expect(Trace(try chat.events("hello")) == first)
    }
  }

  @Test("explanations carry the model's own numbers")
  func explanations() throws {
    try Chat.with { chat throws in
      for case .explanation(let level) in try chat.events("/explain cms1") {
        #expect(level.kind == .continuum(retention: 0.5))
        let text = level.sentences.joined(separator: " ")
        #expect(text.contains("after every 4 tokens, and before every answer, it changes"))
        #expect(
          text.contains(
            "half of what it learned is gone after 4 more tokens, however many writes fall into them"
          ))
        #expect(text.contains("It has not written yet"))
      }
      for case .explanation(let level) in try chat.events("/explain cms2") {
        let text = level.sentences.joined(separator: " ")
        #expect(!text.contains("before every answer") && !text.contains("however many"))
      }
      for case .explanation(let level) in try chat.events("/explain 1") {
        #expect(level.kind == .selfModifying)
      }
      #expect(try chat.events("/explain all").count == 3)
    }
  }

  @Test("a folder whose tokenizer is not the configuration's is refused with both sizes")
  func vocabulary() throws {
    try withTemporaryFolder { folder in
      try TinyModel.save(to: folder + "/odd") { $0.vocabularySize += 1 }
      let size = TinyModel.tokenizer.vocabularySize
      let engine = SessionEngine(
        modelPath: folder + "/odd", lanes: 1, settings: ChatSettings(seed: 1))
      var events: [SessionEvent] = []
      let result = engine.awaitModel { events.append($0) }
      let error = SessionError.model(
        .vocabulary(path: folder + "/odd", configured: size + 1, inTokenizer: size))
      #expect(result == .failure(error))
      #expect(events.first == .loading(path: folder + "/odd"))
      #expect(engine.events.take() == .ended)
      #expect(engine.events.take() == nil)
      #expect(error.description.contains("\(size + 1)") && error.description.contains("\(size)"))
    }
  }

  @Test("a shut engine ends, after what it was doing")
  func shutDown() throws {
    try Chat.with { chat throws in
      chat.engine.shutDown()
      var last: SessionEvent?
      while let event = chat.engine.events.take() { last = event }
      #expect(last == .ended)
    }
  }
}
