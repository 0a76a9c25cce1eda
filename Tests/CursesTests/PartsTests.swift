import Curses
import Foundation
import TestSupport
import Testing

@Suite("What the screen keeps")
struct StateFilesTests {
  @Test("draft and history come back, for their owner's eyes only")
  func roundTrip() throws {
    try withTemporaryFolder { folder throws in
      let files = try #require(StateFiles(environment: ["XDG_STATE_HOME": folder]))
      #expect(files.draft() == "" && files.history() == [])
      try files.save(draft: "half a thought\nwith lines")
      try files.append(history: "one")
      try files.append(history: "two\nlines \u{1B}")
      #expect(files.draft() == "half a thought\nwith lines")
      #expect(files.history() == ["one", "two\nlines \u{1B}"])
      for (name, mode) in [("", 0o700), ("/draft", 0o600), ("/history", 0o600)] {
        let path = folder + "/hope" + name
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == mode, "\(name)")
      }
      try files.save(draft: "")
      try files.save(draft: "")
      #expect(!FileManager.default.fileExists(atPath: folder + "/hope/draft"))
    }
  }

  @Test("damaged lines of history are passed over, and it does not grow for ever")
  func damaged() throws {
    try withTemporaryFolder { folder throws in
      let files = StateFiles(folder: folder)
      try files.append(history: "good")
      let path = folder + "/history"
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("\"torn\n\u{0}\u{0}\n12\n".utf8))
      #expect(files.history() == ["good"])
      for number in 0..<2001 { try files.append(history: "\(number)") }
      #expect(files.history().count == 1000)
      let lines = try #require(FileManager.default.contents(atPath: path)).count { $0 == 0x0A }
      #expect(lines == 1000)
    }
  }

  @Test("a huge history is read from its end, a huge draft not at all")
  func huge() throws {
    try withTemporaryFolder { folder throws in
      let files = StateFiles(folder: folder)
      let line = "\"" + String(repeating: "x", count: 1 << 20) + "\"\n"
      let text = String(repeating: line, count: 12) + "\"newest\"\n"
      try Data(text.utf8).write(to: URL(fileURLWithPath: files.historyPath))
      let history = files.history()
      #expect(history.last == "newest" && history.count == 8)
      try Data(text.utf8).write(to: URL(fileURLWithPath: files.draftPath))
      #expect(files.draft() == "")
    }
  }

  @Test("another program's half-written draft is left alone")
  func together() throws {
    try withTemporaryFolder { folder throws in
      let files = StateFiles(folder: folder)
      let other = files.draftPath + ".new"
      try Data("theirs".utf8).write(to: URL(fileURLWithPath: other))
      try files.save(draft: "ours")
      #expect(files.draft() == "ours")
      #expect(FileManager.default.contents(atPath: other) == Data("theirs".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
    }
  }

  @Test("a folder that cannot be made is an error with its path")
  func refused() {
    #expect(throws: StateFiles.Failure.self) {
      try StateFiles(folder: "/dev/null/hope").save(draft: "x")
    }
    #expect(StateFiles(environment: [:]) == nil)
  }
}
