import Foundation
import Glibc
import Hope
import TestSupport
import Testing

/// `hope` with recorded sessions, on a terminal of its own.
@Suite("Sessions on the full screen", .serialized, .timeLimit(.minutes(4)))
struct SessionScreenTests {
  /// A folder with a tiny model and one recorded session.
  private func withSession(_ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try TinyModel.save(to: folder + "/tiny") { $0.updateLimit = 1000 }
      let terminal = try start(["--seed", "1", "--max-tokens", "8"], folder)
      try #require(terminal.read(for: 20, until: "○ rec"), "\(terminal.text)")
      terminal.type("My cat is called Biscuit.\r")
      try #require(terminal.read(for: 20, until: "●"), "\(terminal.text)")
      try #require(terminal.read(for: 20, until: "◇"), "\(terminal.text)")
      terminal.type("\u{4}")
      #expect(try terminal.end().code == 0)
      try body(folder)
    }
  }

  private func start(
    _ arguments: [String], _ folder: String, model: String = "tiny"
  ) throws -> Terminal {
    let terminal = try Terminal(columns: 100, rows: 30)
    try terminal.start(
      Terminal.program("hope"), arguments,
      [
        "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin",
        "HOPE_MODEL": "\(folder)/\(model)", "XDG_STATE_HOME": folder, "HOME": folder,
        "HOPE_SESSIONS": folder + "/sessions",
      ])
    return terminal
  }

  @Test("a replay needs no model, goes along the tape, and gives the terminal back")
  func replay() throws {
    try withSession { folder throws in
      let terminal = try start(["replay", "My cat"], folder, model: "nowhere")
      try #require(terminal.read(for: 20, until: "Biscuit."), "\(terminal.text)")
      try #require(terminal.read(for: 20, until: "paused"), "\(terminal.text)")
      terminal.type("\u{1B}[1;2D")
      terminal.type("f")
      try #require(terminal.read(for: 10, until: "hope fork"), "\(terminal.text)")
      terminal.type("q")
      #expect(try terminal.end().code == 0)
      #expect(terminal.afterScreen.contains("hope fork"))
      #expect(terminal.modesLeft == [] && terminal.isAsBefore)
    }
  }

  @Test("resuming shows what was said, checks the memory, and travels back in it")
  func resume() throws {
    try withSession { folder throws in
      let terminal = try start(["resume", "-l", "--max-tokens", "8"], folder)
      try #require(terminal.read(for: 20, until: "restored"), "\(terminal.text)")
      #expect(terminal.text.contains("Biscuit."))
      terminal.type("\u{F}")
      try #require(terminal.read(for: 10, until: "timeline"), "\(terminal.text)")
      terminal.type("\u{1B}[D\u{1B}[D")
      try #require(terminal.read(for: 10, until: "fork there"), "\(terminal.text)")
      terminal.type("\r")
      try #require(terminal.read(for: 20, until: "back at @"), "\(terminal.text)")
      terminal.type("\u{4}")
      #expect(try terminal.end().code == 0)
      #expect(terminal.isAsBefore)
    }
  }

  @Test("a memory that cannot be brought back ends with 4 and a sentence on the normal screen")
  func refused() throws {
    try withSession { folder throws in
      try TinyModel.save(to: folder + "/other", seed: 2)
      let terminal = try start(["resume", "-l"], folder, model: "other")
      let end = try terminal.end(within: 30)
      #expect(end.code == 4, "\(end)")
      #expect(terminal.text.contains("was recorded with model"))
      #expect(terminal.modesLeft == [] && terminal.isAsBefore)
    }
  }
}
