import Foundation
import Sessions
import TestSupport
import Testing

@Suite("Sessions of the program", .timeLimit(.minutes(15)))
struct SessionProgramTests {
  private let short = ["--seed", "1", "--max-tokens", "8"]
  private let talk = "My cat is called Biscuit.\nWhat is my cat called?\n"

  @Test("a chat is recorded, listed, shown, resumed, verified, replayed, exported and removed")
  func life() throws {
    try Program.with { hope throws in
      let first = try hope.run(["repl"] + short, input: talk)
      #expect(first.code == 0)
      let list = try hope.run(["ls"], usesModel: false)
      #expect(list.text.contains("My cat is called Biscuit.") && list.text.contains("2 turns"))
      let json = try hope.run(["ls", "--json"], usesModel: false)
      let rows = try #require(
        try JSONSerialization.jsonObject(with: json.output) as? [[String: Any]])
      #expect(rows.count == 1 && rows[0]["turns"] as? Int == 2 && rows[0]["exit"] as? Int == 0)
      #expect(try hope.run(["ls", "nothing of the kind"]).text.isEmpty)
      #expect(try hope.run(["show", "My cat"]).text.contains("you   What is my cat called?"))
      let resumed = try hope.run(
        ["resume", "-l"] + short, input: "/undo\nWhat is my cat called?\n")
      #expect(resumed.code == 0)
      #expect(resumed.notes.contains("memory restored and checked"), "\(resumed.notes)")
      #expect(resumed.notes.contains("digest identical"))
      #expect(resumed.notes.contains("memory computed again and checked"))
      #expect(first.text.hasSuffix(resumed.text))
      let verified = try hope.run(["verify", "My cat"])
      #expect(verified.code == 0 && verified.text.hasPrefix("same: 3 turns"), "\(verified.text)")
      let replay = try hope.run(["replay", "My cat", "--plain", "--speed", "0"], usesModel: false)
      #expect(replay.code == 0)
      #expect(replay.text.contains("› My cat is called Biscuit.") && replay.text.contains("◇"))
      for form in ["md", "json", "csv"] {
        let export = try hope.run(["export", "My cat", "--format", form], usesModel: false)
        #expect(export.code == 0 && export.text.contains("Biscuit"), "\(form)")
      }
      let fork = try hope.run(["fork", "My cat", "--at", "@20", "--name", "side"])
      #expect(fork.code == 0 && fork.notes.contains("digest"))
      #expect(try hope.run(["rename", "side", "other"]).code == 0)
      #expect(try hope.run(["rm", "other", "My cat"]).code == 0)
      #expect(try hope.run(["ls"]).text.isEmpty)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: hope.sessionsPath).isEmpty)
    }
  }

  @Test("an asciicast is one: a header, then times that grow with kinds and texts")
  func cast() throws {
    try Program.with { hope throws in
      _ = try hope.run(["repl"] + short, input: talk)
      let export = ["export", "My cat", "--format", "cast"]
      let screen = try hope.run(export + ["--size", "90x24"], usesModel: false)
      #expect(screen.lines[0].contains("\"width\":90,\"height\":24"))
      #expect(screen.text.contains("My cat is called Biscuit.") && screen.text.contains("titans"))
      #expect(try hope.run(export + ["--size", "9x9"], usesModel: false).code == 2)
      #expect(
        try hope.run(["export", "My cat", "--format", "md", "--plain"], usesModel: false).code == 2)
      let cast = try hope.run(export + ["--plain"], usesModel: false)
      let lines = cast.lines.dropLast()
      let values = try lines.map {
        try JSONSerialization.jsonObject(with: Data($0.utf8))
      }
      let header = try #require(values.first as? [String: Any])
      #expect(header["version"] as? Int == 2)
      #expect(header["width"] as? Int == 100 && header["height"] as? Int == 30)
      var last = 0.0
      var shown = ""
      for value in values.dropFirst() {
        let event = try #require(value as? [Any])
        let time = try #require(event[0] as? Double)
        #expect(event.count == 3 && event[1] as? String == "o" && time >= last)
        last = time
        shown += try #require(event[2] as? String)
      }
      #expect(shown.contains("My cat is called Biscuit."))
      #expect(!shown.replacing("\r\n", with: "").contains("\n"))
    }
  }

  @Test(
    "memories are compared and audited: 0 same, 1 differ, 2 trouble, 4 another base; JSON is JSON")
  func memories() throws {
    try Program.with { hope throws in
      func object(_ outcome: Program.Outcome) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
      }
      _ = try hope.run(["repl", "--session", "cat"] + short, input: talk)
      _ = try hope.run(["repl", "--session", "dog"] + short, input: "My dog is called Rex.\n")
      #expect(try hope.run(["diff", "cat", "cat"]).code == 0)
      let table = try hope.run(["mem", "diff", "cat", "dog"])
      #expect(table.code == 1 && table.text.contains("cosine") && table.text.contains("titans"))
      let diff = try hope.run(["diff", "cat", "dog", "--json", "--probe", "What is my cat called?"])
      let differences = try object(diff)
      #expect(diff.code == 1 && differences["same"] as? Bool == false)
      #expect((differences["levels"] as? [Any])?.count == 6)
      #expect(differences["klBits"] as? Double ?? 0 > 0)
      #expect(try hope.run(["diff", "cat", "nobody"]).code == 2)
      let audit = try object(try hope.run(["mem", "audit", "cat", "--json"]))
      let texts = try #require(audit["texts"] as? [[String: Any]])
      #expect(texts.contains { $0["text"] as? String == "What is my cat called?" })
      #expect(texts.count { $0["control"] as? Bool == true } == 1)
      #expect(try hope.run(["mem", "audit", "cat"]).text.contains("first choice"))
      _ = try hope.run(["mem", "export", "cat", "-o", "cat.safetensors"])
      #expect(try hope.run(["mem", "audit", "cat.safetensors"]).code == 2)
      #expect(try hope.run(["mem", "audit", "cat.safetensors", "--text", "hi"]).code == 0)
      #expect(try hope.run(["diff", "cat", "cat.safetensors"]).code == 0)
      // a level grafted there and back restores the memory
      let graft = ["mem", "graft", "--level", "cms1"]
      #expect(try hope.run(graft + ["cat", "--from", "dog", "--name", "mixed"]).code == 0)
      #expect(try hope.run(["diff", "cat", "mixed"]).code == 1)
      #expect(try hope.run(graft + ["mixed", "--from", "cat", "--name", "back"]).code == 0)
      #expect(try hope.run(["diff", "cat", "back"]).code == 0)
      let mixer = try hope.run(["mem", "graft", "--level", "titans", "cat", "--from", "dog"])
      #expect(mixer.code == 2 && mixer.notes.contains("titans cannot be grafted"))
      try TinyModel.save(to: hope.modelPath, seed: 4)
      for command in [
        ["diff", "cat", "dog"], ["mem", "audit", "cat"], ["mem", "import", "cat.safetensors"],
        ["mem", "graft", "cat", "--level", "cms1", "--from", "cat.safetensors"], ["resume", "cat"],
      ] {
        let outcome = try hope.run(command)
        #expect(outcome.code == 4, "\(command): \(outcome.notes)")
        #expect(outcome.notes.contains("--model"))
      }
    }
  }

  @Test("verify prints one JSON document, with the difference and what it comes from")
  func verifyJSON() throws {
    try Program.with { hope throws in
      _ = try hope.run(["repl", "--session", "cat"] + short, input: talk)
      func verify(_ code: Int32) throws -> [String: Any] {
        let outcome = try hope.run(["verify", "cat", "--json"])
        #expect(outcome.code == code, "\(outcome.notes)")
        return try #require(
          try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
      }
      #expect(try verify(0)["same"] as? Bool == true)
      let path = try hope.onlySession() + "/session.jsonl"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try text.replacing("\"by\":\"a\",\"lp\":-", with: "\"by\":\"a\",\"lp\":-1")
        .write(toFile: path, atomically: true, encoding: .utf8)
      let difference = try #require(try verify(1)["difference"] as? [String: Any])
      #expect(difference["what"] as? String == "token")
      #expect(difference["cause"] as? String == "changedLine" && difference["token"] as? Int != nil)
    }
  }

  /// Exports wrote over the base model and over the recording they came from.
  @Test("an export writes over nothing; --force over other files, but no model's and no session's")
  func exportsOverwriteNothing() throws {
    try Program.with { hope throws in
      _ = try hope.run(["repl", "--session", "cat"] + short, input: talk + "/mem commit a\n")
      let session = try hope.onlySession()
      let snapshot = try #require(
        try FileManager.default.contentsOfDirectory(atPath: session + "/snap").first)
      let weights = hope.modelPath + "/model.safetensors"
      let other = hope.modelPath + "-other"
      let link = hope.modelPath + "-link"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: weights)
      let own = [
        weights, hope.modelPath + "/config.json", session + "/session.jsonl",
        "\(session)/snap/\(snapshot)", link,
      ]
      func bytes() throws -> [Data] {
        try own.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
      }
      let before = try bytes()
      for (file, force) in own.flatMap({ [($0, []), ($0, ["--force"])] }) {
        for export in [["export", "cat", "--format", "md"], ["mem", "export", "cat"]] {
          let outcome = try hope.run(export + ["-o", file] + force)
          #expect(outcome.code == 2 && outcome.notes.contains("never written over"), "\(file)")
        }
        let lines = "/mem export \(file)\nhello\n/export md \(file)\n"
        let chat = try hope.run(["repl", "--session", "dog"] + short, input: lines)
        #expect(chat.notes.components(separatedBy: "never written over").count == 3)
      }
      #expect(try bytes() == before)
      try Data("mine".utf8).write(to: URL(fileURLWithPath: other))
      for export in [["export", "cat", "--format", "md"], ["mem", "export", "cat"]] {
        let refused = try hope.run(export + ["-o", other])
        #expect(refused.code == 2 && refused.notes.contains("is there already"))
        #expect(try String(contentsOfFile: other, encoding: .utf8) == "mine")
        #expect(try hope.run(export + ["-o", other, "--force"]).code == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: other)).count > 4)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: other))
      }
      // not /dev/stdout, which a program that is wrong would replace
      let piped = try hope.run(["export", "cat", "--format", "md", "-o", "/proc/self/fd/1"])
      #expect(piped.code == 0 && piped.text.contains("Biscuit"), "\(piped.notes)")
      let memory = try hope.run(["mem", "export", "cat", "-o", "/proc/self/fd/1", "--force"])
      #expect(memory.code != 0 && memory.notes.contains("not a regular file"))
      _ = try hope.run(["repl"] + short, input: "/mem export ~/home.safetensors\n")
      #expect(FileManager.default.fileExists(atPath: hope.homePath + "/home.safetensors"))
    }
  }

  /// Files that lay elsewhere were removed through a link in place of `snap`.
  @Test("rm removes a session's own files alone, all or none, and nothing through a link")
  func removal() throws {
    try Program.with { hope throws in
      let files = FileManager.default
      _ = try hope.run(["repl", "--session", "cat"] + short, input: talk + "/mem commit a\n")
      let session = try hope.onlySession()
      let elsewhere = hope.homePath + "/elsewhere"
      try files.createDirectory(atPath: elsewhere, withIntermediateDirectories: true)
      let precious = elsewhere + "/precious.safetensors"
      try Data("mine".utf8).write(to: URL(fileURLWithPath: precious))
      func refuses(_ words: String, _ name: String = "cat") throws {
        let before = try files.subpathsOfDirectory(atPath: hope.homePath).sorted()
        let outcome = try hope.run(["rm", name])
        #expect(outcome.code == 1 && outcome.notes.contains("nothing was removed"))
        #expect(outcome.notes.contains(words), "\(outcome.notes)")
        #expect(try files.subpathsOfDirectory(atPath: hope.homePath).sorted() == before)
      }
      try files.moveItem(atPath: session + "/snap", toPath: session + "-snap")
      try files.createSymbolicLink(atPath: session + "/snap", withDestinationPath: elsewhere)
      try refuses("\"snap\" in it is a link")
      try files.removeItem(atPath: session + "/snap")
      try files.moveItem(atPath: session + "-snap", toPath: session + "/snap")
      let link = hope.homePath + "/link"
      try files.createSymbolicLink(atPath: link, withDestinationPath: session)
      try refuses("it is a link", link)
      try refuses("it is a link", link + "/")
      for name in ["snap/notes.safetensors", "session.notes", "notes.tmp"] {
        try Data().write(to: URL(fileURLWithPath: "\(session)/\(name)"))
        try refuses("is no file of a session")
        try files.removeItem(atPath: "\(session)/\(name)")
      }
      try Data().write(to: URL(fileURLWithPath: session + "/.session.torn.12.0.tmp"))
      #expect(try hope.run(["rm", "cat", "cat"]).code == 0)
      #expect(!files.fileExists(atPath: session))
      #expect(try String(contentsOfFile: precious, encoding: .utf8) == "mine")
    }
  }

  @Test("what is not there is said: no sessions, no verb, no such token; paths names the folder")
  func notThere() throws {
    try Program.with { hope throws in
      let none = try hope.run(["ls"], usesModel: false)
      #expect(none.code == 0 && none.text.isEmpty && none.notes.contains(hope.sessionsPath))
      #expect(try hope.run(["paths"]).text.contains("sessions  \(hope.sessionsPath)"))
      let verb = try hope.run(["verfy"], usesModel: false)
      #expect(verb.code == 2 && verb.notes.contains("no verb verfy; did you mean verify?"))
      #expect(try hope.run(["frobnicate"]).notes.contains("hope help lists them"))
      #expect(try hope.run(["help"], usesModel: false).code == 0)
      let lines = "/mem commit one\n/mem checkout nope\n/mem checkout one\n"
      let chat = try hope.run(["repl", "--session", "cat"] + short, input: talk + lines)
      #expect(chat.notes.contains("is kept as \"one\", digest"))
      #expect(chat.notes.contains("no memory nope was kept; there are one"))
      let late = try hope.run(["replay", "cat", "--from", "@9999", "--plain"], usesModel: false)
      #expect(late.code == 2 && late.notes.contains("which goes to @"), "\(late.notes)")
      let info = try hope.run(["mem", "info", "cat"])
      #expect(info.code == 0 && info.text.contains("digest    "), "\(info.notes)")
      _ = try hope.run(["fork", "cat", "--name", "side"])
      let side = try hope.sessions().first { $0.hasSuffix("-side") }
      try FileManager.default.removeItem(atPath: try #require(side) + "/snap")
      for command in [["resume", "side"], ["fork", "side"]] {
        let outcome = try hope.run(command)
        #expect(outcome.code == 4 && outcome.notes.contains("is missing"), "\(outcome.notes)")
      }
    }
  }

  @Test("the session's turns are counted alike while chatting and in the list, also after a load")
  func turnCounts() throws {
    try Program.with { hope throws in
      let lines = talk + "/mem commit a\n/mem checkout a\nhello\n/show session\n"
      let chat = try hope.run(["repl", "--session", "cat"] + short, input: lines)
      #expect(chat.notes.contains("cat (3 turns"), "\(chat.notes)")
      #expect(try hope.run(["ls"]).text.contains("3 turns"))
      #expect(try hope.run(["resume", "cat"] + short).notes.contains("3 turns"))
    }
  }

  @Test("every example is shown again in plain lines, without a model")
  func examples() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "sessions/examples").path
    let names = try FileManager.default.contentsOfDirectory(atPath: root)
      .filter { FileManager.default.fileExists(atPath: "\(root)/\($0)/session.jsonl") }
    #expect(names.count >= 5)
    try Program.with { hope throws in
      for name in names {
        let replay = try hope.run(
          ["replay", "\(root)/\(name)", "--plain", "--speed", "0"], usesModel: false)
        #expect(replay.code == 0 && replay.text.contains("› "), "\(name): \(replay.notes)")
      }
    }
  }

  @Test("--no-record leaves nothing behind; ask records nothing")
  func noRecord() throws {
    try Program.with { hope throws in
      _ = try hope.run(["repl", "--no-record"] + short, input: talk)
      _ = try hope.run(["ask", "hello"] + short)
      _ = try hope.run(["repl"] + short, input: "/stats\n/new\n/quit\n")
      #expect(!FileManager.default.fileExists(atPath: hope.sessionsPath))
    }
  }
}
