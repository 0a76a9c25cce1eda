/// What can be wrong with a tokenizer file: what, where, and the two things that disagree.
package enum TokenizerError: Error, Equatable, CustomStringConvertible {
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  case tooLarge(byteCount: Int, limit: Int)
  /// Not JSON, cut off, or a field missing or of the wrong kind.
  case damaged(place: String, reason: String)
  /// Valid for the format, but not a byte-level tokenizer as this program reads them.
  case unsupported(place: String, reason: String)
  case tooManyTokens(Int, limit: Int)
  case duplicateID(Int, String, String)
  /// A hole in the ids: `missing` belongs to no token, the next one is `next`.
  case missingID(Int, next: Int, String)
  case conflictingID(String, inVocabulary: Int, inAddedTokens: Int)
  case notBytes(String, id: Int)
  case missingByte(UInt8)
  case missingSpecialToken(String)
  case badMerge(index: Int, reason: String)

  package var description: String { "tokenizer.json: \(sentence)" }

  private var sentence: String {
    switch self {
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
    case .unwritable(let path, let reason): "cannot write \(path): \(reason)"
    case .tooLarge(let count, let limit): "\(count) bytes; at most \(limit) are read"
    case .damaged(let place, let reason): "\(place): \(reason)"
    case .unsupported(let place, let reason): "\(place): not supported: \(reason)"
    case .tooManyTokens(let count, let limit): "\(count) tokens; at most \(limit) are read"
    case .duplicateID(let id, let a, let b):
      "id \(id) belongs to \(Self.quoted(a)) and \(Self.quoted(b))"
    case .missingID(let id, let next, let token):
      "no token has id \(id); the next one is \(next), \(Self.quoted(token))"
    case .conflictingID(let token, let inVocabulary, let inAddedTokens):
      "\(Self.quoted(token)) has id \(inVocabulary) in vocab and \(inAddedTokens) in added_tokens"
    case .notBytes(let token, let id):
      "token \(id) \(Self.quoted(token)) is not spelled in the byte alphabet"
    case .missingByte(let byte): "no token for byte \(byte)"
    case .missingSpecialToken(let spelling): "added_tokens: no \(spelling)"
    case .badMerge(let index, let reason): "model.merges[\(index)]: \(reason)"
    }
  }

  /// A token from a file may be of any length; a message is not.
  static func quoted(_ token: String) -> String {
    token.unicodeScalars.count <= 40
      ? "\"\(token)\"" : "\"\(String(String.UnicodeScalarView(token.unicodeScalars.prefix(40))))…\""
  }
}
