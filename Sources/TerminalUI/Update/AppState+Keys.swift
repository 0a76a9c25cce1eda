import Hope
import Sessions

// What keys mean, in the order in which they are asked: everywhere, in what lies on top, in the focus.

extension AppState {
  mutating func press(_ key: Key) -> [Effect] {
    if key != .control("c") { lastInterrupt = nil }
    if let effects = pressEverywhere(key) { return effects }
    if help != nil { return pressInHelp(key) }
    if lanes != nil { return pressInLanes(key) }
    if isTypingSearch { return pressInSearch(key) }
    if historySearch != nil { return pressInHistorySearch(key) }
    if case .mouse(let event) = key { return point(event) }
    if player != nil { return pressOnTape(key) }
    return focus == nil ? pressInComposer(key) : pressInPane(key)
  }

  /// nil where the key means nothing of its own.
  private mutating func pressEverywhere(_ key: Key) -> [Effect]? {
    switch key {
    case .control("c"): return interrupt()
    case .control("l"): return [.redrawAll]
    case .control("z"): return [.suspend]
    case .control("t"): return tintNext()
    case .control("o") where player == nil: return openTimeline()
    case .function(1): if help == nil { openHelp() } else { help = nil }
    case .function(let number) where (2...5).contains(number): show(Pane.allCases[number - 1])
    case .focusGained, .focusLost: break
    default: return nil
    }
    return []
  }

  /// Ctrl+C: stop the answer, else empty the draft, else, pressed twice, leave.
  private mutating func interrupt() -> [Effect] {
    if closeOverlay() { return [] }
    if player?.isTimeline == true { return leaveTimeline() }
    if let effects = stop() { return effects }
    if !draft.isEmpty {
      draft.killAll()
      say("Ctrl+Y brings it back")
      return noteDraft()
    }
    if let lastInterrupt, now - lastInterrupt <= Self.interruptTime { return quit(130) }
    lastInterrupt = now
    say("Ctrl+C again, or Ctrl+D, ends the program")
    return []
  }

  /// Stops the answer and what waits behind it; nil where there is nothing to stop any more.
  mutating func stop() -> [Effect]? {
    guard isBusy, !isStopping, player == nil else { return nil }
    isStopping = true
    turn?.isStopped = true
    return [.stopAnswer]
  }

  /// - Returns: whether something lay on top.
  private mutating func closeOverlay() -> Bool {
    defer {
      (help, lanes, isTypingSearch, historySearch, completion) = (nil, nil, false, nil, nil)
    }
    if isTypingSearch { search = nil }
    return help != nil || lanes != nil || isTypingSearch || historySearch != nil
  }

  func quit(_ code: Int32) -> [Effect] {
    draft.text == savedDraft ? [.quit(code: code)] : [.saveDraft(draft.text), .quit(code: code)]
  }

  private mutating func tintNext() -> [Effect] {
    let all = player == nil ? Tint.allCases : [.off, .surprise]  // credit needs the model
    tint = all[((all.firstIndex(of: tint) ?? 0) + 1) % all.count]
    say("tokens tinted by: \(tint.meaning)")
    return tint == .credit ? inspectAnswers() : []
  }

  /// Brings a pane to the front and the focus into it.
  mutating func show(_ pane: Pane) {
    (help, lanes) = (nil, nil)
    focus = pane
    if pane != .chat { sidePane = pane }
    completion = nil
  }

  mutating func leavePane() { (focus, isEnlarged) = (nil, false) }

  /// Tab goes round: composer, chat, and the others.
  mutating func moveFocus(by step: Int) {
    let stops: [Pane?] = [nil] + Pane.allCases.map { $0 }
    let next = ((stops.firstIndex(of: focus) ?? 0) + step + stops.count) % stops.count
    if let pane = stops[next] { show(pane) } else { leavePane() }
  }
}

// MARK: Two lanes

extension AppState {
  /// Letters close it and are typed.
  private mutating func pressInLanes(_ key: Key) -> [Effect] {
    switch key {
    case .escape, .enter: lanes = nil
    case .character, .paste:
      (lanes, focus) = (nil, nil)
      return pressInComposer(key)
    case .up: lanes?.scroll -= 1
    case .down: lanes?.scroll += 1
    case .pageUp: lanes?.scroll -= 10
    case .pageDown: lanes?.scroll += 10
    case .mouse(let event): lanes?.scroll += 3 * event.wheel
    case .home: lanes?.scroll = 0
    default: break
    }
    guard let lanes else { return [] }
    let most = LanesView(self, lanes, brush).mostScroll(columns: size.columns)
    self.lanes?.scroll = min(max(0, lanes.scroll), most)
    return []
  }
}

// MARK: Levels

extension AppState {
  /// Turns one switch of a level, visibly at once; the engine obeys when it can.
  mutating func toggle(_ bit: LevelAccess, ofLevel index: Int) -> [Effect] {
    guard model != nil else {
      say("the model is not there yet")
      return []
    }
    guard levels.indices.contains(index) else {
      say("no level \(index + 1); this model has \(levels.count)", isAlarm: true)
      return []
    }
    let level = levels[index]
    let access = level.shownAccess.symmetricDifference(bit)
    let later = isBusy ? ", after this answer" : ""
    levels[index].ask(access)
    selectedLevel = index
    say("\(level.name) \(access.bits) \(access.word): \(LevelWords.meaning(access))\(later)")
    return send(.setAccess(.number(index + 1), .both(access)))
  }

  /// - Parameter line: how it was written, to stand above its answer.
  mutating func send(_ command: Command, line: String? = nil) -> [Effect] {
    openCommands.append(OpenCommand(line: line))
    isStopping = false
    return [.send(command)]
  }

  /// The level that a digit, or a digit with Shift (US layout), stands for.
  static func level(ofKey letter: Character) -> (index: Int, bit: LevelAccess)? {
    if let number = letter.wholeNumberValue, letter.isASCII, number > 0 {
      return (number - 1, .write)
    }
    return Array("!@#$%^&*(").firstIndex(of: letter).map { ($0, .read) }
  }
}
