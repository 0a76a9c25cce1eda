import Hope
import Sessions

// Keys in the composer: letters type.

extension AppState {
  mutating func pressInComposer(_ key: Key) -> [Effect] {
    if awaitsLevel {
      awaitsLevel = false
      notice = nil
      if case .character(let letter) = key, let (level, bit) = Self.level(ofKey: letter) {
        return toggle(bit, ofLevel: level)
      }
    }
    if key == .tab || key == .backTab { return pressTab(key == .tab ? 1 : -1) }
    completion = nil
    if let effects = act(key) { return effects }
    let before = draft.text
    edit(key)
    return draft.text == before ? [] : noteDraft()
  }

  /// What is no editing; nil where the key edits.
  private mutating func act(_ key: Key) -> [Effect]? {
    switch key {
    case .enter: return enter()
    case .escape: return escape()
    case .control("d") where draft.isEmpty: return quit(0)
    case .control("g"): return [.edit(draft.text)]
    case .control("r"): historySearch = HistorySearch()
    case .control("x"): awaitLevel()
    case .up: moveUp()
    case .down: moveDown()
    case .pageUp: transcript.scroll(by: -page)
    case .pageDown: transcript.scroll(by: page)
    case .shiftUp: transcript.scroll(by: -1)
    case .shiftDown: transcript.scroll(by: 1)
    default: return nil
    }
    return []
  }

  private mutating func edit(_ key: Key) {
    if !draft.edit(key) {
      say("a message has at most \(Digits.bytes(Draft.limit))", isAlarm: true)
    }
  }

  private mutating func awaitLevel() {
    awaitsLevel = true
    say("Ctrl+X: a digit turns writing of that level on or off")
  }

  /// Esc stops the answer, or goes back to the end of the chat.
  private mutating func escape() -> [Effect] {
    if let effects = stop() { return effects }
    (search, tokenCursor) = (nil, nil)
    transcript.scrollToEnd()
    return []
  }
}

// MARK: The draft

extension AppState {
  var draftWidth: Int { ComposerView.textWidth(layout.composer, brush) }

  /// The draft changed: it goes to the disk within a second.
  mutating func noteDraft() -> [Effect] {
    if draftDeadline == nil { draftDeadline = now + Self.draftTime }
    return askForNames()
  }

  /// The names of all sessions are fetched as soon as one is about to be written.
  private mutating func askForNames() -> [Effect] {
    let isWanted = draft.text.hasPrefix("/resume ")
    defer { hasAskedForNames = isWanted && model != nil }
    guard isWanted, !hasAskedForNames, model != nil else { return [] }
    silentLists += 1
    openCommands.append(OpenCommand())
    return [.send(.showSessions(saying: nil))]
  }

  mutating func saveDraft() -> [Effect] {
    draftDeadline = nil
    guard draft.text != savedDraft else { return [] }
    savedDraft = draft.text
    return [.saveDraft(draft.text)]
  }

  mutating func takeEdited(_ text: String?) {
    guard var text else { return say("the editor failed; the draft is as it was", isAlarm: true) }
    if text.hasSuffix("\n") { text.removeLast() }
    draft.replace(with: text)
    _ = noteDraft()
  }

  private mutating func moveUp() {
    guard !draft.moveUp(width: draftWidth), let older = history.older(than: draft.text) else {
      return
    }
    draft = Draft(older)
  }

  private mutating func moveDown() {
    guard !draft.moveDown(width: draftWidth), let newer = history.newer() else { return }
    draft = Draft(newer)
  }

  mutating func pressInHistorySearch(_ key: Key) -> [Effect] {
    guard var search = historySearch else { return [] }
    switch key {
    case .escape, .control("g"):
      historySearch = nil
      return []
    case .enter, .tab, .right, .end:
      historySearch = nil
      guard let match = search.match else { return [] }
      draft.replace(with: history.entries[match])
      return noteDraft()
    case .control("r"):
      search.match = history.match(search.query, before: search.match ?? 0) ?? search.match
    default:
      if search.line.editLine(key) {
        search.match = history.match(search.query, before: history.entries.count)
      }
    }
    historySearch = search
    return []
  }
}

// MARK: Sending

extension AppState {
  private mutating func enter() -> [Effect] {
    let text = draft.text
    if text.hasSuffix("\\"), draft.cursor == text.utf8.count {
      draft.deleteBackward()
      draft.insert("\n")
      return noteDraft()
    }
    guard text.contains(where: { !$0.isWhitespace }) else { return [] }
    do throws(CommandError) {
      if let local = try LocalCommand(parsing: text) { return accept(text) + obey(local) }
      return obey(try Command(parsing: text), text)
    } catch {
      say(error.description, isAlarm: true)
      return []
    }
  }

  private mutating func obey(_ command: Command, _ text: String) -> [Effect] {
    switch command {
    case .quit: return accept(text) + quit(0)
    case .help(let topic):
      let effects = accept(text)
      openHelp(topic)
      return effects
    case .say:
      if model == nil { say("sent when the model is there", until: .modelLoaded) }
      waitingMessages += 1
    default: if isBusy { say("after this answer", until: .idle) }
    }
    transcript.scrollToEnd()
    return accept(text) + send(command, line: command.isMessage ? nil : text)
  }

  /// The line is taken: it goes to the history, and the draft is empty.
  private mutating func accept(_ text: String) -> [Effect] {
    let isNew = history.add(text)
    draft = Draft()
    return (isNew ? [.saveHistory(text)] : []) + saveDraft()
  }

  private mutating func obey(_ command: LocalCommand) -> [Effect] {
    switch command {
    case .copy(let number): return copyAnswer(number)
    case .clear: clearChat()
    case .tint(let tint):
      self.tint = tint
      return tint == .credit ? inspectAnswers() : []
    case .theme(let theme): settings.theme = theme
    case .pane(let pane): show(pane)
    case .mouse(let isOn): return setMouse(isOn)
    }
    return []
  }

  private mutating func clearChat() {
    transcript.removeAll()
    if turn != nil { turn?.answer = nil }
    search = nil
  }
}

extension Command {
  fileprivate var isMessage: Bool { if case .say = self { true } else { false } }
}

// MARK: Completion

extension AppState {
  /// Tab completes a command, and moves the focus where there is nothing to complete.
  private mutating func pressTab(_ step: Int) -> [Effect] {
    if let choice = completion {
      choose(
        choice.completion,
        (choice.index + step + choice.completion.candidates.count)
          % choice.completion.candidates.count)
      return noteDraft()
    }
    let found = Completion(
      draft.text, cursor: draft.cursor, levels: levels.map(\.name), sessions: sessionNames)
    guard let completion = found else {
      if !draft.text.hasPrefix("/") { moveFocus(by: step) }
      return []
    }
    complete(completion, step)
    return noteDraft()
  }

  private mutating func complete(_ completion: Completion, _ step: Int) {
    let shared = completion.commonPrefix
    if completion.candidates.count == 1 {
      draft.replace(from: completion.start, with: shared + " ")
    } else if shared.utf8.count > completion.stem.utf8.count {
      draft.replace(from: completion.start, with: shared)
    } else {
      choose(completion, step > 0 ? 0 : completion.candidates.count - 1)
    }
  }

  private mutating func choose(_ completion: Completion, _ index: Int) {
    draft.replace(from: completion.start, with: completion.candidates[index].word)
    self.completion = CompletionChoice(completion: completion, index: index)
  }
}
