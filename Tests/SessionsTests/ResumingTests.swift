import Foundation
import Hope
import Sessions
import TestSupport
import Testing

@Suite("Going on with another session", .timeLimit(.minutes(4)))
struct ResumingTests {
  private func folders(_ folder: String) throws -> [String] {
    try SessionLibrary(folder: folder + "/sessions").sessions().map(\.path)
  }

  @Test("/resume brings the other memory back, checked, with what was said; this one stays whole")
  func resume() throws {
    try Chat.withModel { folder in
      let first = try Chat.recorded(in: folder, plan: { $0.name = "cats" }) { chat throws in
        _ = try chat.events("My cat is called Biscuit.")
        return try chat.statistics()
      }
      try Chat.recorded(in: folder, plan: { $0.name = "boats" }) { chat throws in
        _ = try chat.events("The harbour is full of boats.")
        let events = try chat.events("/resume cats")
        let recall = try #require(events.compactMap(\.recall).first)
        #expect(recall.turns.map(\.words) == ["My cat is called Biscuit."])
        #expect(recall.session.name == "cats")
        let restored = try #require(events.compactMap(\.restoration).first)
        #expect(restored.digest == first.stateDigest)
        #expect(try chat.statistics().stateDigest == first.stateDigest)
        _ = try chat.events("And a dog.")
        #expect(try chat.events("/resume cats").contains { $0.error == .alreadyHere("cats") })
      }
      let library = SessionLibrary(folder: folder + "/sessions")
      #expect(try library.find("cats").turnCount == 2)
      let boats = try SessionRecording.read(try library.find("boats").path)
      #expect(boats.exitCode == 0 && boats.problems.isEmpty)
      #expect(boats.transcript.count == 1)
    }
  }

  @Test("a session that is not there, or not as it was, changes nothing")
  func refused() throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder, plan: { $0.name = "cats" }) { chat throws in
        _ = try chat.events("My cat is called Biscuit.")
      }
      let cats = try #require(try folders(folder).first)
      let text = String(decoding: try recordedBytes(cats), as: UTF8.self)
      let id = try #require(try SessionRecording.read(cats).transcript.first?.tokens[5].id)
      let changed = text.replacing("\"i\":5,\"id\":\(id),", with: "\"i\":5,\"id\":\(id ^ 1),")
      try #require(changed != text)
      try Data(changed.utf8).write(to: URL(fileURLWithPath: cats + "/session.jsonl"))
      try Chat.recorded(in: folder, plan: { $0.name = "boats" }) { chat throws in
        _ = try chat.events("The harbour is full of boats.")
        let before = try chat.statistics().stateDigest
        for name in ["cats", "dogs"] {
          let events = try chat.events("/resume \(name)")
          #expect(events.contains { $0.error != nil } && events.compactMap(\.recall).isEmpty)
          #expect(try chat.statistics().stateDigest == before)
        }
        _ = try chat.events("And gulls.")
      }
      let library = SessionLibrary(folder: folder + "/sessions")
      #expect(try library.find("boats").turnCount == 2)
    }
  }

  @Test("/save keeps the memory under a name, so that nothing is to be computed again")
  func save() throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder) { chat throws in
        #expect(try chat.events("/save").contains { $0.error == .notRecorded })
        _ = try chat.events("My cat is called Biscuit.")
        let events = try chat.events("/save my cat")
        guard case .saved(let name, let facts)? = events.last else {
          Issue.record("\(events)")
          return
        }
        #expect(name.name == "my cat")
        #expect(try chat.statistics().stateDigest == facts.digest)
      }
      let path = try SessionLibrary(folder: folder + "/sessions").find("my cat").path
      try Chat.recorded(in: folder, resuming: path) { chat in
        #expect(chat.start.compactMap(\.restoration).first?.recomputedTokens == 0)
      }
    }
  }

  @Test("/export writes every form, and overwrites nothing", arguments: ExportForm.allCases)
  func export(_ form: ExportForm) throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder) { chat throws in
        _ = try chat.events("My cat is called Biscuit.")
        let path = "\(folder)/a session.\(form.rawValue)"
        let line = "/export \(form.rawValue) \(path)"
        guard case .exported(let facts)? = try chat.events(line).last else {
          Issue.record("nothing exported")
          return
        }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.utf8.count == facts.byteCount && text.contains("cat"))
        #expect(try chat.events(line).contains { $0.error != nil })
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
      }
    }
  }

  @Test("/sessions lists them, or those in which something was said")
  func list() throws {
    try Chat.withModel { folder in
      try Chat.recorded(in: folder) { chat throws in
        _ = try chat.events("My cat is called Biscuit.")
        _ = try chat.events("/new")
        _ = try chat.events("The harbour.")
        func names(_ line: String) throws -> [String] {
          guard case .sessions(let list)? = try chat.events(line).last else { return [] }
          return list.map(\.name)
        }
        #expect(try Set(names("/sessions")) == ["The harbour.", "My cat is called Biscuit."])
        #expect(try names("/sessions biscuit") == ["My cat is called Biscuit."])
        #expect(try names("/sessions nothing of the kind").isEmpty)
      }
    }
  }
}

extension SessionEvent {
  fileprivate var recall: Recall? { if case .recalled(let recall) = self { recall } else { nil } }
}
