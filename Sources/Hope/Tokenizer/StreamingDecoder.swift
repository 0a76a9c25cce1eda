/// Turns tokens into text one at a time. Bytes of a character that may still be completed are held
/// back, so what came out so far, joined, is always the beginning of the decoded whole.
package struct StreamingDecoder: Sendable {
  private let tokenizer: Tokenizer
  /// At most three bytes: the beginning of a character.
  private var held: [UInt8] = []
  private var dropsSpace: Bool

  /// - Parameter droppingLeadingSpace: leaves out one space at the very start, as a chat answer has it.
  package init(_ tokenizer: Tokenizer, droppingLeadingSpace: Bool = false) {
    self.tokenizer = tokenizer
    dropsSpace = droppingLeadingSpace
  }

  /// Whether bytes of an unfinished character are waiting.
  package var isHolding: Bool { !held.isEmpty }

  /// The text that became complete with this token; empty for special tokens.
  package mutating func append(_ id: TokenID) -> String {
    if tokenizer.isSpecial(id) { return "" }
    held += tokenizer.bytes(of: id)
    if dropsSpace, let first = held.first {
      if first == UInt8(ascii: " ") { held.removeFirst() }
      dropsSpace = false
    }
    return release(held.count - Self.unfinishedByteCount(held))
  }

  /// What was still held, as U+FFFD. The decoder is then ready for another character.
  package mutating func finish() -> String { release(held.count) }

  private mutating func release(_ count: Int) -> String {
    defer { held.removeFirst(count) }
    return String(decoding: held[..<count], as: UTF8.self)
  }

  /// How many bytes at the end begin a character that further bytes could complete: 0 to 3.
  private static func unfinishedByteCount(_ bytes: [UInt8]) -> Int {
    for count in 1...3 where count <= bytes.count {
      let tail = bytes.suffix(count)
      let lead = tail[tail.startIndex]
      if lead & 0xC0 == 0x80 { continue }
      return isUnfinished(lead, second: tail.dropFirst().first, count: count) ? count : 0
    }
    return 0
  }

  /// Whether a lead byte, perhaps a second byte and perhaps a third begin a character of more bytes.
  private static func isUnfinished(_ lead: UInt8, second: UInt8?, count: Int) -> Bool {
    let length: Int
    let seconds: ClosedRange<UInt8>
    switch lead {
    case 0xC2...0xDF: (length, seconds) = (2, 0x80...0xBF)
    case 0xE0: (length, seconds) = (3, 0xA0...0xBF)
    case 0xED: (length, seconds) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, seconds) = (3, 0x80...0xBF)
    case 0xF0: (length, seconds) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, seconds) = (4, 0x80...0xBF)
    case 0xF4: (length, seconds) = (4, 0x80...0x8F)
    default: return false
    }
    return count < length && (second.map(seconds.contains) ?? true)
  }
}
