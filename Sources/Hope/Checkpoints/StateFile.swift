import Foundation
import Tensors

/// A `HopeState` as a file: safetensors for the tensors, metadata for the counts. What comes back has
/// the digest that was saved, or an error says why not.
///
/// A state belongs to the base it was learned on: the file holds that base's SHA-256, and only that
/// base's model can read it.
package enum StateFile {
  /// What a file says about itself.
  package struct Facts: Sendable, Equatable {
    /// Of the state.
    package let digest: SHA256Digest
    /// Of the weights it was learned on.
    package let base: SHA256Digest
    package let position: Int
    package let tensorCount: Int
    package let byteCount: Int
  }

  static let digestKey = "hope.state"
  static let baseKey = "hope.base"
  static let outlineKey = "hope.outline"
  /// SHA-256 of the logits, which the state's digest leaves out. Files without it are read too.
  static let logitsKey = "hope.logits"

  /// Writes the state under a temporary name, makes it durable and gives it its name.
  /// - Parameters:
  ///   - base: the SHA-256 of the model's weights.
  ///   - permissions: narrowed by the process's umask.
  @discardableResult
  package static func write(
    _ state: HopeState, base: SHA256Digest, to path: String, permissions: UInt32 = 0o600
  ) throws(StateFileError) -> Facts {
    let digest = state.digest
    let tensors = state.namedTensors
    let metadata = [
      digestKey: "\(digest)", baseKey: "\(base)", outlineKey: StateOutline(state).text,
      logitsKey: "\(state.logitsDigest)",
    ]
    do throws(SafetensorsError) {
      try SafetensorsFile.write(tensors, metadata: metadata, to: path, permissions: permissions)
    } catch {
      throw .file(error)
    }
    return try inspect(path, digest: digest, base: base, position: state.position, tensors.count)
  }

  private static func inspect(
    _ path: String, digest: SHA256Digest, base: SHA256Digest, position: Int, _ tensorCount: Int
  ) throws(StateFileError) -> Facts {
    do throws(FileError) {
      let file = try ReadOnlyFile(path: path)
      return Facts(
        digest: digest, base: base, position: position, tensorCount: tensorCount,
        byteCount: file.byteCount)
    } catch {
      throw .file(SafetensorsError(path: path, problem: .file(error)))
    }
  }

  /// Reads a state for a model and checks every shape and the digest.
  package static func read(
    _ path: String, model: HopeModel, base: SHA256Digest
  ) throws(StateFileError) -> (state: HopeState, facts: Facts) {
    let (file, facts, outline) = try open(path)
    guard facts.base == base else {
      throw .otherBase(path: path, file: facts.base, model: base)
    }
    if let reason = outline.fault(model.configuration) { throw .damaged(path: path, reason) }
    var reading = StateReading(file: file, outline: outline, configuration: model.configuration)
    let state = try reading.state(model)
    guard state.digest == facts.digest else {
      throw .digest(path: path, recorded: facts.digest, found: state.digest)
    }
    if let recorded = file.metadata[logitsKey], recorded != "\(state.logitsDigest)" {
      throw .damaged(path: path, "its logits are not those that were saved")
    }
    return (state, facts)
  }

  /// What a file says about itself; its tensors are not read.
  package static func inspect(_ path: String) throws(StateFileError) -> Facts { try open(path).1 }

  private static func open(
    _ path: String
  ) throws(StateFileError) -> (SafetensorsFile, Facts, StateOutline) {
    let file: SafetensorsFile
    do throws(SafetensorsError) {
      file = try SafetensorsFile(path: path)
    } catch {
      throw .file(error)
    }
    guard let digest = file.metadata[digestKey].flatMap({ SHA256Digest($0) }),
      let base = file.metadata[baseKey].flatMap({ SHA256Digest($0) }),
      let outline = file.metadata[outlineKey].flatMap({ StateOutline(text: $0) })
    else { throw .damaged(path: path, "it is no state of a conversation") }
    let facts = Facts(
      digest: digest, base: base, position: outline.positionAfter,
      tensorCount: file.entries.count, byteCount: file.file.byteCount)
    return (file, facts, outline)
  }
}

/// Why a state cannot be saved or brought back. `description` is one sentence, safe to print.
package enum StateFileError: Error, Sendable, Equatable, CustomStringConvertible {
  case file(SafetensorsError)
  case damaged(path: String, String)
  /// It was learned on other weights.
  case otherBase(path: String, file: SHA256Digest, model: SHA256Digest)
  /// What was read is not what was saved.
  case digest(path: String, recorded: SHA256Digest, found: SHA256Digest)

  package var description: String {
    switch self {
    case .file(let error): error.description
    case .damaged(let path, let reason): "\(quoted(path)): \(reason); take another copy"
    case .otherBase(let path, let file, let model):
      "\(quoted(path)): was learned on the model \("\(file)".prefix(12)), this one is "
        + "\("\(model)".prefix(12)); name the right one with --model"
    case .digest(let path, let recorded, let found):
      "\(quoted(path)): the digest of the state is \("\(found)".prefix(12)), saved was "
        + "\("\(recorded)".prefix(12)); the file is damaged, take another copy"
    }
  }

  /// What the file system refused, if that was it.
  package var fileError: FileError? {
    if case .file(let error) = self, case .file(let cause) = error.problem { cause } else { nil }
  }
}
