import Hope

// Going back: the state of an earlier moment is computed again from the nearest snapshot, then further
// on until a digest is met that was taken live. Only when the two are equal does the past become the
// present.

/// A moment to go back to, found.
struct Destination {
  let target: Jump.Target
  let moment: StreamLog.Moment
  /// How often memory was dropped at the moment's position before it.
  var drops = 0
  /// The turn it lies in, or whose words come next; nil at the very end of the last turn.
  let turn: Int?
  var randomState: UInt64
}

extension Conversation {
  /// Why there is nothing to go back to before the first turn; nil where there was nothing.
  var reasonForBeginning: String? { beginning.reason(log.firstPosition) }

  /// Where a token or a turn is.
  /// - Parameters:
  ///   - drops: how often memory was dropped at the token's position before the moment that is
  ///     meant.
  ///   - end: tokens read until now.
  func destination(
    _ target: Jump.Target, after drops: Int = 0, end: Int
  ) throws(SessionError) -> Destination {
    switch target {
    case .turn(let number):
      guard number > 0, number <= turns.count else {
        throw .noSuchTurn(number, count: turns.count, reason: reasonForBeginning)
      }
      let turn = turns[number - 1]
      return Destination(
        target: target, moment: turn.moment, turn: number - 1, randomState: turn.randomState)
    case .token(let position):
      guard position <= end, let moment = log.moment(ofPosition: position, after: drops) else {
        let first = log.firstPosition
        throw .noSuchMoment(
          position, first: first, count: end,
          reason: position < first ? reasonForBeginning : nil)
      }
      let index = turns.lastIndex { $0.position < position }
      return Destination(
        target: target, moment: moment, drops: drops, turn: index,
        randomState: random(at: position, index))
    }
  }

  /// Where the random numbers stood when so many tokens had been read: every drawn token took one.
  private func random(at position: Int, _ index: Int?) -> UInt64 {
    guard let index else { return turns.first?.randomState ?? sampler.randomState }
    let turn = turns[index]
    if let end = turn.end, end.position <= position { return end.randomState }
    var sampler = sampler
    sampler.randomState = turn.randomState
    sampler.skip(max(0, position - turn.answerPosition))
    return sampler.randomState
  }

  /// Goes back, if what is computed again is what was. Where memory was dropped between two tokens,
  /// the moment before that is meant.
  /// - Parameter drops: how many of these drops come before the moment.
  mutating func jump(
    to target: Jump.Target, after drops: Int = 0, _ reason: Jump.Reason
  ) throws(SessionError) -> Jump {
    var goal = try destination(target, after: drops, end: state.position)
    if reason == .again { goal.randomState = sampler.randomState }
    let start = goal.turn.map { turns[$0].moment } ?? goal.moment
    var meter = goal.turn.map { turns[$0].meter } ?? meter
    let found = log.state(at: goal.moment, model: model, since: start) { meter.take($0) }
    let checkedAt = try check(found.state, from: goal.moment)
    let digest = found.state.digest
    let dropsTakenBack = log.drops(at: goal.moment)
    let words = if case .turn(let number) = target { turns[number - 1].text } else { String?.none }
    cut(at: goal, position: found.state.position, digest: digest)
    (state, self.meter) = (found.state, self.meter(at: goal) ?? meter)
    return Jump(
      reason: reason, target: target, position: state.position, dropsBefore: drops,
      dropsTakenBack: dropsTakenBack, digest: digest, randomState: goal.randomState,
      tensorCount: state.tensorCount, checkedAt: checkedAt, words: words)
  }

  /// Counts and measures as they were after memory was dropped; nil where none was.
  func meter(at goal: Destination) -> LevelMeter? {
    goal.drops > 0 ? witnesses.last { $0.moment == goal.moment }?.meter : nil
  }

  /// Computes on from a moment to the next digest that was taken live, and compares.
  /// - Returns: the position of that digest; nil where none comes after that tells of the state.
  private func check(
    _ state: HopeState, from moment: StreamLog.Moment
  ) throws(SessionError) -> Int? {
    guard let next = nextDigest(from: moment) else { return nil }
    var later = state
    log.advance(&later, from: moment, to: next.moment, model: model)
    guard later.digest == next.digest else {
      throw .fault(
        .differs(position: later.position, recorded: next.digest, found: later.digest, note: ""))
    }
    return later.position
  }

  /// Forgets all that was said after a moment.
  mutating func cut(at goal: Destination, position: Int, digest: SHA256Digest) {
    log.cut(at: goal.moment)
    sampler.randomState = goal.randomState
    forgetWitnesses(after: goal.moment)
    switch goal.target {
    case .turn(let number): turns.removeSubrange((number - 1)...)
    case .token:
      turns.removeSubrange(((goal.turn ?? -1) + 1)...)
      guard let last = turns.indices.last else { return }
      // memory may have been dropped since the answer was complete
      if let end = turns[last].end, end.moment <= goal.moment { return }
      turns[last].end = TurnMark.End(
        moment: log.now, position: position, digest: digest, randomState: goal.randomState)
    }
  }
}

extension LevelMeter {
  /// Takes in what was met while computing again.
  mutating func take(_ step: StreamLog.Step) {
    switch step {
    case .token(let report, let settings): _ = record(report, settings: settings)
    case .writes(let writes, let position): _ = record(writes, position: position)
    }
  }
}
