/// Cuts text into the pieces inside which tokens may grow: GPT-2's pattern
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`, read by hand.
///
/// The pieces, joined, are the text. Works on UTF-8 that is known to be valid.
package struct PreTokenizer {
  /// Where the next piece begins, in bytes.
  package private(set) var position = 0

  package init() {}

  /// The byte range of the next piece; nil at the end of the text.
  package mutating func next(in text: Span<UInt8>) -> Range<Int>? {
    guard position < text.count else { return nil }
    let start = position
    position = Self.endOfPiece(at: start, in: text)
    return start..<position
  }

  private static func endOfPiece(at start: Int, in text: Span<UInt8>) -> Int {
    let first = character(at: start, in: text)
    if first.kind != .whitespace {
      return endOfContraction(at: start, in: text)
        ?? endOfRun(of: first.kind, from: start + first.length, in: text)
    }
    if text[start] == space, start + 1 < text.count {
      let second = character(at: start + 1, in: text)
      if second.kind != .whitespace {
        return endOfRun(of: second.kind, from: start + 1 + second.length, in: text)
      }
    }
    return endOfWhitespace(at: start, in: text)
  }

  private static let space = UInt8(ascii: " ")

  private static func endOfRun(of kind: Kind, from start: Int, in text: Span<UInt8>) -> Int {
    var end = start
    while end < text.count {
      let next = character(at: end, in: text)
      guard next.kind == kind else { break }
      end += next.length
    }
    return end
  }

  /// `\s+(?!\S)|\s+`: a run before a word leaves its last character to the word.
  private static func endOfWhitespace(at start: Int, in text: Span<UInt8>) -> Int {
    var last = start
    var end = start
    while end < text.count {
      let next = character(at: end, in: text)
      guard next.kind == .whitespace else { return last > start ? last : end }
      last = end
      end += next.length
    }
    return end
  }

  private static func endOfContraction(at start: Int, in text: Span<UInt8>) -> Int? {
    guard text[start] == UInt8(ascii: "'"), start + 1 < text.count else { return nil }
    switch text[start + 1] {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
      return start + 2
    case UInt8(ascii: "r"), UInt8(ascii: "v"):
      return start + 2 < text.count && text[start + 2] == UInt8(ascii: "e") ? start + 3 : nil
    case UInt8(ascii: "l"):
      return start + 2 < text.count && text[start + 2] == UInt8(ascii: "l") ? start + 3 : nil
    default: return nil
    }
  }
}

extension PreTokenizer {
  private enum Kind { case letter, number, whitespace, other }

  /// The kind of the character whose first byte is at `start`, and its length in bytes.
  @inline(__always)
  private static func character(at start: Int, in text: Span<UInt8>) -> (kind: Kind, length: Int) {
    let byte = text[start]
    return byte < 0x80 ? (kind(ofASCII: byte), 1) : wideCharacter(at: start, in: text)
  }

  @inline(__always)
  private static func kind(ofASCII byte: UInt8) -> Kind {
    if (byte | 0x20) &- UInt8(ascii: "a") < 26 { return .letter }
    if byte == space || byte &- 9 < 5 { return .whitespace }
    return byte &- UInt8(ascii: "0") < 10 ? .number : .other
  }

  private static func wideCharacter(
    at start: Int, in text: Span<UInt8>
  ) -> (kind: Kind, length: Int) {
    let lead = text[start]
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    var value = UInt32(lead) & (0x7F >> UInt32(length))
    for i in start + 1..<start + length { value = value << 6 | UInt32(text[i] & 0x3F) }
    return (Unicode.Scalar(value).map(kind(of:)) ?? .other, length)
  }

  /// Characters that came after Unicode 16 count as symbols, whatever the standard library knows of
  /// them: a newer library must not cut, and so not number, the same text in another way.
  private static func kind(of scalar: Unicode.Scalar) -> Kind {
    let properties = scalar.properties
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      return isSettled(properties) ? .letter : .other
    case .decimalNumber, .letterNumber, .otherNumber:
      return isSettled(properties) ? .number : .other
    default: return properties.isWhitespace ? .whitespace : .other
    }
  }

  private static func isSettled(_ properties: Unicode.Scalar.Properties) -> Bool {
    properties.age.map { $0.major <= 16 } ?? false
  }
}
