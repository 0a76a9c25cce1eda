package import Tensors

/// A model as it lies on disk: a folder with `config.json`, `model.safetensors`, `tokenizer.json`
/// and, for people, `MODEL-CARD.md`. Loading opens all of them for reading only.
///
/// Strict: each tensor the configuration needs is there with its shape, and no other. Everything
/// that can be wrong is found before the first tensor is allocated, but for elements that are not
/// finite; memory in use is bounded by the files' sizes.
package struct ModelFolder: Sendable {
  /// The names and shapes of the tensors a configuration needs.
  package typealias Expectation = (HopeConfiguration) -> [(name: String, shape: [Int])]

  package let path: String
  package let summary: ModelSummary
  package let tensors: [String: Tensor]

  package var configuration: HopeConfiguration { summary.configuration }
  /// The SHA-256 of `model.safetensors`.
  package var digest: SHA256Digest { summary.digest }
  package var tokenizerPath: String { Self.path(path, Self.tokenizerName) }
  package var modelCardPath: String { Self.path(path, Self.modelCardName) }

  static let configurationName = "config.json"
  static let weightsName = "model.safetensors"
  static let tokenizerName = "tokenizer.json"
  static let modelCardName = "MODEL-CARD.md"

  static func path(_ folder: String, _ name: String) -> String { folder + "/" + name }

  /// Reads the whole folder.
  package static func load(
    path: String, expecting: Expectation
  ) throws(CheckpointError) -> ModelFolder {
    let (summary, file) = try open(path, expecting)
    var tensors: [String: Tensor] = [:]
    for entry in summary.tensors {
      do throws(SafetensorsError) {
        tensors[entry.name] = try file.tensor(named: entry.name)
      } catch {
        throw .weights(error)
      }
    }
    return ModelFolder(path: path, summary: summary, tensors: tensors)
  }

  /// Checks all that `load` checks but the elements, and keeps no weights.
  package static func inspect(
    path: String, expecting: Expectation
  ) throws(CheckpointError) -> ModelSummary { try open(path, expecting).0 }

  private static func open(
    _ path: String, _ expecting: Expectation
  ) throws(CheckpointError) -> (ModelSummary, SafetensorsFile) {
    let configuration = try configuration(in: path)
    try wrappingFile { () throws(FileError) in
      _ = try ReadOnlyFile(path: Self.path(path, tokenizerName))
    }
    let file = try weights(in: path)
    let mismatches = mismatches(file, expecting(configuration))
    guard mismatches.isEmpty else {
      throw .tensors(path: file.path, mismatches: mismatches)
    }
    let digest = try wrappingFile { () throws(FileError) in try SHA256Digest(of: file.file) }
    let summary = ModelSummary(
      configuration: configuration, tensors: file.entries, metadata: file.metadata, digest: digest,
      byteCount: file.file.byteCount)
    return (summary, file)
  }

  private static func weights(in path: String) throws(CheckpointError) -> SafetensorsFile {
    do throws(SafetensorsError) {
      return try SafetensorsFile(path: Self.path(path, weightsName))
    } catch {
      throw .weights(error)
    }
  }

  /// Missing and misshapen ones in the order of the expectation, then the extra ones.
  private static func mismatches(
    _ file: SafetensorsFile, _ expected: [(name: String, shape: [Int])]
  ) -> [TensorMismatch] {
    var mismatches: [TensorMismatch] = []
    for (name, shape) in expected {
      guard let entry = file.entry(named: name) else {
        mismatches.append(.missing(name: name, shape: shape))
        continue
      }
      if entry.shape != shape {
        mismatches.append(.misshapen(name: name, shape: entry.shape, wanted: shape))
      }
    }
    let names = Set(expected.map(\.name))
    precondition(names.count == expected.count, "an expected tensor is listed twice")
    for entry in file.entries where !names.contains(entry.name) {
      mismatches.append(.extra(name: entry.name, shape: entry.shape))
    }
    return mismatches
  }

  /// Does `body`; its error becomes `.file`.
  static func wrappingFile<Value: ~Copyable>(
    _ body: () throws(FileError) -> Value
  ) throws(CheckpointError) -> Value {
    do throws(FileError) {
      return try body()
    } catch {
      throw .file(error)
    }
  }
}
