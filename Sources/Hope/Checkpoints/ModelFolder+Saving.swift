import Glibc
package import Tensors

extension ModelFolder {
  /// Writes a model folder. A new one appears whole or not at all; in one that is there, each file
  /// is replaced whole, the weights last, and other files are left alone.
  ///
  /// - Parameters:
  ///   - tokenizer: the bytes of `tokenizer.json`.
  ///   - modelCard: the text of `MODEL-CARD.md`.
  ///   - metadata: notes stored in the weights' header.
  package static func save(
    _ configuration: HopeConfiguration, tensors: [(String, Tensor)], tokenizer: [UInt8],
    modelCard: String, dtype: SafetensorsFile.DType = .float32, metadata: [String: String] = [:],
    to path: String
  ) throws(CheckpointError) {
    let config = try bytes(of: configuration, path)
    let parts = [
      (configurationName, config), (tokenizerName, tokenizer),
      (modelCardName, Array(modelCard.utf8)),
    ]
    let staging = try wrappingFile { () throws(FileError) in
      try AtomicFile.uniqueSibling(of: path, operation: "create") { mkdir($0, 0o777) == 0 }
    }
    defer { remove(staging) }
    for (name, bytes) in parts {
      try wrappingFile { () throws(FileError) in
        try AtomicFile.write(bytes, to: Self.path(staging, name))
      }
    }
    do throws(SafetensorsError) {
      try SafetensorsFile.write(
        tensors, dtype: dtype, metadata: metadata, to: Self.path(staging, weightsName))
    } catch {
      throw .weights(error)
    }
    try wrappingFile { () throws(FileError) in try publish(staging, as: path) }
  }

  private static func bytes(
    of configuration: HopeConfiguration, _ folder: String
  ) throws(CheckpointError) -> [UInt8] {
    do throws(ConfigurationProblem) {
      return try encoded(configuration)
    } catch {
      throw error.located(in: path(folder, configurationName))
    }
  }

  /// One rename when nothing, or an empty folder, is at `path`; else one for each file.
  private static func publish(_ staging: String, as path: String) throws(FileError) {
    if rename(staging, path) != 0 {
      guard errno == ENOTEMPTY || errno == EEXIST else {
        throw .refused(path: path, operation: "rename into place", code: errno)
      }
      for name in fileNames {
        let status = rename(Self.path(staging, name), Self.path(path, name))
        try AtomicFile.check(status, "rename into place", Self.path(path, name))
      }
      try AtomicFile.syncFolder(of: Self.path(path, weightsName))
    }
    try AtomicFile.syncFolder(of: path)
  }

  private static let fileNames = [configurationName, tokenizerName, modelCardName, weightsName]

  /// Removes what is left of a staging folder; after a publication nothing is.
  private static func remove(_ staging: String) {
    for name in fileNames { unlink(path(staging, name)) }
    rmdir(staging)
  }
}
