package import Sessions
package import TerminalUI

/// What a config file sets; what it does not name is nil.
package struct ConfigFile: Equatable, Sendable {
  package private(set) var model: String?
  package private(set) var theme: DisplaySettings.Theme?
  package private(set) var isASCII: Bool?
  package private(set) var hasMouse: Bool?
  /// Temperature and its kin, by name.
  package private(set) var settings: [String: Setting] = [:]
  /// A key pressed → the key whose work it does.
  package private(set) var keys: [Key: Key] = [:]
  /// The same as written, by `keys.ACTION`.
  package private(set) var keyNames: [String: String] = [:]
  /// The line that names something.
  package private(set) var lines: [String: Int] = [:]

  package static let names =
    ["model", "theme", "ascii", "mouse"] + Setting.names

  /// An empty one.
  package init() {}

  /// Reads a text strictly: a name or value that means nothing is an error.
  /// - Parameter file: the name that errors tell.
  package init(_ text: String, file: String) throws(ConfigError) {
    for entry in try TOMLSubset(text, file: file).entries {
      do throws(Refusal) {
        try take(entry)
      } catch {
        throw ConfigError(file: file, line: entry.line, what: error.what, advice: error.advice)
      }
    }
  }

  private struct Refusal: Error {
    let what: String
    let advice: String
  }

  private mutating func take(_ entry: TOMLSubset.Entry) throws(Refusal) {
    switch entry.table {
    case "": try takeSetting(entry)
    case "keys": try takeKey(entry)
    default:
      throw Refusal(what: "there is no table [\(entry.table)]", advice: "the only one is [keys]")
    }
    lines[entry.table.isEmpty ? entry.key : "keys.\(entry.key)"] = entry.line
  }

  private mutating func takeSetting(_ entry: TOMLSubset.Entry) throws(Refusal) {
    let key = entry.key
    switch (key, entry.value) {
    case ("model", .text(let text)): model = text
    case ("theme", .text(let text)):
      theme = try Self.choice(text, of: key, DisplaySettings.Theme.allCases)
    case ("learn", .text(let text)):
      settings[key] = .learn(try Self.choice(text, of: key, LearnMode.allCases))
    case ("color", .text(let text)):
      settings[key] = .color(try Self.choice(text, of: key, ColorMode.allCases))
    case ("ascii", .boolean(let isOn)): isASCII = isOn
    case ("mouse", .boolean(let isOn)): hasMouse = isOn
    case ("model", _), ("theme", _), ("learn", _), ("color", _):
      throw Refusal(what: "\(key) is a text", advice: "put it in quotes: \(key) = \"…\"")
    case ("ascii", _), ("mouse", _):
      throw Refusal(what: "\(key) is true or false", advice: "write \(key) = true")
    default: try takeNumber(entry)
    }
  }

  private static func choice<Choice: RawRepresentable<String>>(
    _ text: String, of key: String, _ all: [Choice]
  ) throws(Refusal) -> Choice {
    if let choice = Choice(rawValue: text) { return choice }
    let known = all.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    throw Refusal(what: "\(key) is \"\(text)\"", advice: "choose one of \(known)")
  }

  private mutating func takeNumber(_ entry: TOMLSubset.Entry) throws(Refusal) {
    let setting: Setting
    switch (entry.key, entry.value) {
    case ("temperature", let value): setting = .temperature(try Self.number(value, entry.key))
    case ("top_p", let value): setting = .topP(try Self.number(value, entry.key))
    case ("min_p", let value): setting = .minP(try Self.number(value, entry.key))
    case ("top_k", let value): setting = .topK(try Self.integer(value, entry.key))
    case ("max_tokens", let value): setting = .maxTokens(try Self.integer(value, entry.key))
    case ("seed", let value): setting = .seed(UInt64(max(0, try Self.integer(value, entry.key))))
    default:
      throw Refusal(
        what: "there is no setting \(entry.key)",
        advice: "known are \(Self.names.joined(separator: ", ")) and the table [keys]")
    }
    try Self.check(setting)
    settings[entry.key] = setting
  }

  private static func check(_ setting: Setting) throws(Refusal) {
    var settings = ChatSettings(seed: 0)
    do throws(SettingError) {
      try settings.apply(setting)
    } catch {
      throw Refusal(
        what: "\(error.name) is \(error.value)", advice: "it has to be in \(error.range)")
    }
  }

  private static func number(_ value: TOMLSubset.Value, _ key: String) throws(Refusal) -> Float {
    switch value {
    case .integer(let number): return Float(number)
    case .number(let number): return Float(number)
    default: throw Refusal(what: "\(key) is a number", advice: "write \(key) = 0.5, no quotes")
    }
  }

  private static func integer(_ value: TOMLSubset.Value, _ key: String) throws(Refusal) -> Int {
    guard case .integer(let number) = value, number >= 0 else {
      throw Refusal(
        what: "\(key) is a whole number, 0 or more", advice: "write \(key) = 40, no quotes")
    }
    return number
  }
}

// MARK: Keys

extension ConfigFile {
  private mutating func takeKey(_ entry: TOMLSubset.Entry) throws(Refusal) {
    guard let usual = KeyNames.actions[entry.key] else {
      let known = KeyNames.actions.keys.sorted().joined(separator: ", ")
      throw Refusal(what: "there is no action \(entry.key)", advice: "known are \(known)")
    }
    guard case .text(let name) = entry.value else {
      throw Refusal(what: "a key is a text", advice: "write \(entry.key) = \"f9\"")
    }
    let key = try Self.key(name)
    guard keys[key] == nil else {
      throw Refusal(what: "\(name) does something else already", advice: "choose another key")
    }
    keys[key] = usual
    keyNames["keys.\(entry.key)"] = name
  }

  private static func key(_ name: String) throws(Refusal) -> Key {
    switch KeyNames.find(name) {
    case .key(let key): return key
    case .taken(let why):
      throw Refusal(what: "\(name) cannot be given away: \(why)", advice: "choose another key")
    case .unknown:
      throw Refusal(
        what: "there is no key \"\(name)\"",
        advice: "write it like f9, ctrl+t, alt+b, pageup or shift+left; letters alone stay letters")
    }
  }
}
