import Foundation
import Hope
import Sessions
import TestSupport
import Testing

@Suite("Memories and lanes", .timeLimit(.minutes(15)))
struct MemoryTests {
  private func lanes(_ events: [SessionEvent]) -> LaneComparison? {
    for case .compared(let lanes) in events { return lanes }
    return nil
  }

  @Test("two lanes answer the same where nothing is switched, and nothing is kept of them")
  func equalLanes() throws {
    try Chat.with { chat throws in
      _ = try chat.events("My cat is called Biscuit.")
      let before = try chat.statistics().stateDigest
      let same = try #require(lanes(try chat.events("/ab cms1=rw What is my cat called?")))
      #expect(same.fork == nil && same.a.text == same.b.text)
      #expect(same.divergenceBits.allSatisfy { $0 == 0 } && !same.divergenceBits.isEmpty)
      let told = try chat.events("/ab all=off What is my cat called?")
      let off = try #require(lanes(told))
      #expect(off.divergenceBits[0] > 0 && off.meanDivergenceBits > 0)
      #expect(off.b.name == "all=off")
      #expect(try chat.statistics().stateDigest == before)
      // lane a is what the chat itself would have answered
      let answer = try chat.events("What is my cat called?").compactMap(\.token)
      #expect(
        answer.suffix(off.a.tokens.count).map(\.surpriseBits) == off.a.tokens.map(\.surpriseBits))
      #expect(try chat.end("hello").why != .failed)
    }
  }

  @Test("the last words again, from before they were said; where lanes part is marked")
  func lastWords() throws {
    var settings = ChatSettings.brief()
    settings.sampler.temperature = 1
    settings.maxTokens = 40
    try Chat.with(settings) { chat throws in
      _ = try chat.events("My cat is called Biscuit.")
      let answer = try chat.events("What is my cat called?").compactMap(\.token)
      let lanes = try #require(lanes(try chat.events("/ab all=off")))
      #expect(lanes.words == "What is my cat called?")
      #expect(answer.suffix(lanes.a.tokens.count).map(\.id) == lanes.a.tokens.map(\.id))
      let fork = try #require(lanes.fork)
      #expect(lanes.a.tokens.prefix(fork).map(\.id) == lanes.b.tokens.prefix(fork).map(\.id))
      let next = (lanes.a.tokens.dropFirst(fork).first, lanes.b.tokens.dropFirst(fork).first)
      #expect(next.0?.id != next.1?.id)
      #expect(lanes.divergenceBits.count == fork + 1)
      #expect(try chat.events("/ab cms9=off").contains { $0.error != nil })
    }
  }

  @Test("a kept memory is fetched again as it was, also after the program ended; it verifies")
  func commit() throws {
    try Chat.withModel { folder in
      let digest = try Chat.recorded(in: folder) { chat throws in
        _ = try chat.events("My cat is called Biscuit.")
        let digest = try chat.statistics().stateDigest
        _ = try chat.events("/mem commit cat")
        _ = try chat.events("I live in Turku, by the river.")
        return digest
      }
      let session = try onlySession(in: folder)
      let last = try Chat.recorded(in: folder, resuming: session) { chat throws in
        #expect(
          try chat.events("/mem log").contains {
            if case .memoryLog(let all) = $0 { all.count == 1 } else { false }
          })
        _ = try chat.events("/mem checkout cat")
        #expect(try chat.statistics().stateDigest == digest)
        _ = try chat.events("Where do I live?")
        #expect(
          try chat.events("/mem checkout dog").contains {
            $0.error == .noSuchMemory("dog", known: ["cat"])
          })
        return try chat.statistics().stateDigest
      }
      try Chat.recorded(in: folder, resuming: session) { chat throws in
        #expect(try chat.statistics().stateDigest == last)
      }
      let loaded = try LoadedModel.load(path: folder + "/tiny")
      let report = try SessionRecording.read(session).verify(loaded)
      #expect(report.isSame, "\(report.divergence?.description ?? "\(report.problems)")")
    }
  }

  @Test("a fork knows the memories its parent keeps, also after the parent is gone")
  func forkKnowsCommits() throws {
    func names(_ events: [SessionEvent]) -> [String] {
      events.flatMap { event in
        if case .memoryLog(let all) = event { all.map(\.text) } else { [String]() }
      }
    }
    try Chat.withModel { folder in
      let digest = try Chat.recorded(in: folder) { chat throws in
        _ = try chat.events("My cat is called Biscuit.")
        let digest = try chat.statistics().stateDigest
        _ = try chat.events("/mem commit cat")
        let end = try chat.end("I live in Turku, by the river.").position
        let parent = try onlySession(in: folder)
        let before = try snapshots(parent)
        _ = try chat.events("/fork side @\(end - 2)")
        #expect(names(try chat.events("/mem log")) == ["cat"])
        _ = try chat.events("Where do I live?")
        _ = try chat.events("/mem checkout cat")
        #expect(try chat.statistics().stateDigest == digest)
        #expect(try snapshots(parent) == before)
        return digest
      }
      let library = SessionLibrary(folder: folder + "/sessions")
      let parent = try library.find("My cat is called Biscuit.")
      let loaded = try LoadedModel.load(path: folder + "/tiny")
      let bytes = try recordedBytes(parent.path)
      _ = try SessionFork.make(
        of: parent.path, at: nil, loaded,
        RecordingPlan(folder: library.folder, app: "test", name: "outside"))
      #expect(try recordedBytes(parent.path) == bytes)
      try library.remove(parent)
      for name in ["side", "outside"] {
        let fork = try library.find(name)
        try Chat.recorded(in: folder, resuming: fork.path) { chat throws in
          #expect(names(try chat.events("/mem log")) == ["cat"])
          _ = try chat.events("/mem checkout cat")
          #expect(try chat.statistics().stateDigest == digest)
        }
        let report = try SessionRecording.read(fork.path).verify(loaded)
        #expect(report.isSame, "\(report.divergence?.description ?? "\(report.problems)")")
      }
    }
  }

  /// The states on disk, each with its bytes.
  private func snapshots(_ session: String) throws -> [String: Data] {
    let folder = session + "/snap"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return try names.reduce(into: [:]) {
      $0[$1] = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($1)"))
    }
  }

  @Test("a level grafted there and back restores the digest; a file and a session are the same")
  func graft() throws {
    try Chat.withModel { folder in
      let other = folder + "/other.safetensors"
      try Chat.recorded(in: folder) { chat throws in
        _ = try chat.events("I live in Turku, by the river.")
        _ = try chat.events("/mem export \(other)")
      }
      try Chat.recorded(in: folder) { chat throws in
        _ = try chat.events("My cat is called Biscuit.")
        let mine = folder + "/mine.safetensors"
        _ = try chat.events("/mem export \(mine)")
        let before = try chat.statistics().stateDigest
        _ = try chat.events("/mem graft cms1 \(other)")
        #expect(try chat.statistics().stateDigest != before)
        #expect(
          try chat.events("/mem graft titans \(other)").contains {
            $0.error == .mixerGraft("titans")
          })
        _ = try chat.events("/mem graft cms1 \(mine)")
        #expect(try chat.statistics().stateDigest == before)
        let diff = try chat.events("/mem diff \(other)")
        guard case .memoryCompared(let comparison)? = diff.first else {
          Issue.record("no comparison")
          return
        }
        #expect(!comparison.isSame && comparison.levels.count == 6)
        #expect(comparison.levels.allSatisfy { $0.distance > 0 && abs($0.cosine ?? 0) <= 1.001 })
        #expect(comparison.levels.allSatisfy { ($0.effectiveRank ?? 0) >= 0.999 })
        #expect(comparison.meanDivergenceBits > 0 && !comparison.moved.isEmpty)
        let turku = try chat.events("/mem diff I live in")
        guard case .memoryCompared(let again)? = turku.first else {
          Issue.record("\(turku)")
          return
        }
        #expect(again.levels == comparison.levels)
        let same = try chat.events("/mem diff \(mine)")
        #expect(same.contains { if case .memoryCompared(let c) = $0 { c.isSame } else { false } })
      }
    }
  }

  @Test(
    "an empty memory makes nothing likelier; a full one is ranked, and is not changed by asking")
  func audit() throws {
    try Chat.withModel { folder in
      let texts = ["My cat is called Biscuit.", "I live in Turku, by the river.", "", "hi"]
      try Chat.recorded(in: folder) { chat throws in
        _ = try chat.events("/mem export \(folder)/empty.safetensors")
        for text in texts.dropLast(2) { _ = try chat.events(text) }
        _ = try chat.events("/mem export \(folder)/full.safetensors")
      }
      let loaded = try LoadedModel.load(path: folder + "/tiny")
      func audit(_ name: String) throws -> MemoryAudit {
        let memory = try MemoryFile.read("\(folder)/\(name).safetensors", loaded)
        let before = memory.state.digest
        let audit = MemoryAudit(memory, texts: texts + texts, loaded)
        #expect(memory.state.digest == before && audit.texts.count == 4)
        #expect(audit.texts.filter(\.isControl).map(\.text) == [MemoryAudit.control])
        return audit
      }
      for text in try audit("empty").texts {
        #expect(text.gainedBits == 0 && text.learnedBits == 0 && text.baseBits > 0)
        #expect(text.firstChoices == text.baseFirstChoices)
      }
      let full = try audit("full").texts
      #expect(full.map(\.gainedBits) == full.map(\.gainedBits).sorted(by: >))
      #expect(full.contains { $0.gainedBits != 0 } && full.contains { $0.learnedBits != 0 })
      for text in full {
        #expect(text.words.map(\.text).joined(separator: " ") == text.text)
        let sum = text.words.reduce(0) { $0 + $1.gainedBits }
        #expect(abs(sum - text.gainedBits) < 1e-2)
      }
    }
  }

  @Test("a memory of another base is refused with its reason")
  func otherBase() throws {
    try Chat.withModel { folder in
      let file = folder + "/memory.safetensors"
      try Chat.recorded(in: folder) { chat throws in
        _ = try chat.events("hi")
        _ = try chat.events("/mem export \(file)")
      }
      try TinyModel.save(to: folder + "/tiny", seed: 9)
      try Chat.recorded(in: folder) { chat throws in
        let events = try chat.events("/mem import \(file)")
        guard case .fault(.state(.otherBase))? = events.compactMap(\.error).first else {
          Issue.record("\(events)")
          return
        }
      }
    }
  }
}
