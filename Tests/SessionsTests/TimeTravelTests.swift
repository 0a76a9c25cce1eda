import Foundation
import Hope
import Sessions
import TestSupport
import Testing

@Suite("Time travel", .timeLimit(.minutes(15)))
struct TimeTravelTests {
  /// Digests of the state after every token of a recording, by a twin that does one thing at a time.
  private func digests(_ folder: String, _ session: String) throws -> [Int: SHA256Digest] {
    let loaded = try LoadedModel.load(path: folder + "/tiny")
    let recording = try SessionRecording.read(session)
    var switches = LevelSettings(levelCount: loaded.model.configuration.levels.count)
    var state = loaded.model.freshState()
    var digests = [0: state.digest]
    var turn: TurnStart?
    for line in recording.lines {
      switch line.line {
      case .user(let start): turn = start
      case .level(let setting):
        switches[setting.level].access = setting.access
        switches[setting.level].gain = setting.gain
      case .token(let token):
        if let turn, turn.flushes, token.position == turn.position + turn.tokens.count - 1 {
          loaded.model.flush(
            next: token.id, isLearnedFrom: token.isLearnedFrom, settings: switches, state: &state)
        }
        _ = loaded.model.step(
          token.id, isLearnedFrom: token.isLearnedFrom, settings: switches, state: &state)
        digests[token.position + 1] = state.digest
      case .reset(let reset):
        if case .level(let index, _) = reset.scope { loaded.model.reset(level: index, &state) }
        if case .mixers = reset.scope { loaded.model.dropMixers(&state) }
        if case .levels = reset.scope { loaded.model.dropLevels(&state) }
      default: break
      }
    }
    return digests
  }

  private let talk =
    (0..<6).flatMap { ["The harbour is full of boats, \($0).", "/level \($0 % 3 + 1) off"] }
    + ["/level all on", "/amnesia", "My cat is called Biscuit.", "/level cms1 reset"]
    + ["It sleeps on the stairs.", "/amnesia levels"]
    + (0..<6).map { "And what about \($0)?" }

  @Test("100 jumps to random positions: the digest is the one that was there live")
  func jumps() throws {
    try Chat.withModel { folder in
      let session = try Chat.recorded(in: folder, plan: { $0.snapshotInterval = 40 }) {
        chat throws in
        for line in talk { _ = try chat.events(line) }
        return try onlySession(in: folder)
      }
      let live = try digests(folder, session)
      let last = live.count - 1
      #expect(last > 200)
      var random = RandomSourceForTests(seed: 2)
      for round in 0..<100 {
        let copy = "\(folder)/sessions/copy"
        try? FileManager.default.removeItem(atPath: copy)
        if round % 20 > 0 { continue }
        // 20 jumps in each of 5 copies, each further back than the one before
        try FileManager.default.copyItem(atPath: session, toPath: copy)
        let places = (0..<20).map { _ in random.integer(below: last + 1) }.sorted(by: >)
        try Chat.recorded(in: folder, resuming: copy) { chat throws in
          for place in places {
            let jump = try #require(try chat.events("/rewind @\(place)").compactMap(\.jump).first)
            #expect(jump.position == place)
            #expect(jump.digest == live[place], "@\(place)")
            #expect(jump.checkedAt != nil)
            #expect(try chat.statistics().stateDigest == live[place])
          }
        }
        try Chat.recorded(in: folder, resuming: copy) { chat throws in
          #expect(try chat.statistics().stateDigest == live[places[19]])
        }
      }
    }
  }

  @Test("after a step back the same words get the same answer; the step and its check are told")
  func undo() throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder) { chat throws in
        _ = try chat.events("My cat is called Biscuit.")
        let before = try chat.statistics().stateDigest
        let first = Trace(try chat.events("What is my cat called?"))
        let jump = try #require(try chat.events("/undo").compactMap(\.jump).first)
        #expect(jump.digest == before)
        #expect(jump.words == "What is my cat called?")
        #expect(Trace(try chat.events("What is my cat called?")) == first)
        _ = try chat.events("hello")
        _ = try chat.events("/undo 2")
        #expect(try chat.statistics().stateDigest == before)
        #expect(try chat.events("/undo 2").contains { $0.error == .noSuchTurn(0, count: 1) })
        _ = try chat.events("/rewind turn 1")
        #expect(try chat.statistics().stateDigest == chat.model.freshStateDigest)
        #expect(try chat.events("/undo").contains { $0.error != nil })
      }
    }
  }

  @Test("stopping and taking up again is the same as never stopping", arguments: [1, 30, 100_000])
  func resume(interval: Int) throws {
    let lines = eventfulTalk
    try Chat.withModel { folder in
      let whole = try Chat.recorded(in: folder, plan: { $0.folder += "-a" }) { chat throws in
        try lines.flatMap { try chat.events($0) }.filter { $0.recording == nil }
      }
      var parts: [SessionEvent] = []
      var session: String?
      for line in lines {
        try Chat.recorded(
          in: folder, resuming: session, plan: { $0.snapshotInterval = interval }
        ) { chat throws in
          parts += try chat.events(line).filter { $0.recording == nil }
        }
        session = try onlySession(in: folder)
      }
      let report = try SessionRecording.read(try #require(session))
        .verify(LoadedModel.load(path: folder + "/tiny"))
      #expect(report.isSame, "\(report.divergence?.description ?? "\(report.problems)")")
      #expect(whole.count == parts.count)
      for (a, b) in zip(whole, parts) {
        if let a = a.answerEnd, let b = b.answerEnd {
          #expect(a.stateDigest == b.stateDigest && a.text == b.text)
          #expect(a.changes.map(\.status.updates) == b.changes.map(\.status.updates))
          continue
        }
        #expect(a == b)
      }
    }
  }

  @Test("the last words are answered once more, otherwise, as if for the first time; it verifies")
  func regenerate() throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder) { chat throws in
        #expect(try chat.events("/regen").contains { $0.error != nil })
        _ = try chat.events("/set temperature 2")
        _ = try chat.events("My cat is called Biscuit.")
        let before = try chat.statistics()
        let answers =
          try [chat.end("What is my cat called?")] + (0..<3).map { _ in try chat.end("/regen") }
        #expect(Set(answers.map(\.text)).count == 4)
        _ = try chat.events("/undo")
        #expect(try chat.statistics().stateDigest == before.stateDigest)
        _ = try chat.events("What is my cat called?")
      }
      let recording = try SessionRecording.read(try onlySession(in: folder))
      #expect(recording.transcript.count == 2 && recording.allTurns.count { $0.isTakenBack } == 4)
      let loaded = try LoadedModel.load(path: folder + "/tiny")
      for tolerance: Float in [0, 1e-4] {
        let report = try recording.verify(loaded, tolerance: tolerance)
        #expect(report.isSame, "\(report.divergence?.description ?? "")")
      }
    }
  }

  @Test("the next session is called what /new says")
  func namedNew() throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder) { chat throws in
        for line in ["hi", "/new a trip", "hello", "/new", "bye"] { _ = try chat.events(line) }
      }
      let names = try SessionLibrary(folder: folder + "/sessions").sessions().map(\.name)
      #expect(Set(names) == ["hi", "a trip", "bye"])
    }
  }

  @Test("a fork goes its own way, its parent stays as it is, byte for byte")
  func fork() throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder) { chat throws in
        _ = try chat.events("My cat is called Biscuit.")
        let middle = try chat.statistics()
        _ = try chat.events("What is my cat called?")
        let parent = try onlySession(in: folder)
        let before = try recordedBytes(parent)
        let events = try chat.events("/fork another @\(middle.position)")
        #expect(events.contains { if case .recording(.forked) = $0 { true } else { false } })
        #expect(try chat.statistics().stateDigest == middle.stateDigest)
        let closed = try recordedBytes(parent)
        #expect(closed.starts(with: before))
        #expect(try SessionRecording.read(parent).lines.last?.line == .exit(code: 0))
        _ = try chat.events("Where do I live?")
        #expect(try recordedBytes(parent) == closed)
      }
      let library = SessionLibrary(folder: folder + "/sessions")
      let child = try library.find("another")
      #expect(child.parent == (try library.find("My cat is called Biscuit.")).id)
      #expect(child.turnCount == 2)
      try library.remove(library.find("My cat"))
      let digest = child.stateDigest
      try Chat.recorded(in: folder, resuming: child.path) { chat throws in
        #expect(try chat.statistics().stateDigest == digest)
        for _ in 0..<2 { _ = try chat.events("/undo") }
        #expect(try chat.statistics().position == 0)
        #expect(try chat.events("/undo").contains { $0.error != nil })
      }
    }
  }

  @Test("a snapshot with a flipped bit is named, and the memory is computed again without it")
  func damagedSnapshot() throws {
    try Chat.withModel { folder in
      let digest = try Chat.recorded(in: folder, plan: { $0.snapshotInterval = 20 }) {
        chat throws in
        for line in talk.prefix(8) { _ = try chat.events(line) }
        return try chat.statistics().stateDigest
      }
      let session = try onlySession(in: folder)
      for name in try FileManager.default.contentsOfDirectory(atPath: session + "/snap") {
        let url = URL(fileURLWithPath: "\(session)/snap/\(name)")
        var bytes = try Data(contentsOf: url)
        bytes[bytes.count - 5] ^= 1
        try bytes.write(to: url)
      }
      try Chat.recorded(in: folder, resuming: session) { chat throws in
        let found = try #require(chat.start.compactMap(\.restoration).first)
        #expect(found.digest == digest)
        #expect(found.problems.contains { $0.contains("digest") })
      }
    }
  }

  @Test("a session of another model, or with a changed token, is refused")
  func refused() throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder) { _ = try $0.events("My cat is called Biscuit.") }
      let session = try onlySession(in: folder)
      func fault() throws -> SessionFault? {
        do {
          try Chat.recorded(in: folder, resuming: session) { _ in }
        } catch let error as SessionError {
          if case .fault(let fault) = error { return fault }
        }
        return nil
      }
      let whole = String(decoding: try recordedBytes(session), as: UTF8.self)
      let token = try #require(
        try SessionRecording.read(session).lines.compactMap(\.line.event?.token).dropFirst(4).first)
      let other = whole.replacing(
        "\"i\":\(token.position),\"id\":\(token.id),\"s\"",
        with: "\"i\":\(token.position),\"id\":\(token.id ^ 1),\"s\"")
      #expect(other != whole)
      try writeRecording(Array(other.utf8), to: session)
      guard case .differs? = try fault() else {
        Issue.record("a changed token was not found")
        return
      }
      try writeRecording(Array(whole.utf8), to: session)
      try TinyModel.save(to: folder + "/tiny", seed: 2) { $0.updateLimit = 1000 }
      guard case .otherModel? = try fault() else {
        Issue.record("another model was not refused")
        return
      }
    }
  }

  /// Going back to a marker ended before what was dropped at the same token, and said it was
  /// checked.
  @Test(
    "a marker is gone back to exactly, whatever was dropped at the same token",
    arguments: ["/amnesia", "/amnesia levels", "/level cms1 reset", "/level all reset"])
  func markerBetweenDrops(drop: String) throws {
    try Chat.withModel { folder in
      let (before, marked, session) = try Chat.recorded(in: folder) { chat throws in
        let before = try chat.end("My cat is called Biscuit.").stateDigest
        _ = try chat.events("/mark before")
        _ = try chat.events(drop)
        _ = try chat.events("/mark after")
        let marked = try chat.statistics()
        for line in ["/level cms2 reset", "/amnesia", "Hi."] { _ = try chat.events(line) }
        let jump = try #require(try chat.events("/rewind after").compactMap(\.jump).first)
        #expect(jump.digest == marked.stateDigest && jump.checkedAt == marked.position)
        #expect(jump.dropsBefore > 0 && jump.dropsTakenBack == 2)
        let now = try chat.statistics()
        #expect(now.stateDigest == marked.stateDigest)
        #expect(now.levels.map(\.updates) == marked.levels.map(\.updates))
        return (before, marked, try onlySession(in: folder))
      }
      #expect(marked.stateDigest != before)
      try Chat.recorded(in: folder, resuming: session) { chat throws in
        let now = try chat.statistics()
        #expect(now.stateDigest == marked.stateDigest)
        #expect(now.levels.map(\.updates) == marked.levels.map(\.updates))
        _ = try chat.events("What is my cat called?")
        _ = try chat.events("/rewind after")
        #expect(try chat.statistics().stateDigest == marked.stateDigest)
        let jump = try #require(try chat.events("/rewind before").compactMap(\.jump).first)
        #expect(jump.digest == before && jump.checkedAt == marked.position)
        #expect(try chat.events("/rewind after").contains { $0.error != nil })
        _ = try chat.events("And on.")
      }
      let recording = try SessionRecording.read(session)
      for tolerance: Float in [0, 1e-4] {
        let report = try recording.verify(
          LoadedModel.load(path: folder + "/tiny"), tolerance: tolerance)
        #expect(report.isSame, "\(report.divergence?.description ?? "\(report.problems)")")
      }
      #expect(Recall(recording).events.allSatisfy { $0.reset == nil })
    }
  }

  /// Taken up again, the writes of a turn that was gone back into were counted under the switches
  /// of now.
  @Test(
    "after a step back under other switches the counts are those of then, also when taken up again")
  func switchedStep() throws {
    try Chat.withModel { folder in
      let counts = try Chat.recorded(in: folder) { chat throws in
        for line in ["My cat is called Biscuit.", "/level titans write off", "/rewind @12"] {
          _ = try chat.events(line)
        }
        return try chat.statistics().levels.map(\.updates)
      }
      let session = try onlySession(in: folder)
      try Chat.recorded(in: folder, resuming: session) { chat throws in
        #expect(try chat.statistics().levels.map(\.updates) == counts && counts[0] == 12)
        _ = try chat.events("hello")
      }
      let report = try SessionRecording.read(session)
        .verify(LoadedModel.load(path: folder + "/tiny"))
      #expect(report.isSame, "\(report.divergence?.description ?? "\(report.problems)")")
    }
  }

  @Test("a bare @N is the first moment after N tokens, and the sentence says so")
  func firstMoment() throws {
    try Chat.with { chat throws in
      let end = try chat.end("My cat is called Biscuit.")
      _ = try chat.events("/amnesia")
      let events = try chat.events("/rewind @\(end.position)")
      #expect(events.compactMap(\.jump).first?.digest == end.stateDigest)
      let sentence = events.compactMap { SessionNotice($0)?.sentence }.joined()
      #expect(sentence.contains("before memory was dropped there"), "\(sentence)")
    }
  }

}
