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
  /// Whether somebody went back to before it.
  package fileprivate(set) var isTakenBack = false
}

extension SessionRecording {
  /// What was said and not taken back.
  package var transcript: [RecordedTurn] { allTurns.filter { !$0.isTakenBack } }

  /// What was said, in its order, and what of it was taken back.
  package var allTurns: [RecordedTurn] {
    var told = Told()
    for line in lines {
      switch line.line {
      case .user(let turn): told.begin(turn)
      case .token(let token):
        told.change {
          $0.tokens.append(token)
          if token.author == .assistant { $0.answer += token.text }
        }
      case .end(let end):
        told.change {
          $0.answer = end.text
          $0.end = end
        }
      case .load: told.settle()
      case .jump(let jump): told.takeBack(jump)
      default: break
      }
    }
    return told.turns
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

/// Turns while they are read from a file.
private struct Told {
  private(set) var turns: [RecordedTurn] = []
  /// Which of them stand.
  private var standing: [Int] = []
  /// Those before a memory was replaced cannot be taken back and are not counted.
  private var settled = 0

  mutating func begin(_ turn: TurnStart) {
    standing.append(turns.count)
    turns.append(RecordedTurn(words: turn.text, answer: "", position: turn.position, tokens: []))
  }

  /// The last turn that stands.
  mutating func change(_ body: (inout RecordedTurn) -> Void) {
    if let last = standing.last { body(&turns[last]) }
  }

  mutating func settle() { settled = standing.count }

  mutating func takeBack(_ jump: Jump) {
    switch jump.target {
    case .turn(let number):
      takeBack(from: min(max(0, settled + number - 1), standing.count))
    case .token(let position):
      takeBack(from: standing.firstIndex { turns[$0].position >= position } ?? standing.count)
      change { $0.cut(at: position) }
    }
  }

  private mutating func takeBack(from first: Int) {
    for index in standing[first...] { turns[index].isTakenBack = true }
    standing.removeSubrange(first...)
  }
}

extension RecordedTurn {
  fileprivate mutating func cut(at position: Int) {
    tokens.removeAll { $0.position >= position }
    guard !(end.map { $0.position <= position } ?? false) else { return }
    answer = tokens.filter { $0.author == .assistant }.map(\.text).joined()
  }
}
