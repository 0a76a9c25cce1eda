/// Why a model folder cannot be loaded or saved. `description` is one sentence, safe to print, that
/// says what, where, and what to do.
package enum CheckpointError: Error, Equatable, CustomStringConvertible {
  /// A file of the folder cannot be opened, read or written.
  case file(FileError)
  /// `config.json` is not strict JSON, at this byte.
  case configurationText(path: String, byte: Int, reason: String)
  /// A field of `config.json` is missing, unknown, repeated, of the wrong type, or out of range.
  case configurationField(path: String, field: String, reason: String)
  /// The safetensors file is damaged.
  case weights(SafetensorsError)
  /// The tensors are not the ones the configuration needs; all that differ are listed.
  case tensors(path: String, mismatches: [TensorMismatch])

  package var description: String {
    switch self {
    case .file(let error): error.description
    case .configurationText(let path, let byte, let reason):
      "\(quoted(path)), byte \(byte): \(reason); correct the file"
    case .configurationField(let path, let field, let reason):
      "\(quoted(path)): \(field.printable()): \(reason.printable(limit: 200)); correct the file"
    case .weights(let error): error.description
    case .tensors(let path, let mismatches):
      "\(quoted(path)): does not fit its config.json: \(Self.sentence(mismatches)); "
        + "put back the two files that belong together"
    }
  }

  /// The first five, and how many more there are.
  private static func sentence(_ mismatches: [TensorMismatch]) -> String {
    let shown = mismatches.prefix(5).map(\.description).joined(separator: ", ")
    let rest = mismatches.count - 5
    return rest > 0 ? "\(shown), and \(rest) more" : shown
  }
}

/// One tensor that is not what the configuration needs.
package enum TensorMismatch: Sendable, Equatable, CustomStringConvertible {
  case missing(name: String, shape: [Int])
  case extra(name: String, shape: [Int])
  case misshapen(name: String, shape: [Int], wanted: [Int])

  package var description: String {
    switch self {
    case .missing(let name, let shape): "tensor \(quoted(name, limit: 80)) \(shape) is missing"
    case .extra(let name, let shape): "tensor \(quoted(name, limit: 80)) \(shape) is not wanted"
    case .misshapen(let name, let shape, let wanted):
      "tensor \(quoted(name, limit: 80)) has shape \(shape), not \(wanted)"
    }
  }
}
