import Tensors

// Closing a base chunk: its tokens once more, as matrix products, from the state at the chunk's start.
// This is the code that training streams through.

extension HopeModel {
  /// Ends the open chunk, learns from it and opens the next one.
  /// - Parameters:
  ///   - next: the token after the chunk, the target of its last position; nil where the chunk is cut
  ///     short and its last position teaches nothing.
  ///   - settings: the switches now; nil: those of the chunk's last token. A level that is frozen now
  ///     does not write, whatever it has gathered.
  @discardableResult
  package func closeChunk(
    next: TokenID?, isLearnedFrom: Bool = false, settings: LevelSettings? = nil,
    state: inout HopeState
  ) -> [LevelWrite] {
    guard !state.open.tokens.isEmpty else { return [] }
    let targets = ChunkTargets(
      state.open, next: next, isLearnedFrom: isLearnedFrom, closing: settings)
    return run(state.open, targets, from: &state, reading: false).writes
  }

  /// Ends the open chunk before its time and lets the fastest levels write what they have gathered, so
  /// that what was just said can be asked for in the next sentence. What they knew fades by the share
  /// of the period that has passed (λ to that power). `next` is the token that will be run next.
  @discardableResult
  package func flush(
    next: TokenID, isLearnedFrom: Bool, settings: LevelSettings? = nil, state: inout HopeState
  ) -> [LevelWrite] {
    guard !state.open.tokens.isEmpty else { return [] }
    let targets = ChunkTargets(
      state.open, next: next, isLearnedFrom: isLearnedFrom, closing: settings)
    return run(state.open, targets, from: &state, reading: false, early: true).writes
  }

  /// Forgets what the mixers hold, and keeps what the levels have learned.
  package func dropMixers(_ state: inout HopeState) {
    state.unreportedWrites += closeChunk(next: nil, state: &state)
    state.stream.mixers = freshState().stream.mixers
    state.open = OpenChunk(mixers: state.stream.mixers)
  }

  /// Forgets what one level has learned; 0 is the mixer.
  package func reset(level index: Int, _ state: inout HopeState) {
    guard index > 0 else { return dropMixers(&state) }
    state.unreportedWrites += closeChunk(next: nil, state: &state)
    state.unreportedWrites.removeAll { $0.level == index - 1 }  // forgotten with the rest
    for b in state.stream.levels.indices { state.stream.levels[b][index - 1] = LevelState() }
  }

  /// Forgets what all levels have learned, and keeps the mixers.
  package func dropLevels(_ state: inout HopeState) {
    for index in configuration.levels.indices { reset(level: index + 1, &state) }
  }

  /// Reads many tokens, whole chunks at once where the stream stands at a chunk's start. The state
  /// afterwards is, bit for bit, that of one `step` per token.
  package func ingest(
    _ tokens: [TokenID], isLearnedFrom: [Bool], settings: LevelSettings, state: inout HopeState,
    observe: (StepReport) -> Void = { _ in }
  ) {
    precondition(
      tokens.count == isLearnedFrom.count, "\(tokens.count) tokens, \(isLearnedFrom.count) flags")
    var at = 0
    while at < tokens.count {
      let room = configuration.baseChunkSize - state.position % configuration.baseChunkSize
      let isAtStart = state.open.tokens.isEmpty || isChunkFull(state)
      guard isAtStart, at + room < tokens.count else {
        observe(
          step(tokens[at], isLearnedFrom: isLearnedFrom[at], settings: settings, state: &state))
        at += 1
        continue
      }
      let writes =
        state.unreportedWrites
        + closeChunk(
          next: tokens[at], isLearnedFrom: isLearnedFrom[at], settings: settings, state: &state)
      var open = state.open
      for i in at..<at + room {
        open.append(tokens[i], isLearnedFrom: isLearnedFrom[i], settings: settings)
      }
      at += room
      ingest(
        open, next: tokens[at], isLearnedFrom[at], writesBefore: writes, &state, observe: observe)
    }
  }

  /// One whole chunk whose last target is the token after it, which is not run yet.
  private func ingest(
    _ open: OpenChunk, next: TokenID, _ isLearnedFrom: Bool, writesBefore: [LevelWrite],
    _ state: inout HopeState, observe: (StepReport) -> Void
  ) {
    let (position, before) = (state.position, state.logits)
    let targets = ChunkTargets(open, next: next, isLearnedFrom: isLearnedFrom, closing: nil)
    let result = run(open, targets, from: &state, reading: true)
    state.logits = result.lastLogits
    let first = Prediction(logits: before)?.measured(open.tokens[0])
    for (i, token) in open.tokens.enumerated() {
      observe(
        StepReport(
          position: position + i, token: token,
          surpriseBits: i == 0
            ? first?.surpriseBits : result.losses[i - 1] * Prediction.bitsPerNat,
          entropyBits: i == 0 ? first?.entropyBits : nil, writes: i == 0 ? writesBefore : []))
    }
    state.unreportedWrites = result.writes
  }

  private struct ChunkResult {
    var writes: [LevelWrite] = []
    /// −ln p of every target, if `reading`.
    var losses: [Float] = []
    var lastLogits: [Float] = []
  }

  /// Runs a whole chunk from the stream's state, learns from it and moves the stream to its end.
  private func run(
    _ open: OpenChunk, _ targets: ChunkTargets, from state: inout HopeState, reading: Bool,
    early: Bool = false
  ) -> ChunkResult {
    let c = configuration
    var tape = Tape(lanes: lanes)
    let model = HopeParameters(c, values: parameters.flat.map { tape.leaf($0) })
    var live = state.stream.map { tape.leaf($0) }
    var (chunk, result) = (ChunkPass(tape: tape), ChunkResult())
    let learns = targets.learns(open)
    for first in stride(from: 0, to: open.tokens.count, by: c.mixerChunkSize) {
      let range = first..<min(first + c.mixerChunkSize, open.tokens.count)
      let segment = model.forward(
        Array(open.tokens[range]), state: &live, access: open.access(range), learns: learns,
        configuration: c, sequences: 1, tape: &tape)
      chunk.segments.append(segment)
      guard learns || reading else { continue }
      let losses = tape.tokenLosses(
        segment.output, table: model.embedding, targets: Array(targets.tokens[range]))
      chunk.losses.append(losses)
      if reading { result.losses += tape[losses.losses].elements }
    }
    if reading, let last = chunk.segments.last {
      let rows = tape[last.output]
      result.lastLogits =
        rows.rows(rows.rowCount - 1..<rows.rowCount)
        .timesTransposed(parameters.embedding, lanes: lanes).elements
    }
    result.writes = model.learn(
      learns ? chunk : nil, writes: targets.writes(open, every: c.mixerChunkSize), state: &live,
      configuration: c, sequences: 1, tape: &tape, early: early)
    state.stream = live.map { tape[$0] }
    state.open = OpenChunk(mixers: state.stream.mixers)
    return result
  }
}

/// What the positions of a chunk predict and whether the levels learn from it.
private struct ChunkTargets {
  /// −1: none.
  let tokens: [TokenID]
  let isLearnedFrom: [Bool]
  /// The switches when the chunk ends.
  private let closing: LevelSettings

  init(
    _ open: OpenChunk, next: TokenID?, isLearnedFrom nextTeaches: Bool, closing: LevelSettings?
  ) {
    self.closing = closing ?? open.settings[open.settings.count - 1]
    tokens = open.tokens.dropFirst() + [next ?? -1]
    isLearnedFrom = open.isLearnedFrom.dropFirst() + [next != nil && nextTeaches]
  }

  /// Whether any position teaches any level.
  func learns(_ open: OpenChunk) -> Bool {
    zip(isLearnedFrom, open.settings).contains { $0 && $1.levels.contains { $0.isWritable } }
  }

  func writes(_ open: OpenChunk, every size: Int) -> ChunkWrites {
    let levelCount = open.settings[0].levels.count
    let ranges = stride(from: 0, to: tokens.count, by: size).map {
      $0..<min($0 + size, tokens.count)
    }
    var writes = ChunkWrites(
      lossWeights: ranges.map { $0.map { isLearnedFrom[$0] ? 1 : 0 } }, levelCount: levelCount)
    writes.isOpen = closing.levels.map(\.isWritable)
    for (s, range) in ranges.enumerated() {
      for l in 0..<levelCount {
        writes.levelWrites[s][l] = open.flags(range) { $0.levels[l].isWritable ? 1 : 0 }
      }
    }
    return writes
  }
}

extension OpenChunk {
  mutating func append(_ token: TokenID, isLearnedFrom: Bool, settings: LevelSettings) {
    tokens.append(token)
    self.isLearnedFrom.append(isLearnedFrom)
    self.settings.append(settings)
  }

  /// One value per token of a range; nil where all are 1.
  func flags(_ range: Range<Int>, _ value: (LevelSettings) -> Float) -> [Float]? {
    let values = range.map { value(settings[$0]) }
    return values.allSatisfy { $0 == 1 } ? nil : values
  }

  /// The switches of a range of tokens.
  func access(_ range: Range<Int>) -> SegmentAccess {
    var access = SegmentAccess(levelCount: settings[0].levels.count)
    access.mixer.readGains = flags(range) { $0.mixer.readGain }
    access.mixer.writes = flags(range) { $0.mixer.isWritable ? 1 : 0 }
    for l in access.gains.indices { access.gains[l] = flags(range) { $0.levels[l].readGain } }
    return access
  }
}
