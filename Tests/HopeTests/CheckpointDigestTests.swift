import Hope
import Tensors
import Testing

@Suite("SHA-256")
struct CheckpointDigestTests {
  static let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
  static let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  @Test("the known digests of nothing and of abc")
  func known() {
    #expect(SHA256Digest(of: []).description == Self.nothing)
    #expect(SHA256Digest(of: Array("abc".utf8)).description == Self.abc)
  }

  @Test("pieces give the digest of the whole", arguments: [0, 1, 63, 64, 100])
  func pieces(cut: Int) {
    let bytes = (0..<100).map { UInt8($0) }
    var hasher = SHA256Hasher()
    hasher.update(Array(bytes[..<cut]))
    #expect(hasher.digestSoFar() == SHA256Digest(of: Array(bytes[..<cut])))
    hasher.update(Array(bytes[cut...]))
    #expect(hasher.finalize() == SHA256Digest(of: bytes))
  }

  @Test("a tensor counts as the little-endian bytes of its elements")
  func tensor() {
    var hasher = SHA256Hasher()
    hasher.update(elementsOf: Tensor(shape: [1, 2], elements: [1, -2]))
    hasher.update("z")
    let expected = SHA256Digest(of: [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 0x7A])
    #expect(hasher.finalize() == expected)
  }

  @Test("hexadecimal digits come back, in either case")
  func hex() {
    #expect(SHA256Digest(Self.abc) == SHA256Digest(of: Array("abc".utf8)))
    #expect(SHA256Digest(Self.abc.uppercased())?.description == Self.abc)
  }

  @Test(
    "anything but 64 digits is no digest",
    arguments: [
      "", String(abc.dropLast()), abc + "0", "g" + abc.dropFirst(), "é" + abc.dropFirst(2),
    ])
  func notHex(text: String) {
    #expect(SHA256Digest(text) == nil)
  }

  @Test(
    "a file has the digest of its bytes, beyond one piece too",
    arguments: [0, 1, 1 << 20, 3_000_001])
  func file(size: Int) throws {
    let folder = TestFolder()
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let path = folder.write(bytes, to: "file")
    #expect(try sha256(ofFile: path) == SHA256Digest(of: bytes))
  }
}
