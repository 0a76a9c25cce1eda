import Hope

/// What was done to a conversation's stream, so that the state before any token can be computed again
/// by doing the same from the nearest snapshot. The state so found is, bit for bit, the one it was.
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
    case reset(level: Int)
  }

  /// A state and how many entries came before it.
  private struct Snapshot {
    let state: HopeState
    let entryCount: Int
  }

  private var entries: [Entry] = []
  private var snapshots: [Snapshot] = []
  /// Begins a new run with the next token even under the same switches.
  private var isRunClosed = true
  private let capacity: Int

  /// - Parameters:
  ///   - start: the state before anything was logged.
  ///   - capacity: how many snapshots are kept besides it; older ones are given up one in two.
  init(start: HopeState, capacity: Int = 8) {
    snapshots = [Snapshot(state: start, entryCount: 0)]
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
  mutating func reset(level: Int) { append(.reset(level: level)) }

  private mutating func append(_ entry: Entry) {
    entries.append(entry)
    isRunClosed = true
  }

  /// Keeps the state as it is now, to start from later.
  mutating func keep(_ state: HopeState) {
    isRunClosed = true
    snapshots.append(Snapshot(state: state, entryCount: entries.count))
    guard snapshots.count > capacity + 1 else { return }
    // the start costs nothing; of the others every second of the older half goes
    let half = 1 + capacity / 2
    snapshots = snapshots.enumerated().filter { i, _ in i == 0 || i > half || i % 2 == 0 }
      .map(\.element)
  }

  // MARK: Reading

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
    guard
      let start = snapshots.last(where: { $0.state.position <= positions.lowerBound })
    else { return false }
    var state = start.state
    for entry in entries[start.entryCount...] {
      guard state.position <= positions.upperBound else { break }
      switch entry {
      case .run(let run): model.reread(run, &state, positions, body)
      case .flush(let next, let isLearnedFrom, let settings):
        model.flush(next: next, isLearnedFrom: isLearnedFrom, settings: settings, state: &state)
      case .dropMixers: model.dropMixers(&state)
      case .reset(let level): model.reset(level: level, &state)
      }
    }
    return state.position > positions.upperBound
  }
}

extension HopeModel {
  /// Reads a run's tokens again: at once up to the range, one by one within it.
  fileprivate func reread(
    _ run: StreamLog.Run, _ state: inout HopeState, _ positions: ClosedRange<Int>,
    _ body: (Int, StreamLog.Place) -> Void
  ) {
    let ahead = min(max(0, positions.lowerBound - state.position), run.tokens.count)
    ingest(
      Array(run.tokens[..<ahead]), isLearnedFrom: Array(run.isLearnedFrom[..<ahead]),
      settings: run.settings, state: &state)
    for i in ahead..<run.tokens.count where state.position <= positions.upperBound {
      body(
        state.position,
        StreamLog.Place(
          token: run.tokens[i], isLearnedFrom: run.isLearnedFrom[i], settings: run.settings,
          state: state))
      _ = step(
        run.tokens[i], isLearnedFrom: run.isLearnedFrom[i], settings: run.settings, state: &state)
    }
  }
}
