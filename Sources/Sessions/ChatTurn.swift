import Hope

/// One exchange: the user's words are read, then the answer is drawn, token by token.
struct ChatTurn {
  private let text: String
  private let script: Script?
  private let isStopped: () -> Bool
  private let emit: (SessionEvent) -> Void

  private var readTokens = 0
  private var answer: [TokenID] = []
  private var surprises: [Float] = []
  private var decoder: StreamingDecoder

  /// Tokens read between two looks at the stop flag: whole chunks are read at once within them.
  private static let readingStride = 512

  /// A turn that was: what is read, and what is answered whatever the model would draw.
  struct Script {
    let words: [AuthoredToken]
    let answer: [TokenID]
  }

  /// - Parameters:
  ///   - script: nil: the words as the tokenizer cuts them, and the answer as the model draws it.
  ///   - isStopped: asked between tokens; true ends the answer.
  static func run(
    _ text: String, script: Script? = nil, in conversation: inout Conversation,
    isStopped: @escaping () -> Bool, emit: @escaping (SessionEvent) -> Void
  ) {
    var turn = ChatTurn(
      text: text, script: script, isStopped: isStopped, emit: emit,
      decoder: conversation.prompt.answerDecoder())
    turn.run(&conversation)
  }

  private init(
    text: String, script: Script?, isStopped: @escaping () -> Bool,
    emit: @escaping (SessionEvent) -> Void, decoder: StreamingDecoder
  ) {
    (self.text, self.script, self.isStopped) = (text, script, isStopped)
    (self.emit, self.decoder) = (emit, decoder)
  }

  private mutating func run(_ c: inout Conversation) {
    let tokens =
      script?.words
      ?? c.prompt.tokens(text, isFirst: c.state.position == 0, system: c.settings.system)
    c.beginTurn(text, readTokens: tokens.count)
    let before = (state: c.state, updates: c.meter.updates, refused: c.meter.refused)
    let clock = ContinuousClock()
    let readingTime = clock.measure { read(tokens, &c) }
    c.pace.reading.add(readTokens, readingTime)
    var why = AnswerEnd.Reason.stopped
    let answerTime = clock.measure { why = draw(&c) }
    c.pace.answer.add(answer.count, answerTime)
    let changes = c.statuses.enumerated().map { i, status in
      LevelChange(
        status: status, writes: c.meter.updates[i] - before.updates[i],
        refused: c.meter.refused[i] - before.refused[i],
        changeRelative: c.state.change(ofLevel: i, since: before.state, in: c.model))
    }
    let digest = c.state.digest
    c.endTurn(position: c.state.position, digest: digest)
    emit(
      .answerEnded(
        AnswerEnd(
          why: why, text: c.prompt.answerText(answer), trailingText: decoder.finish(),
          readTokens: readTokens, answerTokens: answer.count,
          tokensPerSecond: Pace.Lap(tokens: answer.count, duration: answerTime).tokensPerSecond
            ?? 0,
          surpriseBits: surprises.isEmpty
            ? nil : surprises.reduce(0, +) / Float(surprises.count),
          changes: changes, position: c.state.position, stateDigest: digest,
          randomState: c.sampler.randomState)))
  }

  /// Reads the words, whole chunks at once.
  private mutating func read(_ tokens: [AuthoredToken], _ c: inout Conversation) {
    emit(
      .turnStarted(
        TurnStart(
          text: text, tokens: tokens, position: c.state.position,
          flushes: c.settings.learn != .off)))
    var words = StreamingDecoder(c.tokenizer)
    for first in stride(from: 0, to: tokens.count, by: Self.readingStride) where !isStopped() {
      var slice = tokens[first..<min(first + Self.readingStride, tokens.count)]
      let mark = slice.endIndex == tokens.count ? slice.popLast() : nil
      read(slice, &words, &c)
      guard let mark else { continue }
      flush(before: mark, &c)
      read([mark], &words, &c)
    }
  }

  /// What was just said is learned before the answer begins, whatever the fastest level's clock says.
  private func flush(before mark: AuthoredToken, _ c: inout Conversation) {
    guard c.settings.learn != .off else { return }
    let isLearnedFrom = c.settings.learn.learns(from: mark.author)
    let writes = c.model.flush(
      next: mark.id, isLearnedFrom: isLearnedFrom, settings: c.levels, state: &c.state)
    c.log.flush(next: mark.id, isLearnedFrom: isLearnedFrom, settings: c.levels)
    for write in c.meter.record(writes, position: c.state.position) { emit(.levelWrote(write)) }
  }

  private mutating func read(
    _ slice: ArraySlice<AuthoredToken>, _ words: inout StreamingDecoder, _ c: inout Conversation
  ) {
    var reports: [StepReport] = []
    c.model.ingest(
      slice.map(\.id), isLearnedFrom: slice.map { c.settings.learn.learns(from: $0.author) },
      settings: c.levels, state: &c.state
    ) { reports.append($0) }
    for (token, report) in zip(slice, reports) {
      note(report, token.author, text: words.append(token.id), &c)
    }
    readTokens += slice.count
  }

  /// Draws until the model gives the word back.
  private mutating func draw(_ c: inout Conversation) -> AnswerEnd.Reason {
    while answer.count < script?.answer.count ?? c.settings.maxTokens {
      if isStopped() { return .stopped }
      guard let token = script?.answer[answer.count] ?? next(&c) else { return .failed }
      if c.prompt.isEnd(token) { return .finished }
      let report = c.model.step(
        token, isLearnedFrom: c.settings.learn.learns(from: .assistant), settings: c.levels,
        state: &c.state)
      answer.append(token)
      note(report, .assistant, text: decoder.append(token), &c)
    }
    return .maxTokens
  }

  /// Draws one token; nil, and an event, where the model gives no finite logit.
  private func next(_ c: inout Conversation) -> TokenID? {
    do throws(SamplingError) {
      return try c.sampler.sample(c.prompt.drawable(c.state.logits, isFirst: answer.isEmpty)).token
    } catch {
      emit(.failed(.sampling(error)))
      return nil
    }
  }

  /// Logs one token and tells of it and of the writes before it.
  private mutating func note(
    _ report: StepReport, _ author: Author, text: String, _ c: inout Conversation
  ) {
    let isLearnedFrom = c.settings.learn.learns(from: author)
    c.log.read(report.token, isLearnedFrom: isLearnedFrom, settings: c.levels)
    for write in c.meter.record(report, settings: c.levels) { emit(.levelWrote(write)) }
    let isMark = c.tokenizer.isSpecial(report.token)
    if author == .user, !isMark, let bits = report.surpriseBits, bits.isFinite {
      surprises.append(bits)
    }
    emit(
      .token(
        TokenEvent(
          position: report.position, id: report.token, text: text, author: author,
          isLearnedFrom: isLearnedFrom, surpriseBits: report.surpriseBits,
          entropyBits: report.entropyBits)))
  }
}
