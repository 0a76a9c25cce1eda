import Hope

/// Why a line is no command.
package enum CommandError: Error, Equatable, CustomStringConvertible {
  case unknown(String, suggestion: String?)
  case usage(String)
  case unknownSetting(String, suggestion: String?)
  case badValue(String, wanted: String)

  package var description: String {
    switch self {
    case .unknown(let name, let suggestion):
      "no command /\(name)"
        + (suggestion.map { "; did you mean /\($0)?" } ?? "; /help lists them")
        + " (// at the start sends a message that begins with /)"
    case .usage(let form): "usage: \(form)"
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
    case ("new", 0): self = .newConversation
    case ("quit", 0): self = .quit
    case ("amnesia", 0): self = .amnesia
    case ("stats", 0): self = .showStatistics
    case ("explain", 1): self = .explain(LevelReference(words[0]))
    case ("token", 0): self = .inspect(nil)
    case ("token", 1): self = .inspect(try words[0].positions())
    case ("level", 0): self = .showLevels
    case ("level", 2...3): self = try .level(words)
    case ("gain", 0): self = .showGains
    case ("gain", 2):
      self = .setGain(LevelReference(words[0]), try words[1].gain())
    case ("learn", 0), ("set", 0): self = .showSettings
    case ("learn", 1): self = .set(try Setting(parsing: "learn", words[0]))
    case ("set", 2): self = .set(try Setting(parsing: words[0], words[1]))
    default:
      guard let help = CommandHelp.all.first(where: { $0.name == name }) else {
        throw .unknown(name, suggestion: name.nearest(in: CommandHelp.all.map(\.name)))
      }
      throw .usage(help.form)
    }
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
    default: throw .unknownSetting(name, suggestion: name.nearest(in: Setting.names))
    }
  }
}

extension String {
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
    guard let first = ends.first ?? nil, let last = ends.last ?? nil, 0 <= first, first <= last
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
