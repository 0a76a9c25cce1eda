import Hope
import Sessions

// Keys in a pane: letters act.

extension AppState {
  mutating func pressInPane(_ key: Key) -> [Effect] {
    switch key {
    case .escape: closeOrLeave()
    case .tab: moveFocus(by: 1)
    case .backTab: moveFocus(by: -1)
    case .character(let letter): return press(letter)
    case .up: select(-1)
    case .down: select(1)
    case .pageUp: transcript.scroll(by: -page)
    case .pageDown: transcript.scroll(by: page)
    case .control("u"): transcript.scroll(by: -page / 2)
    case .control("d"): transcript.scroll(by: page / 2)
    case .left: moveToken(-1)
    case .right: moveToken(1)
    case .shiftLeft: moveTurn(-1)
    case .shiftRight: moveTurn(1)
    case .home: goToStart()
    case .end: goToEnd()
    case .enter where focus == .token || focus == .chat && tokenCursor != nil:
      return shownToken.map { inspect($0...$0) } ?? []
    case .enter: isEnlarged.toggle()
    default: break
    }
    return []
  }

  private mutating func press(_ letter: Character) -> [Effect] {
    switch letter {
    case "%" where focus != .levels: return setMouse(!hasMouse)
    case "y": return copyAnswer(1)
    case "/": (isTypingSearch, search) = (true, TextSearch())
    case "n": moveMatch(1)
    case "N": moveMatch(-1)
    case "e": isEnlarged.toggle()
    case "q": closePane()
    case "?": openHelp()
    case ":": startCommand()
    case "+", "=": zoom = max(0, zoom - 1)
    case "-": zoom = min(12, zoom + 1)
    case "`": zoom = 0
    case "[": moveWrite(-1)
    case "]": moveWrite(1)
    case "g": goToStart()
    case "G": goToEnd()
    case "j": select(1)
    case "k": select(-1)
    default:
      guard let (level, bit) = Self.level(ofKey: letter) else { return [] }
      return toggle(bit, ofLevel: level)
    }
    return []
  }

  /// Esc closes what is open in a pane before it leaves the pane.
  private mutating func closeOrLeave() {
    if search != nil { search = nil } else if isEnlarged { isEnlarged = false } else { leavePane() }
  }

  private mutating func closePane() {
    if !isEnlarged, focus != .chat { sidePane = nil }
    leavePane()
  }

  private mutating func startCommand() {
    leavePane()
    if draft.isEmpty { draft.insert("/") }
  }

  mutating func setMouse(_ isOn: Bool) -> [Effect] {
    hasMouse = isOn
    say("mouse \(isOn ? "on: clicks and the wheel act here" : "off: the terminal selects")")
    return [.setMouse(isOn)]
  }

  var page: Int { max(1, (layout.chat.map(ChatView.textArea)?.height ?? 10) - 2) }

  /// Up and down: rows of the chat, else levels.
  private mutating func select(_ step: Int) {
    if focus == .chat || focus == nil { return transcript.scroll(by: step) }
    selectLevel(step)
  }

  mutating func selectLevel(_ step: Int) {
    selectedLevel = min(max(0, selectedLevel + step), max(0, levels.count - 1))
  }

  private mutating func goToStart() {
    if focus == .chat { transcript.scrollToStart() } else { tokenCursor = tokens.known.first }
  }

  private mutating func goToEnd() {
    (tokenCursor, search) = (nil, nil)
    transcript.scrollToEnd()
  }
}

// MARK: The token under the cursor

extension AppState {
  mutating func moveToken(_ step: Int) {
    guard let shown = shownToken else { return }
    let next = step < 0 ? (tokenCursor ?? shown + 1) + step : shown + step
    place(next)
  }

  /// Past the newest token the cursor follows again.
  private mutating func place(_ number: Int) {
    guard let first = tokens.known.first, let last = tokens.known.last else { return }
    guard number <= last else {
      tokenCursor = nil
      return
    }
    tokenCursor = max(first, number)
    revealToken()
  }

  private mutating func revealToken() {
    guard let tokenCursor, let place = transcript.place(ofToken: tokenCursor) else { return }
    transcript.show(entry: place.entry, offset: place.offset)
  }

  /// To the first token of this turn, of the one before, or of the next.
  private mutating func moveTurn(_ step: Int) {
    guard let shown = shownToken else { return }
    var number = shown
    func isStart(_ number: Int) -> Bool {
      guard let record = tokens[number], record.author == .user else { return false }
      return tokens[number - 1]?.author != .user
    }
    repeat { number += step } while tokens.known.contains(number) && !isStart(number)
    place(number)
  }

  /// To the write of the chosen level before or after the cursor.
  private mutating func moveWrite(_ step: Int) {
    guard let level = shownLevel, let shown = shownToken else { return }
    let known = tokens.known
    let sizes = level.writes.columns(known.count, stride: 1, end: known.upperBound)
    let numbers = Array(zip(known, sizes)).filter { $0.1 != nil }.map(\.0)
    let next = step < 0 ? numbers.last { $0 < shown } : numbers.first { $0 > shown }
    guard let next else {
      return say("no \(step < 0 ? "earlier" : "later") write of \(level.name)")
    }
    place(next)
    say("\(level.name) wrote just before token \(Digits.grouped(tokens[next]?.position ?? next))")
  }
}

// MARK: Search and copy

extension AppState {
  mutating func pressInSearch(_ key: Key) -> [Effect] {
    guard var search else { return [] }
    switch key {
    case .escape:
      (isTypingSearch, self.search) = (false, nil)
      return []
    case .enter:
      isTypingSearch = false
      if search.matches.isEmpty { self.search = nil }
      return []
    default:
      if search.line.editLine(key) { search.find(in: transcript) }
      self.search = search
      revealMatch()
      return []
    }
  }

  private mutating func moveMatch(_ step: Int) {
    guard search != nil else { return say("nothing was searched for; / begins") }
    search?.move(by: step)
    revealMatch()
  }

  private mutating func revealMatch() {
    guard let match = search?.currentMatch else { return }
    transcript.reveal(entry: match.entry, offset: match.start)
  }

  /// The answer so many from the end, with what continues it.
  mutating func copyAnswer(_ number: Int) -> [Effect] {
    let starts = transcript.entries.indices.filter {
      transcript.entries[$0].kind == .hope && !transcript.entries[$0].isContinuation
    }
    guard number <= starts.count else {
      say("there is no such answer", isAlarm: true)
      return []
    }
    let start = starts[starts.count - number]
    let more = transcript.entries[(start + 1)...].prefix { $0.isContinuation }
    let text = ([transcript.entries[start]] + more).map(\.content.text).joined()
    return [.copy(text)]
  }
}
