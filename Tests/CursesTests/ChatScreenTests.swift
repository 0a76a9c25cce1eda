import Foundation
import Glibc
import Hope
import TestSupport
import Testing

/// The program `hope` on a terminal of its own, with a tiny model.
private struct Chat {
  let terminal: Terminal
  let folder: String

  static func with(
    _ arguments: [String] = ["--seed", "1", "--max-tokens", "8"],
    _ environment: [String: String] = [:], columns: Int = 80, rows: Int = 24,
    draft: String? = nil, _ body: (Chat) throws -> Void
  ) throws {
    try withTemporaryFolder { folder throws in
      try TinyModel.save(to: folder + "/tiny") { $0.updateLimit = 1000 }
      if let draft {
        try FileManager.default.createDirectory(
          atPath: folder + "/hope", withIntermediateDirectories: true)
        try Data(draft.utf8).write(to: URL(fileURLWithPath: folder + "/hope/draft"))
      }
      let usual = [
        "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin",
        "HOPE_MODEL": folder + "/tiny", "XDG_STATE_HOME": folder, "HOME": folder,
        "HOPE_SESSIONS": folder + "/sessions",
      ]
      let terminal = try Terminal(columns: columns, rows: rows)
      try terminal.start(
        Terminal.program("hope"), arguments, usual.merging(environment) { $1 })
      try body(Chat(terminal: terminal, folder: folder))
    }
  }

  var draft: String? {
    FileManager.default.contents(atPath: folder + "/hope/draft").map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  func awaitReady() throws {
    try terminal.awaitScreen()
    try #require(terminal.read(for: 20, until: "ready"), "\(terminal.text)")
  }

  /// Has an answer given that takes long.
  func beginLongAnswer() throws {
    try awaitReady()
    let before = terminal.output.count
    terminal.type("tell me everything\r")
    terminal.read(for: 1)
    try terminal.awaitMore(than: before)
  }

  /// A draft is on disk within a second, where the machine has nothing else to do.
  func awaitDraft(_ text: String) throws {
    for _ in 0..<200 where draft != text { terminal.read(for: 0.1) }
    try #require(draft == text)
  }
  static let long = ["--temperature", "0", "--max-tokens", "100000"]

  func expectEnd(_ code: Int32) throws {
    let end = try terminal.end()
    #expect(end.code == code, "\(end)")
    #expect(terminal.modesLeft == [])
    #expect(terminal.isAsBefore)
  }
}

@Suite("The full screen", .serialized, .timeLimit(.minutes(15)))
struct ChatScreenTests {
  @Test(
    "ways to leave",
    arguments: [("\u{4}", Int32(0)), ("/quit\r", 0), ("\u{3}\u{3}", 130), ("hello\r/quit\r", 0)])
  func quit(_ keys: String, _ code: Int32) throws {
    try Chat.with { chat throws in
      try chat.awaitReady()
      chat.terminal.type(keys)
      try chat.expectEnd(code)
    }
  }

  @Test("the normal screen can be kept, and is given back in order")
  func normalScreen() throws {
    try Chat.with(["--no-alt-screen"]) { chat throws in
      try chat.awaitReady()
      let output = chat.terminal.text
      let entered = output.ranges(of: "\u{1B}[?1049h").count
      #expect(output.ranges(of: "\u{1B}[?1049l").count == entered)
      let before = chat.terminal.output.count
      chat.terminal.type("\u{4}")
      try chat.expectEnd(0)
      #expect(!String(decoding: chat.terminal.output[before...], as: UTF8.self).contains("1049"))
    }
  }

  @Test("leaving works while the model loads")
  func quitEarly() throws {
    try Chat.with { chat throws in
      try #require(chat.terminal.read(for: 20, until: "\u{1B}[?2004h"))
      chat.terminal.type("\u{4}")
      try chat.expectEnd(0)
    }
  }

  @Test("signals end an idle chat", arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT])
  func idleSignals(_ number: Int32) throws {
    try Chat.with { chat throws in
      try chat.awaitReady()
      let before = chat.terminal.output.count
      chat.terminal.type("half a thought")
      try chat.terminal.awaitMore(than: before)
      chat.terminal.read(for: 0.2)
      chat.terminal.send(signal: number)
      try chat.expectEnd(128 + number)
      #expect(chat.draft == "half a thought")
    }
  }

  @Test(
    "signals end a chat in the middle of an answer", arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT])
  func busySignals(_ number: Int32) throws {
    try Chat.with(Chat.long) { chat throws in
      try chat.beginLongAnswer()
      chat.terminal.send(signal: number)
      try chat.expectEnd(128 + number)
    }
  }

  @Test(
    "a crash in the middle of an answer gives the terminal back", arguments: [SIGSEGV, SIGABRT])
  func busyCrash(_ number: Int32) throws {
    try Chat.with(Chat.long) { chat throws in
      try chat.beginLongAnswer()
      chat.terminal.send(signal: number)
      let end = try chat.terminal.end()
      #expect(end.seconds < 3, "\(end)")  // a second is wanted, on an idle machine
      #expect(chat.terminal.afterScreen.contains("The program crashed (SIG"))
      #expect(!chat.terminal.text.contains("Backtrac"))
      #expect(end.signal == number, "\(end): \(chat.terminal.afterScreen)")
      #expect(chat.terminal.modesLeft == [])
      #expect(chat.terminal.isAsBefore)
    }
  }

  @Test("when the terminal vanishes the program does too", arguments: [false, true])
  func hangUp(_ isBusy: Bool) throws {
    try Chat.with(Chat.long) { chat throws in
      if isBusy { try chat.beginLongAnswer() } else { try chat.awaitReady() }
      chat.terminal.hangUp()
      let end = try chat.terminal.end()
      #expect(end.code == 129, "\(end)")
    }
  }

  @Test("a model that cannot be loaded is told of on the normal screen")
  func noModel() throws {
    try Chat.with(["-m", "/nowhere/model"]) { chat throws in
      try chat.expectEnd(3)
      #expect(chat.terminal.afterScreen.contains("/nowhere/model"))
    }
    try Chat.with(["--level", "cms9=off"]) { chat throws in try chat.expectEnd(2) }
  }

  @Test("five hundred resizes during an answer: no crash, the draft is kept, nothing is cleared")
  func resizes() throws {
    try Chat.with(Chat.long) { chat throws in
      try chat.beginLongAnswer()
      chat.terminal.type("half a thought")
      var generator = SystemRandomNumberGenerator()
      for _ in 0..<500 {
        chat.terminal.resize(
          columns: .random(in: 1...300, using: &generator),
          rows: .random(in: 1...80, using: &generator))
        chat.terminal.read(for: 0.005)
      }
      chat.terminal.resize(columns: 80, rows: 24)
      chat.terminal.read(for: 0.5)
      #expect(chat.terminal.text.ranges(of: "\u{1B}[2J").count == 1)
      chat.terminal.send(signal: SIGTERM)
      try chat.expectEnd(143)
      #expect(chat.draft == "half a thought")
    }
  }

  @Test("an idle screen sends nothing")
  func idle() throws {
    try Chat.with { chat throws in
      try chat.awaitReady()
      chat.terminal.read(for: 1)
      let before = chat.terminal.output.count
      chat.terminal.read(for: 3)
      #expect(chat.terminal.output.count == before)
      chat.terminal.type("x")
      try chat.terminal.awaitMore(than: before)
      chat.terminal.read(for: 0.3)
      #expect((1..<200).contains(chat.terminal.output.count - before))
      chat.terminal.type("\u{3}\u{4}")
      try chat.expectEnd(0)
    }
  }

  @Test("Ctrl+L draws every cell again without clearing the screen")
  func redraw() throws {
    try Chat.with { chat throws in
      try chat.awaitReady()
      chat.terminal.read(for: 0.5)
      let before = chat.terminal.output.count
      chat.terminal.type("\u{C}")
      try #require(chat.terminal.read(for: 10, until: "levels", from: before))
      chat.terminal.read(for: 0.5)
      let drawn = String(decoding: chat.terminal.output[before...], as: UTF8.self)
      #expect(drawn.contains("say something") && drawn.contains("Ctrl+O"))
      #expect(!drawn.contains("\u{1B}[2J") && !drawn.contains("\u{1B}[J"))
      chat.terminal.type("\u{4}")
      try chat.expectEnd(0)
    }
  }

  @Test("a streaming answer takes less than 2 KB a frame, and idling nothing for five seconds")
  func frameSizes() throws {
    try Chat.with(["--temperature", "0", "--max-tokens", "400"], columns: 100, rows: 30) {
      chat throws in
      try chat.awaitReady()
      chat.terminal.type("tell me everything\r")
      chat.terminal.read(for: 1)
      var (seen, last, largest) = (chat.terminal.output.count, ContinuousClock.now, 0)
      let end = last + .seconds(3)
      while ContinuousClock.now < end {
        chat.terminal.read(for: 0.005)
        let count = chat.terminal.output.count - seen
        guard count > 0 else { continue }
        // on a busy machine several frames arrive at once
        let frames = 1 + Int((ContinuousClock.now - last) / .milliseconds(33))
        largest = max(largest, count / frames)
        (seen, last) = (chat.terminal.output.count, .now)
      }
      #expect(largest < 2048)
      chat.terminal.type("\u{1B}")
      for _ in 0..<20 {
        let before = chat.terminal.output.count
        chat.terminal.read(for: 1.5)
        if chat.terminal.output.count == before { break }
      }
      let before = chat.terminal.output.count
      chat.terminal.read(for: 5)
      #expect(chat.terminal.output.count == before)
      chat.terminal.type("\u{4}")
      try chat.expectEnd(0)
    }
  }

  @Test("NO_COLOR and --color never send no colour", arguments: [true, false])
  func noColor(_ byEnvironment: Bool) throws {
    let colour = #/\x1B\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m/#
    let arguments = byEnvironment ? [] : ["--color", "never"]
    try Chat.with(arguments, byEnvironment ? ["NO_COLOR": "1"] : [:]) { chat throws in
      try chat.awaitReady()
      chat.terminal.type("hello\r")
      chat.terminal.read(for: 0.7)
      #expect(chat.terminal.text.firstMatch(of: colour) == nil)
      chat.terminal.send(signal: SIGTERM)
      try chat.expectEnd(143)
    }
    try Chat.with { chat throws in
      try chat.awaitReady()
      #expect(chat.terminal.text.firstMatch(of: colour) != nil)
    }
  }

  @Test("hostile text never reaches the terminal raw")
  func hostile() throws {
    try Chat.with { chat throws in
      try chat.awaitReady()
      let start = chat.terminal.output.count
      chat.terminal.type(
        "\u{1B}[200~a\u{1B}]52;c;AAAA\u{7}b\u{1B}[2Jc\u{9B}2Jd\u{202E}e\u{1B}[201~")
      chat.terminal.read(for: 0.3)
      chat.terminal.type("\r")
      chat.terminal.read(for: 20, until: "␛", from: start)
      chat.terminal.read(for: 0.5)
      let shown = String(decoding: chat.terminal.output[start...], as: UTF8.self)
      for part in ["\u{1B}]", "\u{7}", "\u{1B}[2J", "\u{9B}", "\u{202E}"] {
        #expect(!shown.contains(part))
      }
      #expect(shown.contains("␛"))
      chat.terminal.send(signal: SIGTERM)
      try chat.expectEnd(143)
    }
  }

  @Test("a draft of the last run is there again")
  func restoredDraft() throws {
    try Chat.with(draft: "from yesterday") { chat throws in
      try chat.awaitReady()
      #expect(chat.terminal.text.contains("from yesterday"))
      chat.terminal.type("!")
      try chat.awaitDraft("from yesterday!")
      chat.terminal.send(signal: SIGKILL)
      _ = try chat.terminal.end()
      #expect(chat.draft == "from yesterday!")
    }
  }

  @Test("the editor gets the draft and gives it back; one that fails changes nothing")
  func editor() throws {
    try withTemporaryFolder { folder throws in
      let script = folder + "/editor"
      try Data("#!/bin/sh\nprintf ' and a half' >> \"$1\"\n".utf8)
        .write(to: URL(fileURLWithPath: script))
      chmod(script, 0o700)
      for (editor, draft) in [(script, "a thought and a half"), ("false", "a thought")] {
        try Chat.with([], ["VISUAL": editor, "TMPDIR": folder]) { chat throws in
          try chat.awaitReady()
          chat.terminal.type("a thought\u{7}")
          try chat.awaitDraft(draft)
          chat.terminal.send(signal: SIGTERM)
          try chat.expectEnd(143)
          #expect(chat.draft == draft)
        }
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["editor"])
    }
  }

  @Test("Ctrl+S and Ctrl+Q freeze nothing")
  func flowControl() throws {
    try Chat.with { chat throws in
      try chat.awaitReady()
      chat.terminal.type("\u{13}")
      let before = chat.terminal.output.count
      chat.terminal.type("x")
      try chat.terminal.awaitMore(than: before)
      chat.terminal.type("\u{11}\u{3}\u{4}")
      try chat.expectEnd(0)
    }
  }

  @Test(
    "where no screen can be, plain lines are used", arguments: ["dumb", "", "no-such-terminal"])
  func plainLines(_ term: String) throws {
    try Chat.with(["--seed", "1"], ["TERM": term]) { chat throws in
      try #require(chat.terminal.read(for: 20, until: "› "))
      #expect(!chat.terminal.text.contains("\u{1B}[?1049h"))
      #expect(chat.terminal.text.contains("plain lines") == (term != "dumb"))
      chat.terminal.type("/quit\n")
      try chat.expectEnd(0)
    }
    try Chat.with(["--seed", "1"], ["ACCESSIBLE": "1"]) { chat throws in
      try #require(chat.terminal.read(for: 20, until: "› "))
      #expect(!chat.terminal.text.contains("\u{1B}[?1049h"))
    }
  }

  @Test("a line that takes nothing does not hold up signals")
  func stalled() throws {
    try Chat.with(Chat.long) { chat throws in
      try chat.beginLongAnswer()
      usleep(1_500_000)  // nobody reads
      chat.terminal.send(signal: SIGTERM)
      try chat.expectEnd(143)
    }
  }

  @Test("Ctrl+Z gives the terminal back until the shell goes on with the program")
  func suspend() throws {
    try withTemporaryFolder { folder throws in
      try TinyModel.save(to: folder + "/tiny")
      let terminal = try Terminal()
      let script = """
        '\(Terminal.program("hope"))'; echo STOPPED; stty -a; sleep 0.5; fg; echo ENDED $?
        """
      try terminal.start(
        "/bin/bash", ["-m", "-c", script],
        [
          "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin",
          "HOPE_MODEL": folder + "/tiny", "XDG_STATE_HOME": folder,
          "HOPE_SESSIONS": folder + "/sessions",
        ])
      try terminal.awaitScreen()
      terminal.type("draft\u{1A}")
      try #require(terminal.read(for: 10, until: "STOPPED"), "\(terminal.text)")
      #expect(terminal.modesLeft == [])
      terminal.resize(columns: 100, rows: 30)
      let stopped = terminal.output.count
      try #require(terminal.read(for: 10, until: "\u{1B}[?1049h", from: stopped))
      #expect(terminal.text.contains(" icanon"))
      terminal.read(for: 0.5)
      let again = String(decoding: terminal.output[stopped...], as: UTF8.self)
      #expect(again.contains("draft"))
      terminal.type("\u{3}\u{4}")
      let end = try terminal.end()
      #expect(terminal.text.contains("ENDED 0"), "\(end)")
      #expect(terminal.modesLeft == [])
      #expect(terminal.isAsBefore)
    }
  }
}
