import Foundation
import TestSupport
import Testing

@Suite("hope eval")
struct EvalProgramTests {
  private static let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("EvaluationTests/Samples").path

  @Test(
    "every task with examples prints a table, and one document with --json",
    arguments: ["piqa", "siqa", "winograd", "blimp", "lambada"])
  func tasks(name: String) throws {
    try Program.with { program in
      let table = try program.run(["eval", name, "--data", Self.samples])
      #expect(table.code == 0 && table.text.hasPrefix(name) && table.text.contains("%"))
      let path = program.modelPath + ".jsonl"
      let json = try program.run(
        ["eval", name, "--data", Self.samples, "--json", "--limit", "5", "--examples", path])
      let document = try JSONSerialization.jsonObject(with: json.output) as? [String: Any]
      let results = document?["results"] as? [String: Any]
      #expect(results?["task"] as? String == name)
      #expect((results?["accuracy"] as? [String: Any])?["all"] as? Int == 5)
      #expect(document?["modelSHA256"] is String)
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 5)
      for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    }
  }

  @Test("babi, niah and loss print tables; curves go into a picture")
  func streams() throws {
    try Program.with { program in
      let picture = program.modelPath + ".svg"
      let babi = try program.run(
        ["eval", "babi", "--data", Self.samples, "--sets", "1", "--small-talk", "0,40"])
      #expect(babi.code == 0 && babi.text.contains("40: ranked") && babi.text.contains("qa1"))
      let niah = try program.run(
        ["eval", "niah", "--from", "128", "--to", "512", "--texts", "2", "--svg", picture])
      #expect(niah.code == 0 && niah.text.contains("cost of reading, ms a token"))
      #expect(niah.lines.contains { $0.hasPrefix("512 ") })
      #expect(try String(contentsOfFile: picture, encoding: .utf8).contains("needle found"))
      let loss = try program.run(
        ["eval", "loss", "--text", Self.samples + "/wsc.jsonl.txt", "--length", "100"])
      #expect(loss.code == 1 && loss.notes.contains("There is no file"))
    }
  }

  @Test("a level's rate can be another than the trained one, and the document says so")
  func tuning() throws {
    try Program.with { program in
      let arguments = ["eval", "recall", "--distances", "16", "--questions", "4", "--json"]
      let plain = try program.run(arguments)
      let tuned = try program.run(arguments + ["--rate", "cms1=0.5", "--retention", "all=0.25"])
      #expect(plain.code == 0 && !plain.text.contains("tuning"))
      #expect(tuned.code == 0 && tuned.notes.contains("not as trained"))
      #expect(tuned.text.contains("rate cms1=0.5, retention all=0.25"))
    }
  }

  @Test("bad input says what, where and what to do")
  func refusals() throws {
    try Program.with { program in
      let cases: [(arguments: [String], code: Int32, words: String)] = [
        (["piqa"], 2, "--data FOLDER"),
        (["piqa", "--data", "/nowhere"], 1, "there is no folder \"/nowhere\""),
        (["piqa", "--file", "/nowhere.jsonl"], 1, "check the path"),
        (["piqa", "--file", Self.samples + "/wsc.jsonl"], 1, "wsc.jsonl:1: \"goal\" is missing"),
        (["piqa", "--data", Self.samples, "--limit", "0"], 2, "not positive"),
        (["babi", "--data", Self.samples, "--sets", "6"], 2, "from 1 to 5"),
        (["babi", "--data", Self.samples], 1, "no file babi_qa2_test.jsonl"),
        (["niah", "--from", "5"], 2, "wants 128"),
        (["niah", "--kinds", "pin"], 2, "passkey, number, word"),
        (["recall", "--rate", "cms9=0.1"], 2, "cms9=0.1: there is no such level"),
        (["recall", "--rate", "cms1=0"], 2, "cms1=0"),
        (["recall", "--retention", "cms1=1.5"], 2, "at most 1"),
      ]
      for one in cases {
        let outcome = try program.run(["eval"] + one.arguments)
        #expect(
          outcome.code == one.code && outcome.notes.contains(one.words),
          "\(one.arguments): \(outcome.code) \(outcome.notes)")
        #expect(outcome.output.isEmpty)
      }
    }
  }
}
