import Hope

/// What was done to a conversation's stream, so that the state at any moment can be computed again by
/// doing the same from the nearest snapshot. The state so found is, bit for bit, the one it was.
///
/// A token costs five bytes here; states are kept for a fixed number of moments.
struct StreamLog {
  /// Tokens read one after the other under the same switches.
  struct Run {
    let settings: LevelSettings
    var tokens: [TokenID] = []
    var isLearnedFrom: [Bool] = []
  }

  private enum Entry {
    case run(Run)
    case flush(next: TokenID, isLearnedFrom: Bool, LevelSettings)
    case dropMixers
    case dropLevels
    case reset(level: Int)

    var tokenCount: Int { if case .run(let run) = self { run.tokens.count } else { 0 } }

    /// Whether memory was dropped.
    var isDrop: Bool {
      switch self {
      case .dropMixers, .dropLevels, .reset: true
      case .run, .flush: false
      }
    }
  }

  /// A place in the log: so many entries are done, and so many tokens of the next one.
  struct Moment: Comparable {
    var entries: Int
    var tokens = 0

    /// Before anything was done.
    static let start = Moment(entries: 0)

    static func < (a: Moment, b: Moment) -> Bool {
      (a.entries, a.tokens) < (b.entries, b.tokens)
    }
  }

  private struct Snapshot {
    enum Source {
      case here(HopeState)
      /// On disk; nil where it cannot be read any more.
      case away(() -> HopeState?)
    }
    let source: Source
    let moment: Moment

    var state: HopeState? {
      switch source {
      case .here(let state): state
      case .away(let fetch): fetch()
      }
    }
  }

  private var entries: [Entry] = []
  private let start: HopeState
  private var snapshots: [Snapshot]
  /// Begins a new run with the next token even under the same switches.
  private var isRunClosed = true
  private let capacity: Int

  /// - Parameters:
  ///   - start: the state before anything was logged.
  ///   - capacity: how many snapshots are kept besides it; older ones are given up one in two.
  init(start: HopeState, capacity: Int = 8) {
    self.start = start
    snapshots = [Snapshot(source: .here(start), moment: .start)]
    self.capacity = capacity
  }

  // MARK: Writing

  mutating func read(_ token: TokenID, isLearnedFrom: Bool, settings: LevelSettings) {
    if !isRunClosed, case .run(var run)? = entries.last, run.settings == settings {
      entries.removeLast()  // keep `run` the only owner
      run.tokens.append(token)
      run.isLearnedFrom.append(isLearnedFrom)
      entries.append(.run(run))
      return
    }
    entries.append(
      .run(Run(settings: settings, tokens: [token], isLearnedFrom: [isLearnedFrom])))
    isRunClosed = false
  }

  mutating func flush(next: TokenID, isLearnedFrom: Bool, settings: LevelSettings) {
    append(.flush(next: next, isLearnedFrom: isLearnedFrom, settings))
  }
  mutating func dropMixers() { append(.dropMixers) }
  mutating func dropLevels() { append(.dropLevels) }
  mutating func reset(level: Int) { append(.reset(level: level)) }

  private mutating func append(_ entry: Entry) {
    // what is dropped before anything was read is nothing, and a session's file may begin after it
    if entry.isDrop, entries.isEmpty, firstPosition == 0 { return }
    entries.append(entry)
    isRunClosed = true
  }

  /// What is done next is told apart from what was done until now.
  mutating func closeRun() { isRunClosed = true }

  /// Keeps the state as it is now, to start from later.
  mutating func keep(_ state: HopeState) {
    closeRun()
    keep(state, at: now)
  }

  /// Keeps a state that was the one at an earlier moment.
  mutating func keep(_ state: HopeState, at moment: Moment) { keep(.here(state), at: moment) }

  /// Keeps where the state of an earlier moment can be fetched.
  mutating func keep(at moment: Moment, fetch: @escaping () -> HopeState?) {
    keep(.away(fetch), at: moment)
  }

  private mutating func keep(_ source: Snapshot.Source, at moment: Moment) {
    let place = snapshots.firstIndex { $0.moment > moment } ?? snapshots.count
    snapshots.insert(Snapshot(source: source, moment: moment), at: place)
    guard snapshots.count > capacity + 1 else { return }
    // the start costs nothing; of the others every second of the older half goes
    let half = 1 + capacity / 2
    snapshots = snapshots.enumerated().filter { i, _ in i == 0 || i > half || i % 2 == 0 }
      .map(\.element)
  }

  /// Forgets all that was done after a moment.
  mutating func cut(at moment: Moment) {
    snapshots = snapshots.enumerated().filter { $0 == 0 || $1.moment <= moment }.map(\.element)
    guard moment < now else { return }
    var last = moment.tokens > 0 ? entries[moment.entries] : nil
    entries.removeSubrange(moment.entries...)
    if case .run(var run)? = last {
      last = nil
      run.tokens.removeSubrange(moment.tokens...)
      run.isLearnedFrom.removeSubrange(moment.tokens...)
      entries.append(.run(run))
    }
    isRunClosed = true
  }

  // MARK: Moments

  /// The present.
  var now: Moment { Moment(entries: entries.count) }

  /// Tokens read before the log begins.
  var firstPosition: Int { start.position }

  /// The first moment so many tokens had been read; nil where the log does not reach it.
  func moment(ofPosition position: Int) -> Moment? {
    guard position >= 0 else { return nil }
    var left = position - firstPosition
    guard left > 0 else { return left == 0 ? .start : nil }
    for (i, entry) in entries.enumerated() {
      let count = entry.tokenCount
      if left < count { return Moment(entries: i, tokens: left) }
      left -= count
      if left == 0 { return Moment(entries: i + 1) }
    }
    return nil
  }

  /// The moment so many tokens had been read and then, before the next one, memory been dropped so
  /// many times; nil where the log holds none.
  func moment(ofPosition position: Int, after drops: Int) -> Moment? {
    guard let first = moment(ofPosition: position) else { return nil }
    return drops <= self.drops(at: first)
      ? Moment(entries: first.entries + drops, tokens: first.tokens) : nil
  }

  /// Tokens read at a moment, and how often memory was dropped since the last of them.
  func place(of moment: Moment) -> (position: Int, drops: Int) {
    let position = entries.prefix(moment.entries).reduce(firstPosition + moment.tokens) {
      $0 + $1.tokenCount
    }
    let first = self.moment(ofPosition: position) ?? moment
    return (position, drops(from: first, to: moment))
  }

  /// How often memory is dropped from a moment on, before anything else is done.
  func drops(at moment: Moment) -> Int {
    moment.tokens > 0 ? 0 : entries.dropFirst(moment.entries).prefix { $0.isDrop }.count
  }

  /// How often memory was dropped between two moments.
  func drops(from first: Moment, to last: Moment) -> Int {
    entries.prefix(last.entries).dropFirst(first.entries).count { $0.isDrop }
  }
}

// MARK: Computing again

extension StreamLog {
  /// What was met on the way.
  enum Step {
    case token(StepReport, LevelSettings)
    case writes([LevelWrite], position: Int)
  }

  /// The state at a moment, from the nearest snapshot before it.
  /// - Parameter observe: told of what happens after `start`.
  func state(
    at moment: Moment, model: HopeModel, since start: Moment? = nil,
    observe: (Step) -> Void = { _ in }
  ) -> (state: HopeState, recomputed: Int) {
    let limit = min(start ?? moment, moment)
    let near = nearest(limit)
    var state = near.state
    advance(&state, from: near.moment, to: limit, model: model)
    advance(&state, from: limit, to: moment, model: model, observe: observe)
    return (state, state.position - near.state.position)
  }

  /// The last state that is kept, not after a moment.
  private func nearest(_ limit: Moment) -> (state: HopeState, moment: Moment) {
    for snapshot in snapshots.reversed() where snapshot.moment <= limit {
      if let state = snapshot.state { return (state, snapshot.moment) }
    }
    return (start, .start)
  }

  /// Does to a state what was done between two moments.
  func advance(
    _ state: inout HopeState, from first: Moment, to last: Moment, model: HopeModel,
    observe: (Step) -> Void = { _ in }
  ) {
    guard first < last, first.entries < entries.count else { return }
    for i in first.entries..<min(last.entries + 1, entries.count) {
      let start = i == first.entries ? first.tokens : 0
      let end = i == last.entries ? last.tokens : entries[i].tokenCount
      if i == last.entries, end == 0 { break }
      carryOut(entries[i], start..<max(start, end), model, &state, observe)
    }
  }

  private func carryOut(
    _ entry: Entry, _ range: Range<Int>, _ model: HopeModel, _ state: inout HopeState,
    _ observe: (Step) -> Void
  ) {
    switch entry {
    case .run(let run):
      model.ingest(
        Array(run.tokens[range]), isLearnedFrom: Array(run.isLearnedFrom[range]),
        settings: run.settings, state: &state
      ) { observe(.token($0, run.settings)) }
    case .flush(let next, let isLearnedFrom, let settings):
      let writes = model.flush(
        next: next, isLearnedFrom: isLearnedFrom, settings: settings, state: &state)
      observe(.writes(writes, position: state.position))
    case .dropMixers: cutChunk(model, &state, observe) { model.dropMixers(&$0) }
    case .dropLevels: cutChunk(model, &state, observe) { model.dropLevels(&$0) }
    case .reset(let level): cutChunk(model, &state, observe) { model.reset(level: level, &$0) }
    }
  }

  /// Ends the open chunk first, so that its writes are told of here and not with the next token.
  private func cutChunk(
    _ model: HopeModel, _ state: inout HopeState, _ observe: (Step) -> Void,
    _ body: (inout HopeState) -> Void
  ) {
    let writes = model.closeChunk(next: nil, state: &state)
    observe(.writes(writes, position: state.position))
    body(&state)
  }

  /// The token at a position, and whether it was learned from and under which switches.
  struct Place {
    let token: TokenID
    let isLearnedFrom: Bool
    let settings: LevelSettings
    /// The state before it.
    let state: HopeState
  }

  /// Visits the tokens of a range of positions with the state before each, computed again.
  /// - Returns: false where the log does not hold the whole range.
  func visit(
    _ positions: ClosedRange<Int>, model: HopeModel, _ body: (Int, Place) -> Void
  ) -> Bool {
    guard var at = moment(ofPosition: positions.lowerBound) else { return false }
    var state = self.state(at: at, model: model).state
    while at.entries < entries.count, state.position <= positions.upperBound {
      guard case .run(let run) = entries[at.entries] else {
        carryOut(entries[at.entries], 0..<0, model, &state) { _ in }
        at = Moment(entries: at.entries + 1)
        continue
      }
      for i in at.tokens..<run.tokens.count where state.position <= positions.upperBound {
        body(
          state.position,
          Place(
            token: run.tokens[i], isLearnedFrom: run.isLearnedFrom[i], settings: run.settings,
            state: state))
        _ = model.step(
          run.tokens[i], isLearnedFrom: run.isLearnedFrom[i], settings: run.settings,
          state: &state)
      }
      at = Moment(entries: at.entries + 1)
    }
    return state.position > positions.upperBound
  }
}
