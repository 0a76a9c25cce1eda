import Preferences
import Sessions
import TerminalUI
import Testing

private func complaint(_ text: String) -> String? {
  do throws(ConfigError) {
    _ = try ConfigFile(text, file: "config.toml")
    return nil
  } catch {
    return error.description
  }
}

@Suite("The config file")
struct ConfigFileTests {
  @Test("all that can be set")
  func everything() throws {
    let config = try ConfigFile(
      """
      # how I like it
      theme = "high-contrast"   # loud
      color = 'never'
      ascii = true
      mouse = false
      temperature = 0.7
      seed = 4_2
      top_k = 40
      top_p = 1
      min_p = 5e-2
      max_tokens = 300
      learn = "off"
      model = "a \\"quoted\\" \\\\ name"

      [keys]
      help = "F9"
      send = "Alt+S"
      tint = "shift+up"
      """, file: "config.toml")
    #expect(config.theme == .highContrast)
    #expect(config.isASCII == true)
    #expect(config.hasMouse == false)
    #expect(config.model == #"a "quoted" \ name"#)
    #expect(
      config.settings == [
        "color": .color(.never), "temperature": .temperature(0.7), "seed": .seed(42),
        "top_k": .topK(40), "top_p": .topP(1), "min_p": .minP(0.05),
        "max_tokens": .maxTokens(300), "learn": .learn(.off),
      ])
    #expect(
      config.keys == [.function(9): .function(1), .alt("s"): .enter, .shiftUp: .control("t")])
    #expect(config.lines["theme"] == 2)
    #expect(config.lines["keys.help"] == 16)
    #expect(Set(config.lines.keys).isSuperset(of: ConfigFile.names))
  }

  @Test(
    "nothing is set by a file without settings", arguments: ["", "\n\n", "# only words", "[keys]"])
  func nothing(_ text: String) throws {
    #expect(try ConfigFile(text, file: "c") == ConfigFile())
  }

  @Test("lines may end as in Windows")
  func windows() throws {
    #expect(try ConfigFile("ascii = true\r\nmouse = true\r\n", file: "c").hasMouse == true)
  }

  @Test(
    "errors say file, line, what and what to do",
    arguments: [
      ("\ntheme = dark", 2, "dark is no value; a text stands in quotes: theme = \"dark\""),
      ("theme = \"dusk\"", 1, "theme is \"dusk\"; choose one of \"dark\", \"light\""),
      ("theme = 3", 1, "theme is a text; put it in quotes"),
      ("ascii = 1", 1, "ascii is true or false; write ascii = true"),
      ("temperature = \"hot\"", 1, "temperature is a number; write"),
      ("temperature = 101", 1, "temperature is 101.0; it has to be in 0"),
      ("max_tokens = 0", 1, "max_tokens is 0; it has to be in 1...100000"),
      ("seed = -1", 1, "seed is a whole number, 0 or more"),
      ("top_k = 1.5", 1, "top_k is a whole number"),
      ("colour = \"auto\"", 1, "there is no setting colour; known are model, theme"),
      ("seed = 1\nseed = 2", 2, "seed is set in line 1 already; remove one"),
      ("seed =", 1, "seed has no value"),
      ("seed", 1, "this is no setting; write NAME = VALUE"),
      ("seed = 1 2", 1, "the value of seed is followed by 2"),
      ("model = \"open", 1, "the quote is not closed"),
      ("model = 'open", 1, "the quote is not closed"),
      ("model = \"a\\q\"", 1, "a backslash stands alone"),
      ("[a.b]", 1, "this is no table; write [keys]"),
      ("[colors]\nred = 1", 2, "there is no table [colors]; the only one is [keys]"),
      ("[keys]\n[keys]", 2, "[keys] is there twice"),
      ("[keys]\nfly = \"f9\"", 2, "there is no action fly; known are"),
      ("[keys]\nhelp = 9", 2, "a key is a text"),
      ("[keys]\nhelp = \"x\"", 2, "there is no key \"x\""),
      ("[keys]\nhelp = \"ctrl+i\"", 2, "ctrl+i cannot be given away: it is Tab"),
      ("[keys]\nhelp = \"Ctrl+C\"", 2, "Ctrl+C cannot be given away: it is the way out"),
      ("[keys]\nhelp = \"f9\"\ntint = \"F9\"", 3, "F9 does something else already"),
    ])
  func errors(_ text: String, _ line: Int, _ what: String) throws {
    let message = try #require(complaint(text))
    #expect(message.hasPrefix("config.toml, line \(line): \(what)"), "\(message)")
    #expect(message.contains("; "))
  }
}
