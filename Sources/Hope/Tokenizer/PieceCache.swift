/// Remembers, within one call of `encode`, which tokens a piece of the text became, so that a word is
/// merged once and copied afterwards. Direct-mapped: a newer piece takes the slot of an older one.
struct PieceCache {
  private struct Slot {
    var piece = 0..<0
    var tokens = 0..<0
  }
  private var slots: [Slot]

  /// - Parameter byteCount: length of the text; the cache stays small for a short one.
  init(byteCount: Int) {
    var count = 16
    while count < byteCount / 4, count < 1 << 14 { count *= 2 }
    slots = Array(repeating: Slot(), count: count)
  }

  /// Where in the output the tokens of an equal piece stand. When there is none, notes that the
  /// tokens of this piece will be appended at `end`; `close` then tells where they stop.
  /// - Parameter hash: of the piece.
  mutating func tokens(
    of piece: Range<Int>, hash: UInt64, in text: Span<UInt8>, end: Int
  ) -> (found: Range<Int>?, slot: Int) {
    let slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    if PieceHash.equal(slots[slot].piece, in: text, piece, in: text) {
      return (slots[slot].tokens, slot)
    }
    slots[slot] = Slot(piece: piece, tokens: end..<end)
    return (nil, slot)
  }

  mutating func close(_ slot: Int, end: Int) {
    slots[slot].tokens = slots[slot].tokens.lowerBound..<end
  }
}

/// Hashing and comparing byte ranges.
enum PieceHash {
  static func hash(_ range: Range<Int>, in text: Span<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for i in range { hash = (hash ^ UInt64(text[i])) &* 0x9E37_79B9_7F4A_7C15 }
    return hash ^ hash >> 32
  }

  static func equal(
    _ a: Range<Int>, in textA: Span<UInt8>, _ b: Range<Int>, in textB: Span<UInt8>
  ) -> Bool {
    guard a.count == b.count else { return false }
    for i in 0..<a.count where textA[a.lowerBound + i] != textB[b.lowerBound + i] { return false }
    return true
  }
}
