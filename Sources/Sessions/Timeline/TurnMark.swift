import Hope

/// Where a turn stands in a conversation: what is needed to go back to any of its tokens.
struct TurnMark {
  struct End {
    let moment: StreamLog.Moment
    let position: Int
    let digest: SHA256Digest
    let randomState: UInt64
  }
  let text: String
  /// Before the words.
  let moment: StreamLog.Moment
  let position: Int
  /// Tokens read before the answer begins.
  let answerPosition: Int
  let randomState: UInt64
  /// Counts and measures before the words.
  let meter: LevelMeter
  /// nil while the answer is being drawn.
  var end: End?
}

extension Conversation {
  /// Begins a turn: the state is kept, to come back to.
  mutating func beginTurn(_ text: String, readTokens: Int) {
    log.keep(state)
    turns.append(mark(text, at: state.position, readTokens: readTokens))
  }

  func mark(_ text: String, at position: Int, readTokens: Int) -> TurnMark {
    TurnMark(
      text: text, moment: log.now, position: position, answerPosition: position + readTokens,
      randomState: sampler.randomState, meter: meter)
  }

  /// The answer is complete.
  mutating func endTurn(position: Int, digest: SHA256Digest) {
    log.closeRun()
    guard !turns.isEmpty else { return }
    turns[turns.count - 1].end = TurnMark.End(
      moment: log.now, position: position, digest: digest, randomState: sampler.randomState)
  }
}
