/// One place on the screen. Plain bytes, so that pictures are made and compared at no cost to speak of.
package struct Cell: Hashable, Sendable {
  /// UTF-8 from the first byte of `low` to the last but one of `high`; the last one is their number.
  private var low: UInt64
  private var high: UInt64
  package var style: Style

  /// Bytes a cluster may have; of longer ones, which have many marks, the last scalars are left out.
  static let limit = 15

  package init(_ text: String, _ style: Style = .plain) {
    (low, high, self.style) = (0, 0, style)
    take(text.utf8)
  }

  init(_ character: Character, _ style: Style) {
    (low, high, self.style) = (0, 0, style)
    take(character.utf8)
  }

  /// - Parameter ascii: a printable one.
  init(ascii: UInt8, _ style: Style) {
    (low, high, self.style) = (UInt64(ascii), 1 << 56, style)
  }

  package static let blank = Cell(ascii: 0x20, .plain)

  /// One grapheme cluster; empty in the right half of the wide glyph to its left.
  package var text: String {
    get {
      if high == 1 << 56 { return asciiTexts[Int(low & 0x7F)] }
      let bytes = (low.littleEndian, high.littleEndian)
      return withUnsafeBytes(of: bytes) { String(decoding: $0.prefix(count), as: UTF8.self) }
    }
    set {
      (low, high) = (0, 0)
      take(newValue.utf8)
    }
  }

  package var isRightHalf: Bool { high == 0 }
  /// The only byte of a cell of printable ASCII.
  var asciiByte: UInt8? {
    high == 1 << 56 && low >= 0x20 && low < 0x7F ? UInt8(truncatingIfNeeded: low) : nil
  }

  private var count: Int { Int(high >> 56) }

  private mutating func take(_ bytes: some Sequence<UInt8>) {
    var (count, whole) = (0, 0)
    var bytes = bytes.makeIterator()
    var kept = (low: UInt64(0), high: UInt64(0))
    while let byte = bytes.next() {
      if byte & 0xC0 != 0x80 { (whole, kept) = (count, (low, high)) }
      guard count < Self.limit else {
        (count, (low, high)) = (whole, kept)
        break
      }
      if count < 8 { low |= UInt64(byte) << (8 * count) }
      if count >= 8 { high |= UInt64(byte) << (8 * (count - 8)) }
      count += 1
    }
    high |= UInt64(count) << 56
  }
}

/// Made once: most cells hold one of these.
private let asciiTexts = (UInt8(0)..<0x80).map { String(Character(Unicode.Scalar($0))) }
