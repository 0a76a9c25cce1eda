package import Hope

/// One exchange as it stands at a recording's end.
package struct RecordedTurn: Sendable, Equatable {
  package let words: String
  package fileprivate(set) var answer: String
  /// Tokens read before it.
  package let position: Int
  /// nil where the program did not live to finish it.
  package fileprivate(set) var end: AnswerEnd?
  package fileprivate(set) var tokens: [TokenEvent]
}

extension SessionRecording {
  /// What was said and not taken back.
  package var transcript: [RecordedTurn] {
    var turns: [RecordedTurn] = []
    // turns before the memory was replaced are not counted
    var uncounted = 0
    for line in lines {
      switch line.line {
      case .user(let turn):
        turns.append(
          RecordedTurn(words: turn.text, answer: "", position: turn.position, tokens: []))
      case .token(let token) where !turns.isEmpty:
        turns[turns.count - 1].tokens.append(token)
        if token.author == .assistant { turns[turns.count - 1].answer += token.text }
      case .end(let end) where !turns.isEmpty:
        turns[turns.count - 1].answer = end.text
        turns[turns.count - 1].end = end
      case .load: uncounted = turns.count
      case .jump(let jump): turns.cut(jump, uncounted)
      default: break
      }
    }
    return turns
  }

  /// Tokens read at the recording's end.
  package var position: Int {
    for line in lines.reversed() {
      switch line.line {
      case .token(let token): return token.position + 1
      case .end(let end): return end.position
      case .jump(let jump): return jump.position
      case .snapshot(let facts), .load(let facts, _): return facts.position
      default: continue
      }
    }
    return 0
  }

  /// The last digest of the state that was recorded.
  package var lastDigest: SHA256Digest? {
    for line in lines.reversed() {
      switch line.line {
      case .end(let end): return end.stateDigest
      case .jump(let jump): return jump.digest
      case .reset(let reset): return reset.digest
      case .snapshot(let facts), .load(let facts, _): return facts.digest
      default: continue
      }
    }
    return nil
  }
}

extension [RecordedTurn] {
  fileprivate mutating func cut(_ jump: Jump, _ uncounted: Int) {
    switch jump.target {
    case .turn(let number):
      removeSubrange(Swift.min(Swift.max(0, uncounted + number - 1), count)...)
    case .token(let position):
      removeAll { $0.position >= position }
      guard let last = indices.last else { return }
      self[last].tokens.removeAll { $0.position >= position }
      let isWhole = self[last].end.map { $0.position <= position } ?? false
      guard !isWhole else { return }
      let drawn = self[last].tokens.filter { $0.author == .assistant }
      self[last].answer = drawn.map(\.text).joined()
    }
  }
}
