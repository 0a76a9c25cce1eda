import Hope

/// The same words answered twice from the same memory with the same random numbers: as things are,
/// and with a level switched otherwise. The conversation itself does not notice.
package struct LaneComparison: Sendable, Equatable {
  package struct Lane: Sendable, Equatable {
    /// `as it is`, or what was switched.
    package let name: String
    package let text: String
    package let tokens: [TokenEvent]

    package init(name: String, text: String, tokens: [TokenEvent]) {
      (self.name, self.text, self.tokens) = (name, text, tokens)
    }
  }
  package let words: String
  package let a: Lane
  package let b: Lane
  /// KL(a ‖ b) before every token of the answer up to the one at which they part, in bits.
  package let divergenceBits: [Float]
  /// Index in the answer of the first token that differs; nil where the answers are equal.
  package let fork: Int?

  package init(words: String, a: Lane, b: Lane, divergenceBits: [Float], fork: Int?) {
    (self.words, self.a, self.b) = (words, a, b)
    (self.divergenceBits, self.fork) = (divergenceBits, fork)
  }

  package var meanDivergenceBits: Float {
    divergenceBits.reduce(0, +) / Float(max(1, divergenceBits.count))
  }
}

/// One answer being drawn.
private struct LaneRun {
  var conversation: Conversation
  var tokens: [TokenEvent] = []
  var isDone = false
  private var decoder: StreamingDecoder

  init(_ conversation: Conversation, words: [AuthoredToken]) {
    self.conversation = conversation
    decoder = conversation.prompt.answerDecoder()
    read(words)
  }

  /// As a turn reads them: the last one after what was said is learned.
  private mutating func read(_ words: [AuthoredToken]) {
    let learn = conversation.settings.learn
    let slices = learn == .off ? [words[...]] : [words.dropLast(), words.suffix(1)]
    for (i, slice) in slices.enumerated() {
      if i == 1, let mark = slice.first {
        conversation.model.flush(
          next: mark.id, isLearnedFrom: learn.learns(from: mark.author),
          settings: conversation.levels, state: &conversation.state)
      }
      conversation.model.ingest(
        slice.map(\.id), isLearnedFrom: slice.map { learn.learns(from: $0.author) },
        settings: conversation.levels, state: &conversation.state)
    }
  }

  var logits: [Float] {
    conversation.prompt.drawable(conversation.state.logits, isFirst: tokens.isEmpty)
  }

  mutating func draw() {
    guard !isDone, tokens.count < conversation.settings.maxTokens,
      let token = try? conversation.sampler.sample(logits).token, !conversation.prompt.isEnd(token)
    else {
      isDone = true
      return
    }
    let isLearnedFrom = conversation.settings.learn.learns(from: .assistant)
    let report = conversation.model.step(
      token, isLearnedFrom: isLearnedFrom, settings: conversation.levels,
      state: &conversation.state)
    tokens.append(
      TokenEvent(
        position: report.position, id: token, text: decoder.append(token), author: .assistant,
        isLearnedFrom: isLearnedFrom, surpriseBits: report.surpriseBits,
        entropyBits: report.entropyBits))
  }

  func lane(_ name: String) -> LaneComparison.Lane {
    LaneComparison.Lane(
      name: name, text: conversation.prompt.answerText(tokens.map(\.id)), tokens: tokens)
  }
}

extension Conversation {
  /// Answers words in two lanes; nil: the last turn's words, from before they were said.
  func compare(
    _ words: String?, _ change: LaneChange, isStopped: () -> Bool
  ) throws(SessionError) -> LaneComparison {
    let indices = change.level.indices(in: levelNames)
    guard !indices.isEmpty else { throw .unknownLevel("\(change.level)", known: levelNames) }
    var start = self
    if words == nil {
      guard let last = turns.last else { throw .noSuchTurn(1, count: 0) }
      start.state = log.state(at: last.moment, model: model).state
      start.sampler.randomState = last.randomState
    }
    let text = words ?? turns.last?.text ?? ""
    var other = start
    for index in indices {
      other.levels[index].access = change.change.applied(to: other.levels[index].access)
    }
    let tokens = prompt.tokens(
      text, isFirst: start.state.position == 0, system: settings.system)
    return LaneComparison(
      text, LaneRun(start, words: tokens), LaneRun(other, words: tokens), name: change.description,
      isStopped: isStopped)
  }
}

extension LaneComparison {
  fileprivate init(
    _ words: String, _ a: LaneRun, _ b: LaneRun, name: String, isStopped: () -> Bool
  ) {
    var (a, b) = (a, b)
    var (bits, fork) = ([Float](), Int?.none)
    while !(a.isDone && b.isDone), !isStopped() {
      if fork == nil { bits.append(Hope.divergenceBits(a.logits, b.logits)) }
      a.draw()
      b.draw()
      let isEqual = a.tokens.count == b.tokens.count && a.tokens.last?.id == b.tokens.last?.id
      if fork == nil, !isEqual { fork = bits.count - 1 }
    }
    self.init(
      words: words, a: a.lane("as it is"), b: b.lane(name), divergenceBits: bits, fork: fork)
  }
}

/// What a lane does otherwise: `cms1=off`.
package struct LaneChange: Sendable, Equatable, CustomStringConvertible {
  package let level: LevelReference
  package let change: AccessChange
  package let description: String

  package init?(_ word: String) {
    let parts = word.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty, let change = AccessChange(parts[1]) else {
      return nil
    }
    (level, self.change, description) = (LevelReference(parts[0]), change, word)
  }
}
