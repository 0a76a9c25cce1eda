import Foundation

extension ModelFolder {
  /// Larger ones are no configuration.
  private static let configurationLimit = 1 << 20
  /// Longest path of a field, in bytes: `levels[0].chunkSize`.
  private static let fieldLimit = 256

  /// Reads `config.json` strictly: each field exactly once, none unknown, none left to a default.
  static func configuration(in folder: String) throws(CheckpointError) -> HopeConfiguration {
    let path = path(folder, configurationName)
    let bytes = try wrappingFile { () throws(FileError) in
      try ReadOnlyFile(path: path).bytes(limit: configurationLimit)
    }
    do throws(ConfigurationProblem) {
      let (value, fields) = try parse(bytes)
      let configuration = try decode(value)
      let known = Set(try parse(encoded(configuration)).fields)
      if let field = fields.first(where: { !known.contains($0) }) {
        throw .field(field, "is not a field of a configuration")
      }
      try check(configuration)
      return configuration
    } catch {
      throw error.located(in: path)
    }
  }

  /// `config.json` for this configuration: sorted keys, two spaces, a newline at the end.
  static func encoded(_ configuration: HopeConfiguration) throws(ConfigurationProblem) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return Array(try encoder.encode(configuration)) + Array("\n".utf8)
    } catch EncodingError.invalidValue(let value, let context) {
      throw .field(StrictDecoder.path(context.codingPath), "\(value) cannot be written as JSON")
    } catch {
      throw .text(byte: 0, "cannot be written: \(error)")
    }
  }
}

/// What is wrong with a `config.json`.
enum ConfigurationProblem: JSONFailure {
  case text(byte: Int, String)
  case field(String, String)

  init(byte: Int, reason: String) { self = .text(byte: byte, reason) }

  /// The same with the file it is about.
  func located(in path: String) -> CheckpointError {
    switch self {
    case .text(let byte, let reason): .configurationText(path: path, byte: byte, reason: reason)
    case .field(let field, let reason):
      .configurationField(path: path, field: field, reason: reason)
    }
  }
}

extension ModelFolder {
  /// The text's value and the paths of all its fields, in order; a field that is there twice is a
  /// problem.
  private static func parse(
    _ bytes: [UInt8]
  ) throws(ConfigurationProblem) -> (value: JSONValue, fields: [String]) {
    var fields: [String] = []
    var seen: Set<String> = []
    var scanner = try JSONScanner<ConfigurationProblem>(bytes)
    let value = try scanner.value(depth: 8) { (field, byte) throws(ConfigurationProblem) in
      guard field.utf8.count <= fieldLimit else { throw .text(byte: byte, "a name is too long") }
      guard seen.insert(field).inserted else { throw .field(field, "is there twice") }
      fields.append(field)
    }
    try scanner.end()
    return (value, fields)
  }

  private static func decode(
    _ value: JSONValue
  ) throws(ConfigurationProblem) -> HopeConfiguration {
    do {
      return try HopeConfiguration(from: StrictDecoder(value))
    } catch let problem as ConfigurationProblem {
      throw problem
    } catch DecodingError.dataCorrupted(let context) {
      throw .field(StrictDecoder.path(context.codingPath), context.debugDescription)
    } catch {
      throw .field(StrictDecoder.path([]), "cannot be read: \(error)")
    }
  }

  private static func check(_ configuration: HopeConfiguration) throws(ConfigurationProblem) {
    do throws(ConfigurationError) {
      try configuration.validate()
    } catch {
      throw .field(error.field, error.reason)
    }
  }
}
