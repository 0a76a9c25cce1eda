import Foundation
import Hope
import Tensors
import TestSupport
import Testing

@Suite("Model folders", .timeLimit(.minutes(15)))
struct CheckpointFolderTests {
  private let folder = TestFolder()
  private var model: String { folder.file("model") }
  private var weights: String { model + "/model.safetensors" }

  private func error(_ path: String? = nil) -> CheckpointError? {
    do throws(CheckpointError) {
      _ = try StoredModel.load(path ?? model)
      return nil
    } catch {
      return error
    }
  }

  @Test("what was saved is loaded, with its summary", arguments: SafetensorsFile.DType.allCases)
  func roundTrip(dtype: SafetensorsFile.DType) throws {
    try StoredModel.save(to: model, dtype: dtype)
    let loaded = try StoredModel.load(model)
    #expect(loaded.configuration == StoredModel.configuration)
    #expect(loaded.tensors.count == 5)
    for (name, tensor) in StoredModel.tensors() {
      let back = try #require(loaded.tensors[name])
      #expect(mismatch(back, tensor, relative: dtype == .float32 ? 0 : 0.01, absolute: 1e-6) == nil)
    }
    #expect(bytes(ofFile: loaded.tokenizerPath) == Array("{}".utf8))
    #expect(bytes(ofFile: loaded.modelCardPath) == Array("# Tiny\n".utf8))
    #expect(loaded.digest == SHA256Digest(of: bytes(ofFile: weights)))
    let summary = try ModelFolder.inspect(path: model, expecting: StoredModel.expectation)
    #expect(summary.digest == loaded.digest)
    #expect(summary.parameterCount == 20 + 12 + 12 + 4 + 1)
    #expect(summary.byteCount == bytes(ofFile: weights).count)
    #expect(summary.dtypes == [dtype])
    #expect(summary.metadata == ["made": "up"])
    #expect(summary.levels.map(\.name) == ["titans", "cms1"])
    #expect(summary.levels.map(\.chunkSize) == [1, 8])
  }

  @Test("saving leaves no temporary files and replaces an old model whole")
  func replaces() throws {
    try StoredModel.save(to: model + "/")
    folder.write("mine", to: "model/notes.txt")
    let tensors = StoredModel.tensors(seed: 2)
    try StoredModel.save(to: model, tensors)
    #expect(try StoredModel.load(model).tensors == Dictionary(uniqueKeysWithValues: tensors))
    #expect(folder.names() == ["model"])
    let names = try FileManager.default.contentsOfDirectory(atPath: model).sorted()
    #expect(
      names == ["MODEL-CARD.md", "config.json", "model.safetensors", "notes.txt", "tokenizer.json"])
  }

  @Test("a save that fails leaves the old model as it was")
  func failedSave() throws {
    try StoredModel.save(to: model)
    let before = try StoredModel.load(model)
    var tensors = StoredModel.tensors(seed: 2)
    tensors[4].1.elements[0] = .nan
    let path = #"\.model\..*\.tmp/model\.safetensors"#
    do {
      try StoredModel.save(to: model, tensors)
      Issue.record("a NaN was saved")
    } catch CheckpointError.weights(let error) {
      #expect(error.problem == .nonFinite(tensor: "gain", index: 0))
      #expect(error.path.range(of: path, options: .regularExpression) != nil)
    }
    #expect(try StoredModel.load(model).digest == before.digest)
    #expect(folder.names() == ["model"])
    #expect(throws: CheckpointError.self) { try StoredModel.save(to: "/proc/nowhere/model") }
  }

  @Test("a configuration that JSON cannot hold is not saved")
  func unwritable() {
    var configuration = StoredModel.configuration
    configuration.updateLimit = .infinity
    #expect(throws: CheckpointError.self) {
      try ModelFolder.save(
        configuration, tensors: [], tokenizer: [], modelCard: "", to: model)
    }
    #expect(folder.names() == [])
  }

  @Test("every missing, misshapen and extra tensor is named at once")
  func mismatches() throws {
    let tensors = [
      ("embedding", Tensor.zeros([4, 5])), ("blocks.0.up", .zeros([3, 4])),
      ("blocks.0.down", .zeros([12])), ("gain", .zeros([1])), ("x\u{1B}", .zeros([2])),
    ]
    try StoredModel.save(to: model, tensors)
    let expected: [TensorMismatch] = [
      .misshapen(name: "embedding", shape: [4, 5], wanted: [5, 4]),
      .misshapen(name: "blocks.0.down", shape: [12], wanted: [4, 3]),
      .missing(name: "norm", shape: [4]),
      .misshapen(name: "gain", shape: [1], wanted: []),
      .extra(name: "x\u{1B}", shape: [2]),
    ]
    let error = try #require(self.error())
    #expect(error == .tensors(path: weights, mismatches: expected))
    #expect(
      error.description.hasSuffix(
        "tensor \"norm\" [4] is missing, tensor \"gain\" has shape [1], not [], "
          + "tensor \"x\\u{1B}\" [2] is not wanted; put back the two files that belong together"))
  }

  @Test("a long list of mismatches is cut in the message, not in the error")
  func manyMismatches() throws {
    try StoredModel.save(to: model, (0..<9).map { ("t\($0)", .zeros([1])) })
    let error = try #require(self.error())
    guard case .tensors(_, let mismatches) = error else { throw error }
    #expect(mismatches.count == 14)
    #expect(error.description.contains(", and 9 more; "))
  }

  @Test("a configuration that wants more than the file has costs no memory")
  func hugeWish() throws {
    try StoredModel.save(to: model)
    let text = String(decoding: bytes(ofFile: model + "/config.json"), as: UTF8.self)
    folder.write(
      text.replacingOccurrences(of: "\"width\" : 4", with: "\"width\" : 16384")
        .replacingOccurrences(of: "\"vocabularySize\" : 5", with: "\"vocabularySize\" : 1048576"),
      to: "model/config.json")
    guard case .tensors(_, let mismatches) = error() else {
      Issue.record("loaded")
      return
    }
    #expect(
      mismatches.first
        == .misshapen(name: "embedding", shape: [5, 4], wanted: [1_048_576, 16384]))
  }

  @Test(
    "each file that is not there, or is none, is named",
    arguments: ["config.json", "model.safetensors", "tokenizer.json"])
  func files(name: String) throws {
    try StoredModel.save(to: model)
    let path = model + "/" + name
    try FileManager.default.removeItem(atPath: path)
    #expect(try #require(error()).description.hasPrefix("\"\(path)\": cannot open: No such file"))
    #expect(mkfifo(path, 0o600) == 0)
    #expect(try #require(error()).description.hasPrefix("\"\(path)\": is a named pipe"))
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(try #require(error()).description.hasPrefix("\"\(path)\": is a folder"))
  }

  @Test("a folder that is not there, a file in its place, an ESC in its name")
  func folders() throws {
    folder.write("x", to: "file")
    #expect(try #require(error()).description.contains("config.json\": cannot open: No such file"))
    #expect(
      try #require(error(folder.file("file"))).description.contains("Not a directory"))
    #expect(try #require(error("/\u{1B}[2J")).description.hasPrefix("\"/\\u{1B}[2J/config.json\""))
  }

  @Test("loading changes nothing: names, bytes and times of the folder")
  func readOnly() throws {
    try StoredModel.save(to: model)
    let names = try FileManager.default.contentsOfDirectory(atPath: model)
    let before = try names.map { try state($0) }
    _ = try StoredModel.load(model)
    #expect(try FileManager.default.contentsOfDirectory(atPath: model) == names)
    #expect(try names.map { try state($0) } == before)
  }

  private func state(_ name: String) throws -> [String] {
    let path = model + "/" + name
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return ["\(attributes[.modificationDate]!)", try sha256(ofFile: path).description]
  }
}
