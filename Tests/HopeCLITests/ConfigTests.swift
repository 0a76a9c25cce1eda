import Foundation
import TestSupport
import Testing

@Suite("Settings from everywhere")
struct ConfigTests {
  @Test("a flag counts more than the environment, that more than the config file")
  func order() throws {
    try Program.with { program throws in
      let folder = URL(fileURLWithPath: program.modelPath).deletingLastPathComponent().path
      try FileManager.default.createDirectory(
        atPath: folder + "/hope", withIntermediateDirectories: true)
      try Data("model = \"other\"\ntop_k = 7\nseed = 3\n\n[keys]\nhelp = \"f9\"\n".utf8)
        .write(to: URL(fileURLWithPath: folder + "/hope/config.toml"))
      let result = try program.run(
        ["config", "--top-k", "5"], environment: ["XDG_CONFIG_HOME": folder])
      let rows = result.lines.map { $0.split(separator: " ").joined(separator: " ") }
      #expect(result.code == 0)
      for row in [
        "model \(program.modelPath) HOPE_MODEL", "top_k 5 --top-k", "seed 3 config, line 3",
        "top_p 0.95 default", "keys.help f9 config, line 6",
      ] {
        #expect(rows.contains(row), "\(rows)")
      }
    }
  }

  @Test("a config file that cannot be used ends the program with 2 and the line")
  func refused() throws {
    try Program.with { program throws in
      let path = program.modelPath + ".toml"
      try Data("\ntemprature = 1\n".utf8).write(to: URL(fileURLWithPath: path))
      let result = try program.run(["ask", "hi"], environment: ["HOPE_CONFIG": path])
      #expect(result.code == 2)
      #expect(result.notes.hasPrefix("error: \(path), line 2: there is no setting temprature;"))
      let missing = try program.run(["ask", "hi", "--config", path + "x"])
      #expect(missing.code == 2)
      #expect(missing.notes.contains("no such file"))
      #expect(missing.text == "")
    }
  }

  @Test("paths are told, and whether something is there")
  func paths() throws {
    try Program.with { program throws in
      let result = try program.run(["paths"], environment: ["HOME": "/nowhere"])
      #expect(result.code == 0)
      #expect(result.lines.contains("config    /nowhere/.config/hope/config.toml  (not there yet)"))
      #expect(result.lines.contains { $0.hasSuffix(program.modelPath) })
    }
  }
}
