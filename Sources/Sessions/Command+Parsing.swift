import Hope

/// Why a line is no command.
package enum CommandError: Error, Equatable, CustomStringConvertible {
  case unknown(String, suggestion: String?)
  case usage(String)
  case unknownSetting(String, suggestion: String?)
  case badValue(String, wanted: String)
  /// A command of the full screen, typed elsewhere.
  case onScreenOnly(String)

  package var description: String {
    switch self {
    case .unknown(let name, let suggestion):
      "no command /\(name)"
        + (suggestion.map { "; did you mean /\($0)?" } ?? "; /help lists them")
        + " (// at the start sends a message that begins with /)"
    case .usage(let form): "usage: \(form)"
    case .onScreenOnly(let name): "/\(name) acts on the full screen alone: hope chat opens it"
    case .unknownSetting(let name, let suggestion):
      "no setting \(name)"
        + (suggestion.map { "; did you mean \($0)?" }
          ?? "; there are \(Setting.names.joined(separator: ", "))")
    case .badValue(let value, let wanted): "\(value) is not \(wanted)"
    }
  }
}

extension Command {
  /// What a line means: a command when it begins with `/`, else words for the model.
  /// `//text` are the words `/text`.
  package init(parsing line: String) throws(CommandError) {
    guard line.hasPrefix("/") else {
      self = .say(line)
      return
    }
    if line.hasPrefix("//") {
      self = .say(String(line.dropFirst()))
      return
    }
    var words = line.dropFirst().split(whereSeparator: \.isWhitespace).map(String.init)
    let name = words.isEmpty ? "" : words.removeFirst()
    self = try Command(named: name, words)
  }

  private init(named name: String, _ words: [String]) throws(CommandError) {
    switch (name, words.count) {
    case ("help", 0...1): self = .help(topic: words.first)
    case ("new", 0...):
      self = .newConversation(name: words.isEmpty ? nil : words.joined(separator: " "))
    case ("quit", 0): self = .quit
    case ("amnesia", 0): self = .amnesia(.workingMemory)
    case ("amnesia", 1) where words[0] == "levels": self = .amnesia(.levels)
    case ("stats", 0): self = .showStatistics
    case ("show", 1): self = try .show(words[0])
    case ("explain", 1): self = .explain(LevelReference(words[0]))
    case ("token", 0): self = .inspect(nil)
    case ("token", 1): self = .inspect(try words[0].positions())
    case ("mark", 1...): self = .mark(words.joined(separator: " "))
    case ("rewind", 1...): self = .rewind(try RewindTarget(words))
    case ("undo", 0): self = .undo(1)
    case ("undo", 1): self = .undo(try words[0].count(of: "turns"))
    case ("regen", 0): self = .regenerate
    case ("fork", 0...): self = try .fork(words)
    case ("rename", 1...): self = .rename(words.joined(separator: " "))
    case ("sessions", 0...):
      self = .showSessions(saying: words.isEmpty ? nil : words.joined(separator: " "))
    case ("resume", 1...): self = .resume(words.joined(separator: " "))
    case ("save", 0...):
      self = .save(name: words.isEmpty ? nil : words.joined(separator: " "))
    case ("export", 2...):
      self = .export(
        try words[0].choice(), path: words.dropFirst().joined(separator: " "))
    case ("mem", 1...): self = .memory(try MemoryRequest(words))
    case ("ab", 1...): self = try .lanes(words)
    case ("level", 0): self = .showLevels
    case ("level", 2...3): self = try .level(words)
    case ("gain", 0): self = .showGains
    case ("gain", 2):
      self = .setGain(LevelReference(words[0]), try words[1].gain())
    case ("learn", 0), ("set", 0): self = .showSettings
    case ("learn", 1): self = .set(try Setting(parsing: "learn", words[0]))
    case ("set", 2): self = .set(try Setting(parsing: words[0], words[1]))
    default:
      if CommandHelp.onScreenOnly.contains(name) { throw .onScreenOnly(name) }
      guard let help = CommandHelp.all.first(where: { $0.name == name }) else {
        throw .unknown(name, suggestion: name.nearest(in: CommandHelp.all.map(\.name)))
      }
      throw .usage(help.form)
    }
  }

  /// What `/show` shows.
  package static let shown = ["model", "levels", "session", "params"]

  private static func show(_ word: String) throws(CommandError) -> Command {
    switch word {
    case "model": return .showModel
    case "levels": return .showLevels
    case "session": return .showSession
    case "params": return .showSettings
    default: throw .badValue(word, wanted: shown.joined(separator: " or "))
    }
  }

  /// `[NAME] [@TOKEN]`.
  private static func fork(_ words: [String]) throws(CommandError) -> Command {
    guard let last = words.last, last.hasPrefix("@") else {
      return .fork(name: words.isEmpty ? nil : words.joined(separator: " "), at: nil)
    }
    let name = words.dropLast().joined(separator: " ")
    return .fork(name: name.isEmpty ? nil : name, at: try last.position())
  }

  /// `NAME on|off|rw|r|w`, `NAME read|write on|off`, `NAME reset`.
  private static func level(_ words: [String]) throws(CommandError) -> Command {
    let level = LevelReference(words[0])
    let bits: [String: LevelAccess] = ["read": .read, "write": .write]
    let states = ["on": true, "off": false]
    if words.count == 2 {
      if words[1] == "reset" { return .resetLevel(level) }
      if let change = AccessChange(words[1]) { return .setAccess(level, change) }
    } else if let bit = bits[words[1]], let isOn = states[words[2]] {
      return .setAccess(level, .one(bit, isOn: isOn))
    }
    throw .usage(CommandHelp.levelForm)
  }
}

extension Setting {
  package init(parsing name: String, _ text: String) throws(CommandError) {
    switch name {
    case "temperature": self = .temperature(try text.number())
    case "top_k": self = .topK(try text.wholeNumber())
    case "top_p": self = .topP(try text.number())
    case "min_p": self = .minP(try text.number())
    case "seed": self = .seed(try text.wholeNumber())
    case "max_tokens": self = .maxTokens(try text.wholeNumber())
    case "learn": self = .learn(try text.choice())
    case "color": self = .color(try text.choice())
    case "theme": throw .onScreenOnly("set theme")
    default: throw .unknownSetting(name, suggestion: name.nearest(in: Setting.names))
    }
  }
}

extension Command {
  /// `LEVEL=off [WORDS]`.
  private static func lanes(_ words: [String]) throws(CommandError) -> Command {
    guard let change = LaneChange(words[0]) else {
      throw .badValue(words[0], wanted: "a level and its switches, such as cms1=off")
    }
    let rest = words.dropFirst().joined(separator: " ")
    return .compareLanes(change, words: rest.isEmpty ? nil : rest)
  }
}

extension MemoryRequest {
  static let form =
    "/mem commit NAME, log, checkout NAME, diff|import FROM, export FILE, graft LEVEL FROM"

  fileprivate init(_ words: [String]) throws(CommandError) {
    let rest = words.dropFirst().joined(separator: " ")
    switch (words[0], words.count) {
    case ("commit", 2...): self = .commit(rest)
    case ("log", 1): self = .log
    case ("checkout", 2...): self = .checkout(rest)
    case ("export", 2...): self = .export(path: rest)
    case ("import", 2...): self = .load(path: rest)
    case ("diff", 2...): self = .compare(path: rest)
    case ("graft", 3...):
      self = .graft(
        LevelReference(words[1]), path: words.dropFirst(2).joined(separator: " "))
    default: throw .usage(Self.form)
    }
  }
}

extension RewindTarget {
  /// `@TOKEN`, `turn N`, or a marker's text.
  fileprivate init(_ words: [String]) throws(CommandError) {
    if words.count == 1, words[0].hasPrefix("@") {
      self = .token(try words[0].position())
    } else if words.count == 2, words[0] == "turn" {
      self = .turn(try words[1].count(of: "a turn"))
    } else {
      self = .marker(words.joined(separator: " "))
    }
  }
}

extension String {
  /// `@12`, the sign left out or not.
  package func position() throws(CommandError) -> Int {
    guard let number = Int(hasPrefix("@") ? dropFirst() : self[...]), Self.counts.contains(number)
    else { throw .badValue(self, wanted: "a token such as @12") }
    return number
  }

  /// What can be counted here: sums of such numbers are numbers too.
  private static let counts = 0..<1 << 48

  /// From 1.
  fileprivate func count(of things: String) throws(CommandError) -> Int {
    guard let number = Int(self), number > 0, Self.counts.contains(number) else {
      throw .badValue(self, wanted: "the number of \(things), from 1")
    }
    return number
  }

  fileprivate func number() throws(CommandError) -> Float {
    guard let number = Float(self), number.isFinite else {
      throw .badValue(self, wanted: "a number")
    }
    return number
  }

  /// The volume of a level's learned part.
  package func gain() throws(CommandError) -> Float {
    let number = try number()
    guard abs(number) <= 100 else { throw .badValue(self, wanted: "a gain from -100 to 100") }
    return number
  }

  fileprivate func wholeNumber<Number: FixedWidthInteger>() throws(CommandError) -> Number {
    guard let number = Number(self) else { throw .badValue(self, wanted: "a whole number") }
    return number
  }

  /// `@12` or `@12-@20`, signs left out or not.
  fileprivate func positions() throws(CommandError) -> ClosedRange<Int> {
    let ends = split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      .map { Int($0.hasPrefix("@") ? $0.dropFirst() : $0) }
    guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last,
      Self.counts.contains(first), Self.counts.contains(last)
    else { throw .badValue(self, wanted: "a token such as @12, or some such as @12-@20") }
    return first...last
  }

  fileprivate func choice<Choice: CaseIterable & RawRepresentable>() throws(CommandError) -> Choice
  where Choice.RawValue == String {
    guard let choice = Choice(rawValue: self) else {
      throw .badValue(
        self, wanted: Choice.allCases.map(\.rawValue).joined(separator: " or "))
    }
    return choice
  }

  /// The closest of some words, if one is close: at most two letters changed, or a beginning.
  package func nearest(in words: [String]) -> String? {
    guard !isEmpty else { return nil }
    if let whole = words.first(where: { $0.hasPrefix(self) }) { return whole }
    let ranked = words.map { (word: $0, distance: editDistance(to: $0)) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= Swift.min(2, count / 2) ? best.word : nil
  }

  /// Letters to insert, remove or change.
  private func editDistance(to other: String) -> Int {
    let letters = Array(other)
    var row = Array(0...letters.count)
    for (i, a) in prefix(64).enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in letters.enumerated() {
        let changed = diagonal + (a == b ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = Swift.min(changed, row[j] + 1, diagonal + 1)
      }
    }
    return row[letters.count]
  }
}
