import Foundation
import Hope
import Sessions
import TestSupport
import Testing

@Suite("Verification says why", .timeLimit(.minutes(2)))
struct BisectionTests {
  private static let talk = [
    "My cat is called Biscuit.", "What is my cat called?", "I live in Turku, by the river.",
    "Where do I live?", "What a lovely name!", "hello",
  ]

  /// A recorded talk of six turns with a state on disk after most of them.
  private func with(_ body: (_ session: String, _ loaded: LoadedModel) throws -> Void) throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder, plan: { $0.snapshotInterval = 20 }) { chat throws in
        for line in Self.talk { _ = try chat.events(line) }
      }
      try body(onlySession(in: folder), try LoadedModel.load(path: folder + "/tiny"))
    }
  }

  /// Changes a line of the session's file; 0 is the header.
  private func change(
    _ session: String, line: Int, _ old: String, _ new: String
  ) throws {
    var lines = String(decoding: try recordedBytes(session), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let changed = lines[line].replacing(old, with: new)
    #expect(changed != lines[line], "\(old) is not in \(lines[line])")
    lines[line] = changed
    try writeRecording(Array(lines.joined(separator: "\n").utf8), to: session)
  }

  private func divergence(
    _ session: String, _ loaded: LoadedModel, tolerance: Float? = nil
  ) throws -> Divergence {
    try #require(try SessionRecording.read(session).verify(loaded, tolerance: tolerance).divergence)
  }

  @Test(
    "one figure changed in the file: the line is named, and that it alone was changed",
    arguments: ["id", "lp", "upd", "end", "user"])
  func oneLine(kind: String) throws {
    try with { session, loaded in
      let recording = try SessionRecording.read(session)
      let lines = recording.lines.filter { $0.number > 80 }
      func first(_ isWanted: (SessionEvent) -> Bool) throws -> SessionRecording.Line {
        try #require(lines.first { $0.line.event.map(isWanted) ?? false })
      }
      let line: SessionRecording.Line
      switch kind {
      case "id":
        line = try first { $0.token?.author == .assistant }
        let id = try #require(line.line.event?.token?.id)
        try change(session, line: line.number, "\"id\":\(id),", "\"id\":\(id ^ 1),")
      case "lp":
        line = try first { $0.token?.author == .user }
        try change(session, line: line.number, "\"lp\":-", "\"lp\":-1")
      case "upd":
        line = try first { $0.write != nil }
        try change(session, line: line.number, "\"tokens\":", "\"tokens\":1")
      case "end":
        line = try first { $0.answerEnd != nil }
        let digest = "sha256:\(try #require(line.line.event?.answerEnd?.stateDigest))"
        let other = "sha256:" + String(digest.dropFirst(7).reversed())
        try change(session, line: line.number, digest, other)
      default:
        line = try first { if case .turnStarted = $0 { true } else { false } }
        try change(session, line: line.number, "\"by\":\"u", "\"by\":\"s")
      }
      let found = try divergence(session, loaded)
      #expect(found.line == line.number && found.position == line.line.position(of: kind))
      #expect(found.cause == .changedLine, "\(found)")
      let agreed = try #require(found.agreed)
      #expect(agreed.line < line.number && agreed.position <= found.position)
      #expect(agreed.line > 40)
      #expect(found.explanation.contains("the line alone was changed"))
      if kind == "upd" { #expect(found.level != nil) }
    }
  }

  @Test(
    "one bit flipped in a state on disk: the tensor is named, its level and its layer",
    arguments: [
      ("level.1.0.learned", "cms1", 1), ("level.0.1.learned", "cms2", 0),
      ("running.0.memory.0", "titans", 0), ("stream.1.tail", "titans", 1), ("logits", "", -1),
    ])
  func oneBit(tensor: String, level: String, block: Int) throws {
    try with { session, loaded in
      let facts = try #require(
        try SessionRecording.read(session).lines.compactMap { line in
          if case .snapshot(let facts) = line.line { facts } else { nil }
        }.dropFirst().first)
      let url = URL(fileURLWithPath: "\(session)/snap/\(facts.digest).safetensors")
      let entry = try #require(
        try SafetensorsFile(path: url.path).entry(named: tensor))
      var bytes = try Data(contentsOf: url)
      bytes[entry.byteRange.lowerBound + 4] ^= 1
      try bytes.write(to: url)
      let found = try divergence(session, loaded)
      #expect(found.subject == .snapshot && found.position == facts.position)
      #expect(found.cause == .changedSnapshot && found.tensor == tensor)
      #expect(found.level == (level.isEmpty ? nil : level))
      #expect(found.block == (block < 0 ? nil : block))
      #expect(found.description.contains("tensor \(tensor)"))
      // on other hardware, too, a state that is not what it says it is is found
      let rounded = try divergence(session, loaded, tolerance: 1e-3)
      #expect(rounded.subject == .snapshot && rounded.position == facts.position)
    }
  }

  @Test("other random numbers at the start: the same tokens would have given the same memory")
  func otherDraw() throws {
    try with { session, loaded in
      let state = try SessionRecording.read(session).header.randomState
      try change(
        session, line: 0, "\"state\":\"\(String(state, radix: 16))\"", "\"state\":\"1\"")
      let found = try divergence(session, loaded)
      #expect(found.subject == .token && found.cause == .otherInput, "\(found)")
      #expect(found.tensor == nil && found.agreed == nil)
    }
  }

  @Test("a computation that is another one: token, level, layer and tensor are named")
  func otherComputation() throws {
    try with { session, loaded in
      try change(
        session, line: 0, "\"name\":\"cms1\",\"period\":4,\"bits\":\"rw\",\"gain\":1.0",
        "\"name\":\"cms1\",\"period\":4,\"bits\":\"rw\",\"gain\":0.9")
      let found = try divergence(session, loaded)
      #expect(found.cause == .otherComputation, "\(found)")
      #expect(found.subject == .token && found.position > 0)
      let saved = try #require(found.state)
      #expect(saved.position > found.position)
      #expect(found.tensor != nil && found.level != nil && found.block == 0, "\(found)")
      #expect(found.level == "cms1")
      #expect(found.explanation.contains("tensor \(try #require(found.tensor))"))
    }
  }

  @Test("a switch in the middle that was not there: the states before agree, the ones after do not")
  func lateChange() throws {
    try with { session, loaded in
      // a switch that was not there: everything after it is computed otherwise, nothing before
      let recording = try SessionRecording.read(session)
      let turn = try #require(
        recording.lines.filter { if case .user = $0.line { true } else { false } }.dropFirst(3)
          .first)
      var lines = String(decoding: try recordedBytes(session), as: UTF8.self)
        .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      lines.insert(
        "{\"n\":\(turn.number),\"t\":0.0,\"e\":\"cfg\",\"set\":{\"level.cms2.read\":false,"
          + "\"level.cms2.write\":false,\"level.cms2.gain\":1.0},\"level\":2}", at: turn.number)
      try writeRecording(Array(lines.joined(separator: "\n").utf8), to: session)
      let found = try divergence(session, loaded)
      #expect(found.cause == .otherComputation, "\(found)")
      let agreed = try #require(found.agreed)
      guard case .user(let start) = turn.line else { return }
      #expect(agreed.position == start.position && found.position > start.position)
      #expect(found.tensor != nil)
    }
  }

  @Test("recorded on another core: by tolerance, also with states on disk")
  func otherCore() throws {
    try with { session, loaded in
      let core = try SessionRecording.read(session).header.identity.core
      try change(session, line: 0, "\"core\":\"\(core)\"", "\"core\":\"Abacus\"")
      let report = try SessionRecording.read(session).verify(loaded)
      #expect(report.mode == .tolerance(1e-3) && report.divergence == nil)
      #expect(report.snapshots > 1 && report.recordedOn.core == "Abacus")
      #expect(!report.isSame)  // the header was changed, and a seal tells
    }
  }
}

extension SessionLine {
  fileprivate func position(of kind: String) -> Int? {
    switch self {
    case .token(let token): token.position
    case .write(let write): write.position
    case .end(let end): end.position
    case .user(let turn): turn.position
    default: nil
    }
  }
}
