import Foundation
import Hope
import Sessions
import TestSupport
import Testing

/// The folder of the only session recorded in `folder`.
func onlySession(in folder: String) throws -> String {
  let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/sessions")
  return "\(folder)/sessions/\(try #require(names.count == 1 ? names.first : nil))"
}

/// All bytes of a session's file.
func recordedBytes(_ session: String) throws -> [UInt8] {
  Array(try Data(contentsOf: URL(fileURLWithPath: session + "/session.jsonl")))
}

func writeRecording(_ bytes: some Sequence<UInt8>, to session: String) throws {
  try Data(bytes).write(to: URL(fileURLWithPath: session + "/session.jsonl"))
}

/// A talk with switches, a setting, a drop and a step back.
let eventfulTalk = [
  "My cat is called \"Biscuit\".\u{1B}[2J ä 👩‍💻", "/level cms1 write off", "/set temperature 0.9",
  "What is my cat called?", "/level cms1 write on", "/gain cms2 0.5", "/amnesia",
  "I live in Turku, by the river.", "/mark here", "Where do I live?", "/amnesia levels",
  "/undo",
  "/level cms2 reset", "What a lovely name!", "/rename the cat", "/rewind here",
  "What a lovely name!", "/set seed 4", "/amnesia levels", "hello",
]

@Suite("Recording", .timeLimit(.minutes(15)))
struct RecordingTests {
  @Test("a recording gives back every event that happened, bit for bit")
  func events() throws {
    try Chat.withModel { folder in
      var live: [SessionEvent] = []
      try Chat.recorded(in: folder, plan: { $0.snapshotInterval = 20 }) { chat throws in
        for line in eventfulTalk { live += try chat.events(line) }
      }
      let recording = try SessionRecording.read(onlySession(in: folder))
      #expect(recording.problems.isEmpty)
      #expect(recording.exitCode == 0)
      #expect(recording.name == "the cat")
      let told = live.filter {
        if case .recording(.started) = $0 { false } else { $0.error == nil }
      }
      #expect(told.count == live.count - 1)
      let read = recording.lines.compactMap(\.line.event)
      #expect(read.count == told.count)
      for (a, b) in zip(read, told) { #expect(a == b) }
      #expect(recording.lines.map(\.number) == Array(1...recording.lines.count))
      #expect(recording.header.model.levels.map(\.name) == ["titans", "cms1", "cms2"])
    }
  }

  @Test("the words are on disk before the first token is drawn, and one line is one write")
  func words() throws {
    try Chat.withModel { folder in
      let seen = Mailbox<Int>()
      let plan = RecordingPlan(folder: folder + "/sessions", app: "test")
      let engine = SessionEngine(
        modelPath: folder + "/tiny", lanes: 1, settings: .brief(), recording: plan
      ) { event in
        guard case .turnStarted = event, let session = try? onlySession(in: folder),
          let bytes = try? recordedBytes(session)
        else { return }
        seen.put(bytes.count { $0 == 10 })
      }
      defer { engine.finish() }
      _ = engine.awaitModel { _ in }
      engine.perform(.say("My cat is called Biscuit.")) { _ in }
      #expect(seen.takeAll() == [2])
    }
  }

  @Test("files are for the owner alone, folders too; text in them drives no terminal")
  func modes() throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder, plan: { $0.snapshotInterval = 1 }) {
        _ = try $0.events("\u{1B}[2J")
      }
      let session = try onlySession(in: folder)
      #expect(!(try recordedBytes(session)).contains(0x1B))
      let all = try FileManager.default.subpathsOfDirectory(atPath: session)
      #expect(all.contains { $0.hasSuffix(".safetensors") } && !all.contains { $0.contains("tmp") })
      for path in all + [""] {
        let facts = try FileManager.default.attributesOfItem(atPath: "\(session)/\(path)")
        let isFolder = facts[.type] as? FileAttributeType == .typeDirectory
        #expect(facts[.posixPermissions] as? Int == (isFolder ? 0o700 : 0o600), "\(path)")
      }
    }
  }

  @Test("snapshots on disk do not grow in number with the session")
  func thinning() throws {
    try Chat.withModel { folder in
      let change: (inout RecordingPlan) -> Void = { plan in
        (plan.snapshotInterval, plan.snapshotLimit) = (1, 4)
      }
      let digest = try Chat.recorded(in: folder, plan: change) { chat throws in
        for i in 0..<12 { _ = try chat.events("Turn \(i)") }
        return try chat.statistics().stateDigest
      }
      let session = try onlySession(in: folder)
      let files = try FileManager.default.contentsOfDirectory(atPath: session + "/snap")
      #expect((2...5).contains(files.count))
      try Chat.recorded(in: folder, resuming: session) { chat throws in
        #expect(try chat.statistics().stateDigest == digest)
        #expect(try #require(chat.start.compactMap(\.restoration).first).recomputedTokens == 0)
      }
    }
  }

  @Test("/new ends the session and begins another one with its own words")
  func new() throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder) { chat throws in
        for line in ["hi there", "/new", "/new", "My cat is called Biscuit."] {
          _ = try chat.events(line)
        }
      }
      let sessions = try SessionLibrary(folder: folder + "/sessions").sessions()
      #expect(sessions.map(\.name) == ["My cat is called Biscuit.", "hi there"])
      #expect(sessions.allSatisfy { $0.turnCount == 1 && $0.exitCode == 0 && !$0.isDamaged })
      #expect(try SessionLibrary(folder: folder + "/sessions").sessions(saying: "bISc").count == 1)
    }
  }
}

@Suite("Damaged recordings", .timeLimit(.minutes(15)))
struct DamagedRecordingTests {
  /// A short session's file.
  private func bytes(_ folder: String) throws -> [UInt8] {
    try Chat.recorded(in: folder) { chat throws in
      for line in ["hi", "/level cms1 off", "ho"] { _ = try chat.events(line) }
    }
    return try recordedBytes(onlySession(in: folder))
  }

  @Test("cut off at every byte: opens, or is refused by name")
  func truncation() throws {
    try Chat.withModel { folder in
      let bytes = try bytes(folder)
      let path = folder + "/cut.jsonl"
      let header = try #require(bytes.firstIndex(of: 10))
      for count in 0...bytes.count {
        try Data(bytes.prefix(count)).write(to: URL(fileURLWithPath: path))
        do throws(SessionFault) {
          let recording = try SessionRecording.read(path)
          #expect(count > header)
          #expect(recording.damage.isEmpty && recording.brokenSeals.isEmpty)
          #expect(recording.byteCount + recording.tornBytes == count)
        } catch {
          guard case .notASession = error else {
            Issue.record("\(count) bytes: \(error)")
            continue
          }
          #expect(count <= header)
        }
      }
    }
  }

  @Test("cut off after any line: goes on, and no finished turn is lost")
  func everyLine() throws {
    try Chat.withModel { folder in
      let whole = try bytes(folder)
      let session = try onlySession(in: folder)
      let ends = whole.indices.filter { whole[$0] == 10 }.dropFirst()
      for end in ends {
        let kept = whole[...end] + Array("{\"n\":".utf8)
        try writeRecording(kept, to: session)
        let finished = try SessionRecording.read(session).lines.count {
          if case .end = $0.line { true } else { false }
        }
        try Chat.recorded(in: folder, resuming: session) { chat throws in
          let found = try #require(chat.start.compactMap(\.restoration).first)
          #expect(found.turnCount == finished)
          #expect(
            chat.start.contains { if case .recording(.repaired) = $0 { true } else { false } })
          _ = try chat.events("And on.")
        }
        let after = try SessionRecording.read(session)
        #expect(after.problems.isEmpty, "\(after.problems)")
        #expect(after.transcript.count == finished + 1)
      }
      #expect(FileManager.default.fileExists(atPath: session + "/session.torn"))
    }
  }

  @Test("a changed byte is found by the next seal, or was no line any more")
  func seals() throws {
    try Chat.withModel { folder in
      let bytes = try bytes(folder)
      let header = try #require(bytes.firstIndex(of: 10))
      var random = RandomSourceForTests(seed: 3)
      for _ in 0..<300 {
        let place = header + 1 + random.integer(below: bytes.count - header - 2)
        var changed = bytes
        changed[place] ^= 1
        try Data(changed).write(to: URL(fileURLWithPath: folder + "/c.jsonl"))
        let recording = try SessionRecording.read(folder + "/c.jsonl")
        #expect(!recording.problems.isEmpty, "byte \(place)")
      }
    }
  }

  @Test("2,000 mutated files: no crash, no hang, and none is taken for a whole one")
  func mutations() throws {
    try Chat.withModel { folder in
      let bytes = try bytes(folder)
      var random = RandomSourceForTests(seed: 1)
      let path = folder + "/mutated.jsonl"
      var opened = 0
      for _ in 0..<2000 {
        let mutated = bytes.mutated(&random)
        try Data(mutated).write(to: URL(fileURLWithPath: path))
        do throws(SessionFault) {
          let recording = try SessionRecording.read(path)
          opened += 1
          _ = (recording.transcript, recording.problems, SessionSummary(recording))
        } catch {
          #expect(!error.description.isEmpty)
        }
      }
      #expect(opened > 1000)
    }
  }

  /// As many as HOPE_TEST_MUTATIONS says, else few.
  private static let mutationCount =
    ProcessInfo.processInfo.environment["HOPE_TEST_MUTATIONS"].flatMap { Int($0) } ?? 200

  @Test("mutated files computed again: no crash, no hang, and what differs is told")
  func mutatedComputations() throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder, plan: { $0.snapshotInterval = 1 }) { chat throws in
        for line in ["hi", "/level cms1 off", "/mem commit x", "ho", "/undo", "/amnesia", "hi"] {
          _ = try chat.events(line)
        }
      }
      let session = try onlySession(in: folder)
      let bytes = try recordedBytes(session)
      let loaded = try LoadedModel.load(path: folder + "/tiny")
      var random = RandomSourceForTests(seed: 5)
      var (same, parted, refused) = (0, 0, 0)
      for round in 0..<Self.mutationCount {
        try writeRecording(bytes.mutated(&random), to: session)
        do throws(SessionFault) {
          let tolerance: Float = round % 2 == 0 ? 0 : 1e-3
          let report = try SessionRecording.read(session).verify(loaded, tolerance: tolerance)
          if report.divergence == nil { same += 1 } else { parted += 1 }
          // a changed file never passes
          #expect(!report.isSame || recordedEqually(session, bytes))
        } catch {
          refused += 1
        }
      }
      #expect(same > 10 && parted > 10 && refused > 10, "\(same), \(parted), \(refused)")
    }
  }

  /// Whether a mutation left all as it was: one that is undone, or doubles nothing.
  private func recordedEqually(_ session: String, _ bytes: [UInt8]) -> Bool {
    (try? recordedBytes(session)) == bytes
  }

  @Test(
    "numbers no file has are refused, not counted with", arguments: ["9223372036854775807", "-1"])
  func hugeNumbers(number: String) throws {
    try Chat.withModel { folder in
      var text = String(decoding: try bytes(folder), as: UTF8.self)
      for key in ["n", "i", "id", "step", "tokens", "level", "period", "read", "drawn", "code"] {
        let pattern = try Regex("\"\(key)\":[0-9]+")
        text = text.replacing(pattern, with: "\"\(key)\":\(number)", maxReplacements: 1000)
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/x.jsonl"))
        guard let recording = try? SessionRecording.read(folder + "/x.jsonl") else { continue }
        _ = (recording.transcript, SessionSummary(recording))
        #expect(!recording.problems.isEmpty)
      }
    }
  }

  @Test("numbers are read as the language reads them, to the last bit")
  func numbers() throws {
    try Chat.withModel { folder in
      let text = String(decoding: try bytes(folder), as: UTF8.self)
      let lines = text.split(separator: "\n").map(String.init)
      let place = try #require(lines.firstIndex { $0.contains("\"lp\":") })
      var random = RandomSourceForTests(seed: 9)
      var spellings = [
        "-0.1", "0.30000000000000004", "-2.8e-05", "-123456789.123456789", "-1e-320", "-0.0", "7",
        "-5.0E3", "-0.000000000000000000000012345", "-9007199254740993.5",
        "-1.7976931348623157e308",
      ]
      for _ in 0..<300 {
        let places = random.integer(below: 17)
        let digits = (0...places).map { _ in String(random.integer(below: 10)) }.joined()
        spellings.append("-\(random.integer(below: 1_000_000)).\(digits)")
      }
      for spelling in spellings {
        var changed = lines
        changed[place] = changed[place].replacing(
          try Regex("\"lp\":[-0-9.eE]+"), with: "\"lp\":\(spelling)")
        try writeRecording(Array((changed.joined(separator: "\n") + "\n").utf8), to: folder)
        let read = try SessionRecording.read(folder).lines[place - 1].line.event?.token
        let value = try #require(Double(spelling))
        let bits = Float(-value / 0.693_147_180_559_945_3)
        #expect(read?.surpriseBits == bits, "\(spelling)")
      }
    }
  }

  @Test("a future form, another kind of file and an empty one are refused by name")
  func foreign() throws {
    try withTemporaryFolder { folder in
      func fault(_ text: String) throws -> SessionFault? {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/x"))
        do throws(SessionFault) {
          _ = try SessionRecording.read(folder + "/x")
          return nil
        } catch { return error }
      }
      #expect(try fault("{\"hope\":2}\n") == .futureVersion(path: folder + "/x", version: 2))
      for text in ["", "\n", "{}\n", "[1]\n", "{\"version\":3}\n", "\0\0\0\n", "{\"hope\":1}\n"] {
        guard case .notASession? = try fault(text) else {
          Issue.record("\(text.debugDescription)")
          continue
        }
      }
      #expect(throws: SessionFault.self) { try SessionRecording.read(folder + "/nothing") }
    }
  }

  @Test("two writers: the second reads only, and says so")
  func twoWriters() throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder) { chat throws in
        _ = try chat.events("hi")
        let session = try onlySession(in: folder)
        let before = try recordedBytes(session)
        try Chat.recorded(in: folder, resuming: session) { other throws in
          #expect(
            other.start.contains { if case .recording(.readOnly) = $0 { true } else { false } })
          #expect(other.start.compactMap { SessionNotice($0) }.contains { $0.isWarning })
          _ = try other.events("ho")
        }
        #expect(try recordedBytes(session) == before)
        _ = try chat.events("ho")
        let library = SessionLibrary(folder: folder + "/sessions")
        #expect(throws: SessionFault.inUse(path: session)) { try library.remove(library.newest()) }
      }
    }
  }
}

/// Numbers that are the same every time.
struct RandomSourceForTests {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func integer(below bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 33) % bound
  }
}

extension [UInt8] {
  /// Changed the way disks, editors and people change files.
  fileprivate func mutated(_ random: inout RandomSourceForTests) -> [UInt8] {
    var bytes = self
    for _ in 0...random.integer(below: 3) {
      let at = random.integer(below: bytes.count)
      let length = Swift.min(random.integer(below: 40), bytes.count - at)
      switch random.integer(below: 6) {
      case 0: bytes[at] ^= 1 << UInt8(random.integer(below: 8))
      case 1: bytes.removeSubrange(at..<at + length)
      case 2: bytes.insert(contentsOf: bytes[at..<at + length], at: at)
      case 3: bytes.replaceSubrange(at..<at + length, with: repeatElement(0, count: length))
      case 4: if let end = bytes[at...].firstIndex(of: 10) { bytes.remove(at: end) }
      default: if let end = bytes[at...].firstIndex(of: 10) { bytes.insert(13, at: end) }
      }
      if bytes.isEmpty { return [0] }
    }
    return bytes
  }
}
