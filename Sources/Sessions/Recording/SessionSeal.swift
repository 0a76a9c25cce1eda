import Hope

/// The running hash at a line's end: `,"h":"…"}` with the SHA-256 of all bytes of the file before it.
/// One changed byte anywhere shows at the next seal.
final class SessionSeal {
  private var hasher = SHA256Hasher()

  /// `,"h":"`, 64 digits, `"}`.
  static let byteCount = 6 + 64 + 2

  /// Takes in bytes that are in the file.
  func take(_ bytes: [UInt8]) { hasher.update(bytes) }

  /// The whole line, sealed or not, with its end. Its bytes are taken in.
  /// - Parameter line: up to where the seal or the closing brace comes.
  func close(_ line: [UInt8], sealed: Bool) -> [UInt8] {
    hasher.update(line)
    let tail = sealed ? ",\"h\":\"\(hasher.digestSoFar())\"}\n" : "}\n"
    hasher.update(tail)
    return line + Array(tail.utf8)
  }
}
