import CCrypto
package import Tensors

/// A SHA-256, printed and read as 64 hexadecimal digits.
package struct SHA256Digest: Sendable, Hashable, LosslessStringConvertible {
  /// 32 bytes.
  package let bytes: [UInt8]

  fileprivate init(bytes: [UInt8]) { self.bytes = bytes }

  /// Reads exactly 64 hexadecimal digits of either case; anything else is nil.
  package init?(_ hex: String) {
    let digits = Array(hex.utf8)
    guard digits.count == 64 else { return nil }
    var bytes: [UInt8] = []
    for i in stride(from: 0, to: 64, by: 2) {
      guard let high = Self.value(ofDigit: digits[i]), let low = Self.value(ofDigit: digits[i + 1])
      else { return nil }
      bytes.append(high << 4 | low)
    }
    self.bytes = bytes
  }

  /// 64 lowercase hexadecimal digits.
  package var description: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  private static func value(ofDigit digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

/// SHA-256 of bytes that come in pieces.
package struct SHA256Hasher: ~Copyable {
  private let context: OpaquePointer

  package init() {
    context = Self.newContext()
    Self.demand(EVP_DigestInit_ex(context, EVP_sha256(), nil))
  }

  deinit { EVP_MD_CTX_free(context) }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    Self.demand(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count))
  }

  package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  /// The text's UTF-8.
  package mutating func update(_ text: String) { update(Array(text.utf8)) }

  /// The elements as little-endian Float32, row-major; the shape is not part of it.
  package mutating func update(elementsOf tensor: Tensor) {
    tensor.elements.withUnsafeBytes { update($0) }
  }

  /// The digest of everything so far; more may follow.
  package borrowing func digestSoFar() -> SHA256Digest {
    let copy = Self.newContext()
    defer { EVP_MD_CTX_free(copy) }
    Self.demand(EVP_MD_CTX_copy_ex(copy, context))
    return Self.finish(copy)
  }

  package consuming func finalize() -> SHA256Digest { Self.finish(context) }

  private static func finish(_ context: OpaquePointer) -> SHA256Digest {
    var bytes = [UInt8](repeating: 0, count: 32)
    demand(EVP_DigestFinal_ex(context, &bytes, nil))
    return SHA256Digest(bytes: bytes)
  }

  private static func newContext() -> OpaquePointer {
    guard let context = EVP_MD_CTX_new() else { preconditionFailure("SHA-256: out of memory") }
    return context
  }

  /// OpenSSL fails here only without memory or with SHA-256 disabled on the whole machine.
  private static func demand(_ status: Int32) {
    precondition(status == 1, "SHA-256: OpenSSL answered \(status), not 1")
  }
}

extension SHA256Digest {
  package init(of bytes: [UInt8]) {
    var hasher = SHA256Hasher()
    hasher.update(bytes)
    self = hasher.finalize()
  }

  /// The digest of the whole file, read in pieces of 1 MiB.
  package init(of file: ReadOnlyFile) throws(FileError) {
    var hasher = SHA256Hasher()
    let pieceSize = 1 << 20
    for start in stride(from: 0, to: file.byteCount, by: pieceSize) {
      hasher.update(try file.bytes(start..<min(start + pieceSize, file.byteCount)))
    }
    self = hasher.finalize()
  }
}

/// The digest of the regular file at `path`, read in pieces of 1 MiB.
package func sha256(ofFile path: String) throws(FileError) -> SHA256Digest {
  try SHA256Digest(of: ReadOnlyFile(path: path))
}
