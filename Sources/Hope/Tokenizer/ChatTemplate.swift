/// How dialogues and documents are written as tokens.
///
/// A turn is the speaker's token and then the text with one space before it. Nothing marks the end of
/// a turn: the next speaker's token does, or `<|endoftext|>`, with which every dialogue begins.
package struct ChatTemplate: Sendable {
  package enum Role: String, Sendable, Codable, CaseIterable { case system, user, assistant }

  package struct Turn: Sendable, Equatable, Codable {
    package var role: Role
    package var text: String

    package init(_ role: Role, _ text: String) {
      self.role = role
      self.text = text
    }
  }

  package let tokenizer: Tokenizer

  package init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

  /// Begins every dialogue and document.
  package var start: TokenID { tokenizer.special.endOfText }

  /// What stands before an answer: the model continues from here.
  package var assistantPrefix: [TokenID] { [tokenizer.special.assistant] }

  package func userTurn(_ text: String) -> [TokenID] { turn(Turn(.user, text)) }
  package func assistantTurn(_ text: String) -> [TokenID] { turn(Turn(.assistant, text)) }

  package func turn(_ turn: Turn) -> [TokenID] {
    [token(of: turn.role)] + tokenizer.encode(" " + turn.text)
  }

  /// A whole dialogue, beginning with `<|endoftext|>` and then the system text, if any.
  package func dialogue(system: String? = nil, turns: [Turn]) -> [TokenID] {
    [start] + (system.map { turn(Turn(.system, $0)) } ?? []) + turns.flatMap { turn($0) }
  }

  /// A text without speakers, as it is, after `<|endoftext|>`.
  package func document(_ text: String) -> [TokenID] { [start] + tokenizer.encode(text) }

  package func token(of role: Role) -> TokenID {
    switch role {
    case .system: tokenizer.special.system
    case .user: tokenizer.special.user
    case .assistant: tokenizer.special.assistant
    }
  }

  /// Whether an answer ends before this token: any special token ends it.
  package func isEndOfAnswer(_ id: TokenID) -> Bool { tokenizer.isSpecial(id) }

  /// The text of an answer's tokens, without the space that follows the speaker's token.
  package func answerText(_ ids: [TokenID]) -> String {
    let text = tokenizer.decode(ids)
    guard text.unicodeScalars.first == " " else { return text }
    return String(text.unicodeScalars.dropFirst())
  }

  /// A decoder for showing an answer while it is written; joined, its text is `answerText`.
  package func answerDecoder() -> StreamingDecoder {
    StreamingDecoder(tokenizer, droppingLeadingSpace: true)
  }
}
