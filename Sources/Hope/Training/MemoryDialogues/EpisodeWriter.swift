import Tensors

/// Writes one episode exchange by exchange. A value: an exchange that does not fit before the next
/// break is undone by restoring a copy.
struct EpisodeWriter {
  private let episodes: MemoryEpisodes
  private let end: Int
  private let mode: WritableMode
  private let pace: EpisodePace
  private var breaks: ArraySlice<Int>
  private(set) var tokens: [TokenID] = []
  private(set) var answers: [TrainingSequence.Answer] = []
  private(set) var random: RandomSource
  private var known: [KnownFact] = []
  private var pending: [Int] = []
  private var lastBreak = 0
  private var askedPerSpan: [Int]

  /// A told fact and where its value ended when it was last told and last met.
  private struct KnownFact {
    var fact: MemorySpeech.Fact
    var told: Int
    var met: Int
    var askCount = 0
  }

  private var speech: MemorySpeech { episodes.speech }

  init(
    _ episodes: MemoryEpisodes, end: Int, breaks: [Int], mode: WritableMode,
    pace: EpisodePace, _ random: RandomSource
  ) {
    self.episodes = episodes
    self.end = end
    self.breaks = breaks[...]
    self.mode = mode
    self.pace = pace
    self.random = random
    askedPerSpan = [Int](repeating: 0, count: episodes.distances.count + 1)
  }

  mutating func write() {
    tokens.append(speech.roles.endOfText)
    while tokens.count < end {
      let limit = breaks.first ?? end
      let before = self
      writeExchange(limit: limit)
      if tokens.count > limit {
        self = before
        pad(to: limit)
      }
      if tokens.count == breaks.first { dropMixer() }
    }
  }

  /// Starts a new dialogue at a break; some of what is known will be asked for soon.
  private mutating func dropMixer() {
    lastBreak = breaks.removeFirst()
    tokens.append(speech.roles.endOfText)
    pending = []
    let count = min(known.count, pace.asksAfterBreak + random.integer(below: 3))
    while pending.count < count, let index = askable(except: pending) { pending.append(index) }
    pending.reverse()
  }

  // MARK: - The course of the dialogue

  private mutating func writeExchange(limit: Int) {
    if !pending.isEmpty {
      if random.integer(below: 4) > 0 { ask(pending.removeLast()) } else { chat() }
      return
    }
    let isBreakNear = limit < end && limit - tokens.count < 180
    let isFull = known.count >= pace.capacity(end)
    let tellShare = isFull ? 4 : isBreakNear ? pace.askFrom : pace.tellShare
    switch random.integer(below: 100) {
    case ..<tellShare: tell()
    case pace.askFrom..<80: askInTurn()
    case 80..<86: correct()
    case 86..<90: askUnknown()
    case 90..<94: distract()
    default: chat()
    }
  }

  private mutating func chat() { append(episodes.filler.run(using: &random)) }

  private mutating func tell() {
    var facts: [MemorySpeech.Fact] = []
    for _ in 0..<[1, 1, 1, 1, 2, 2, 3][random.integer(below: 7)] {
      let used = known.map(\.fact.attributeIndex) + facts.map(\.attributeIndex)
      let attribute = unusedAttribute(except: Set(used))
      facts.append(speech.fact(about: attribute, notIn: taken(facts), using: &random))
    }
    let ends = append(speech.statement(of: facts, using: &random))
    for (fact, end) in zip(facts, ends) {
      known.append(KnownFact(fact: fact, told: end, met: end))
    }
    acknowledge(facts, known.count - facts.count..<known.count)
  }

  private mutating func correct() {
    guard !known.isEmpty else { return tell() }
    let index = random.integer(below: known.count)
    var fact = known[index].fact
    let old = fact.value
    fact.value = speech.fact(about: fact.attributeIndex, notIn: taken([]), using: &random).value
    let end = append(speech.correction(of: fact, old: old, using: &random))[0]
    known[index] = KnownFact(fact: fact, told: end, met: end)
    if random.integer(below: 4) == 0 {
      acknowledge([fact], index..<index + 1)
    } else {
      append(speech.reply(from: Replies.correction, using: &random))
    }
  }

  private mutating func acknowledge(_ facts: [MemorySpeech.Fact], _ indices: Range<Int>) {
    let ends = append(speech.acknowledgement(of: facts, using: &random))
    if let last = indices.last, let end = ends.last { known[last].met = end }
  }

  private mutating func askUnknown() {
    let attribute = unusedAttribute(except: Set(known.map(\.fact.attributeIndex)))
    let fact = speech.fact(about: attribute, notIn: [], using: &random)
    append(speech.question(about: fact, using: &random))
    append(speech.reply(from: Replies.unknown, using: &random))
  }

  private mutating func distract() {
    let attribute =
      known.isEmpty || random.integer(below: 3) == 0
      ? unusedAttribute(except: []) : random.element(of: known).fact.attributeIndex
    let fact = speech.fact(about: attribute, notIn: taken([]), using: &random)
    append(speech.distractor(like: fact, using: &random))
    append(speech.reply(from: Replies.aboutOthers, using: &random))
  }

  private mutating func ask(_ index: Int) {
    let item = known[index]
    append(speech.question(about: item.fact, using: &random))
    let answer = speech.answer(with: item.fact, using: &random)
    let range = answer.values[0].range
    let first = tokens.count + range.lowerBound
    askedPerSpan[span(of: first - heardEnd(of: item))] += 1
    answers.append(
      TrainingSequence.Answer(
        positions: first - 1..<first - 1 + range.count, distance: first - item.told,
        heardDistance: first - heardEnd(of: item), crossesBreak: item.told <= lastBreak,
        attribute: item.fact.attribute.key, value: item.fact.value))
    known[index].met = append(answer)[0]
    known[index].askCount += 1
  }

  // MARK: - What to ask

  /// Asks for a fact of a span that is not ahead of the others; otherwise goes on telling or chatting.
  private mutating func askInTurn() {
    let spans = (0..<askedPerSpan.count).filter { isReachable($0) }
    let least = spans.map { askedPerSpan[$0] }.min() ?? 0
    guard let index = askable(except: []),
      askedPerSpan[span(of: known[index])] <= least + pace.askedAhead
    else { return chat() }
    ask(index)
  }

  /// A known fact of the span asked least so far; the least asked fact of it.
  private mutating func askable(except used: [Int]) -> Int? {
    let free = known.indices.filter { !used.contains($0) }
    let spans = Set(free.map { span(of: known[$0]) })
    guard let least = spans.map({ askedCount($0, with: used) }).min() else { return nil }
    let chosen = random.element(of: spans.sorted().filter { askedCount($0, with: used) == least })
    let inSpan = free.filter { span(of: known[$0]) == chosen }
    let fewest = inSpan.map { known[$0].askCount }.min() ?? 0
    return random.element(of: inSpan.filter { known[$0].askCount == fewest })
  }

  private func askedCount(_ wanted: Int, with planned: [Int]) -> Int {
    askedPerSpan[wanted] + planned.count { span(of: known[$0]) == wanted }
  }

  /// Does the episode's length leave room to ask at the span's distance?
  private func isReachable(_ span: Int) -> Bool {
    span == 0 || episodes.distances[span - 1] + 160 < end
  }

  private func span(of item: KnownFact) -> Int { span(of: tokens.count - heardEnd(of: item)) }

  /// Span 0 lies below the first distance, span i from the i-th distance to the next.
  private func span(of distance: Int) -> Int { episodes.distances.count { $0 <= distance } }

  /// Where a learner last met the value: repeated by the assistant counts only if that is still in
  /// the mixer or was learned by the levels.
  private func heardEnd(of item: KnownFact) -> Int {
    mode == .all || item.met > lastBreak ? item.met : item.told
  }

  private mutating func unusedAttribute(except used: Set<Int>) -> Int {
    let free = MemoryCatalogue.attributes.indices.filter { !used.contains($0) }
    var place = random.integer(below: free.map { MemoryCatalogue.attributes[$0].weight }.sum)
    for index in free {
      place -= MemoryCatalogue.attributes[index].weight
      if place < 0 { return index }
    }
    preconditionFailure("all \(used.count) attributes are used")
  }

  private func taken(_ more: [MemorySpeech.Fact]) -> Set<String> {
    Set((known.map(\.fact) + more).map { $0.value.lowercased() })
  }

  // MARK: - Tokens

  /// Appends a turn; returns where each of its values ends (exclusive).
  @discardableResult
  private mutating func append(_ turn: MarkedTurn) -> [Int] {
    defer { tokens += turn.tokens }
    return turn.values.sorted { $0.fact < $1.fact }.map { tokens.count + $0.range.upperBound }
  }

  private mutating func append(_ turns: [TokenTurn]) {
    for turn in turns { tokens += turn.tokens }
  }

  /// Small talk up to exactly `limit`; the last turn is cut.
  private mutating func pad(to limit: Int) {
    while tokens.count < limit {
      for turn in episodes.filler.run(using: &random) {
        tokens += turn.tokens.prefix(limit - tokens.count)
      }
    }
  }
}

/// How much of an episode is telling and asking, and how much is small talk.
///
/// Of a hundred exchanges the first `tellShare` tell, those from `askFrom` to 80 ask, twenty correct,
/// ask what was never told, mislead or chat, and what lies between telling and asking chats.
enum EpisodePace: Sendable {
  /// A chat with some facts in it.
  case chat
  /// One fact and question after the other: many more answers to learn from in the same tokens.
  case dense

  var tellShare: Int { self == .chat ? 32 : 34 }
  var askFrom: Int { self == .chat ? 60 : 36 }
  var asksAfterBreak: Int { self == .chat ? 2 : 5 }
  /// By how many asks a span may run ahead of the one asked least.
  var askedAhead: Int { self == .chat ? 2 : 6 }

  /// How many facts an episode holds: enough that some are still unasked when they are old.
  func capacity(_ length: Int) -> Int {
    self == .chat ? min(24, 4 + length / 96) : min(40, 6 + length / 56)
  }
}

extension [Int] {
  fileprivate var sum: Int { reduce(0, +) }
}
