import Hope

// What of a line a computation must give again.

extension SessionLine {
  var subject: Divergence.Subject {
    switch self {
    case .user: .words
    case .write: .update
    case .end: .end
    case .snapshot: .snapshot
    default: .token
    }
  }

  var position: Int {
    switch self {
    case .user(let turn): turn.position
    case .token(let token): token.position
    case .write(let write): write.position
    case .end(let end): end.position
    case .snapshot(let facts): facts.position
    default: 0
    }
  }

  /// What is compared, in a few words.
  var essence: String {
    switch self {
    case .user(let turn): "\(turn.tokens.count) tokens of \(turn.text.debugDescription)"
    case .token(let token):
      "token \(token.id) \(token.text.debugDescription)"
        + (token.surpriseBits.map { " of \($0) bits" } ?? "")
    case .write(let write): "write \(write.number) of \(write.name) by \(write.updateRelative)"
    case .end(let end):
      "\(end.why.rawValue) after \(end.answerTokens), digest \(end.stateDigest.short)"
    default: kind
    }
  }

  /// Whether a computation gave the same, whatever its speed.
  /// - Parameter isScripted: the other's words and answer were given to it; only what followed counts.
  func isSame(as other: SessionLine, isScripted: Bool = false) -> Bool {
    switch (self, other) {
    case (.user, .user) where isScripted: true
    case (.end(let a), .end(let b)):
      a.stateDigest == b.stateDigest
        && (isScripted
          || a.why == b.why && a.text == b.text && a.randomState == b.randomState
            && a.answerTokens == b.answerTokens && a.readTokens == b.readTokens
            && a.position == b.position)
    // numbers that are none are equal too
    case (.write(let a), .write(let b)):
      a == b || a.blocks.contains { !$0.updateRelative.isFinite } && "\(a)" == "\(b)"
    default: self == other
    }
  }

  /// The level and block of a write, where two differ.
  func place(unlike other: SessionLine) -> (level: String?, block: Int?) {
    guard case .write(let a) = self else { return (nil, nil) }
    guard case .write(let b) = other else { return (a.name, nil) }
    return (a.name, zip(a.blocks, b.blocks).first { $0 != $1 }?.0.block)
  }
}
