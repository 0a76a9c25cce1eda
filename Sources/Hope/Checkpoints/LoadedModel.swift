import Tensors

/// A model folder read as a whole: weights, tokenizer, and what the files say about themselves.
package struct LoadedModel: Sendable {
  package let path: String
  package let summary: ModelSummary
  package let tokenizer: Tokenizer
  package var model: HopeModel

  /// Reads and checks every file of the folder. OpenBLAS' own threads are turned off: they round
  /// otherwise, and what is recorded must compute the same in every program.
  package static func load(path: String) throws(ModelError) -> LoadedModel {
    BLAS.prepare()
    let folder: ModelFolder
    do throws(CheckpointError) {
      folder = try ModelFolder.load(path: path, expecting: expectedTensors)
    } catch {
      throw .folder(error)
    }
    let tokenizer = try tokenizer(in: path, for: folder.configuration)
    let parameters = HopeParameters(folder.configuration) { spec in
      guard let tensor = folder.tensors[spec.name] else {
        preconditionFailure("the folder was checked without \(spec.name)")
      }
      return tensor.withHalves()
    }
    return LoadedModel(
      path: path, summary: folder.summary, tokenizer: tokenizer,
      model: HopeModel(configuration: folder.configuration, parameters: parameters))
  }

  /// The SHA-256 of `tokenizer.json` as it is now.
  package func tokenizerDigest() throws(FileError) -> SHA256Digest {
    try sha256(ofFile: ModelFolder.path(path, ModelFolder.tokenizerName))
  }

  /// Checks all that `load` checks but the elements of the tensors, and keeps no weights.
  package static func inspect(path: String) throws(ModelError) -> ModelSummary {
    let summary: ModelSummary
    do throws(CheckpointError) {
      summary = try ModelFolder.inspect(path: path, expecting: expectedTensors)
    } catch {
      throw .folder(error)
    }
    _ = try tokenizer(in: path, for: summary.configuration)
    return summary
  }

  private static func expectedTensors(
    _ configuration: HopeConfiguration
  ) -> [(name: String, shape: [Int])] {
    configuration.parameterSpecs.map { ($0.name, $0.shape) }
  }

  private static func tokenizer(
    in path: String, for configuration: HopeConfiguration
  ) throws(ModelError) -> Tokenizer {
    let tokenizer: Tokenizer
    do throws(TokenizerError) {
      tokenizer = try TokenizerFile.read(ModelFolder.path(path, ModelFolder.tokenizerName))
    } catch {
      throw .tokenizer(path: path, error)
    }
    guard tokenizer.vocabularySize == configuration.vocabularySize else {
      throw .vocabulary(
        path: path, configured: configuration.vocabularySize, inTokenizer: tokenizer.vocabularySize)
    }
    return tokenizer
  }
}

/// Why a model cannot be loaded. `description` is one sentence that says what, where, and what to do.
package enum ModelError: Error, Equatable, CustomStringConvertible {
  case folder(CheckpointError)
  case tokenizer(path: String, TokenizerError)
  /// `config.json` and `tokenizer.json` disagree on the number of tokens.
  case vocabulary(path: String, configured: Int, inTokenizer: Int)
  /// No model was named and none lies in the places that are looked at.
  case notFound(name: String, places: [String])

  package var description: String {
    switch self {
    case .folder(let error): error.description
    case .tokenizer(let path, let error): "\(quoted(path)): \(error)"
    case .vocabulary(let path, let configured, let inTokenizer):
      "\(quoted(path)): config.json says vocabularySize \(configured), tokenizer.json has "
        + "\(inTokenizer) tokens; put back the two files that belong together"
    case .notFound(let name, let places):
      "no model \(quoted(name)) in \(places.map { quoted($0) }.joined(separator: " or ")); "
        + "name one with --model FOLDER or HOPE_MODEL"
    }
  }
}
