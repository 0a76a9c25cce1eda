import Hope

/// What stands before an answer, and which tokens an answer may be made of.
struct ChatPrompt {
  private let template: ChatTemplate
  /// Tokens that end an answer and are not run: the next turn begins with its own mark.
  private let ends: [TokenID]
  /// Special tokens that may never be drawn.
  private let forbidden: [TokenID]

  init(_ tokenizer: Tokenizer) {
    template = ChatTemplate(tokenizer)
    let ends = [tokenizer.special.user, tokenizer.special.endOfText]
    self.ends = ends
    forbidden = (0..<TokenID(tokenizer.vocabularySize))
      .filter { tokenizer.isSpecial($0) && !ends.contains($0) }
  }

  /// The tokens of a user's turn, up to where the model goes on.
  /// - Parameter isFirst: whether the conversation begins here, with its mark and the system text.
  func tokens(_ text: String, isFirst: Bool, system: String?) -> [AuthoredToken] {
    var tokens: [AuthoredToken] = []
    func add(_ ids: [TokenID], _ author: Author) {
      tokens += ids.map { AuthoredToken($0, author) }
    }
    if isFirst {
      add([template.start], .start)
      if let system { add(template.turn(.init(.system, system)), .system) }
    }
    add(template.userTurn(text), .user)
    add(template.assistantPrefix, .assistant)
    return tokens
  }

  /// Logits an answer's next token may be drawn from; the first token must not end it.
  func drawable(_ logits: [Float], isFirst: Bool) -> [Float] {
    var logits = logits
    for id in isFirst ? forbidden + ends : forbidden { logits[Int(id)] = -.infinity }
    return logits
  }

  func isEnd(_ id: TokenID) -> Bool { ends.contains(id) }

  func answerDecoder() -> StreamingDecoder { template.answerDecoder() }
  func answerText(_ ids: [TokenID]) -> String { template.answerText(ids) }
}
