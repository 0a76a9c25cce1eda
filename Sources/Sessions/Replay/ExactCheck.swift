import Hope

/// Says the recorded words to a conversation of its own and compares all that happens, to the bit.
struct ExactCheck {
  private let recording: SessionRecording
  private let loaded: LoadedModel
  private var report: VerificationReport
  private var conversation: Conversation
  /// Writes recorded outside a turn, whose reset is still to come.
  private var looseWrites: [(line: Int, write: LevelWriteEvent)] = []

  init(_ recording: SessionRecording, _ loaded: LoadedModel, _ report: VerificationReport) {
    (self.recording, self.loaded, self.report) = (recording, loaded, report)
    conversation = Conversation(loaded, settings: recording.header.settings)
    conversation.sampler.randomState = recording.header.randomState
    for setting in recording.header.switches { conversation.set(setting) }
  }

  mutating func run(_ progress: (Int) -> Void) throws(SessionFault) -> VerificationReport {
    var next = 0
    while next < recording.lines.count, report.divergence == nil {
      next = try check(next)
      progress(next)
    }
    return report
  }

  /// - Returns: the line after those that were compared.
  private mutating func check(_ index: Int) throws(SessionFault) -> Int {
    let line = recording.lines[index]
    switch line.line {
    case .user(let turn): return check(turn, index)
    case .setting(let setting): try? conversation.apply(setting)
    case .level(let setting): conversation.set(setting)
    case .write(let write): looseWrites.append((line.number, write))
    case .reset(let reset): check(reset, line.number)
    case .snapshot(let facts): try check(facts, line.number)
    case .load(let facts, _): try load(facts)
    case .jump(let jump): check(jump, line.number)
    case .mark(let marker): conversation.markers.append(marker)
    case .token(let token):
      differs(.token, line.number, token.position, "a token", "no turn it could belong to")
    case .end(let end):
      differs(.end, line.number, end.position, "an end", "no turn that could end")
    case .renamed, .repair, .exit, .other: break
    }
    return index + 1
  }

  private mutating func differs(
    _ subject: Divergence.Subject, _ line: Int, _ position: Int, _ recorded: String,
    _ found: String, level: String? = nil, block: Int? = nil, tensor: String? = nil
  ) {
    guard report.divergence == nil else { return }
    report.divergence = Divergence(
      subject: subject, line: line, turn: conversation.turns.count, position: position,
      level: level, block: block, tensor: tensor, recorded: recorded, found: found)
  }

  // MARK: Turns

  /// What a turn's lines tell of the computation.
  private func lines(ofTurn index: Int) -> Range<Int> {
    var end = index + 1
    while end < recording.lines.count {
      switch recording.lines[end].line {
      case .token, .write: end += 1
      case .end: return index..<end + 1
      default: return index..<end
      }
    }
    return index..<end
  }

  private mutating func check(_ turn: TurnStart, _ index: Int) -> Int {
    let range = lines(ofTurn: index)
    let recorded = recording.lines[range]
    let tokenCount = recorded.count { if case .token = $0.line { true } else { false } }
    let end = recorded.compactMap { if case .end(let end) = $0.line { end } else { nil } }.first
    // an answer that was stopped, or that the program did not live to finish, is stopped there again;
    // a write at the very end belongs to the token after it
    let isCut = end == nil || end?.why == .stopped
    let wanted = if case .write? = recorded.last?.line { tokenCount + 1 } else { tokenCount }
    let told = Told()
    ChatTurn.run(
      turn.text, in: &conversation,
      isStopped: { isCut && told.tokenCount >= wanted }, emit: { told.take($0) })
    report.turns += 1
    compare(Array(recorded), told.events, isWhole: end != nil)
    return range.upperBound
  }

  /// What a turn told of.
  private final class Told {
    private(set) var events: [SessionEvent] = []
    private(set) var tokenCount = 0

    func take(_ event: SessionEvent) {
      events.append(event)
      if case .token = event { tokenCount += 1 }
    }
  }

  private mutating func compare(
    _ recorded: [SessionRecording.Line], _ found: [SessionEvent], isWhole: Bool
  ) {
    let found = found.filter { SessionLine($0) != nil }
    for (i, line) in recorded.enumerated() {
      guard found.indices.contains(i) else {
        return differs(
          line.line.subject, line.number, line.line.position, line.line.essence, "nothing")
      }
      compare(line, found[i])
      if report.divergence != nil { return }
    }
    if isWhole, found.count > recorded.count, let last = recorded.last {
      differs(
        .token, last.number, conversation.state.position, "the turn's end",
        SessionLine(found[recorded.count])?.essence ?? "more")
    }
  }

  private mutating func compare(_ line: SessionRecording.Line, _ event: SessionEvent) {
    guard let found = SessionLine(event) else { return }
    switch line.line {
    case .token: report.tokens += 1
    case .write: report.updates += 1
    case .end: report.digests += 1
    default: break
    }
    guard !line.line.isSame(as: found) else { return }
    let place = line.line.place(unlike: found)
    differs(
      line.line.subject, line.number, line.line.position, line.line.essence, found.essence,
      level: place.level, block: place.block)
  }

  // MARK: Between turns

  private mutating func check(_ reset: StateReset, _ line: Int) {
    let done: (writes: [LevelWriteEvent], reset: StateReset)
    switch reset.scope {
    case .everything: return
    case .mixers: done = conversation.dropMixers()
    case .level(let index, _):
      guard index < conversation.levels.count else { return }
      done = conversation.reset(level: index)
    }
    for (recorded, found) in zip(looseWrites, done.writes) {
      report.updates += 1
      compareLoose(recorded, found)
    }
    looseWrites = []
    compare(.reset, line, reset.digest)
  }

  private mutating func compareLoose(
    _ recorded: (line: Int, write: LevelWriteEvent), _ found: LevelWriteEvent
  ) {
    let (a, b) = (SessionLine.write(recorded.write), SessionLine.write(found))
    guard !a.isSame(as: b) else { return }
    let place = a.place(unlike: b)
    differs(
      .update, recorded.line, recorded.write.position, a.essence, b.essence, level: place.level,
      block: place.block)
  }

  private mutating func compare(
    _ subject: Divergence.Subject, _ line: Int, _ recorded: SHA256Digest
  ) {
    report.digests += 1
    let found = conversation.state.digest
    guard found != recorded else { return }
    differs(
      subject, line, conversation.state.position, "digest \(recorded.short)",
      "digest \(found.short)")
  }

  private mutating func check(_ jump: Jump, _ line: Int) {
    do throws(SessionError) {
      _ = try conversation.jump(to: jump.target, jump.reason)
      conversation.sampler.randomState = jump.randomState
      compare(.jump, line, jump.digest)
    } catch {
      differs(.jump, line, jump.position, "a step back", "\(error)")
    }
  }

  // MARK: States on disk

  private mutating func load(_ facts: SnapshotFacts) throws(SessionFault) {
    conversation.replaceMemory(
      try facts.state(in: SessionFiles.folder(of: recording.path), loaded))
    report.snapshots += 1
  }

  private mutating func check(_ facts: SnapshotFacts, _ line: Int) throws(SessionFault) {
    if conversation.state.position < facts.position, conversation.turns.isEmpty {
      return try load(facts)  // a fork begins with it
    }
    compare(.state, line, facts.digest)
    let path = SessionFiles.snapshotPath(
      facts.digest, in: SessionFiles.folder(of: recording.path))
    do throws(SessionFault) {
      _ = try facts.state(in: SessionFiles.folder(of: recording.path), loaded)
      report.snapshots += 1
    } catch {
      guard !error.isMissing else { return }  // given up for newer ones
      let different = StateFile.differences(path, from: conversation.state, loaded.model)
      differs(
        .snapshot, line, facts.position, "snap/\(facts.digest.short)", "\(error)",
        level: different.first?.level, block: different.first?.block,
        tensor: different.first?.name)
    }
  }
}

extension SessionLine {
  var subject: Divergence.Subject {
    switch self {
    case .user: .words
    case .write: .update
    case .end: .end
    default: .token
    }
  }

  var position: Int {
    switch self {
    case .user(let turn): turn.position
    case .token(let token): token.position
    case .write(let write): write.position
    case .end(let end): end.position
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
  func isSame(as other: SessionLine) -> Bool {
    switch (self, other) {
    case (.end(let a), .end(let b)):
      a.stateDigest == b.stateDigest && a.why == b.why && a.text == b.text
        && a.randomState == b.randomState && a.answerTokens == b.answerTokens
        && a.readTokens == b.readTokens && a.position == b.position
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
