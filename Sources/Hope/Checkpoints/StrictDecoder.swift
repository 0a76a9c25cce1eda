/// Decodes a value that was parsed strictly, without the leniency of Foundation's decoder, and with
/// the field's name in every error: a missing field, another type, a number that does not fit.
///
/// It knows what a configuration is made of: objects, arrays, whole numbers, floats, strings, truth
/// values and enumerations of strings. All errors are `ConfigurationProblem`s.
struct StrictDecoder: Decoder {
  let codingPath: [any CodingKey]
  let userInfo: [CodingUserInfoKey: Any] = [:]
  private let value: JSONValue

  init(_ value: JSONValue, at codingPath: [any CodingKey] = []) {
    self.value = value
    self.codingPath = codingPath
  }

  /// `levels[0].chunkSize`.
  static func path(_ keys: [any CodingKey]) -> String {
    let path = keys.reduce("") { path, key in
      if let index = key.intValue { return "\(path)[\(index)]" }
      return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
    }
    return path.isEmpty ? "the whole text" : path
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = value else { throw problem("is not an object") }
    return KeyedDecodingContainer(ObjectContainer(members: members, codingPath: codingPath))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let elements) = value else { throw problem("is not an array") }
    return ArrayContainer(elements: elements, codingPath: codingPath)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

  private func problem(_ reason: String) -> ConfigurationProblem {
    .field(Self.path(codingPath), reason)
  }
}

extension StrictDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool {
    if case .null = value { true } else { false }
  }

  func decode(_ type: Bool.Type) throws -> Bool {
    guard case .bool(let truth) = value else { throw problem("is not true or false") }
    return truth
  }

  func decode(_ type: String.Type) throws -> String {
    guard case .string(let text) = value else { throw problem("is not a string") }
    return text
  }

  func decode(_ type: Int.Type) throws -> Int {
    guard case .number(let text) = value else { throw problem("is not a whole number") }
    guard let number = Int(text) else { throw problem("\(text) is not a whole number of 64 bits") }
    return number
  }

  func decode(_ type: Float.Type) throws -> Float {
    guard case .number(let text) = value else { throw problem("is not a number") }
    guard let number = Float(text), number.isFinite else {
      throw problem("\(text) does not fit a 32-bit float")
    }
    return number
  }

  /// Asked only by types that decode themselves from themselves: the numbers not listed above.
  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    throw problem("cannot be a \(type)")
  }
}

/// The members of an object.
private struct ObjectContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let members: [String: JSONValue]
  let codingPath: [any CodingKey]

  var allKeys: [Key] { members.keys.compactMap { Key(stringValue: $0) } }

  func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }
  func decodeNil(forKey key: Key) throws -> Bool { try member(key).decodeNil() }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try Value(from: member(key))
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { try member(key).container(keyedBy: type) }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try member(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder {
    StrictDecoder(.object(members), at: codingPath)
  }

  func superDecoder(forKey key: Key) throws -> any Decoder { try member(key) }

  private func member(_ key: Key) throws -> StrictDecoder {
    let path = codingPath + [key]
    guard let value = members[key.stringValue] else {
      throw ConfigurationProblem.field(StrictDecoder.path(path), "is missing")
    }
    return StrictDecoder(value, at: path)
  }
}

/// The elements of an array, taken one by one.
private struct ArrayContainer: UnkeyedDecodingContainer {
  private struct Index: CodingKey {
    let intValue: Int?
    var stringValue: String { intValue.map(String.init) ?? "" }

    init(intValue: Int) { self.intValue = intValue }
    init?(stringValue: String) { nil }
  }

  let elements: [JSONValue]
  let codingPath: [any CodingKey]
  private(set) var currentIndex = 0

  init(elements: [JSONValue], codingPath: [any CodingKey]) {
    self.elements = elements
    self.codingPath = codingPath
  }

  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex == elements.count }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd, case .null = elements[currentIndex] else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try Value(from: next())
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> { try next().container(keyedBy: type) }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next().unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder { try next() }

  private mutating func next() throws -> StrictDecoder {
    let path = codingPath + [Index(intValue: currentIndex)]
    guard !isAtEnd else {
      throw ConfigurationProblem.field(StrictDecoder.path(path), "is missing")
    }
    defer { currentIndex += 1 }
    return StrictDecoder(elements[currentIndex], at: path)
  }
}
