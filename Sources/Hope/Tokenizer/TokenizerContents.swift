import Foundation

/// The fields of a `tokenizer.json` that matter here, as they stand in the file.
struct TokenizerContents: Decodable {
  struct AddedToken: Decodable {
    let id: WholeNumber
    let content: String
    let special: Bool
    let singleWord: Bool?
    let lstrip: Bool?
    let rstrip: Bool?

    enum CodingKeys: String, CodingKey {
      case id, content, special, lstrip, rstrip
      case singleWord = "single_word"
    }
  }
  /// A pre-tokenizer, post-processor or decoder.
  struct Stage: Decodable {
    let type: String
    let addPrefixSpace: Bool?
    let useRegex: Bool?

    enum CodingKeys: String, CodingKey {
      case type
      case addPrefixSpace = "add_prefix_space"
      case useRegex = "use_regex"
    }
  }
  struct Model: Decodable {
    let type: String
    let dropout: Double?
    let unkToken: String?
    let continuingSubwordPrefix: String?
    let endOfWordSuffix: String?
    let byteFallback: Bool?
    let ignoreMerges: Bool?
    let vocab: [String: WholeNumber]
    let merges: [Merge]

    enum CodingKeys: String, CodingKey {
      case type, dropout, vocab, merges
      case unkToken = "unk_token"
      case continuingSubwordPrefix = "continuing_subword_prefix"
      case endOfWordSuffix = "end_of_word_suffix"
      case byteFallback = "byte_fallback"
      case ignoreMerges = "ignore_merges"
    }
  }
  /// Two spellings, written `"a b"` or `["a", "b"]`; nil when it is neither.
  struct Merge: Decodable {
    let sides: (left: String, right: String)?

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      let parts: [String]
      if let text = try? container.decode(String.self) {
        parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      } else {
        parts = try container.decode([String].self)
      }
      sides = parts.count == 2 ? (parts[0], parts[1]) : nil
    }
  }
  /// An id. Its own type, because the decoder tells of a number that is none without telling where.
  struct WholeNumber: Decodable {
    let value: Int

    init(from decoder: any Decoder) throws {
      do {
        value = try decoder.singleValueContainer().decode(Int.self)
      } catch {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "not a whole number of 64 bits"))
      }
    }
  }
  /// A field of which only its presence is of interest.
  struct Anything: Decodable {
    init(from decoder: any Decoder) {}
  }

  let truncation: Anything?
  let padding: Anything?
  let normalizer: Anything?
  let addedTokens: [AddedToken]
  let preTokenizer: Stage?
  let postProcessor: Stage?
  let decoder: Stage?
  let model: Model

  enum CodingKeys: String, CodingKey {
    case truncation, padding, normalizer, decoder, model
    case addedTokens = "added_tokens"
    case preTokenizer = "pre_tokenizer"
    case postProcessor = "post_processor"
  }

  init(json: [UInt8]) throws(TokenizerError) {
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(json))
    } catch let error as DecodingError {
      throw .damaged(error, json)
    } catch {
      throw .damaged(place: "file", reason: error.localizedDescription)
    }
  }
}

extension TokenizerContents {
  /// Throws at the first field that would make other tokens than this program does.
  func requireSupported() throws(TokenizerError) {
    for (place, field) in [
      ("truncation", truncation), ("padding", padding), ("normalizer", normalizer),
    ] where field != nil {
      throw .unsupported(place: place, reason: "anything but null")
    }
    try requireByteLevel("pre_tokenizer", preTokenizer)
    try require(preTokenizer?.addPrefixSpace == false, "pre_tokenizer.add_prefix_space", "true")
    try require(preTokenizer?.useRegex ?? true, "pre_tokenizer.use_regex", "false")
    if postProcessor != nil { try requireByteLevel("post_processor", postProcessor) }
    try requireByteLevel("decoder", decoder)
    try requireSupportedModel()
    for (index, token) in addedTokens.enumerated() {
      try requireSupported(token, at: "added_tokens[\(index)]")
    }
  }

  private func requireSupportedModel() throws(TokenizerError) {
    try require(model.type == "BPE", "model.type", model.type)
    try require(model.dropout ?? 0 == 0, "model.dropout", "random merges")
    try require(model.unkToken == nil, "model.unk_token", "bytes are never unknown")
    try require(
      model.continuingSubwordPrefix ?? "" == "", "model.continuing_subword_prefix", "a prefix")
    try require(model.endOfWordSuffix ?? "" == "", "model.end_of_word_suffix", "a suffix")
    try require(model.byteFallback != true, "model.byte_fallback", "true")
    try require(model.ignoreMerges != true, "model.ignore_merges", "true")
  }

  private func requireSupported(_ token: AddedToken, at place: String) throws(TokenizerError) {
    try require(token.special, "\(place).special", "false")
    try require(!token.content.isEmpty, "\(place).content", "an empty spelling")
    let strips = [token.singleWord, token.lstrip, token.rstrip].contains(true)
    try require(!strips, place, "single_word, lstrip or rstrip")
    let limit = TokenizerFile.specialTokenLimit
    try require(addedTokens.count <= limit, "added_tokens", "more than \(limit) of them")
  }

  private func requireByteLevel(_ place: String, _ stage: Stage?) throws(TokenizerError) {
    try require(stage?.type == "ByteLevel", "\(place).type", stage?.type ?? "null")
  }

  private func require(
    _ holds: Bool, _ place: String, _ reason: String
  ) throws(TokenizerError) {
    if !holds { throw .unsupported(place: place, reason: reason) }
  }
}

extension TokenizerError {
  fileprivate static func damaged(_ error: DecodingError, _ json: [UInt8]) -> TokenizerError {
    switch error {
    case .dataCorrupted(let context) where context.codingPath.isEmpty:
      .damaged(place: "file", reason: syntaxError(json) ?? context.debugDescription)
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      .damaged(place: place(context.codingPath), reason: context.debugDescription)
    case .keyNotFound(let key, let context):
      .damaged(place: place(context.codingPath + [key]), reason: "missing")
    @unknown default: .damaged(place: "file", reason: "\(error)")
    }
  }

  /// Where the text stops being JSON: the decoder does not say.
  private static func syntaxError(_ json: [UInt8]) -> String? {
    do {
      _ = try JSONSerialization.jsonObject(with: Data(json))
      return nil
    } catch {
      return (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    path.isEmpty
      ? "file"
      : path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
        .joined(separator: ".").replacing(".[", with: "[")
  }
}
