/// Writes one JSON object after another by hand, without an encoder: recording must not slow a token
/// down. Keys are ours and need no escapes.
struct LineWriter {
  private(set) var bytes: [UInt8] = []
  private var needsComma = false

  init() { bytes.reserveCapacity(192) }

  mutating func begin(_ mark: Unicode.Scalar = "{") { open(mark) }
  mutating func end(_ mark: Unicode.Scalar = "}") {
    bytes.append(UInt8(ascii: mark))
    needsComma = true
  }

  /// `"key":{`, or another opening mark.
  mutating func begin(_ key: StaticString, _ mark: Unicode.Scalar = "{") {
    self.key(key)
    needsComma = false
    open(mark)
  }

  private mutating func open(_ mark: Unicode.Scalar) {
    separate()
    bytes.append(UInt8(ascii: mark))
    needsComma = false
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  mutating func key(_ key: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    key.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// A key that came from a configuration.
  mutating func key(_ key: String) {
    element(key)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  // MARK: Values; after a key, or as elements of an array

  mutating func element(_ value: Int) {
    separate()
    raw(value)
  }

  mutating func element(_ value: Float) {
    separate()
    append(value.isFinite ? value.description : "null")
  }

  /// Ten digits that matter: a Float that is a constant times another comes back exactly.
  mutating func element(_ value: Double) {
    separate()
    append(value.isFinite ? value.roundedToTenDigits.description : "null")
  }

  /// All digits.
  mutating func element(exactly value: Double) {
    separate()
    append(value.isFinite ? value.description : "null")
  }

  mutating func element(_ value: Bool) {
    separate()
    append(value ? "true" : "false")
  }

  mutating func element(_ text: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    var text = text
    let isPlain = text.withUTF8 { utf8 in
      guard utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }) else {
        return false
      }
      bytes.append(contentsOf: utf8)
      return true
    }
    if !isPlain { for scalar in text.unicodeScalars { append(escaping: scalar) } }
    bytes.append(UInt8(ascii: "\""))
  }

  /// What could drive a terminal that shows the file is escaped as well.
  private mutating func append(escaping scalar: Unicode.Scalar) {
    switch scalar.value {
    case 0x22: append("\\\"")
    case 0x5C: append("\\\\")
    case 0x0A: append("\\n")
    case 0x09: append("\\t")
    case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069:
      let digits = String(scalar.value, radix: 16)
      append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
    default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func raw(_ value: Int) {
    guard value >= 0 else { return append("\(value)") }
    let start = bytes.count
    var rest = value
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }
}

extension LineWriter {
  mutating func field(_ key: StaticString, _ value: Int) {
    self.key(key)
    element(value)
  }
  mutating func field(_ key: StaticString, _ value: String) {
    self.key(key)
    element(value)
  }
  mutating func field(_ key: StaticString, _ value: Bool) {
    self.key(key)
    element(value)
  }
  /// Left out where it is nil or no number.
  mutating func field(_ key: StaticString, _ value: Float?) {
    guard let value, value.isFinite else { return }
    self.key(key)
    element(value)
  }
  mutating func field(_ key: StaticString, _ value: Double?) {
    guard let value, value.isFinite else { return }
    self.key(key)
    element(value)
  }
  /// Left out where it is nil.
  mutating func field(_ key: StaticString, _ value: String?) {
    if let value { field(key, value) }
  }

  /// 64 bits, which JSON's numbers cannot hold.
  mutating func field(_ key: StaticString, bits: UInt64) { field(key, String(bits, radix: 16)) }
}

extension Double {
  fileprivate var roundedToTenDigits: Double {
    guard self != 0 else { return 0 }
    var scale = 1e9
    var rest = magnitude
    while rest >= 10 { (rest, scale) = (rest / 10, scale / 10) }
    while rest < 1, scale < 1e25 { (rest, scale) = (rest * 10, scale * 10) }
    return (self * scale).rounded() / scale
  }
}
