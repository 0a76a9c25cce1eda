import Hope
import Sessions

// What happened changes what is seen.

extension AppState {
  mutating func take(_ event: SessionEvent) -> [Effect] {
    keep(event)
    if postpone(event) || isTooEarly(event) { return [] }
    switch event {
    case .loading(let path): phase = .loading(path: path, since: now)
    case .modelLoaded(let facts): return start(facts)
    case .turnStarted(let start): begin(start)
    case .token(let token): take(token)
    case .levelWrote(let write): take(write)
    case .answerEnded(let end): return finish(end)
    case .levelSet(let setting): take(setting)
    case .settingChanged(let setting): take(setting)
    case .stateReset(let reset): return take(reset)
    case .levels(let statuses): take(statuses)
    case .settings(let settings): tell(Report(brush.glyphs).settings(settings))
    case .statistics(let statistics): tell(Report(brush.glyphs).statistics(statistics))
    case .explanation(let level): tell(Report(brush.glyphs).explanation(level))
    case .inspected(let facts): take(facts)
    case .help(let topic): openHelp(topic)
    case .failed(let error): return take(error)
    case .recalled(let recall): return take(recall)
    case .jumped(let jump): return take(jump)
    case .memoryLoaded(let load): return take(load)
    case .sessions(let sessions):
      take(sessions)
    case .memoryLog(let kept): tell(Report(brush.glyphs).memoryLog(kept))
    case .restored, .marked, .memoryExported, .memoryCompared, .compared, .recording,
      .saved, .exported, .model, .session:
      if case .recording(let event) = event { take(event) }
      if tellFork(event) { return [] }
      if case .restored(let restoration) = event {
        (session, position) = (session ?? restoration.session, restoration.position)
      }
      if case .compared(let lanes) = event { self.lanes = LanesState(comparison: lanes) }
      if let notice = SessionNotice(event) { tell(notice) }
    case .commandFinished: finishCommand()
    case .ended: return end()
    }
    return []
  }

  private mutating func start(_ facts: ModelFacts) -> [Effect] {
    phase = .ready(facts)
    levels = facts.levels.map(LevelMonitor.init)
    selectedLevel = min(1, max(0, levels.count - 1))
    let (first, then) = (early.filter(\.isRecall), early.filter { !$0.isRecall })
    early = []
    endNotice(.modelLoaded)
    return (first + then).flatMap { take($0) }
  }

  /// What happens to the session before the model is there waits for it.
  private mutating func isTooEarly(_ event: SessionEvent) -> Bool {
    switch (phase, event) {
    case (.starting, .recalled), (.starting, .restored), (.starting, .jumped),
      (.starting, .recording), (.loading, .recalled), (.loading, .restored), (.loading, .jumped),
      (.loading, .recording):
      early.append(event)
      return true
    default: return false
    }
  }

  mutating func tell(_ text: RichText, _ kind: Entry.Kind = .report) { tell([text], kind) }

  /// What a command answers stands below the line that asked for it.
  mutating func tell(_ forms: [RichText], _ kind: Entry.Kind = .report) {
    if recordedTime == nil, let line = openCommands.first?.line {
      openCommands[0].line = nil
      transcript.add(.command, [RichText(line, .quiet)])
    }
    transcript.add(kind, forms)
  }

  private mutating func take(_ sessions: [SessionSummary]) {
    sessionNames = sessions.map { RichText.safe($0.name) }
    guard silentLists == 0 else {
      silentLists -= 1
      return
    }
    tell(Report(brush.glyphs).sessions(sessions))
  }

  /// A fork of the same name as its parent is told apart from it.
  /// - Returns: whether the event was one.
  private mutating func tellFork(_ event: SessionEvent) -> Bool {
    guard case .recording(.forked(let fork, from: let parent)) = event, fork.name == parent.name
    else { return false }
    tell(
      RichText(
        "this is now a fork of \(fork.name) (id \(fork.id.suffix(8))); \(parent.name) "
          + "(id \(parent.id.suffix(8))) stays as it was; /rename NAME gives this one its own"))
    return true
  }

  private mutating func tell(_ notice: SessionNotice) {
    guard !notice.isAlarm else { return alarm(notice.sentence) }
    tell(RichText(notice.sentence))
  }

  mutating func alarm(_ sentence: String) {
    var text = RichText("error: ", .alarm)
    text.append(sentence)
    tell(text, .alarm)
  }

  private mutating func finishCommand() {
    if !openCommands.isEmpty { openCommands.removeFirst() }
    guard openCommands.isEmpty else { return }
    endNotice(.idle)
    (waitingMessages, isStopping, silentInspections, silentLists) = (0, false, [], 0)
    for i in levels.indices { levels[i].forgetAsked() }
  }

  private mutating func take(_ error: SessionError) -> [Effect] {
    switch phase {
    case .starting, .loading:
      phase = .failed(error.description)
      lastWords = RichText.safe("hope: \(error.description)")
      return [.quit(code: 3)]
    case .ready, .failed, .ended:
      alarm(error.description)
      return []
    }
  }

  private mutating func end() -> [Effect] {
    guard case .ready = phase else { return [] }
    phase = .ended
    return []
  }
}

extension SessionEvent {
  fileprivate var isRecall: Bool { if case .recalled = self { true } else { false } }
}

// MARK: Turns

extension AppState {
  private mutating func begin(_ start: TurnStart) {
    if recordedTime == nil { waitingMessages = max(0, waitingMessages - 1) }
    let question = transcript.addText(.you, start.text)
    noteTurn(start, entry: question)
    turn = Turn(total: start.tokens.count, question: question)
    tokensPerSecond = nil
  }

  private mutating func take(_ token: TokenEvent) {
    let number = tokens.append(TokenRecord(token))
    position = token.position + 1
    surprise.append(token.surpriseBits)
    authors.append(token.author == .user ? 1 : 0)
    for i in levels.indices { levels[i].take(token) }
    if turn == nil { turn = Turn(total: 0, question: -1) }
    turn?.seen += 1
    if let turn, turn.seen > turn.total {
      answer(token, number)
    } else if token.author == .user {
      tint(token, number)
    }
  }

  /// A token of the answer.
  private mutating func answer(_ token: TokenEvent, _ number: Int) {
    guard var turn else { return }
    let id = turn.answer ?? transcript.add(.hope)
    turn.answer = transcript.append(
      token.text, Ink.surprise(bits: token.surpriseBits), token: number, toEntry: id)
    transcript.change(turn.answer ?? id) { $0.hasPartialCharacter = token.text.isEmpty }
    turn.answerTokens += 1
    if let start = turn.answerStart {
      let seconds = (recordedTime ?? now) - start
      if seconds > 0.3 { tokensPerSecond = Double(turn.answerTokens - 1) / seconds }
    } else {
      turn.answerStart = recordedTime ?? now
    }
    self.turn = turn
  }

  /// A token of the user's words: they get their tints as they are read, as long as tokens and words
  /// agree.
  private mutating func tint(_ token: TokenEvent, _ number: Int) {
    guard var turn, turn.isTelling, let index = transcript.index(ofEntry: turn.question) else {
      return
    }
    let whole = transcript.entries[index].content.text
    // tokens begin with the space before a word, words do not
    let isFirst = turn.toldText.text.isEmpty && token.text.hasPrefix(" ") && !whole.hasPrefix(" ")
    turn.toldText.append(
      isFirst ? String(token.text.dropFirst()) : token.text,
      Ink.surprise(bits: token.surpriseBits), token: number)
    turn.isTelling = whole.utf8.starts(with: turn.toldText.text.utf8)
    if turn.isTelling {
      var content = turn.toldText
      content.append(String(decoding: whole.utf8.dropFirst(content.text.utf8.count), as: UTF8.self))
      transcript.change(turn.question) { $0.replace(content) }
    }
    self.turn = turn
  }

  private mutating func finish(_ end: AnswerEnd) -> [Effect] {
    if let answer = turn?.answer {
      transcript.append(end.trailingText, toEntry: answer)
      transcript.change(answer) { $0.hasPartialCharacter = false }
    }
    for change in end.changes where levels.indices.contains(change.status.level) {
      levels[change.status.level].take(change.status)
    }
    (turn, position) = (nil, end.position)
    tokensPerSecond = end.tokensPerSecond > 0 ? end.tokensPerSecond : tokensPerSecond
    endNotice(.idle)
    tell(Report(brush.glyphs).turn(end), .note)
    if end.why == .finished || end.why == .maxTokens { guide = guide?.afterAnswer }
    return tint == .credit && recordedTime == nil && player == nil ? inspectAnswers() : []
  }
}

// MARK: Tokens taken apart

extension AppState {
  private mutating func take(_ facts: TokenFacts) {
    tokens.take(facts)
    guard silentInspections.remove(facts.position) == nil else { return }
    tell(Report(brush.glyphs).token(facts))
  }

  /// Asks what else was likely at some tokens, and what each level gave.
  mutating func inspect(_ numbers: ClosedRange<Int>) -> [Effect] {
    let positions = numbers.compactMap { tokens[$0] }.filter { $0.facts == nil }.map(\.position)
      .filter { $0 > 0 }
    guard let first = positions.first, let last = positions.last else { return [] }
    silentInspections.formUnion(first...last)
    if turn != nil { say("after this answer", until: .idle) }
    return send(.inspect(first...last))
  }

  /// The same for the newest answers, as far as one is willing to wait.
  mutating func inspectAnswers() -> [Effect] {
    guard turn == nil else { return [] }
    let tokens = tokens
    let wanted = tokens.known.lazy.reversed()
      .filter { tokens[$0]?.author == .assistant && tokens[$0]?.facts == nil }
      .prefix(Self.creditTokens)
    var effects: [Effect] = []
    for run in Array(wanted).neighbours { effects += inspect(run) }
    return effects
  }
}

extension [Int] {
  /// Descending numbers as ranges of neighbours, the highest first.
  fileprivate var neighbours: [ClosedRange<Int>] {
    reduce(into: []) { ranges, number in
      if let last = ranges.last, number == last.lowerBound - 1 {
        ranges[ranges.count - 1] = number...last.upperBound
      } else {
        ranges.append(number...number)
      }
    }
  }
}

// MARK: Levels and settings

extension AppState {
  private mutating func take(_ write: LevelWriteEvent) {
    guard levels.indices.contains(write.level) else { return }
    levels[write.level].take(write, now: now)
  }

  private mutating func take(_ setting: LevelSetting) {
    guard levels.indices.contains(setting.level) else { return }
    levels[setting.level].take(setting)
    tell(Report(brush.glyphs).levelSet(setting))
    guide = guide?.afterSwitch(isSpeaking: setting.access.contains(.read))
  }

  private mutating func take(_ setting: Setting) {
    switch setting {
    case .learn(let mode): learn = mode
    case .color(let mode): settings.colorDepth = depth(mode)
    default: break
    }
    tell(RichText("\(setting.name) \(setting.value)", .quiet))
  }

  private func depth(_ mode: ColorMode) -> DisplaySettings.ColorDepth {
    switch mode {
    case .never: .none
    case .auto: ownColorDepth
    case .always: ownColorDepth == .none ? .ansi16 : ownColorDepth
    }
  }

  /// After a reset the table is asked for: what it did to the levels is in no event of its own.
  private mutating func take(_ reset: StateReset) -> [Effect] {
    switch reset.scope {
    case .everything:
      for i in levels.indices { levels[i].startOver() }
      (tokens, surprise, authors) = (
        TokenLog(), MultiScaleSeries(.mean), MultiScaleSeries(.largest)
      )
      (position, tokenCursor, tokensPerSecond) = (0, nil, nil)
      (turnMarks, session, saving) = ([], nil, isRecorded ? .waiting : .off)
      transcript.forgetTokens()
      if reset.equalsBase { return drawRule(reset) }
    case .level(let level, _) where levels.indices.contains(level): levels[level].forget()
    case .levels: for i in levels.indices where levels[i].level > 0 { levels[i].forget() }
    case .level, .mixers: break
    }
    let (text, isProven) = Report(brush.glyphs).stateReset(reset)
    tell(text, isProven ? .report : .alarm)
    return askLevels()
  }

  /// What stands above it belongs to another conversation.
  private mutating func drawRule(_ reset: StateReset) -> [Effect] {
    if !openCommands.isEmpty { openCommands[0].line = nil }
    tell(Report(brush.glyphs).newConversation(reset), .rule)
    return askLevels()
  }

  private mutating func take(_ statuses: [LevelStatus]) {
    for status in statuses where levels.indices.contains(status.level) {
      levels[status.level].take(status)
    }
    guard silentTables == 0 else {
      silentTables -= 1
      return
    }
    tell(Report(brush.glyphs).levelTable(statuses))
  }
}
