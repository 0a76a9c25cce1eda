import Foundation
import Hope
import Tensors

/// A folder of its own for one test, gone when the test is.
final class TestFolder {
  let path: String

  init() {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try! FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  /// Writes bytes to `name` and returns its path. An old file is removed first: cutting it to
  /// nothing makes ext4 wait for the disk (0.8 to 3 ms a file, not 0.1).
  @discardableResult
  func write(_ bytes: [UInt8], to name: String) -> String {
    try? FileManager.default.removeItem(atPath: file(name))
    try! Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  func write(_ text: String, to name: String) { write(Array(text.utf8), to: name) }

  func names() -> [String] { try! FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}

func bytes(ofFile path: String) -> [UInt8] {
  Array(try! Data(contentsOf: URL(fileURLWithPath: path)))
}

/// The bytes of a safetensors file with this header and this much data, as they come.
func safetensors(_ header: String, data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
  let text = Array(header.utf8)
  let length = length ?? UInt64(text.count)
  return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + text + data
}

/// A made-up model of five tensors.
enum StoredModel {
  static let configuration = HopeConfiguration(
    vocabularySize: 5, width: 4, blockCount: 1, headCount: 2,
    levels: [.init(name: "cms1", chunkSize: 8, hiddenWidth: 3, retention: 0.9)])

  static func expectation(_ c: HopeConfiguration) -> [(name: String, shape: [Int])] {
    let hidden = c.levels.first?.hiddenWidth ?? 0
    return [
      ("embedding", [c.vocabularySize, c.width]), ("blocks.0.up", [hidden, c.width]),
      ("blocks.0.down", [c.width, hidden]), ("norm", [c.width]), ("gain", []),
    ]
  }

  static func tensors(seed: UInt64 = 1) -> [(String, Tensor)] {
    var random = RandomSource(seed: seed)
    return expectation(configuration).map { ($0.name, .normal($0.shape, deviation: 1, &random)) }
  }

  static func save(
    to path: String, _ tensors: [(String, Tensor)] = tensors(),
    dtype: SafetensorsFile.DType = .float32
  ) throws {
    try ModelFolder.save(
      configuration, tensors: tensors, tokenizer: Array("{}".utf8), modelCard: "# Tiny\n",
      dtype: dtype, metadata: ["made": "up"], to: path)
  }

  static func load(_ path: String) throws(CheckpointError) -> ModelFolder {
    try ModelFolder.load(path: path, expecting: expectation)
  }
}
