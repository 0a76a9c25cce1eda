import Hope
import Synchronization
import Tensors

/// A tokenizer for tests: a token per word with the space before it, and per punctuation mark.
/// It numbers new words as they come, so it can decode what it has encoded.
final class WordTokenizer: Sendable {
  static let roles = RoleTokens(endOfText: 0, user: 1, assistant: 2)
  private let words = Mutex((numbers: [String: TokenID](), texts: ["<end>", "<user>", "<bot>"]))

  var encode: TextEncoding { { text in self.tokens(of: text) } }

  func tokens(of text: String) -> [TokenID] {
    Self.parts(of: text).map { part in
      words.withLock { words in
        if let number = words.numbers[part] { return number }
        words.texts.append(part)
        let number = TokenID(words.texts.count - 1)
        words.numbers[part] = number
        return number
      }
    }
  }

  func text(of tokens: some Sequence<TokenID>) -> String {
    words.withLock { words in tokens.map { words.texts[Int($0)] }.joined() }
  }

  /// Cuts before spaces and around punctuation, never elsewhere.
  private static func parts(of text: String) -> [String] {
    var parts: [String] = []
    for character in text {
      let isWord = character.isLetter || character.isNumber || "'-".contains(character)
      if isWord, let last = parts.last?.last,
        last == " " || last.isLetter || last.isNumber
          || "'-".contains(last)
      {
        parts[parts.count - 1].append(character)
      } else {
        parts.append(String(character))
      }
    }
    return parts
  }
}

extension MemoryEpisodes {
  /// Episodes over the built-in small talk.
  init(
    _ tokenizer: WordTokenizer, split: ValueSplit = .training,
    phrasings: PhrasingSet = .training, userOnlyShare: Float = 0.7
  ) {
    self.init(
      encode: tokenizer.encode, roles: WordTokenizer.roles,
      filler: SmallTalk(encode: tokenizer.encode, roles: WordTokenizer.roles), split: split,
      phrasings: phrasings, userOnlyShare: userOnlyShare)
  }
}
