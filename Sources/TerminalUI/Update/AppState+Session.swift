import Hope
import Sessions

// What becomes of the session: its file, going back, going on with another one.

extension AppState {
  /// What becomes of what is said here.
  enum Saving: Sendable, Equatable {
    /// Nobody asked for it.
    case off
    /// It begins with the first words.
    case waiting
    case on
    /// Something could not be written; it is tried again.
    case failing
    /// Too much could not be written.
    case stopped
    /// Another program records the session.
    case readOnly
  }

  /// Where a turn begins, to take it back.
  struct TurnMark: Sendable, Equatable {
    /// Tokens of the conversation before it, and the number the next one gets.
    let position: Int
    let number: Int
    /// The entry with the words.
    let entry: Int
    let levels: [LevelStatus]
  }

  mutating func take(_ event: RecordingEvent) {
    switch event {
    case .started(let name), .forked(let name, _): (session, saving) = (name, .on)
    case .renamed(let name): session?.name = name
    case .failed: saving = .failing
    case .recovered: saving = .on
    case .stopped: saving = .stopped
    case .readOnly(let name): (session, saving) = (name, .readOnly)
    case .snapshot, .snapshotFailed, .repaired: break
    }
  }

  mutating func noteTurn(_ start: TurnStart, entry: Int) {
    turnMarks.removeAll { transcript.index(ofEntry: $0.entry) == nil }
    turnMarks.append(
      TurnMark(
        position: start.position, number: tokens.count, entry: entry, levels: levels.map(\.status)))
  }

  /// The conversation went back: what came after is no longer on the screen.
  mutating func take(_ jump: Jump) -> [Effect] {
    cut(at: jump.position)
    notice = nil
    if let notice = SessionNotice(.jumped(jump)) { tell(RichText(notice.sentence)) }
    return askLevels()
  }

  /// Another memory is in place: nothing on the screen but the clocks belongs to it.
  mutating func take(_ load: MemoryLoad) -> [Effect] {
    if let notice = SessionNotice(.memoryLoaded(load)) { tell(RichText(notice.sentence)) }
    position = load.snapshot.position
    turnMarks = []
    for i in levels.indices { levels[i].forgetHealth() }
    return askLevels()
  }

  /// What the levels are now is in no event of its own: the table is asked for, and not shown.
  mutating func askLevels() -> [Effect] {
    guard recordedTime == nil else { return [] }
    silentTables += 1
    openCommands.append(OpenCommand())
    return [.send(.showLevels)]
  }

  private mutating func cut(at position: Int) {
    (turn, tokensPerSecond, tokenCursor, search) = (nil, nil, nil, nil)
    self.position = position
    let next = turnMarks.firstIndex { $0.position >= position }
    guard
      let number = tokens.number(atPosition: position) ?? next.map({ turnMarks[$0].number })
    else { return }
    if let next { takeBack(fromTurn: next) }
    transcript.cut(atToken: number)
    tokens.cut(to: number)
    surprise.cut(to: number)
    authors.cut(to: number)
    for i in levels.indices { levels[i].cut(to: number) }
  }

  private mutating func takeBack(fromTurn index: Int) {
    let mark = turnMarks[index]
    transcript.remove(fromEntry: mark.entry)
    for status in mark.levels where levels.indices.contains(status.level) {
      levels[status.level].take(status)
    }
    turnMarks.removeSubrange(index...)
  }

  /// A recorded session goes on: its screen is made from what happened in it.
  mutating func take(_ recall: Recall) -> [Effect] {
    let statuses = levels.map(\.status)
    clearScene(statuses.map { $0.fresh(recall.switches) })
    (learn, session, guide) = (recall.settings.learn, recall.session, nil)
    if saving != .readOnly { saving = isRecorded ? .on : .off }
    recordedTime = 0
    for event in recall.events { _ = take(event) }
    (recordedTime, turn) = (nil, nil)
    for i in levels.indices { levels[i].endFlash() }
    transcript.scrollToEnd()
    return askLevels()
  }
}

extension LevelStatus {
  /// The level before anything was read, with the switches it had then.
  fileprivate func fresh(_ switches: [LevelSetting]) -> LevelStatus {
    let setting = switches.first { $0.level == level }
    return LevelStatus(
      level: level, name: name, period: period, access: setting?.access ?? access,
      gain: setting?.gain ?? gain)
  }
}
