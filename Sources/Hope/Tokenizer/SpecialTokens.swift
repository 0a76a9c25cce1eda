/// The tokens that no text can produce: they part documents and speakers.
package struct SpecialTokens: Sendable, Equatable {
  /// Before every document and dialogue.
  package let endOfText: TokenID
  package let user: TokenID
  package let assistant: TokenID
  package let system: TokenID

  /// As written in files, in the order of the properties.
  package static let spellings = ["<|endoftext|>", "<|user|>", "<|assistant|>", "<|system|>"]

  /// In a vocabulary trained here: the first four.
  static let first = SpecialTokens(endOfText: 0, user: 1, assistant: 2, system: 3)

  init(endOfText: TokenID, user: TokenID, assistant: TokenID, system: TokenID) {
    (self.endOfText, self.user, self.assistant, self.system) = (endOfText, user, assistant, system)
  }

  /// Looks the four up by their spelling.
  init(find: (String) -> TokenID?) throws(TokenizerError) {
    func id(_ index: Int) throws(TokenizerError) -> TokenID {
      let spelling = Self.spellings[index]
      guard let id = find(spelling) else { throw .missingSpecialToken(spelling) }
      return id
    }
    self.init(endOfText: try id(0), user: try id(1), assistant: try id(2), system: try id(3))
  }
}
