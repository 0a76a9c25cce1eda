/// A JSON value as a line of a session file holds it. Objects keep their members' order.
indirect enum JSON: Sendable {
  case object([Member])
  case array([JSON])
  case string(String)
  case integer(Int)
  case number(Double)
  case bool(Bool)
  case null

  struct Member: Sendable {
    let key: String
    let value: JSON
  }
}

extension JSON {
  /// The member of this name; of several the first.
  subscript(_ key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  var members: [Member]? { if case .object(let members) = self { members } else { nil } }
  var elements: [JSON]? { if case .array(let elements) = self { elements } else { nil } }
  var text: String? { if case .string(let text) = self { text } else { nil } }
  var integer: Int? { if case .integer(let value) = self { value } else { nil } }
  var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }

  var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// A number a Float can hold.
  var float: Float? {
    guard let value = double.map({ Float($0) }), value.isFinite else { return nil }
    return value
  }

  /// 64 bits as hexadecimal digits.
  var bits: UInt64? { text.flatMap { UInt64($0, radix: 16) } }
}

/// What makes bytes no JSON, and the byte it is at.
struct JSONFault: Error, Equatable {
  let byte: Int
  let reason: String
}

/// A reader of one JSON text, strict about the grammar, with bounded nesting.
struct JSONParser {
  private let bytes: ArraySlice<UInt8>
  private var at: Int

  private init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    at = bytes.startIndex
  }

  static func parse(_ bytes: ArraySlice<UInt8>) throws(JSONFault) -> JSON {
    var parser = JSONParser(bytes)
    let value = try parser.value(depth: 8)
    parser.skipSpace()
    guard parser.at == bytes.endIndex else { throw parser.fault("is followed by more text") }
    return value
  }

  private func fault(_ reason: String) -> JSONFault {
    JSONFault(byte: at - bytes.startIndex, reason: reason)
  }

  private var next: UInt8? { at < bytes.endIndex ? bytes[at] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0D || byte == 0x09 { at += 1 }
  }

  private mutating func takeIfNext(_ mark: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: mark) else { return false }
    at += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONFault) -> JSON {
    guard depth > 0 else { throw fault("is nested too deeply") }
    if takeIfNext("{") { return .object(try members(depth: depth)) }
    if takeIfNext("[") { return .array(try elements(depth: depth)) }
    switch next {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func members(depth: Int) throws(JSONFault) -> [JSON.Member] {
    var members: [JSON.Member] = []
    members.reserveCapacity(8)
    if takeIfNext("}") { return members }
    repeat {
      skipSpace()
      let key = try string()
      guard takeIfNext(":") else { throw fault("a ':' is missing") }
      members.append(JSON.Member(key: key, value: try value(depth: depth - 1)))
    } while takeIfNext(",")
    guard takeIfNext("}") else { throw fault("an object has no end") }
    return members
  }

  private mutating func elements(depth: Int) throws(JSONFault) -> [JSON] {
    var elements: [JSON] = []
    if takeIfNext("]") { return elements }
    repeat { elements.append(try value(depth: depth - 1)) } while takeIfNext(",")
    guard takeIfNext("]") else { throw fault("an array has no end") }
    return elements
  }

  private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONFault) -> JSON {
    let isHere = word.withUTF8Buffer { bytes[at...].starts(with: $0) }
    guard isHere else { throw fault("a value is missing") }
    at += word.utf8CodeUnitCount
    return value
  }
}

// MARK: Numbers and strings

extension JSONParser {
  private static func isDigit(_ byte: UInt8?) -> Bool {
    byte.map { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ?? false
  }

  private mutating func number() throws(JSONFault) -> JSON {
    let start = at
    if next == UInt8(ascii: "-") { at += 1 }
    guard Self.isDigit(next) else { throw fault("a value is missing") }
    var whole = 0
    var fits = true
    while let byte = next, Self.isDigit(byte) {
      let (product, tooLarge) = whole.multipliedReportingOverflow(by: 10)
      let (sum, over) = product.addingReportingOverflow(Int(byte) - 0x30)
      (whole, fits) = (sum, fits && !tooLarge && !over)
      at += 1
    }
    let isWhole = ![UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(next)
    if isWhole, fits { return .integer(bytes[start] == UInt8(ascii: "-") ? -whole : whole) }
    while let byte = next, Self.isDigit(byte) || Self.isOfFraction(byte) { at += 1 }
    if fits, let value = plainFraction(start, whole) { return .number(value) }
    guard let value = Double(String(decoding: bytes[start..<at], as: UTF8.self)) else {
      throw fault("a damaged number")
    }
    return .number(value)
  }

  private static func isOfFraction(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x2E, 0x65, 0x45, 0x2B, 0x2D: true
    default: false
    }
  }

  /// `-12.345`, which most numbers here are, without the detour over a string: digits below 2⁵³ and a
  /// power of ten up to 10²² are exact, so one division rounds as it should. nil for any other.
  /// - Parameter whole: what stands before the point.
  private func plainFraction(_ start: Int, _ whole: Int) -> Double? {
    guard let point = bytes[start..<at].firstIndex(of: 0x2E), point + 1 < at else { return nil }
    var (digits, scale) = (whole, 1.0)
    for byte in bytes[(point + 1)..<at] {
      guard Self.isDigit(byte), digits < 1 << 49, scale < 1e22 else { return nil }
      (digits, scale) = (digits * 10 + Int(byte) - 0x30, scale * 10)
    }
    let value = Double(digits) / scale
    return bytes[start] == UInt8(ascii: "-") ? -value : value
  }

  private mutating func string() throws(JSONFault) -> String {
    guard next == UInt8(ascii: "\"") else { throw fault("a string is missing") }
    at += 1
    let start = at
    while let byte = next, byte != 0x22, byte != 0x5C, byte >= 0x20 { at += 1 }
    if next == UInt8(ascii: "\"") {
      defer { at += 1 }
      return try text(bytes[start..<at])
    }
    return try escapedString(Array(bytes[start..<at]))
  }

  private func text(_ utf8: ArraySlice<UInt8>) throws(JSONFault) -> String {
    let isASCII = utf8.allSatisfy { $0 < 0x80 }
    if isASCII { return utf8.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }
    guard let text = String(validating: utf8, as: UTF8.self) else {
      throw fault("a string is not UTF-8")
    }
    return text
  }

  private mutating func escapedString(_ start: [UInt8]) throws(JSONFault) -> String {
    var decoded = start
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw fault("a raw control character in a string") }
      at += 1
      if byte == UInt8(ascii: "\\") {
        decoded += Array(String(Character(try escape())).utf8)
      } else {
        decoded.append(byte)
      }
    }
    guard next != nil else { throw fault("a string has no end") }
    at += 1
    return try text(decoded[...])
  }

  private mutating func escape() throws(JSONFault) -> Unicode.Scalar {
    let letter = next ?? 0
    at += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try scalar()
    default: throw fault("an unknown escape in a string")
    }
  }

  /// Four digits, and four more after the first half of a pair.
  private mutating func scalar() throws(JSONFault) -> Unicode.Scalar {
    let unit = try hexUnit()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard UTF16.isLeadSurrogate(unit), bytes[at...].starts(with: [0x5C, 0x75]) else {
      throw fault("half a character in a string")
    }
    at += 2
    let second = try hexUnit()
    let value = 0x10000 + (UInt32(unit) & 0x3FF) << 10 + UInt32(second) & 0x3FF
    guard UTF16.isTrailSurrogate(second), let scalar = Unicode.Scalar(value) else {
      throw fault("half a character in a string")
    }
    return scalar
  }

  private mutating func hexUnit() throws(JSONFault) -> UInt16 {
    let digits = bytes[at...].prefix(4)
    let isHex = digits.allSatisfy { Unicode.Scalar($0).properties.isASCIIHexDigit }
    guard digits.count == 4, isHex,
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw fault("a damaged \\u escape in a string") }
    at += 4
    return unit
  }
}
