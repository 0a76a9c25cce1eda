/// GPT-2's spelling of bytes: every byte is one visible character, so that any piece of any text can be
/// written in a JSON file. Printable Latin-1 stands for itself; the other 68 bytes get U+0100 upward.
enum ByteAlphabet {
  /// The character of each byte.
  static let scalars: [Unicode.Scalar] = {
    var nextFree: UInt16 = 0x100
    return (UInt8.min...UInt8.max).map { byte in
      if standsForItself(byte) { return Unicode.Scalar(byte) }
      defer { nextFree += 1 }
      return Unicode.Scalar(nextFree) ?? Unicode.Scalar(byte)
    }
  }()

  /// All bytes in the order of their characters: the order in which a vocabulary lists them.
  static let bytesInOrder: [UInt8] = (UInt8.min...UInt8.max).sorted {
    scalars[Int($0)] < scalars[Int($1)]
  }

  private static let bytes: [Unicode.Scalar: UInt8] = Dictionary(
    uniqueKeysWithValues: zip(scalars, UInt8.min...UInt8.max))

  private static func standsForItself(_ byte: UInt8) -> Bool {
    (33...126).contains(byte) || (161...172).contains(byte) || byte >= 174
  }

  static func spelling(of piece: [UInt8]) -> String {
    var text = String.UnicodeScalarView()
    for byte in piece { text.append(scalars[Int(byte)]) }
    return String(text)
  }

  /// The bytes of a spelled piece; nil when a character is none of the 256.
  static func bytes(spelledBy text: String) -> [UInt8]? {
    var piece: [UInt8] = []
    for scalar in text.unicodeScalars {
      guard let byte = bytes[scalar] else { return nil }
      piece.append(byte)
    }
    return piece
  }
}
