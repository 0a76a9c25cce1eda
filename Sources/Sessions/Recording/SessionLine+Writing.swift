import Hope

extension SessionLine {
  /// The line's bytes up to where the running hash or the closing brace comes.
  /// - Parameters:
  ///   - number: lines before it.
  ///   - interval: seconds since the line before.
  func bytes(number: Int, interval: Double) -> [UInt8] {
    var w = LineWriter()
    w.begin()
    w.field("n", number)
    w.field("t", interval.roundedToMicroseconds)
    w.field("e", kind)
    write(to: &w)
    return w.bytes
  }

  private func write(to w: inout LineWriter) {
    switch self {
    case .user(let turn): turn.write(to: &w)
    case .token(let token): token.write(to: &w)
    case .write(let write): write.write(to: &w)
    case .setting(let setting):
      w.begin("set")
      setting.write(to: &w)
      w.end()
    case .level(let setting): setting.write(to: &w)
    case .renamed(let name):
      w.begin("set")
      w.field("name", name)
      w.end()
    case .reset(let reset): reset.write(to: &w)
    case .snapshot(let facts): facts.write(to: &w)
    case .load(let facts, let what):
      facts.write(to: &w)
      w.field("what", what)
    case .end(let end): end.write(to: &w)
    case .jump(let jump): jump.write(to: &w)
    case .mark(let marker):
      w.field("i", marker.position)
      w.field("text", marker.text)
      w.field("state", marker.state.map { "sha256:\($0)" })
      w.field("digest", marker.digest.map { "sha256:\($0)" })
    case .repair(let repair):
      w.field("torn", repair.tornBytes)
      w.field("bad", repair.badLines)
    case .exit(let code): w.field("code", code)
    case .other: break
    }
  }
}

extension Double {
  fileprivate var roundedToMicroseconds: Double { (self * 1e6).rounded() / 1e6 }
}

extension Author {
  /// One letter.
  var mark: String {
    switch self {
    case .user: "u"
    case .assistant: "a"
    case .system: "s"
    case .start: "0"
    }
  }

  init?(mark: String) {
    guard let author = [Author.user, .assistant, .system, .start].first(where: { $0.mark == mark })
    else { return nil }
    self = author
  }
}

extension TurnStart {
  fileprivate func write(to w: inout LineWriter) {
    w.field("i", position)
    w.field("text", text)
    w.begin("ids", "[")
    for token in tokens { w.element(Int(token.id)) }
    w.end("]")
    w.field("by", tokens.map(\.author.mark).joined())
    w.field("flush", flushes)
  }
}

extension TokenEvent {
  fileprivate func write(to w: inout LineWriter) {
    w.field("i", position)
    w.field("id", Int(id))
    w.field("s", text)
    w.field("by", author.mark)
    if isLearnedFrom { w.field("learned", true) }
    w.field("lp", surpriseBits.map { -Double($0) * Self.natsPerBit })
    w.field("H", entropyBits)
  }

  /// ln 2: the file holds ln p, events −log₂ p.
  static let natsPerBit = 0.693_147_180_559_945_3
}

extension LevelWriteEvent {
  fileprivate func write(to w: inout LineWriter) {
    w.field("i", position)
    w.field("lvl", name)
    w.field("level", level)
    w.field("step", number)
    w.field("tokens", tokens)
    w.field("rel", updateRelative)
    w.begin("layers", "[")
    for block in blocks {
      w.begin("[")
      w.element(block.block)
      w.element(block.updateRelative)
      w.element(block.driftRelative)
      if block.isRefused { w.element("refused") }
      w.end("]")
    }
    w.end("]")
  }
}

extension LevelSetting {
  fileprivate func write(to w: inout LineWriter) {
    w.begin("set")
    for (name, isOn) in [("read", access.contains(.read)), ("write", access.contains(.write))] {
      w.key("level.\(self.name).\(name)")
      w.element(isOn)
    }
    w.key("level.\(name).gain")
    w.element(gain)
    w.end()
    w.field("level", level)
  }
}

extension StateReset {
  fileprivate func write(to w: inout LineWriter) {
    switch scope {
    case .everything: w.field("what", "everything")
    case .mixers(let name):
      w.field("what", "mixers")
      w.field("lvl", name)
    case .levels(let mixer):
      w.field("what", "levels")
      w.field("lvl", mixer)
    case .level(let index, let name):
      w.field("what", "level")
      w.field("lvl", name)
      w.field("level", index)
    }
    w.field("base", equalsBase)
    w.field("state", "sha256:\(digest)")
  }
}

extension SnapshotFacts {
  fileprivate func write(to w: inout LineWriter) {
    w.field("i", position)
    w.field("state", "sha256:\(digest)")
    w.field("bytes", byteCount)
  }
}

extension Jump {
  fileprivate func write(to w: inout LineWriter) {
    w.field("why", reason.rawValue)
    switch target {
    case .token(let position): w.field("token", position)
    case .turn(let number): w.field("turn", number)
    }
    w.field("i", position)
    if dropsBefore > 0 { w.field("drops", dropsBefore) }
    if dropsTakenBack > 0 { w.field("undone", dropsTakenBack) }
    w.field("state", "sha256:\(digest)")
    w.field("rng", bits: randomState)
    w.field("tensors", tensorCount)
    if let checkedAt { w.field("checked", checkedAt) }
    w.field("words", words)
  }
}

extension AnswerEnd {
  fileprivate func write(to w: inout LineWriter) {
    w.field("i", position)
    w.field("why", why.rawValue)
    w.field("text", text)
    if !trailingText.isEmpty { w.field("rest", trailingText) }
    w.field("read", readTokens)
    w.field("drawn", answerTokens)
    w.key("tps")
    w.element(exactly: tokensPerSecond)
    w.field("bits", surpriseBits)
    if let randomState { w.field("rng", bits: randomState) }
    w.begin("levels", "[")
    for change in changes { change.write(to: &w) }
    w.end("]")
    w.field("state", "sha256:\(stateDigest)")
  }
}

extension LevelChange {
  fileprivate func write(to w: inout LineWriter) {
    w.begin()
    w.field("name", status.name)
    w.field("period", status.period)
    w.field("bits", status.bits)
    w.field("gain", status.gain)
    w.field("pending", status.pendingTokens)
    w.field("updates", status.updates)
    if status.refused > 0 { w.field("refusedAll", status.refused) }
    w.field("last", status.lastUpdateRelative)
    w.field("mean", status.runningUpdateRelative)
    w.field("drift", status.driftRelative)
    w.field("surprise", status.surpriseBits)
    w.field("eta", status.rate)
    w.field("keeps", status.retention)
    w.field("writes", writes)
    if refused > 0 { w.field("refused", refused) }
    w.field("change", changeRelative)
    w.end()
  }
}
