/// Puts the tokens of a file in the order of their ids and finds what does not fit together.
struct VocabularyReader {
  private(set) var pieces: [Tokenizer.Piece] = []
  /// Of `model.vocab`.
  private let ids: [String: Int]
  private let specialIDs: [String: Int]

  init(_ contents: TokenizerContents) throws(TokenizerError) {
    let ids = contents.model.vocab.mapValues(\.value)
    specialIDs = try Self.specialIDs(contents.addedTokens, ids)
    let spellings = try Self.inOrder(Array(ids) + specialIDs.filter { ids[$0.key] == nil })
    self.ids = ids
    for (id, spelling) in spellings.enumerated() { pieces.append(try piece(spelling, id: id)) }
  }

  private static func specialIDs(
    _ tokens: [TokenizerContents.AddedToken], _ vocabulary: [String: Int]
  ) throws(TokenizerError) -> [String: Int] {
    var ids: [String: Int] = [:]
    for (index, token) in tokens.enumerated() {
      guard ids.updateValue(token.id.value, forKey: token.content) == nil else {
        throw .damaged(place: "added_tokens[\(index)]", reason: "the same content twice")
      }
      if let known = vocabulary[token.content], known != token.id.value {
        throw .conflictingID(token.content, inVocabulary: known, inAddedTokens: token.id.value)
      }
    }
    return ids
  }

  /// The spellings by id: every id from 0 to the number of tokens, each once.
  private static func inOrder(_ tokens: [(key: String, value: Int)]) throws(TokenizerError)
    -> [String]
  {
    guard tokens.count <= Tokenizer.vocabularyLimit else {
      throw .tooManyTokens(tokens.count, limit: Tokenizer.vocabularyLimit)
    }
    let sorted = tokens.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
    for (place, token) in sorted.enumerated() where token.value != place {
      if place > 0, sorted[place - 1].value == token.value {
        throw .duplicateID(token.value, sorted[place - 1].key, token.key)
      }
      throw .missingID(place, next: token.value, token.key)
    }
    return sorted.map(\.key)
  }

  private func piece(_ spelling: String, id: Int) throws(TokenizerError) -> Tokenizer.Piece {
    if specialIDs[spelling] != nil { return .init(bytes: Array(spelling.utf8), isSpecial: true) }
    guard !spelling.isEmpty, let bytes = ByteAlphabet.bytes(spelledBy: spelling) else {
      throw .notBytes(spelling, id: id)
    }
    return .init(bytes: bytes, isSpecial: false)
  }

  func specialID(_ spelling: String) -> TokenID? { specialIDs[spelling].map(TokenID.init) }

  func byteIDs() throws(TokenizerError) -> [TokenID] {
    var result: [TokenID] = []
    for byte in UInt8.min...UInt8.max {
      guard let id = textID(ByteAlphabet.spelling(of: [byte])) else { throw .missingByte(byte) }
      result.append(id)
    }
    return result
  }

  /// The merges of the file, by rank.
  func merges(_ merges: [TokenizerContents.Merge]) throws(TokenizerError) -> MergeTable {
    var rules: [MergeTable.Rule] = []
    var seen: Set<TokenPair> = []
    for (index, merge) in merges.enumerated() {
      guard let (left, right) = merge.sides else {
        throw .badMerge(index: index, reason: "neither \"a b\" nor [\"a\", \"b\"]")
      }
      let pair = TokenPair(try id(left, index), try id(right, index))
      guard seen.insert(pair).inserted else {
        throw .badMerge(index: index, reason: "the same pair as an earlier merge")
      }
      rules.append(.init(pair: pair, result: try id(left + right, index)))
    }
    return MergeTable(rules)
  }

  private func id(_ spelling: String, _ index: Int) throws(TokenizerError) -> TokenID {
    guard let id = textID(spelling) else {
      throw .badMerge(
        index: index, reason: "no token of text is spelled \(TokenizerError.quoted(spelling))")
    }
    return id
  }

  /// The id of a token that text can become.
  private func textID(_ spelling: String) -> TokenID? {
    specialIDs[spelling] == nil ? ids[spelling].map(TokenID.init) : nil
  }
}
