import Hope

/// Says the recorded words to a conversation of its own and compares all that happens, to the bit.
struct ExactCheck {
  /// Whose tokens the answers are made of.
  enum Answers {
    /// The model's own.
    case drawn
    /// The recorded ones.
    case scripted
  }

  private let recording: SessionRecording
  private let loaded: LoadedModel
  private let answers: Answers
  private(set) var report: VerificationReport
  private(set) var conversation: Conversation
  /// Writes recorded outside a turn, whose reset is still to come.
  private var looseWrites: [(line: Int, write: LevelWriteEvent)] = []
  /// Index of the line after those that were compared.
  private(set) var next = 0
  private var agreed: Divergence.Moment?
  /// Whether the first digest after a difference is the computed one; nil before it was met.
  private var agreesAgain: Bool?
  /// The first write that differs, where answers are scripted: also after the first difference.
  private(set) var changedWrite: (level: String?, block: Int?)?

  init(_ recording: SessionRecording, _ loaded: LoadedModel, _ report: VerificationReport) {
    (self.recording, self.loaded, self.report, answers) = (recording, loaded, report, .drawn)
    conversation = Conversation(loaded, settings: recording.header.settings)
    conversation.sampler.randomState = recording.header.randomState
    for setting in recording.header.switches { conversation.set(setting) }
  }

  /// Goes on from a conversation as it was before a line, and reads the recorded answers.
  init(
    _ recording: SessionRecording, _ loaded: LoadedModel, _ report: VerificationReport,
    from line: Int, _ conversation: Conversation
  ) {
    (self.recording, self.loaded, self.report, answers) = (recording, loaded, report, .scripted)
    (next, self.conversation) = (line, conversation)
  }

  mutating func run(_ progress: (Int) -> Void) throws(SessionFault) -> VerificationReport {
    while next < recording.lines.count, report.divergence == nil {
      try check()
      progress(next)
    }
    try explain()
    return report
  }

  /// Compares up to, and without, a line.
  /// - Returns: whether all was the same.
  mutating func run(to end: Int) throws(SessionFault) -> Bool {
    while next < end { try check() }
    return report.divergence == nil
  }

  /// Compares the next line, or all lines of a turn.
  private mutating func check() throws(SessionFault) {
    let line = recording.lines[next]
    let index = next
    next += 1
    switch line.line {
    case .user(let turn): check(turn, index)
    case .setting(let setting): try? conversation.apply(setting)
    case .level(let setting): conversation.set(setting)
    case .write(let write): looseWrites.append((line.number, write))
    case .reset(let reset): check(reset, line.number)
    case .snapshot(let facts): try check(facts, line.number)
    case .load(let facts, let what): try load(facts, line.number, .memory(what))
    case .jump(let jump): check(jump, line.number)
    case .mark(let marker): check(marker, line.number)
    case .token(let token):
      differs(.token, line.number, token.position, "a token", "no turn it could belong to")
    case .end(let end):
      differs(.end, line.number, end.position, "an end", "no turn that could end")
    case .renamed, .repair, .exit, .other: break
    }
  }

  private mutating func differs(
    _ subject: Divergence.Subject, _ line: Int, _ position: Int, _ recorded: String,
    _ found: String, level: String? = nil, block: Int? = nil, tensor: String? = nil
  ) {
    guard report.divergence == nil else { return }
    report.divergence = Divergence(
      subject: subject, line: line, turn: conversation.turns.count, position: position,
      level: level, block: block, tensor: tensor, recorded: recorded, found: found,
      agreed: agreed)
  }

  /// A recorded digest of the state was computed, or not.
  private mutating func note(_ isSame: Bool, _ line: Int) {
    guard let divergence = report.divergence else {
      if isSame {
        agreed = Divergence.Moment(line: line, position: conversation.state.position)
      }
      return
    }
    if agreesAgain == nil, isSame || divergence.line != line { agreesAgain = isSame }
  }

  /// Finds out why: computes on to the next digest and, where that differs too, bisects.
  private mutating func explain() throws(SessionFault) {
    guard let line = report.divergence?.line, report.divergence?.cause == .unknown else { return }
    do throws(SessionFault) {
      while next < recording.lines.count, agreesAgain == nil { try check() }
    } catch {
      agreesAgain = agreesAgain ?? false
    }
    if agreesAgain == true {
      report.divergence?.cause = .changedLine
    } else if let found = report.divergence,
      let index = recording.lines.firstIndex(where: { $0.number == line })
    {
      report.divergence = Bisection(recording, loaded, report).explained(found, at: index)
    }
  }

  // MARK: Turns

  /// What a turn's lines tell of the computation.
  private func lines(ofTurn index: Int) -> Range<Int> {
    var end = index + 1
    while end < recording.lines.count {
      switch recording.lines[end].line {
      case .token, .write, .other: end += 1
      case .end: return index..<end + 1
      default: return index..<end
      }
    }
    return index..<end
  }

  private mutating func check(_ turn: TurnStart, _ index: Int) {
    looseWrites = []  // a program that was killed between them and their reset
    let range = lines(ofTurn: index)
    next = range.upperBound
    let recorded = recording.lines[range].filter { !$0.line.isOther }
    let tokens = recorded.compactMap { if case .token(let token) = $0.line { token } else { nil } }
    let end = recorded.compactMap { if case .end(let end) = $0.line { end } else { nil } }.first
    // an answer that was stopped, or that the program did not live to finish, is stopped there again;
    // a write at the very end belongs to the token after it. One token too many is a difference.
    let isCut = end == nil || end?.why == .stopped
    let isWriteLast = if case .write? = recorded.last?.line { true } else { false }
    let limit = tokens.count + (isCut && !isWriteLast ? 0 : 1)
    let told = Told()
    ChatTurn.run(
      turn.text, script: script(turn, tokens), in: &conversation,
      isStopped: { told.tokenCount >= limit }, emit: { told.take($0) })
    report.turns += 1
    if report.divergence == nil || answers == .scripted {
      compare(recorded, told.events, isWhole: end != nil)
    }
    if let end, let line = recorded.last {
      note(end.stateDigest == conversation.state.digest, line.number)
    }
  }

  private func script(_ turn: TurnStart, _ tokens: [TokenEvent]) -> ChatTurn.Script? {
    guard answers == .scripted else { return nil }
    let words = tokens.prefix(turn.tokens.count).map { AuthoredToken($0.id, $0.author) }
    return ChatTurn.Script(
      words: words + turn.tokens.dropFirst(words.count),
      answer: tokens.dropFirst(turn.tokens.count).map(\.id))
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
      if report.divergence != nil, answers == .drawn { return }
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
    let isSame = line.line.isSame(
      as: found, isScripted: answers == .scripted, isWhole: hasWholeCounts)
    guard !isSame else { return }
    let place = line.line.place(unlike: found)
    if changedWrite == nil, place.level != nil { changedWrite = place }
    let told = line.line.told(unlike: found, isWhole: hasWholeCounts)
    differs(
      line.line.subject, line.number, line.line.position, told.recorded, told.found,
      level: place.level, block: place.block)
  }

  /// Whether counts and running means begin where the conversation does, here and in the recording.
  private var hasWholeCounts: Bool {
    switch conversation.beginning {
    case .nothing, .memory: true
    case .fork, .lateRecording: false
    }
  }

  // MARK: Between turns

  private mutating func check(_ reset: StateReset, _ line: Int) {
    let done: (writes: [LevelWriteEvent], reset: StateReset)
    switch reset.scope {
    case .everything: return
    case .mixers: done = conversation.dropMixers()
    case .levels: done = conversation.dropLevels()
    case .level(let index, _):
      guard index < conversation.levels.count else { return }
      done = conversation.reset(level: index)
    }
    for (recorded, found) in zip(looseWrites, done.writes) {
      report.updates += 1
      compareLoose(recorded, found)
    }
    if looseWrites.count != done.writes.count {
      differs(
        .update, line, conversation.state.position, "\(looseWrites.count) writes before a reset",
        "\(done.writes.count)")
    }
    looseWrites = []
    compare(.reset, line, reset.digest)
  }

  private mutating func compareLoose(
    _ recorded: (line: Int, write: LevelWriteEvent), _ found: LevelWriteEvent
  ) {
    let (a, b) = (SessionLine.write(recorded.write), SessionLine.write(found))
    guard !a.isSame(as: b) else { return }
    let (place, told) = (a.place(unlike: b), a.told(unlike: b))
    differs(
      .update, recorded.line, recorded.write.position, told.recorded, told.found,
      level: place.level, block: place.block)
  }

  private mutating func compare(
    _ subject: Divergence.Subject, _ line: Int, _ recorded: SHA256Digest
  ) {
    report.digests += 1
    let found = conversation.state.digest
    if found != recorded {
      differs(
        subject, line, conversation.state.position, "digest \(recorded.short)",
        "digest \(found.short)")
    }
    note(found == recorded, line)
  }

  /// A marker is of the moment it was set in. One whose digest is not recorded may have been taken
  /// over from another session.
  private mutating func check(_ marker: Marker, _ line: Int) {
    if let digest = marker.digest {
      compare(.mark, line, digest)
      if marker.position != conversation.state.position || digest != marker.state ?? digest {
        differs(
          .mark, line, conversation.state.position, "@\(marker.position)",
          "@\(conversation.state.position)")
      }
    }
    if let fault = marker.fault(in: SessionFiles.folder(of: recording.path), loaded) {
      differs(.mark, line, marker.position, "memory \(marker.state?.short ?? "")", fault)
    }
    conversation.set(marker)
  }

  private mutating func check(_ jump: Jump, _ line: Int) {
    looseWrites = []
    do throws(SessionError) {
      let done = try conversation.jump(to: jump.target, after: jump.dropsBefore, jump.reason)
      if done.position != jump.position || done.randomState != jump.randomState {
        differs(
          .jump, line, jump.position, "@\(jump.position), random \(jump.randomState)",
          "@\(done.position), random \(done.randomState)")
      }
      conversation.sampler.randomState = jump.randomState
      compare(.jump, line, jump.digest)
    } catch {
      differs(.jump, line, jump.position, "a step back", "\(error)")
    }
  }

  // MARK: States on disk

  private mutating func load(
    _ facts: SnapshotFacts, _ line: Int, _ beginning: Beginning
  ) throws(SessionFault) {
    conversation.replaceMemory(
      try facts.state(in: SessionFiles.folder(of: recording.path), loaded), beginning)
    report.snapshots += 1
    note(true, line)
  }

  private mutating func check(_ facts: SnapshotFacts, _ line: Int) throws(SessionFault) {
    if conversation.state.position < facts.position, conversation.turns.isEmpty {
      return try load(facts, line, recording.beginning)
    }
    compare(.state, line, facts.digest)
    guard report.divergence == nil else { return }
    let folder = SessionFiles.folder(of: recording.path)
    let path = SessionFiles.snapshotPath(facts.digest, in: folder)
    var problem: SessionFault?
    do throws(SessionFault) {
      _ = try facts.state(in: folder, loaded)
    } catch {
      guard !error.isMissing else { return }  // given up for newer ones
      problem = error
    }
    report.snapshots += 1
    let first = StateFile.differences(path, from: conversation.state, loaded.model).first
    guard problem != nil || first != nil else { return }
    differs(
      .snapshot, line, facts.position, "snap/\(facts.digest.short)",
      problem.map { "\($0)" } ?? "another tensor", level: first?.level, block: first?.block,
      tensor: first?.name)
    report.divergence?.cause = .changedSnapshot
  }
}
