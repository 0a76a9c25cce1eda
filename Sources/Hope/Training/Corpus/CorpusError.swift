/// What can be wrong with training data on disk.
package enum CorpusError: Error, Equatable, Sendable {
  case missingFolder(String)
  case missingFile(String)
  case unreadable(String, reason: String)
  case unwritable(String, reason: String)
  /// Lines count from 1.
  case badLine(file: String, line: Int, reason: String)
  case unknownRole(file: String, line: Int, role: String)
  case badMix(String, reason: String)
  case empty(String)
  /// No source of the corpus has a share of the stage.
  case noShare(stage: String, present: [String])
  case noFiller(present: [String])
}

extension CorpusError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missingFolder(let path): "There is no folder \(path). Unpack the training data there."
    case .missingFile(let path): "There is no file \(path)."
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
    case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)"
    case .badLine(let file, let line, let reason):
      "\(file), line \(line): not a dialogue (\(reason)). Expected {\"source\": …, \"turns\": […]}."
    case .unknownRole(let file, let line, let role):
      "\(file), line \(line): unknown role \"\(role)\". A turn is the user's or the assistant's."
    case .badMix(let path, let reason): "\(path) is no mix of sources: \(reason)"
    case .empty(let path): "\(path) holds neither dialogues nor stories."
    case .noShare(let stage, let present):
      "The mix gives no share of \(stage) to any source present: \(present.joined(separator: ", "))."
    case .noFiller(let present):
      "No small talk among the sources: \(present.joined(separator: ", "))."
    }
  }
}
