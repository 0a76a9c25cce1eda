import Hope
package import Sessions

// A tape on the screen: the same pictures as live, from recorded events.

extension AppState {
  /// A screen that shows a recording; no model is there.
  /// - Parameters:
  ///   - speed: how many times as fast; 0 stands at the end.
  ///   - start: the token that comes next at first.
  package init(
    replaying tape: Tape, settings: DisplaySettings, speed: Double = 1, from start: Int = 0
  ) {
    self.init(settings: settings, isGuided: false, isRecorded: false)
    phase = .ready(tape.header.model)
    clearScene(tape.header.model.levels)
    (learn, position) = (tape.header.settings.learn, tape.startPosition)
    session = tape.session
    for problem in tape.problems { alarm("damage: \(problem)") }
    focus = .chat
    player = Player(tape, purpose: .replay, start: scene)
    seek(to: speed == 0 ? tape.lineCount : start == 0 ? 0 : tape.place(ofPosition: start))
    guard speed > 0 else { return }
    player?.change(speed: speed)
    player?.play(at: now)
  }

  /// Ctrl+O: the session's file is read; where nothing is recorded, what was heard is shown.
  mutating func openTimeline() -> [Effect] {
    guard player == nil else { return [] }
    if let session { return [.readSession(session.path)] }
    guard !isRecorded, let model else {
      say("nothing is recorded yet, so there is no time to travel in; say something first")
      return []
    }
    guard let heard else {
      say("recording is off in this chat (--no-record), too long for a timeline without it")
      return []
    }
    guard tokens.count > 0 else {
      say("nothing was said yet, and recording is off in this chat (--no-record)")
      return []
    }
    travel(Tape(Self.recording(of: model, heard, firstLearn), isPresent: true))
    return []
  }

  /// A recording that is in no file.
  private static func recording(
    of model: ModelFacts, _ events: [(time: Double, event: SessionEvent)], _ learn: LearnMode
  ) -> SessionRecording {
    var settings = ChatSettings(seed: 0)
    settings.learn = learn
    let header = SessionHeader(
      id: "-", name: "this chat", created: "", app: "", model: model, tokenizer: model.digest,
      identity: NumericIdentity(core: "", kernels: "", lanes: 1), settings: settings,
      switches: model.levels.map {
        LevelSetting(level: $0.level, name: $0.name, access: $0.access, gain: $0.gain)
      }, randomState: 0)
    return SessionRecording(header: header, events: events)
  }

  /// Keeps what happens for the timeline where nobody records it.
  mutating func keep(_ event: SessionEvent) {
    guard !isRecorded, recordedTime == nil, model != nil else { return }
    switch event {
    case .stateReset(let reset) where reset.scope == .everything: heard = []
    case .recalled: heard = nil  // it began in another session
    default: heard?.append((now, event))
    }
    if let heard, heard.count > Self.mostHeard { self.heard = nil }
  }

  /// The file is here: the chat is shown at its end, to go back from.
  mutating func travel(_ tape: Tape) {
    guard player == nil, model != nil else { return }
    let live = scene
    clearScene(tape.header.model.levels)
    (learn, position) = (tape.header.settings.learn, tape.startPosition)
    (completion, help, lanes) = (nil, nil, nil)
    player = Player(tape, purpose: .timeline(now: live), start: scene)
    (focus, isEnlarged) = (.chat, false)
    seek(to: tape.lineCount)
  }

  /// Back to now, with what has happened since.
  mutating func leaveTimeline() -> [Effect] {
    guard case .timeline(let live)? = player?.purpose else { return [] }
    player = nil
    scene = live
    (focus, tokenCursor, search, isEnlarged) = (nil, nil, nil, false)
    let since = postponed
    postponed = []
    return since.flatMap { take($0) }
  }

  /// While somebody looks back, what happens now is kept for later.
  /// - Returns: whether that is so.
  mutating func postpone(_ event: SessionEvent) -> Bool {
    guard recordedTime == nil, player?.isTimeline == true else { return false }
    postponed.append(event)
    return true
  }
}

// MARK: Folding

extension AppState {
  /// Shows the screen as it was when so many lines were done.
  mutating func seek(to goal: Int) {
    guard let tape = player?.tape else { return }
    let goal = min(max(0, goal), tape.lineCount)
    if let (place, near) = player?.start(for: goal) {
      scene = near
      player?.stand(at: place)
    }
    fold(to: goal)
    player?.settleTime()
    transcript.scrollToEnd()
    (tokenCursor, search) = (nil, nil)
    for i in levels.indices { levels[i].endFlash() }
  }

  /// Takes the lines up to a place in.
  private mutating func fold(to goal: Int) {
    guard let player, goal > player.place else { return }
    let tape = player.tape
    let guide = guide
    var place = player.place
    while place < goal {
      if self.player?.wantsScene == true {
        let now = scene
        self.player?.keep(now)
      }
      recordedTime = tape.recordedTime(ofLine: place)
      if let event = tape.event(ofLine: place) { _ = take(event) }
      place += 1
      self.player?.stand(at: place)
    }
    (recordedTime, self.guide) = (nil, guide)
  }

  /// Time passes on the tape.
  mutating func playOn() {
    guard let goal = player?.advance(to: now) else { return }
    fold(to: goal)
    if player?.isAtEnd == true {
      player?.pause()
      player?.settleTime()
    }
  }
}

// MARK: Keys

extension AppState {
  /// What keys mean on a tape; what means nothing here may mean something in the pane.
  mutating func pressOnTape(_ key: Key) -> [Effect] {
    guard let player else { return [] }
    let (tape, place) = (player.tape, player.place)
    if key != .character("f") { forkQuestion = nil }
    switch key {
    case .left: go(to: tape.place(place, movedByTokens: -1))
    case .right: go(to: tape.place(place, movedByTokens: 1))
    case .shiftLeft, .controlLeft: go(to: tape.place(place, movedByTurns: -1))
    case .shiftRight, .controlRight: go(to: tape.place(place, movedByTurns: 1))
    case .home: go(to: 0)
    case .end: go(to: tape.lineCount)
    case .character("["): goToMark(-1)
    case .character("]"): goToMark(1)
    case .character("g"): go(to: 0)
    case .character("G"): go(to: tape.lineCount)
    default: return player.isTimeline ? pressInTimeline(key) : pressInReplay(key)
    }
    return []
  }

  private mutating func go(to place: Int) {
    player?.pause()
    seek(to: place)
  }

  /// Stands still where so many lines of the tape are done.
  package mutating func goOnTape(to place: Int) { go(to: place) }

  private mutating func goToMark(_ step: Int) {
    guard let player else { return }
    guard let place = player.tape.place(player.place, movedByMarks: step) else {
      return say("no \(step < 0 ? "earlier" : "later") write or marker")
    }
    go(to: place)
  }

  private mutating func pressInReplay(_ key: Key) -> [Effect] {
    switch key {
    case .character(" "): playOrPause()
    case .character("."): go(to: (player?.tape.place(player?.place ?? 0, movedByTokens: 1)) ?? 0)
    case .character("<"), .character(","): changeSpeed(-1)
    case .character(">"): changeSpeed(1)
    case .character("f"): return forkFromReplay()
    case .character("q"), .control("d"): return [.quit(code: 0)]
    case .escape where search == nil && !isEnlarged: say("q leaves the replay")
    default: return pressInPaneOfTape(key)
    }
    return []
  }

  private mutating func playOrPause() {
    guard let player else { return }
    if player.isPlaying {
      self.player?.pause()
    } else {
      if player.isAtEnd { seek(to: 0) }
      self.player?.play(at: now)
    }
  }

  private mutating func changeSpeed(_ step: Int) {
    player?.changeSpeed(by: step)
    if let speed = player?.speed { say("\(Digits.plain(Float(speed)))\(brush.glyphs.times)") }
  }

  /// Forking needs the model and ends the replay: it is asked first. The command that does the same
  /// stands on the normal screen afterwards.
  private mutating func forkFromReplay() -> [Effect] {
    guard let tape = player?.tape else { return [] }
    player?.pause()
    guard forkQuestion != position else {
      lastWords = nil
      return [.fork(session: tape.session.path, at: position)]
    }
    forkQuestion = position
    let command = "hope fork \(tape.header.id) --at @\(position)"
    lastWords = command
    say("f again: a chat that goes on from @\(Digits.grouped(position)), as \(command)")
    return []
  }

  private mutating func pressInTimeline(_ key: Key) -> [Effect] {
    switch key {
    case .enter: return goThere()
    case .character("f"): return forkHere()
    case .escape where search == nil && !isEnlarged: return leaveTimeline()
    case .control("o"), .character("q"): return leaveTimeline()
    default: return pressInPaneOfTape(key)
    }
  }

  /// Goes back: the engine computes the memory again, and says whether it is what it was.
  private mutating func goThere() -> [Effect] {
    let (goal, isNow) = (position, player?.isAtEnd ?? true)
    let effects = leaveTimeline()
    guard !isNow else {
      say("this is now; nothing changed")
      return effects
    }
    say(
      "computing the memory at @\(Digits.grouped(goal)) again\(brush.glyphs.ellipsis)", until: .idle
    )
    return effects + send(.rewind(.token(goal)))
  }

  private mutating func forkHere() -> [Effect] {
    guard isRecorded else {
      say("a fork needs a recording: start hope without --no-record", isAlarm: true)
      return []
    }
    let goal = position
    let effects = leaveTimeline()
    say("forking at @\(Digits.grouped(goal))\(brush.glyphs.ellipsis)", until: .idle)
    return effects + send(.fork(name: nil, at: goal))
  }

  /// Of the keys in a pane those that only look.
  private mutating func pressInPaneOfTape(_ key: Key) -> [Effect] {
    switch key {
    case .tab, .backTab:
      moveFocus(by: key == .tab ? 1 : -1)
      if focus == nil { moveFocus(by: key == .tab ? 1 : -1) }
      return []
    case .up, .down, .pageUp, .pageDown, .control("u"), .control("d"), .escape:
      let effects = pressInPane(key)
      if focus == nil { focus = .chat }
      return effects
    case .character(let letter) where "+=-`/nNejk?y%".contains(letter): return pressInPane(key)
    default: return []
    }
  }
}
