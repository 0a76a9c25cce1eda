import Hope

// Taking a recorded session up again: what was done is read from the file, the memory from the last
// snapshot, and what came after it is computed again and compared with the recorded digest.

/// Walks through a recording and rebuilds all of a conversation but its memory.
struct Rebuilding {
  private(set) var conversation: Conversation
  /// The last digest recorded on the way to the present.
  private(set) var digest: SHA256Digest
  private(set) var position = 0
  /// States on disk that lie on the way to the present.
  private(set) var snapshots: [(facts: SnapshotFacts, moment: StreamLog.Moment)] = []
  /// The turn that has begun and not ended.
  private var open: (turn: TurnStart, read: Int)?
  /// Where the lines of each turn of the conversation begin.
  private var turnStarts: [Said] = []
  /// The line a turn begins with, and the switches it was said under.
  private struct Said {
    let line: Int
    let levels: LevelSettings
  }
  private let recording: SessionRecording
  private let load: (SnapshotFacts) throws(SessionFault) -> HopeState

  /// - Parameter load: reads a state that the session cannot do without.
  init(
    _ recording: SessionRecording, _ loaded: LoadedModel,
    load: @escaping (SnapshotFacts) throws(SessionFault) -> HopeState
  ) {
    conversation = Conversation(loaded, settings: recording.header.settings)
    conversation.sampler.randomState = recording.header.randomState
    digest = conversation.freshDigest
    self.recording = recording
    self.load = load
    for setting in recording.header.switches { conversation.set(setting) }
  }

  /// The words of a turn that has no end.
  var unanswered: String? { open?.turn.text }

  mutating func takeAll() throws(SessionFault) {
    for index in recording.lines.indices { try take(index) }
  }

  mutating func take(_ index: Int) throws(SessionFault) {
    switch recording.lines[index].line {
    case .user(let turn): begin(turn, index)
    case .token(let token): read(token)
    case .write(let write): conversation.meter.take(write)
    case .setting(let setting): try? conversation.apply(setting)
    case .level(let setting): conversation.set(setting)
    case .reset(let reset): self.reset(reset)
    case .snapshot(let facts): try takeSnapshot(facts)
    case .load(let facts, let what): try replaceMemory(facts, .memory(what))
    case .end(let end): finish(end)
    case .jump(let jump): go(jump)
    case .mark(let marker): conversation.set(marker)
    case .renamed, .repair, .exit, .other: break
    }
  }

  private mutating func begin(_ turn: TurnStart, _ index: Int) {
    conversation.log.closeRun()
    conversation.turns.append(
      conversation.mark(turn.text, at: turn.position, readTokens: turn.tokens.count))
    turnStarts.append(Said(line: index, levels: conversation.levels))
    open = (turn, 0)
  }

  private mutating func read(_ token: TokenEvent) {
    if let now = open, now.turn.flushes, now.read == now.turn.tokens.count - 1 {
      conversation.log.flush(
        next: token.id, isLearnedFrom: token.isLearnedFrom, settings: conversation.levels)
    }
    open?.read += 1
    conversation.log.read(
      token.id, isLearnedFrom: token.isLearnedFrom, settings: conversation.levels)
    conversation.meter.takeToken(
      surpriseBits: token.surpriseBits, settings: conversation.levels)
    position = token.position + 1
  }

  private mutating func reset(_ reset: StateReset) {
    switch reset.scope {
    case .everything: break  // a session has one conversation
    case .mixers: conversation.log.dropMixers()
    case .levels:
      conversation.log.dropLevels()
      conversation.meter.resetLevels()
    case .level(let index, _):
      guard index < conversation.levels.count else { return }
      conversation.log.reset(level: index)
      conversation.meter.reset(level: index)
    }
    digest = reset.digest
    conversation.witness(reset.digest)
  }

  private mutating func takeSnapshot(_ facts: SnapshotFacts) throws(SessionFault) {
    conversation.log.closeRun()
    if position < facts.position, conversation.turns.isEmpty {
      return try replaceMemory(facts, recording.beginning)
    }
    snapshots.append((facts, conversation.log.now))
    digest = facts.digest
  }

  /// The session begins with this memory, or it was put in place of the one before.
  private mutating func replaceMemory(
    _ facts: SnapshotFacts, _ beginning: Beginning
  ) throws(SessionFault) {
    let markers = conversation.markers
    conversation.replaceMemory(try load(facts), beginning)
    conversation.markers = markers.filter { $0.state != nil }
    (snapshots, turnStarts) = ([], [])
    (position, digest) = (facts.position, facts.digest)
  }

  private mutating func finish(_ end: AnswerEnd) {
    if let state = end.randomState { conversation.sampler.randomState = state }
    conversation.endTurn(position: end.position, digest: end.stateDigest)
    (open, position, digest) = (nil, end.position, end.stateDigest)
  }

  private mutating func go(_ jump: Jump) {
    let found = try? conversation.destination(
      jump.target, after: jump.dropsBefore, end: position)
    guard let goal = found else { return }
    cut(at: goal, position: jump.position, digest: jump.digest)
    conversation.sampler.randomState = jump.randomState
  }

  private mutating func cut(at goal: Destination, position: Int, digest: SHA256Digest) {
    let turn = goal.turn.map { (mark: conversation.turns[$0], start: turnStarts[$0]) }
    conversation.cut(at: goal, position: position, digest: digest)
    turnStarts.removeSubrange(conversation.turns.count...)
    if let turn { conversation.meter = turn.mark.meter }
    if let turn, case .token(let token) = goal.target { recount(turn.start, to: token) }
    if let meter = conversation.meter(at: goal) { conversation.meter = meter }
    snapshots.removeAll { $0.moment > goal.moment }
    (open, self.position, self.digest) = (nil, position, digest)
  }

  /// Counts the lines of a turn again, up to a token.
  private mutating func recount(_ turn: Said, to position: Int) {
    for line in recording.lines[(turn.line + 1)...] {
      switch line.line {
      case .token(let token) where token.position < position:
        conversation.meter.takeToken(surpriseBits: token.surpriseBits, settings: turn.levels)
      case .write(let write) where write.position < position: conversation.meter.take(write)
      case .token, .write, .other: continue
      default: return
      }
    }
  }

  /// Takes back a turn that has no end.
  mutating func dropUnfinished() {
    let number = conversation.turns.count
    guard let open, let goal = try? conversation.destination(.turn(number), end: position) else {
      return
    }
    let random = conversation.turns[number - 1].randomState
    cut(at: goal, position: open.turn.position, digest: digest)
    conversation.sampler.randomState = random
  }
}

extension Conversation {
  /// Sets a level's switches as they were told.
  mutating func set(_ setting: LevelSetting) {
    guard setting.level < levels.count else { return }
    levels[setting.level].access = setting.access
    levels[setting.level].gain = setting.gain
  }

  /// Another memory takes the place of the present one; what was said before cannot be gone back to.
  mutating func replaceMemory(_ new: HopeState, _ beginning: Beginning) {
    state = new
    meter = LevelMeter(model)
    let said = earlierTurns + turns.count
    becomeStart(beginning)
    if case .memory = beginning { earlierTurns = said }
  }

  /// What was said until now can no longer be gone back to: a session begins here.
  mutating func becomeStart(_ beginning: Beginning) {
    log = StreamLog(start: state)
    (turns, markers, witnesses) = ([], [], [])
    earlierTurns = 0
    self.beginning = beginning
    witness(state.digest)
  }
}

extension Conversation {
  /// Takes a recorded session up again.
  /// - Throws: where the memory cannot be brought back as it was.
  static func restore(
    _ recording: SessionRecording, _ loaded: LoadedModel
  ) throws(SessionFault) -> (conversation: Conversation, restoration: Restoration) {
    try recording.check(loaded)
    var problems = recording.problems
    let folder = SessionFiles.folder(of: recording.path)
    func load(_ facts: SnapshotFacts) throws(SessionFault) -> HopeState {
      try facts.state(in: folder, loaded)
    }
    var rebuilding = Rebuilding(recording, loaded, load: load)
    try rebuilding.takeAll()
    let unanswered = rebuilding.unanswered
    rebuilding.dropUnfinished()
    var c = rebuilding.conversation
    var (state, start) = (c.state, StreamLog.Moment.start)
    var isFound = false
    for snapshot in rebuilding.snapshots.reversed() {
      if isFound {  // older ones are fetched when somebody goes back so far
        c.log.keep(at: snapshot.moment) { try? load(snapshot.facts) }
        continue
      }
      do throws(SessionFault) {
        (state, start) = (try load(snapshot.facts), snapshot.moment)
        c.log.keep(state, at: start)
        isFound = true
      } catch {
        if !error.isMissing { problems.append(error.description) }
      }
    }
    let from = state.position
    c.log.advance(&state, from: start, to: c.log.now, model: c.model)
    c.state = state
    let digest = state.digest
    guard digest == rebuilding.digest else {
      throw .differs(
        position: state.position, recorded: rebuilding.digest, found: digest,
        note: recording.note(on: loaded.model.numericIdentity))
    }
    return (
      c,
      Restoration(
        session: recording.sessionName, position: state.position,
        turnCount: c.earlierTurns + c.turns.count,
        tensorCount: state.tensorCount, digest: digest, recomputedTokens: state.position - from,
        unanswered: unanswered, problems: problems)
    )
  }
}
