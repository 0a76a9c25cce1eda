import Hope

// What of a line a computation must give again.

extension SessionLine {
  var subject: Divergence.Subject {
    switch self {
    case .user: .words
    case .write: .update
    case .end: .end
    case .snapshot: .snapshot
    case .mark: .mark
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
    case .mark(let marker): marker.position
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
  /// - Parameters:
  ///   - isScripted: the other's words and answer were given to it; only what followed counts.
  ///   - isWhole: whether the other has counted from where this one has.
  func isSame(
    as other: SessionLine, isScripted: Bool = false, isWhole: Bool = true
  ) -> Bool {
    switch (self, other) {
    case (.user, .user) where isScripted: true
    case (.end(let a), .end(let b)) where isScripted: a.stateDigest == b.stateDigest
    default:
      self == other || kind == other.kind && difference(from: other, isWhole: isWhole) == nil
    }
  }

  /// The first member that differs, with both values; nil where none does.
  private func difference(
    from other: SessionLine, isWhole: Bool
  ) -> (recorded: String, found: String)? {
    let own = members.filter { isWhole || !$0.isCounted }
    let others = other.members.filter { isWhole || !$0.isCounted }
    guard let pair = zip(own, others).first(where: { $0.isUnlike($1) }) else {
      return own.count == others.count ? nil : ("\(own.count) members", "\(others.count)")
    }
    return ("\(pair.0)", "\(pair.1)")
  }

  /// What is compared, and what of it differs, for people.
  func told(
    unlike other: SessionLine, isWhole: Bool = true
  ) -> (recorded: String, found: String) {
    guard essence == other.essence, let found = difference(from: other, isWhole: isWhole) else {
      return (essence, other.essence)
    }
    return ("\(found.recorded) (\(essence))", found.found)
  }

  /// The level and block of a write, where two differ.
  func place(unlike other: SessionLine) -> (level: String?, block: Int?) {
    guard case .write(let a) = self else { return (nil, nil) }
    guard case .write(let b) = other else { return (a.name, nil) }
    return (a.name, zip(a.blocks, b.blocks).first { $0 != $1 }?.0.block)
  }
}

/// A member of a line by the name it has in the file.
private struct LineMember: CustomStringConvertible {
  let name: String
  let value: String
  let kind: Kind

  enum Kind {
    case plain
    /// Known only once a token was read by itself.
    case gate
    /// Adds up over a conversation. A session that begins with a memory may go on counting from
    /// before.
    case counted
  }

  init(_ name: String, _ value: some CustomStringConvertible, _ kind: Kind = .plain) {
    (self.name, self.value, self.kind) = (name, "\(value)", kind)
  }
  init(_ name: String, _ value: (some CustomStringConvertible)?, _ kind: Kind = .plain) {
    (self.name, self.value, self.kind) = (name, value.map { "\($0)" } ?? "none", kind)
  }

  var isCounted: Bool { kind == .counted }

  /// Numbers that are none are equal too.
  func isUnlike(_ other: LineMember) -> Bool {
    if kind == .gate, value == "none" || other.value == "none" { return false }
    return name != other.name || value != other.value
  }

  var description: String { "\(name) \(value)" }
}

extension SessionLine {
  /// What a computation must give again.
  fileprivate var members: [LineMember] {
    switch self {
    case .user(let turn): turn.members
    case .token(let token): token.members
    case .write(let write): write.members
    case .end(let end): end.members
    default: [LineMember("e", kind)]
    }
  }
}

extension TurnStart {
  fileprivate var members: [LineMember] {
    [
      LineMember("i", position), LineMember("text", text.debugDescription),
      LineMember("number of ids", tokens.count), LineMember("flush", flushes),
    ]
      + tokens.enumerated().flatMap {
        [LineMember("id \($0 + 1)", $1.id), LineMember("by \($0 + 1)", $1.author.mark)]
      }
  }
}

extension TokenEvent {
  fileprivate var members: [LineMember] {
    [
      LineMember("i", position), LineMember("id", id), LineMember("s", text.debugDescription),
      LineMember("by", author.mark), LineMember("learned", isLearnedFrom),
      LineMember("surprise", surpriseBits), LineMember("H", entropyBits),
    ]
  }
}

extension LevelWriteEvent {
  fileprivate var members: [LineMember] {
    [
      LineMember("i", position), LineMember("lvl", name), LineMember("level", level),
      LineMember("step", number), LineMember("tokens", tokens), LineMember("rel", updateRelative),
      LineMember("number of layers", blocks.count),
    ]
      + blocks.flatMap {
        [
          LineMember("layer", $0.block), LineMember("layer \($0.block) ΔW", $0.updateRelative),
          LineMember("layer \($0.block) Δ", $0.driftRelative),
          LineMember("layer \($0.block) refused", $0.isRefused),
        ]
      }
  }
}

extension AnswerEnd {
  fileprivate var members: [LineMember] {
    [
      LineMember("i", position), LineMember("why", why.rawValue),
      LineMember("text", text.debugDescription), LineMember("rest", trailingText.debugDescription),
      LineMember("read", readTokens), LineMember("drawn", answerTokens),
      LineMember("bits", surpriseBits), LineMember("state", stateDigest.short),
      LineMember("rng", randomState.map { String($0, radix: 16) }),
      LineMember("number of levels", changes.count),
    ] + changes.flatMap(\.members)
  }
}

extension LevelChange {
  fileprivate var members: [LineMember] {
    let level = status.name
    return [
      LineMember("level", level), LineMember("\(level) period", status.period),
      LineMember("\(level) bits", status.bits), LineMember("\(level) gain", status.gain),
      LineMember("\(level) pending", status.pendingTokens),
      LineMember("\(level) updates", status.updates, .counted),
      LineMember("\(level) refusedAll", status.refused, .counted),
      LineMember("\(level) last", status.lastUpdateRelative, .counted),
      LineMember("\(level) mean", status.runningUpdateRelative, .counted),
      LineMember("\(level) drift", status.driftRelative),
      LineMember("\(level) surprise", status.surpriseBits, .counted),
      LineMember("\(level) eta", status.rate, .gate),
      LineMember("\(level) keeps", status.retention, .gate),
      LineMember("\(level) writes", writes), LineMember("\(level) refused", refused),
      LineMember("\(level) change", changeRelative),
    ]
  }
}
