import Foundation
import Hope
import Sessions
import TestSupport
import Testing

@Suite("Verification", .timeLimit(.minutes(15)))
struct VerificationTests {
  /// An eventful session that was cut short, resumed and forked, and the model's folder.
  private func with(
    _ body: (_ session: String, _ loaded: LoadedModel, _ folder: String) throws -> Void
  ) throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder, plan: { $0.snapshotInterval = 30 }) { chat throws in
        for line in eventfulTalk.prefix(9) { _ = try chat.events(line) }
      }
      let session = try onlySession(in: folder)
      // the program dies in the middle of an answer
      let bytes = try recordedBytes(session)
      let lastEnd = try #require(
        try SessionRecording.read(session).lines.last { $0.line.event?.answerEnd != nil })
      let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
      try writeRecording(
        lines.prefix(lastEnd.number - 2).joined(separator: [10]) + Array("\n{\"n".utf8),
        to: session)
      let change: (inout RecordingPlan) -> Void = { $0.snapshotInterval = 30 }
      try Chat.recorded(in: folder, resuming: session, plan: change) { chat throws in
        for line in eventfulTalk { _ = try chat.events(line) }
      }
      try body(session, try LoadedModel.load(path: folder + "/tiny"), folder)
    }
  }

  @Test("what was recorded computes the same again, to the bit and by tolerance")
  func same() throws {
    try with { session, loaded, _ in
      let recording = try SessionRecording.read(session)
      let exact = try recording.verify(loaded)
      #expect(exact.mode == .bits)
      #expect(exact.isSame, "\(exact.divergence?.description ?? "\(exact.problems)")")
      #expect(exact.turns > 8 && exact.tokens > 200 && exact.updates > 40)
      #expect(exact.snapshots > 1 && exact.digests > 10)
      let close = try recording.verify(loaded, tolerance: 1e-4)
      #expect(close.isSame, "\(close.divergence?.description ?? "")")
      #expect(close.mode == .tolerance(1e-4) && close.tokens > 200)
    }
  }

  @Test("a session that died after any line verifies when it went on")
  func everyCut() throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder) { chat throws in
        for line in ["My cat is called Biscuit.", "hi"] { _ = try chat.events(line) }
      }
      let session = try onlySession(in: folder)
      let whole = try recordedBytes(session)
      let loaded = try LoadedModel.load(path: folder + "/tiny")
      for end in whole.indices.filter({ whole[$0] == 10 }) {
        try writeRecording(whole[...end], to: session)
        try Chat.recorded(in: folder, resuming: session) { _ = try $0.events("And on.") }
        for tolerance: Float in [0, 1e-4] {
          let report = try SessionRecording.read(session).verify(loaded, tolerance: tolerance)
          #expect(report.isSame, "\(report.divergence?.description ?? "\(report.problems)")")
        }
      }
    }
  }

  @Test("a changed token is named with its place", arguments: [3, 40, 90])
  func token(index: Int) throws {
    try with { session, loaded, _ in
      let recording = try SessionRecording.read(session)
      let line = recording.lines.filter { $0.line.event?.token != nil }[index]
      let token = try #require(line.line.event?.token)
      var text = String(decoding: try recordedBytes(session), as: UTF8.self)
        .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      text[line.number] = text[line.number].replacing(
        "\"id\":\(token.id),", with: "\"id\":\(token.id ^ 1),")
      try writeRecording(Array(text.joined(separator: "\n").utf8), to: session)
      let report = try SessionRecording.read(session).verify(loaded)
      let found = try #require(report.divergence)
      #expect(found.subject == .token && found.line == line.number)
      #expect(found.position == token.position)
      #expect(!report.problems.isEmpty)
    }
  }

  @Test("a changed write is named with its level and layer")
  func update() throws {
    try with { session, loaded, _ in
      let recording = try SessionRecording.read(session)
      let line = recording.lines.filter { $0.line.event?.write != nil }[20]
      let write = try #require(line.line.event?.write)
      var text = String(decoding: try recordedBytes(session), as: UTF8.self)
        .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let size = write.blocks[1].updateRelative
      text[line.number] = text[line.number].replacing("[1,\(size)", with: "[1,\(size * 1.01)")
      try writeRecording(Array(text.joined(separator: "\n").utf8), to: session)
      for tolerance: Float? in [nil, 1e-5] {
        let found = try #require(
          try SessionRecording.read(session).verify(loaded, tolerance: tolerance).divergence)
        #expect(found.subject == .update && found.line == line.number, "\(found.description)")
        #expect(found.level == write.name)
        if tolerance == nil { #expect(found.block == 1) }
      }
    }
  }

  @Test("a flipped bit in a snapshot is named with its tensor")
  func snapshot() throws {
    try with { session, loaded, _ in
      let folder = session + "/snap"
      let name = try #require(
        try SessionRecording.read(session).lines.compactMap { line in
          if case .snapshot(let facts) = line.line { facts.digest } else { nil }
        }.first)
      let url = URL(fileURLWithPath: "\(folder)/\(name).safetensors")
      let file = try SafetensorsFile(path: url.path)
      let entry = try #require(file.entry(named: "level.1.0.learned"))
      var bytes = try Data(contentsOf: url)
      bytes[entry.byteRange.lowerBound + 8] ^= 1
      try bytes.write(to: url)
      let found = try #require(try SessionRecording.read(session).verify(loaded).divergence)
      #expect(found.subject == .snapshot)
      #expect(found.tensor == "level.1.0.learned")
      #expect(found.level == "cms1" && found.block == 1)
    }
  }

  @Test("changed words compute otherwise; another model is no comparison")
  func words() throws {
    try with { session, loaded, folder in
      let text = String(decoding: try recordedBytes(session), as: UTF8.self)
      let other = text.replacing(
        "\"text\":\"What is my cat called?\"", with: "\"text\":\"What is my dog called?\"")
      #expect(other != text)
      try writeRecording(Array(other.utf8), to: session)
      let report = try SessionRecording.read(session).verify(loaded)
      #expect(report.divergence?.subject == .words)
      try TinyModel.save(to: folder + "/other", seed: 5)
      let stranger = try LoadedModel.load(path: folder + "/other")
      #expect(throws: SessionFault.self) { try SessionRecording.read(session).verify(stranger) }
    }
  }

  /// A kind of line that a later program writes in the middle of a turn ended the turn there.
  @Test("lines of unknown kinds are skipped wherever they stand")
  func unknownKinds() throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder) { chat throws in
        for line in ["My cat is called Biscuit.", "hello", "/undo", "/amnesia", "hi"] {
          _ = try chat.events(line)
        }
      }
      let session = try onlySession(in: folder)
      let lines = String(decoding: try recordedBytes(session), as: UTF8.self).split(separator: "\n")
      let other = #"{"n":0,"t":0,"e":"thought","set":{"by":"a later program"}}"#
      let text = lines.dropFirst().reduce(String(lines[0])) { "\($0)\n\(other)\n\($1)" }
      try writeRecording(text.utf8 + [10], to: session)
      let loaded = try LoadedModel.load(path: folder + "/tiny")
      for tolerance: Float in [0, 1e-4] {
        let report = try SessionRecording.read(session).verify(loaded, tolerance: tolerance)
        #expect(report.divergence == nil, "\(report.divergence?.description ?? "")")
        #expect(report.turns == 3)
      }
    }
  }

  /// Both values of a difference were the same text where the member was not in the sentence, and
  /// some numbers were not compared at all.
  @Test(
    "whatever member is changed, the difference names it with both values",
    arguments: [
      ("user", "\"flush\":true", "\"flush\":false", "flush false", "flush true"),
      ("user", "\"by\":\"0", "\"by\":\"u", "by 1 u", "by 1 0"),
      ("tok", ",\"learned\":true", "", "learned false", "learned true"),
      ("tok", "\"H\":", "\"H\":1", "H 1", "H "),
      ("end", "\"read\":", "\"read\":1", "read 1", "read "),
      ("end", "\"rng\":\"", "\"rng\":\"1\",\"was\":\"", "rng 1", "rng "),
      ("end", "\"drift\":0", "\"drift\":1", "titans drift 1", "titans drift 0"),
      ("end", "\"updates\":", "\"updates\":1", "titans updates 1", "titans updates "),
      ("upd", "\"tokens\":", "\"tokens\":1", "tokens 1", "tokens "),
    ])
  func members(kind: String, from: String, to: String, recorded: String, found: String) throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder) { _ = try $0.events("My cat is called Biscuit.") }
      let session = try onlySession(in: folder)
      let text = String(decoding: try recordedBytes(session), as: UTF8.self)
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let index = try #require(
        lines.firstIndex { $0.contains("\"e\":\"\(kind)\"") && $0.contains(from) })
      let place = try #require(lines[index].range(of: from))
      lines[index].replaceSubrange(place, with: to)
      try writeRecording(lines.joined(separator: "\n").utf8, to: session)
      let loaded = try LoadedModel.load(path: folder + "/tiny")
      let report = try SessionRecording.read(session).verify(loaded, tolerance: 0)
      let divergence = try #require(report.divergence)
      #expect(divergence.line == index, "\(divergence.description)")
      #expect(divergence.recorded.hasPrefix(recorded), "\(divergence.description)")
      #expect(divergence.found.hasPrefix(found), "\(divergence.description)")
    }
  }

  /// Only the hash of the weights was compared: the rest of the first line could say anything, and
  /// so could a marker.
  @Test(
    "what the first line says of the model, and what a marker says of the memory, is checked",
    arguments: [
      ("\"period\":4,", "\"period\":5,", "level 2 cms1 every 5"),
      ("\"parameters\":", "\"parameters\":1", "parameters 1"),
      ("\"vocabulary\":", "\"vocabulary\":1", "vocabulary 1"),
      ("\"fresh\":\"", "\"fresh\":\"00000000", "fresh 00000000"),
      ("\"rng\":{\"kind\":\"", "\"rng\":{\"kind\":\"x", "rng kind x"),
      (",{\"name\":\"cms2\",\"period\":8,\"bits\":\"rw\",\"gain\":1.0}", "", "number of levels 2"),
      ("\"text\":\"kept\",\"state\":\"sha256:", "\"text\":\"kept\",\"state\":\"sha256:0000", ""),
      (
        "\"text\":\"noted\",\"digest\":\"sha256:", "\"text\":\"noted\",\"digest\":\"sha256:0000", ""
      ),
    ])
  func header(from: String, to: String, recorded: String) throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder) { chat throws in
        for line in ["My cat is called Biscuit.", "/mem commit kept", "/mark noted", "hello"] {
          _ = try chat.events(line)
        }
      }
      let session = try onlySession(in: folder)
      let text = String(decoding: try recordedBytes(session), as: UTF8.self)
      let place = try #require(text.range(of: from), "\(text.prefix(900))")
      var rest = text[place.upperBound...]
      // a digest keeps its length
      rest.removeFirst(to.hasSuffix("0") ? to.count - from.count : 0)
      try writeRecording("\(text[..<place.lowerBound])\(to)\(rest)".utf8, to: session)
      let loaded = try LoadedModel.load(path: folder + "/tiny")
      for tolerance: Float in recorded.isEmpty && from.contains("noted") ? [0] : [0, 1e-4] {
        let report = try SessionRecording.read(session).verify(loaded, tolerance: tolerance)
        let divergence = try #require(report.divergence)
        #expect(divergence.subject == (recorded.isEmpty ? .mark : .header))
        #expect(recorded.isEmpty || divergence.recorded.hasPrefix(recorded), "\(divergence)")
      }
    }
  }

  @Test("a fork made from the command line goes on from there and verifies by itself")
  func fork() throws {
    try with { session, loaded, folder in
      let before = try recordedBytes(session)
      let plan = RecordingPlan(folder: folder + "/sessions", app: "test", name: "side")
      let fork = try SessionFork.make(of: session, at: 37, loaded, plan)
      #expect(fork.position == 37 && fork.isChecked)
      #expect(try recordedBytes(session) == before)
      try Chat.recorded(in: folder, resuming: fork.session.path) { chat throws in
        #expect(try chat.statistics().stateDigest == fork.digest)
        _ = try chat.events("What a lovely name!")
      }
      let report = try SessionRecording.read(fork.session.path).verify(loaded)
      #expect(report.isSame && report.turns > 10, "\(report.turns) turns")
      let close = try SessionRecording.read(fork.session.path).verify(loaded, tolerance: 1e-4)
      #expect(close.isSame, "\(close.divergence?.description ?? "")")
    }
  }

  /// The check by tolerance compared the first snapshot with the state before it: off by infinity.
  @Test(
    "what begins with a memory verifies by tolerance",
    arguments: ["fork", "late", "import", "graft"])
  func beginsWithMemory(how: String) throws {
    try Chat.withModel { folder in
      let file = folder + "/memory.safetensors"
      try Chat.recorded(in: folder, plan: { $0.folder += "-other" }) { chat throws in
        for line in ["My cat is called Biscuit.", "/mem export \(file)"] {
          _ = try chat.events(line)
        }
      }
      let starts = [
        "fork": ["My cat is called Biscuit.", "/fork wanted @12"],
        "import": ["/mem import \(file)"],
        "graft": ["My cat is called Biscuit.", "/mem graft cms1 \(file)"],
        "late": ["My cat is called Biscuit."],
      ]
      if how == "late" { try Data().write(to: URL(fileURLWithPath: folder + "/sessions")) }
      try Chat.recorded(in: folder) { chat throws in
        for line in starts[how] ?? [] { _ = try chat.events(line) }
        if how == "late" { try FileManager.default.removeItem(atPath: folder + "/sessions") }
        for line in ["Where do I live?", "/rename wanted", "/mem commit a", "/amnesia", "hello"] {
          _ = try chat.events(line)
        }
      }
      let path = try SessionLibrary(folder: folder + "/sessions").find("wanted").path
      let loaded = try LoadedModel.load(path: folder + "/tiny")
      for tolerance: Float in [0, 1e-4] {
        let report = try SessionRecording.read(path).verify(loaded, tolerance: tolerance)
        #expect(report.isSame, "\(report.divergence?.description ?? "\(report.problems)")")
        #expect(report.tokens > 8)
      }
    }
  }
}
