/// The part of TOML that a config file needs: comments, `[table]` one level deep, and bare keys with a
/// string, a number or a boolean. Everything else is refused by line.
package struct TOMLSubset: Equatable {
  package enum Value: Equatable {
    case text(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
  }
  package struct Entry: Equatable {
    /// Empty above the first table.
    package let table: String
    package let key: String
    package let value: Value
    package let line: Int
  }
  package private(set) var entries: [Entry] = []

  /// - Parameter file: the name that errors tell.
  package init(_ text: String, file: String) throws(ConfigError) {
    var table = ""
    var tables: Set<String> = []
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    for (i, line) in lines.enumerated() {
      var reader = LineReader(line, file: file, number: i + 1)
      reader.skipSpaces()
      if reader.isAtEnd { continue }
      if reader.skip("[") {
        table = try reader.tableName()
        guard tables.insert(table).inserted else {
          throw reader.error("[\(table)] is there twice", "put its lines together")
        }
      } else {
        try add(try reader.entry(table), reader)
      }
    }
  }

  private mutating func add(_ entry: Entry, _ reader: LineReader) throws(ConfigError) {
    if let first = entries.first(where: { $0.table == entry.table && $0.key == entry.key }) {
      throw reader.error(
        "\(entry.key) is set in line \(first.line) already", "remove one of the two lines")
    }
    entries.append(entry)
  }
}

/// One line, from left to right.
private struct LineReader {
  private var rest: Substring
  private let file: String
  private let number: Int

  init(_ line: Substring, file: String, number: Int) {
    (rest, self.file, self.number) = (line, file, number)
  }

  /// Nothing but a comment is left.
  var isAtEnd: Bool { rest.isEmpty || rest.first == "#" }

  func error(_ what: String, _ advice: String) -> ConfigError {
    ConfigError(file: file, line: number, what: what, advice: advice)
  }

  mutating func skipSpaces() { rest = rest.drop { $0 == " " || $0 == "\t" } }

  mutating func skip(_ sign: Character) -> Bool {
    guard rest.first == sign else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func word(_ isPart: (Character) -> Bool) -> String {
    let word = rest.prefix(while: isPart)
    rest = rest.dropFirst(word.count)
    return String(word)
  }

  private mutating func name() -> String {
    skipSpaces()
    defer { skipSpaces() }
    return word { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
  }

  private func expectEnd(after what: String) throws(ConfigError) {
    guard isAtEnd else {
      throw error("\(what) is followed by \(rest)", "put one thing on a line; # begins a comment")
    }
  }

  /// After its bracket.
  mutating func tableName() throws(ConfigError) -> String {
    let name = name()
    guard !name.isEmpty, skip("]") else {
      throw error("this is no table", "write [keys], one name in brackets")
    }
    skipSpaces()
    try expectEnd(after: "[\(name)]")
    return name
  }

  mutating func entry(_ table: String) throws(ConfigError) -> TOMLSubset.Entry {
    let key = name()
    guard !key.isEmpty, skip("=") else {
      throw error("this is no setting", "write NAME = VALUE, such as temperature = 0.5")
    }
    skipSpaces()
    let value = try value(of: key)
    skipSpaces()
    try expectEnd(after: "the value of \(key)")
    return .init(table: table, key: key, value: value, line: number)
  }

  private mutating func value(of key: String) throws(ConfigError) -> TOMLSubset.Value {
    if skip("\"") { return .text(try text()) }
    if skip("'") { return .text(try literal()) }
    let word = word { !$0.isWhitespace && $0 != "#" }
    switch word {
    case "": throw error("\(key) has no value", "write \(key) = VALUE, or remove the line")
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    default: break
    }
    let digits = word.replacing("_", with: "")
    if let integer = Int(digits) { return .integer(integer) }
    if digits.allSatisfy({ "0123456789+-.eE".contains($0) }), let number = Double(digits) {
      return .number(number)
    }
    throw error(
      "\(word) is no value",
      "a text stands in quotes: \(key) = \"\(word)\"; else a number, true or false")
  }

  /// Up to the closing quote; nothing in it is special.
  private mutating func literal() throws(ConfigError) -> String {
    let text = word { $0 != "'" }
    guard skip("'") else { throw unclosed }
    return text
  }

  private mutating func text() throws(ConfigError) -> String {
    var text = ""
    while let character = rest.popFirst() {
      switch character {
      case "\"": return text
      case "\\": text.append(try escaped())
      default: text.append(character)
      }
    }
    throw unclosed
  }

  private var unclosed: ConfigError {
    error("the quote is not closed", "end the text with the quote it begins with, in the same line")
  }

  private mutating func escaped() throws(ConfigError) -> Character {
    switch rest.popFirst() {
    case "\"": return "\""
    case "\\": return "\\"
    case "n": return "\n"
    case "t": return "\t"
    default:
      throw error(
        "a backslash stands alone", "write \\\\ for one, or put the text in single quotes")
    }
  }
}
