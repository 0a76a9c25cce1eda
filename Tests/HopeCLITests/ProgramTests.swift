import Foundation
import TestSupport
import Testing

@Suite("The program", .timeLimit(.minutes(15)))
struct ProgramTests {
  private let short = ["--seed", "1", "--max-tokens", "8"]

  @Test("a chat in a pipe: answers on stdout, everything else on stderr, exit 0")
  func pipe() throws {
    try Program.with { hope throws in
      let outcome = try hope.run(
        ["repl"] + short, input: "My cat is called Biscuit.\nWhat is my cat called?\n/quit\nno\n")
      #expect(outcome.code == 0)
      #expect(outcome.notes.split(separator: "\n").count == 2)
      #expect(outcome.notes.contains("◇"))
      #expect(outcome.notes.contains("titans"))
      let again = try hope.run(
        ["repl"] + short, input: "My cat is called Biscuit.\n\nWhat is my cat called?")
      #expect(again.output == outcome.output)
      #expect(again.notes == outcome.notes)
      #expect(!outcome.output.contains(0x1B))
    }
  }

  @Test("commands work in a pipe, wrong ones are errors and go on")
  func commands() throws {
    try Program.with { hope throws in
      let outcome = try hope.run(
        ["repl"] + short,
        input:
          "/\u{1B}[2J\n/level\n/lvel\n/level cms9 off\n/level cms1 write off\n/explain cms1\n/new\n/stats\n"
      )
      #expect(outcome.code == 0)
      #expect(outcome.output.isEmpty)
      #expect(!outcome.notes.contains("\u{1B}"))
      for part in [
        "no command /␛[2J", "‖ΔW‖/‖W‖", "no command /lvel; did you mean /level?",
        "no level cms9; this model has titans, cms1, cms2", "cms1 r- frozen", "every 4 tokens",
        "state = base, checked by digest",
      ] {
        #expect(outcome.notes.contains(part), "\(part) in \(outcome.notes)")
      }
    }
  }

  @Test("ask gives the same answer as text, document and lines")
  func ask() throws {
    try Program.with { hope throws in
      let text = try hope.run(["ask", "hello there"] + short)
      #expect(text.code == 0 && text.notes.isEmpty)
      let document = try hope.run(["ask", "-", "--json"] + short, input: "hello there\n")
      let json = try #require(
        try JSONSerialization.jsonObject(with: document.output) as? [String: Any])
      let answer = try #require(json["answer"] as? String)
      #expect(text.text == answer + "\n")
      #expect(json["prompt"] as? String == "hello there")
      let lines = try hope.run(["ask", "hello there", "--jsonl"] + short)
      let kinds = try lines.lines.dropLast().map { line in
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
        return try #require((object as? [String: Any])?["e"] as? String)
      }
      #expect(kinds.first == "user" && kinds.last == "end")
      #expect(kinds.count { $0 == "tok" } == (json["tokens"] as? [Any])?.count)
      #expect(kinds.contains("upd"))
    }
  }

  @Test("without a verb and a terminal the standard input is one question")
  func noVerb() throws {
    try Program.with { hope throws in
      let asked = try hope.run(["ask", "hello there"] + short)
      #expect(try hope.run(short, input: "hello there").output == asked.output)
    }
  }

  @Test(
    "misuse ends with 2 and a sentence",
    arguments: [
      ["ask"], ["frobnicate"], ["ask", "x", "--nope"], ["ask", "x", "--level", "cms1=x"],
      ["ask", "x", "--level", "cms9=off"], ["ask", "x", "--gain", "cms1"], ["ask", ""],
      ["ask", "x", "--json", "--jsonl"], ["ask", "x", "--temperature", "-1"],
      ["ask", "x", "--threads", "0"], ["repl", "--learn", "me"], ["model", "info", "a", "b"],
    ])
  func usage(_ arguments: [String]) throws {
    try Program.with { hope throws in
      let outcome = try hope.run(arguments)
      #expect(outcome.code == 2, "\(outcome.notes)")
      #expect(outcome.output.isEmpty)
      #expect(outcome.notes.lowercased().hasPrefix("error: "))
    }
  }

  @Test("a model that cannot be loaded ends with 3 and says why")
  func noModel() throws {
    try Program.with { hope throws in
      for verb in [["repl"], ["ask", "x"], ["model", "info"], ["model", "check"]] {
        let missing = try hope.run(verb + ["-m", hope.modelPath + "/none"])
        #expect(missing.code == 3)
        #expect(missing.notes.contains("none/config.json"))
      }
      let none = try hope.run(["ask", "x", "-m", "no-such-model"], usesModel: false)
      #expect(none.code == 3)
      #expect(none.notes.contains("--model FOLDER or HOPE_MODEL"))
      let weights = hope.modelPath + "/model.safetensors"
      var bytes = try Data(contentsOf: URL(fileURLWithPath: weights))
      bytes.replaceSubrange(bytes.count - 4..<bytes.count, with: [0, 0, 0xC0, 0x7F])
      try bytes.write(to: URL(fileURLWithPath: weights))
      let damaged = try hope.run(["model", "check"])
      #expect(damaged.code == 3)
      #expect(damaged.notes.contains("not finite"))
    }
  }

  @Test("model info and check tell sizes, levels and digest")
  func modelFacts() throws {
    try Program.with { hope throws in
      let info = try hope.run(["model", "info"])
      #expect(info.code == 0)
      for part in [
        "vocabulary 300", "cms2, writes every 8 tokens", "sha256", "final_norm [16] F32",
      ] {
        #expect(info.text.contains(part), "\(part)")
      }
      let check = try hope.run(["model", "check", hope.modelPath])
      #expect(check.code == 0)
      let digest = try #require(info.lines.first { $0.hasPrefix("sha256") }?.suffix(64))
      #expect(check.text.contains(digest))
    }
  }

  @Test("level switches on the command line hold from the first token")
  func levels() throws {
    try Program.with { hope throws in
      let outcome = try hope.run(
        ["repl", "--level", "all=off", "--level", "cms2=r", "--gain", "cms2=0.5"] + short,
        input: "hello\n/level\n")
      #expect(outcome.notes.contains("titans off · cms1 off · cms2 frozen"))
      #expect(outcome.notes.contains("r- frozen ×0.5"))
    }
  }

  @Test("a full disk ends with 5, a reader that has gone with 0")
  func output() throws {
    try Program.with { hope throws in
      let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
      let refused = try hope.run(["ask", "hello"] + short, output: full)
      #expect(refused.code == 5)
      #expect(refused.notes.contains("No space left"))
      let gone = Pipe()
      gone.fileHandleForReading.closeFile()
      let silent = try hope.run(["ask", "hello"] + short, output: gone.fileHandleForWriting)
      #expect(silent.code == 0)
      #expect(silent.notes.isEmpty)
    }
  }

  @Test("signals end the program with 128 and their number", arguments: [SIGINT, SIGTERM, SIGHUP])
  func signals(_ number: Int32) throws {
    try Program.with { hope throws in
      let (process, input, output) = try hope.start(["repl"] + short)
      input.fileHandleForWriting.write(Data("hello\n".utf8))
      _ = output.fileHandleForReading.availableData
      while process.isRunning {  // the first may only stop the answer
        kill(process.processIdentifier, number)
        Thread.sleep(forTimeInterval: 0.05)
      }
      #expect(process.terminationReason == .exit)
      #expect(process.terminationStatus == 128 + number)
    }
  }

  @Test("one Ctrl+C stops a long answer, and the chat goes on")
  func stop() throws {
    try Program.with { hope throws in
      let (process, input, output) = try hope.start([
        "repl", "--temperature", "0", "--max-tokens", "100000",
      ])
      input.fileHandleForWriting.write(Data("hello\n".utf8))
      _ = output.fileHandleForReading.availableData
      kill(process.processIdentifier, SIGINT)
      input.fileHandleForWriting.write(Data("/set max_tokens 2\nagain\n".utf8))
      input.fileHandleForWriting.closeFile()
      let rest = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      #expect(rest.filter { $0 == 0x0A }.count >= 2)
    }
  }

  @Test("help and version go to stdout and are no errors")
  func help() throws {
    try Program.with { hope throws in
      for arguments in [["--help"], ["help", "ask"], ["--version"], ["repl", "--help"]] {
        let outcome = try hope.run(arguments, usesModel: false)
        #expect(outcome.code == 0 && !outcome.output.isEmpty && outcome.notes.isEmpty)
      }
    }
  }
}
