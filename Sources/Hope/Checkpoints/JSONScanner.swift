/// The error of one kind of JSON file: where the text stops being what was expected, and why.
protocol JSONFailure: Error {
  init(byte: Int, reason: String)
}

/// Any JSON value; numbers as they were spelled.
indirect enum JSONValue {
  case object([String: JSONValue])
  case array([JSONValue])
  case string(String)
  case number(String)
  case bool(Bool)
  case null
}

/// A strict reader of JSON (RFC 8259) that hides nothing: repeated keys reach the caller, numbers
/// stay exact, and every fault names its byte. Each call takes the next thing or throws.
///
/// The caller asks for what it expects, so nesting is as deep as the caller's own code; `value`
/// alone recurses, to a stated depth.
struct JSONScanner<Failure: JSONFailure> {
  private let bytes: [UInt8]
  /// Index of the next byte.
  private(set) var position = 0

  /// Checks that the text is UTF-8.
  init(_ bytes: [UInt8]) throws(Failure) {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw Failure(byte: Self.firstInvalidByte(bytes), reason: "is not UTF-8")
    }
    self.bytes = bytes
  }

  func fault(_ reason: String, at byte: Int? = nil) -> Failure {
    Failure(byte: byte ?? position, reason: reason)
  }

  /// Reads an object; `member` reads each value and is told its key and the byte the key is at.
  mutating func object(
    _ member: (inout JSONScanner, String, Int) throws(Failure) -> Void
  ) throws(Failure) {
    try take("{", expected: "an object")
    if takeIfNext("}") { return }
    repeat {
      skipSpace()
      let start = position
      let key = try string()
      try take(":", expected: "':'")
      try member(&self, key, start)
    } while takeIfNext(",")
    try take("}", expected: "',' or '}'")
  }

  /// Reads an array; `element` reads each value and is told its index.
  mutating func array(
    _ element: (inout JSONScanner, Int) throws(Failure) -> Void
  ) throws(Failure) {
    try take("[", expected: "an array")
    if takeIfNext("]") { return }
    var index = 0
    repeat {
      try element(&self, index)
      index += 1
    } while takeIfNext(",")
    try take("]", expected: "',' or ']'")
  }

  /// A number that is a whole one, not negative, and fits an `Int`; no `1.0`, no `1e3`.
  mutating func wholeNumber() throws(Failure) -> Int {
    skipSpace()
    let start = position
    try skipNumber()
    let digits = bytes[start..<position]
    guard digits.allSatisfy(Self.isDigit) else {
      throw fault("\(text(digits)) is not a whole number from 0 up", at: start)
    }
    guard let value = Int(text(digits, limit: 40)) else {
      throw fault("\(text(digits)) does not fit 63 bits", at: start)
    }
    return value
  }

  /// Any value, with at most `depth` levels of nesting. `path` is extended by `.key` and `[index]`;
  /// `visit` is told each object member's path and byte, and may refuse it.
  mutating func value(
    depth: Int, path: String = "", visit: (String, Int) throws(Failure) -> Void
  ) throws(Failure) -> JSONValue {
    skipSpace()
    guard depth > 0 else { throw fault("is nested too deeply") }
    switch next {
    case UInt8(ascii: "{"):
      var members: [String: JSONValue] = [:]
      try object { (scanner, key, start) throws(Failure) in
        let member = path.isEmpty ? key : path + "." + key
        try visit(member, start)
        members[key] = try scanner.value(depth: depth - 1, path: member, visit: visit)
      }
      return .object(members)
    case UInt8(ascii: "["):
      var elements: [JSONValue] = []
      try array { (scanner, index) throws(Failure) in
        elements.append(
          try scanner.value(depth: depth - 1, path: "\(path)[\(index)]", visit: visit))
      }
      return .array(elements)
    default: return try scalar()
    }
  }

  private mutating func scalar() throws(Failure) -> JSONValue {
    switch next {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default:
      let start = position
      try skipNumber()
      return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }
  }

  /// Nothing but space may follow.
  mutating func end() throws(Failure) {
    skipSpace()
    guard position == bytes.count else { throw fault("is followed by more text") }
  }
}

// MARK: Tokens

extension JSONScanner {
  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private mutating func takeIfNext(_ mark: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: mark) else { return false }
    position += 1
    return true
  }

  private mutating func take(_ mark: Unicode.Scalar, expected: String) throws(Failure) {
    guard takeIfNext(mark) else { throw fault("\(nextQuoted) where \(expected) should be") }
  }

  private var nextQuoted: String {
    guard let next else { return "the end" }
    return "'" + Unicode.Scalar(next < 0x80 ? next : 0x3F).escaped(asASCII: true) + "'"
  }

  private func text(_ part: ArraySlice<UInt8>, limit: Int = 24) -> String {
    String(decoding: part, as: UTF8.self).printable(limit: limit)
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(Failure) -> JSONValue {
    guard bytes[position...].starts(with: word.utf8) else {
      throw fault("\(nextQuoted) where a value should be")
    }
    position += word.utf8.count
    return value
  }

  private mutating func skipNumber() throws(Failure) {
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    let whole = position
    try skipDigits()
    if bytes[whole] == UInt8(ascii: "0"), position > whole + 1 {
      throw fault("a number begins with 0", at: start)
    }
    if next == UInt8(ascii: ".") {
      position += 1
      try skipDigits()
    }
    guard next == UInt8(ascii: "e") || next == UInt8(ascii: "E") else { return }
    position += 1
    if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
    try skipDigits()
  }

  private mutating func skipDigits() throws(Failure) {
    let start = position
    while let byte = next, Self.isDigit(byte) { position += 1 }
    guard position > start else { throw fault("\(nextQuoted) where a number should be") }
  }

  /// The first byte that no valid UTF-8 text has at its place.
  private static func firstInvalidByte(_ bytes: [UInt8]) -> Int {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var position = 0
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      position += UTF8.width(scalar)
    }
    return position
  }
}

// MARK: Strings

extension JSONScanner {
  mutating func string() throws(Failure) -> String {
    try take("\"", expected: "a string")
    let start = position
    var decoded: [UInt8] = []
    var copied = start
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw fault("a raw control character in a string") }
      guard byte == UInt8(ascii: "\\") else {
        position += 1
        continue
      }
      decoded += bytes[copied..<position]
      position += 1
      decoded += try Array(String(Character(escape())).utf8)
      copied = position
    }
    guard next != nil else { throw fault("a string has no end", at: start - 1) }
    defer { position += 1 }
    return String(decoding: decoded + bytes[copied..<position], as: UTF8.self)
  }

  /// What follows a backslash.
  private mutating func escape() throws(Failure) -> Unicode.Scalar {
    let start = position - 1
    let letter = next ?? 0
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try escapedScalar(start)
    default: throw fault("an unknown escape in a string", at: start)
    }
  }

  /// `1F600` may need a second `\uXXXX`; half of such a pair is a fault.
  private mutating func escapedScalar(_ start: Int) throws(Failure) -> Unicode.Scalar {
    let unit = try hexUnit(start)
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard UTF16.isLeadSurrogate(unit), bytes[position...].starts(with: "\\u".utf8) else {
      throw fault("half a surrogate pair in a string", at: start)
    }
    position += 2
    let second = try hexUnit(start)
    let value = 0x10000 + (UInt32(unit) & 0x3FF) << 10 + UInt32(second) & 0x3FF
    guard UTF16.isTrailSurrogate(second), let scalar = Unicode.Scalar(value) else {
      throw fault("half a surrogate pair in a string", at: start)
    }
    return scalar
  }

  private mutating func hexUnit(_ start: Int) throws(Failure) -> UInt16 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw fault("a damaged \\u escape in a string", at: start) }
    position += 4
    return unit
  }
}
