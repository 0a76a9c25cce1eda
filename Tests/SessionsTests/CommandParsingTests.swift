import Hope
import Sessions
import Testing

@Suite("Command lines")
struct CommandParsingTests {
  @Test(
    "words without a slash are for the model",
    arguments: ["exit", "quit", " /quit", "what is /new?", "help"])
  func words(_ line: String) throws { #expect(try Command(parsing: line) == .say(line)) }

  @Test("two slashes send a message that begins with one")
  func twoSlashes() throws {
    #expect(try Command(parsing: "//quit now") == .say("/quit now"))
    #expect(try Command(parsing: "///") == .say("//"))
  }

  @Test(
    "every command is understood",
    arguments: [
      ("/quit", .quit), ("/new", .newConversation(name: nil)),
      ("/amnesia", .amnesia(.workingMemory)),
      ("/amnesia levels", .amnesia(.levels)), ("/show model", .showModel),
      ("/show levels", .showLevels), ("/show session", .showSession),
      ("/show params", .showSettings),
      ("/stats", .showStatistics), ("/help", .help(topic: nil)),
      ("/help level", .help(topic: "level")),
      ("/level", .showLevels), ("/level  cms1   off ", .setAccess(.name("cms1"), .both(.off))),
      ("/level titans write off", .setAccess(.name("titans"), .one(.write, isOn: false))),
      ("/level 2 read on", .setAccess(.number(2), .one(.read, isOn: true))),
      ("/level all rw", .setAccess(.all, .both(.on))),
      ("/level cms2 reset", .resetLevel(.name("cms2"))),
      ("/gain cms1 0.5", .setGain(.name("cms1"), 0.5)), ("/gain", .showGains),
      ("/learn both", .set(.learn(.both))), ("/set learn off", .set(.learn(.off))),
      ("/set temperature 0.5", .set(.temperature(0.5))), ("/set top_k 40", .set(.topK(40))),
      ("/set seed 18446744073709551615", .set(.seed(.max))),
      ("/set max_tokens 9", .set(.maxTokens(9))),
      ("/set color never", .set(.color(.never))), ("/set", .showSettings),
      ("/explain 1", .explain(.number(1))),
    ] as [(String, Command)])
  func understood(_ line: String, _ command: Command) throws {
    #expect(try Command(parsing: line) == command)
  }

  @Test("an unknown command is an error that names the nearest one")
  func unknown() {
    #expect(throws: CommandError.unknown("lvel", suggestion: "level")) {
      try Command(parsing: "/lvel cms1 off")
    }
    #expect(throws: CommandError.unknown("exp", suggestion: "explain")) {
      try Command(parsing: "/exp")
    }
    #expect(throws: CommandError.unknown("exit", suggestion: "quit")) {
      try Command(parsing: "/exit")
    }
    #expect(throws: CommandError.unknown("weather", suggestion: nil)) {
      try Command(parsing: "/weather tomorrow")
    }
    #expect(throws: CommandError.unknown("", suggestion: nil)) { try Command(parsing: "/") }
    #expect(throws: CommandError.unknown("Quit", suggestion: "quit")) {
      try Command(parsing: "/Quit")
    }
  }

  @Test(
    "a known command with wrong words says how it is written",
    arguments: [
      "/level cms1", "/level cms1 sideways", "/level cms1 read", "/level cms1 read maybe",
      "/level a b c d", "/quit now", "/explain", "/gain cms1", "/set temperature",
    ])
  func usage(_ line: String) {
    let error = #expect(throws: CommandError.self) { try Command(parsing: line) }
    guard case .usage(let form) = error else {
      Issue.record("\(line): \(String(describing: error))")
      return
    }
    #expect(form.hasPrefix(line.split(separator: " ")[0]))
  }

  @Test("a bad value names what was wanted")
  func badValues() {
    #expect(throws: CommandError.badValue("hot", wanted: "a number")) {
      try Command(parsing: "/set temperature hot")
    }
    #expect(throws: CommandError.badValue("nan", wanted: "a number")) {
      try Command(parsing: "/set top_p nan")
    }
    #expect(throws: CommandError.badValue("1.5", wanted: "a whole number")) {
      try Command(parsing: "/set top_k 1.5")
    }
    #expect(throws: CommandError.badValue("me", wanted: "user or both or off")) {
      try Command(parsing: "/learn me")
    }
    #expect(throws: CommandError.badValue("1e9", wanted: "a gain from -100 to 100")) {
      try Command(parsing: "/gain cms1 1e9")
    }
    #expect(throws: CommandError.unknownSetting("temprature", suggestion: "temperature")) {
      try Command(parsing: "/set temprature 1")
    }
  }

  @Test("the bits of the table are read back as what they say")
  func bits() {
    for access: LevelAccess in [.on, .read, .write, .off] {
      #expect(AccessChange(access.bits) == .both(access))
      #expect(AccessChange(access.word) == .both(access))
    }
    #expect(AccessChange.one(.write, isOn: false).applied(to: .on) == .read)
    #expect(AccessChange.one(.read, isOn: true).applied(to: .off) == .read)
    #expect(AccessChange("wr") == nil)
  }

  @Test("levels are named, numbered from 1, or all")
  func references() {
    let names = ["titans", "cms1", "cms2"]
    #expect(LevelReference("titans").indices(in: names) == [0])
    #expect(LevelReference("3").indices(in: names) == [2])
    #expect(LevelReference("all").indices(in: names) == [0, 1, 2])
    for word in ["0", "4", "-1", "cms", ""] {
      #expect(LevelReference(word).indices(in: names) == [])
    }
  }

  @Test("going back and forking name a token, a turn or a marker")
  func timeTravel() throws {
    let commands: [(String, Command)] = [
      ("/rewind @12", .rewind(.token(12))), ("/rewind turn 3", .rewind(.turn(3))),
      ("/rewind before the cat", .rewind(.marker("before the cat"))), ("/undo", .undo(1)),
      ("/undo 3", .undo(3)), ("/regen", .regenerate),
      ("/new a trip", .newConversation(name: "a trip")), ("/fork", .fork(name: nil, at: nil)),
      ("/fork other way @7", .fork(name: "other way", at: 7)),
      ("/fork @0", .fork(name: nil, at: 0)), ("/mark a b", .mark("a b")),
      ("/rename my cat", .rename("my cat")),
      ("/mem commit a b", .memory(.commit("a b"))), ("/mem log", .memory(.log)),
      ("/mem graft 2 the other", .memory(.graft(.number(2), path: "the other"))),
    ]
    for (line, command) in commands { #expect(try Command(parsing: line) == command) }
    for line in [
      "/rewind @x", "/rewind turn x", "/undo x", "/fork @-1", "/rewind", "/mark", "/mem", "/mem x",
      "/mem commit", "/mem graft cms1", "/ab", "/ab cms1", "/ab cms1=x",
    ] {
      #expect(throws: CommandError.self) { try Command(parsing: line) }
    }
  }

  @Test("commands of the full screen say so elsewhere")
  func onScreenOnly() {
    for name in CommandHelp.onScreenOnly {
      #expect(throws: CommandError.onScreenOnly(name)) { try Command(parsing: "/\(name)") }
    }
    #expect(throws: CommandError.onScreenOnly("set theme")) {
      try Command(parsing: "/set theme light")
    }
  }

  @Test(
    "a number too large or small to count with is refused, and traps nothing",
    arguments: [Int.min, Int.min + 1, -1, Int.max - 1, Int.max])
  func largeNumbers(number: Int) throws {
    for line in [
      "/undo M", "/rewind turn M", "/rewind @M", "/fork @M", "/token M", "/token 0-M",
    ] {
      let line = line.replacing("M", with: "\(number)")
      let error = #expect(throws: CommandError.self, "\(line)") { try Command(parsing: line) }
      guard case .badValue? = error else {
        Issue.record("\(line)")
        continue
      }
    }
    try Chat.with { chat throws in
      _ = try chat.events("hello")
      for line in [
        "/level M off", "/explain M", "/gain M 1", "/ab M=off hi", "/level M reset",
        "/mem graft M x", "/set top_k M", "/set max_tokens M",
      ] {
        let line = line.replacing("M", with: "\(number)")
        if line.hasPrefix("/set top_k"), number > 0 { continue }
        #expect(try chat.events(line).contains { $0.error != nil }, "\(line)")
      }
      let commands: [Command] = [
        .undo(number), .rewind(.turn(number)), .rewind(.token(number)),
        .inspect(min(number, 0)...max(number, 0)),
      ]
      for command in commands {
        chat.engine.perform(command) { event in
          if let error = event.error { #expect(!error.description.isEmpty) }
        }
      }
      #expect(try chat.end("hello").why != .failed)
    }
  }

  @Test("every command of the help is a command, and every command has help")
  func help() {
    let takesWords: Set = [
      "mark", "rewind", "fork", "rename", "ab", "sessions", "resume", "save", "export", "new",
    ]
    for help in CommandHelp.all {
      #expect(help.form.hasPrefix("/\(help.name)"))
      guard !takesWords.contains(help.name) else { continue }
      let error = #expect(throws: CommandError.self) {
        try Command(parsing: "/\(help.name) a b c d e")
      }
      #expect(error == .usage(help.form))
    }
  }
}
