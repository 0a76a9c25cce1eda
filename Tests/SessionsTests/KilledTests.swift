import Foundation
import Hope
import Sessions
import TestSupport
import Testing

/// What a program leaves that is killed right before one of its changes on disk. The folder is copied
/// before every change: a chat is had once, and all its deaths are looked at.
private final class Deaths: @unchecked Sendable {
  private let folder: String
  private let places: Set<Int>
  private(set) var changes = 0

  /// - Parameter places: changes before which the program dies.
  init(in folder: String, before places: some Sequence<Int>) {
    (self.folder, self.places) = (folder, Set(places))
  }

  func path(_ change: Int) -> String { "\(folder)/killed-\(change)" }

  /// Called on the engine's thread.
  func note() {
    changes += 1
    guard places.contains(changes) else { return }
    try? FileManager.default.copyItem(atPath: folder + "/sessions", toPath: path(changes))
  }
}

@Suite("Killed programs", .timeLimit(.minutes(10)))
struct KilledTests {
  /// All changes up to 300 with HOPE_TEST_KILLS=300, else a sample of them.
  private static let places: [Int] = {
    let wanted = ProcessInfo.processInfo.environment["HOPE_TEST_KILLS"].flatMap { Int($0) }
    return wanted.map { Array(1...max(1, $0)) } ?? Array(stride(from: 1, through: 300, by: 13))
  }()

  private static let talk =
    ["My cat is called Biscuit.", "/level cms1 write off", "hello"]
    + ["/amnesia", "/mem commit here", "What is my cat called?", "/undo", "/level cms1 write on"]
    + (0..<8).map { "Turn number \($0)." } + ["/mem checkout here", "And on."]

  @Test("killed before the k-th change: the folder opens, no finished turn is lost, all verifies")
  func everyChange() throws {
    try Chat.withModel { folder in
      let deaths = Deaths(in: folder, before: Self.places)
      try Chat.recorded(in: folder) { plan in
        (plan.snapshotInterval, plan.snapshotLimit) = (15, 3)
        plan.beforeChange = { deaths.note() }
      } _: { chat throws in
        for line in Self.talk { _ = try chat.events(line) }
      }
      #expect(deaths.changes > 300)
      let loaded = try LoadedModel.load(path: folder + "/tiny")
      for change in Self.places {
        for isTorn in change % 2 == 0 ? [false, true] : [false] {
          try goOn(deaths.path(change), isTorn: isTorn, folder, loaded, "change \(change)")
        }
      }
    }
  }

  /// Opens what was left, says something and computes all of it again.
  private func goOn(
    _ sessions: String, isTorn: Bool, _ folder: String, _ loaded: LoadedModel, _ what: Comment
  ) throws {
    let copy = folder + "/sessions-b"
    try? FileManager.default.removeItem(atPath: copy)
    try FileManager.default.copyItem(atPath: sessions, toPath: copy)
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: copy).first)
    let session = "\(copy)/\(name)"
    let bytes = try recordedBytes(session)
    guard !bytes.isEmpty else {
      #expect(throws: SessionFault.self, what) { try SessionRecording.read(session) }
      return
    }
    if isTorn {
      try writeRecording(bytes + Array("{\"n\":99,\"t\":0.0".utf8), to: session)
      try Data("half".utf8).write(
        to: URL(fileURLWithPath: "\(session)/snap/.x.safetensors.1.0.tmp"))
    }
    let before = try SessionRecording.read(session)
    #expect(before.damage.isEmpty && before.brokenSeals.isEmpty, what)
    let finished = before.transcript.count { $0.end != nil }
    try Chat.recorded(in: folder, resuming: session) {
      $0.folder = copy
    } _: { chat throws in
      let found = try #require(chat.start.compactMap(\.restoration).first, what)
      #expect(found.problems.count == (isTorn ? 1 : 0), what)
      _ = try chat.events("And on.")
    }
    let after = try SessionRecording.read(session)
    #expect(after.problems.isEmpty && after.transcript.count == finished + 1, what)
    #expect(after.transcript.allSatisfy { $0.end != nil }, what)
    let report = try after.verify(loaded)
    #expect(report.isSame, "\(what): \(report.divergence.map { "\($0)" } ?? "\(report.problems)")")
    let left = try FileManager.default.contentsOfDirectory(atPath: session + "/snap")
    #expect(!left.contains { $0.hasSuffix(".tmp") }, what)
  }

  @Test(
    "recording that could begin only later begins with the memory, and says how far back it goes")
  func lateBeginning() throws {
    try Chat.withModel { folder in
      try Data().write(to: URL(fileURLWithPath: folder + "/sessions"))
      let digest = try Chat.recorded(in: folder) { chat throws in
        let first = try chat.events("My cat is called Biscuit.")
        #expect(first.contains { if case .recording(.failed) = $0 { true } else { false } })
        let start = try chat.statistics().position
        try FileManager.default.removeItem(atPath: folder + "/sessions")
        let second = try chat.events("What is my cat called?")
        #expect(second.contains { if case .recording(.started) = $0 { true } else { false } })
        guard
          case .noSuchMoment(3, first: start, count: _, let reason)? =
            try chat.events("/rewind @3").compactMap(\.error).first
        else {
          Issue.record("a moment that was not recorded")
          return try chat.statistics().stateDigest
        }
        #expect(reason?.contains("its recording began at @\(start)") ?? false)
        #expect(try chat.events("/rewind @\(start)").compactMap(\.jump).first != nil)
        _ = try chat.events("What is my cat called?")
        return try chat.statistics().stateDigest
      }
      let session = try onlySession(in: folder)
      try Chat.recorded(in: folder, resuming: session) { chat throws in
        #expect(try chat.statistics().stateDigest == digest)
      }
      let report = try SessionRecording.read(session)
        .verify(LoadedModel.load(path: folder + "/tiny"))
      #expect(report.isSame, "\(report.divergence.map { "\($0)" } ?? "\(report.problems)")")
    }
  }

  @Test("a fork holds what came before, also without its parent, and can go back in it")
  func forkBeginning() throws {
    try Chat.withModel { folder in
      let (digest, position) = try Chat.recorded(in: folder) { chat throws in
        _ = try chat.events("My cat is called Biscuit.")
        let moment = try chat.statistics()
        _ = try chat.events("What is my cat called?")
        _ = try chat.events("/fork side")
        _ = try chat.events("I live in Turku, by the river.")
        return (moment.stateDigest, moment.position)
      }
      let library = SessionLibrary(folder: folder + "/sessions")
      try library.remove(library.find("My cat is called Biscuit."))
      let fork = try library.find("side")
      #expect(fork.turnCount == 3 && fork.parent != nil)
      try Chat.recorded(in: folder, resuming: fork.path) { chat throws in
        _ = try chat.events("/rewind @\(position)")
        #expect(try chat.statistics().stateDigest == digest)
        let file = folder + "/memory.safetensors"
        _ = try chat.events("/mem export \(file)")
        _ = try chat.events("/mem import \(file)")
        for line in ["/rewind @2", "/undo"] {
          let error = try #require(try chat.events(line).compactMap(\.error).first)
          #expect(error.description.contains("the memory was replaced"))
        }
      }
      let report = try SessionRecording.read(fork.path)
        .verify(LoadedModel.load(path: folder + "/tiny"))
      #expect(report.isSame && report.turns == 3, "\(report.divergence.map { "\($0)" } ?? "")")
    }
  }

  @Test("a fork of a damaged session begins with the memory and says where the rest can be found")
  func forkOfDamaged() throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder) { _ = try $0.events("My cat is called Biscuit.") }
      let session = try onlySession(in: folder)
      try writeRecording(try recordedBytes(session) + Array("no line\n".utf8), to: session)
      let loaded = try LoadedModel.load(path: folder + "/tiny")
      let fork = try SessionFork.make(
        of: session, at: nil, loaded, RecordingPlan(folder: folder + "/sessions", app: "test"))
      #expect(fork.session.name == "My cat is called Biscuit fork")
      try Chat.recorded(in: folder, resuming: fork.session.path) { chat throws in
        guard
          case .noSuchMoment(2, first: fork.position, count: _, let reason)? =
            try chat.events("/rewind @2").compactMap(\.error).first
        else {
          Issue.record("a fork went back before its beginning")
          return
        }
        #expect(reason?.contains("forked at @\(fork.position) from My cat is called") ?? false)
      }
    }
  }

  @Test("forks of one session have names of their own")
  func forkNames() throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder) { chat throws in
        _ = try chat.events("My cat is called Biscuit.")
        for _ in 0..<3 { _ = try chat.events("/fork") }
      }
      let names = try SessionLibrary(folder: folder + "/sessions").sessions().map(\.name)
      #expect(
        Set(names) == [
          "My cat is called Biscuit.", "My cat is called Biscuit fork",
          "My cat is called Biscuit fork 2", "My cat is called Biscuit fork 3",
        ], "\(names)")
    }
  }

  @Test("a fork that cannot be written changes nothing: the chat goes on in its own file")
  func forkWithoutMemory() throws {
    try Chat.withModel { folder in
      let (block, file) = (Block(), folder + "/memory.safetensors")
      try Chat.recorded(in: folder) { plan in
        plan.beforeChange = { block.note(folder + "/sessions") }
      } _: { chat throws in
        _ = try chat.events("My cat is called Biscuit.")
        _ = try chat.events("/mem export \(file)")
        _ = try chat.events("/mem import \(file)")
        let digest = try chat.statistics().stateDigest
        block.isOn = true
        let events = try chat.events("/fork side")
        block.isOn = false
        #expect(
          events.contains { if case .recording(.snapshotFailed) = $0 { true } else { false } })
        #expect(!events.contains { if case .recording(.forked) = $0 { true } else { false } })
        #expect(events.contains { $0.error != nil })
        #expect(try chat.statistics().stateDigest == digest)
        _ = try chat.events("What is my cat called?")
      }
      let session = try onlySession(in: folder)
      let recording = try SessionRecording.read(session)
      #expect(recording.transcript.count == 2)
      #expect(try recording.verify(LoadedModel.load(path: folder + "/tiny")).isSame)
    }
  }

  /// Makes saving a state impossible: folders of states become files.
  private final class Block: @unchecked Sendable {
    var isOn = false

    func note(_ sessions: String) {
      guard isOn else { return }
      for name in (try? FileManager.default.contentsOfDirectory(atPath: sessions)) ?? [] {
        let path = "\(sessions)/\(name)/snap"
        if (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty ?? false {
          try? FileManager.default.removeItem(atPath: path)
        }
      }
    }
  }

  @Test("states on disk stay few however often a session is taken up again")
  func thinningAfterResuming() throws {
    try Chat.withModel { folder in
      let change: (inout RecordingPlan) -> Void = { plan in
        (plan.snapshotInterval, plan.snapshotLimit) = (1, 4)
      }
      var session: String?
      for i in 0..<24 {
        try Chat.recorded(in: folder, resuming: session, plan: change) { chat throws in
          _ = try chat.events("Turn \(i)")
        }
        session = try onlySession(in: folder)
        let files = try FileManager.default.contentsOfDirectory(atPath: session! + "/snap")
        #expect(files.count <= 5, "after \(i + 1)")
      }
    }
  }

  @Test("after a step far back states are saved again")
  func snapshotsAfterJump() throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder, plan: { $0.snapshotInterval = 40 }) { chat throws in
        for i in 0..<8 { _ = try chat.events("Turn \(i)") }
        _ = try chat.events("/rewind @0")
        let events = try (0..<4).flatMap { try chat.events("Turn \($0)") }
        #expect(
          events.contains { if case .recording(.snapshot) = $0 { true } else { false } })
      }
    }
  }

  @Test("chat A, /new, chat B is chat B alone, bit for bit")
  func newIsFresh() throws {
    let b = ["What is my cat called?", "/level cms1 write off", "I live in Turku, by the river."]
    try Chat.withModel { folder in
      func talk(_ lines: [String]) throws -> [SessionEvent] {
        try Chat.recorded(in: folder) { chat throws in
          try lines.flatMap { try chat.events($0) }.filter { $0.recording == nil }
        }
      }
      let alone = try talk(b)
      let after = try talk(["My cat is called Biscuit.", "/level cms1 write on", "/new"] + b)
      let tail = after.suffix(alone.count)
      #expect(Trace(Array(tail)) == Trace(alone) && !Trace(alone).ids.isEmpty)
      #expect(
        tail.compactMap(\.answerEnd?.stateDigest) == alone.compactMap(\.answerEnd?.stateDigest))
      #expect(tail.compactMap(\.write) == alone.compactMap(\.write))
    }
  }
}
