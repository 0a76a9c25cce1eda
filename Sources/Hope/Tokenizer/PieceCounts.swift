/// How often each distinct piece occurs in a text: a hash table of byte strings, in the order of
/// their first appearance. Byte strings, because two texts that Swift calls equal may differ in bytes.
struct PieceCounts {
  private var bytes: [UInt8] = []
  private var starts = [0]
  /// Occurrences of each piece.
  private(set) var counts: [Int] = []
  /// Piece index plus one; zero is free. Open addressing, at most half full.
  private var slots = [Int32](repeating: 0, count: 1 << 12)

  /// The bytes of each piece, beside `counts`.
  func piece(_ index: Int) -> ArraySlice<UInt8> { bytes[starts[index]..<starts[index + 1]] }

  /// Cuts a text and counts its pieces.
  mutating func add(_ text: String) {
    let utf8 = Array(text.utf8)
    var cutter = PreTokenizer()
    while let piece = cutter.next(in: utf8.span) { add(piece, of: utf8.span) }
  }

  private mutating func add(_ piece: Range<Int>, of text: Span<UInt8>) {
    let slot = freeOrEqualSlot(piece, of: text)
    if slots[slot] > 0 {
      counts[Int(slots[slot]) - 1] += 1
      return
    }
    for i in piece { bytes.append(text[i]) }
    starts.append(bytes.count)
    counts.append(1)
    slots[slot] = Int32(counts.count)
    if counts.count * 2 > slots.count { grow() }
  }

  private func freeOrEqualSlot(_ piece: Range<Int>, of text: Span<UInt8>) -> Int {
    var slot = Int(truncatingIfNeeded: PieceHash.hash(piece, in: text)) & (slots.count - 1)
    while slots[slot] > 0 {
      let index = Int(slots[slot]) - 1
      let known = starts[index]..<starts[index + 1]
      if PieceHash.equal(known, in: bytes.span, piece, in: text) { break }
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for index in counts.indices {
      let slot = freeOrEqualSlot(starts[index]..<starts[index + 1], of: bytes.span)
      slots[slot] = Int32(index + 1)
    }
  }
}
