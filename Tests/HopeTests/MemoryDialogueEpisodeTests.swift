import Hope
import Tensors
import Testing

@Suite("Memory episodes")
struct MemoryDialogueEpisodeTests {
  private let tokenizer = WordTokenizer()

  private func episodes(
    _ count: Int, length: Int = 1024, grid: Int = 64, breaks: ClosedRange<Int> = 1...3,
    split: ValueSplit = .training, phrasings: PhrasingSet = .training, denseShare: Float = 0,
    seed: UInt64 = 1
  ) -> [TrainingSequence] {
    let generator = MemoryEpisodes(tokenizer, split: split, phrasings: phrasings)
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in
      generator.next(
        length: length, grid: grid, breaks: breaks, answerWeight: 3, denseShare: denseShare,
        using: &random)
    }
  }

  private func text(_ tokens: some Sequence<TokenID>) -> String { tokenizer.text(of: tokens) }

  @Test("an episode has exactly the length asked for", arguments: [1, 63, 64, 100, 1000, 2048])
  func exactLength(length: Int) {
    for episode in episodes(5, length: length) {
      #expect(episode.tokens.count == length + 1)
      #expect(episode.targetWeights.count == length)
      #expect(episode.isWritable.count == length)
      #expect(episode.tokens[0] == WordTokenizer.roles.endOfText)
    }
  }

  @Test("the marked positions predict the value's tokens, right before a full stop")
  func answersDecode() {
    for episode in episodes(60) {
      for answer in episode.answers {
        let value = answer.positions.map { episode.tokens[$0 + 1] }
        #expect(text(value) == " " + answer.value)
        #expect(text([episode.tokens[answer.positions.upperBound + 1]]) == ".")
        #expect(answer.positions.upperBound <= episode.length)
      }
    }
  }

  @Test("dense episodes ask at least twice as often, at every distance still")
  func dense() {
    let chats = episodes(40, length: 2048)
    let dense = episodes(40, length: 2048, denseShare: 1)
    func count(_ all: [TrainingSequence], from distance: Int) -> Int {
      all.joinedAnswers.count { $0.heardDistance >= distance && $0.crossesBreak }
    }
    #expect(dense.joinedAnswers.count >= 2 * chats.joinedAnswers.count)
    for distance in [64, 256, 1024] {
      #expect(count(dense, from: distance) > count(chats, from: distance), "\(distance)")
    }
  }

  @Test("the distance leads back to the end of the value where the user told it last")
  func distancesLeadToTheFact() {
    for episode in episodes(60) {
      for answer in episode.answers {
        let first = answer.positions.lowerBound + 1
        let end = first - answer.distance
        let told = episode.tokens[(end - answer.positions.count)..<end]
        #expect(text(told) == " " + answer.value)
        #expect(author(at: end - 1, in: episode) == WordTokenizer.roles.user)
        #expect(answer.heardDistance <= answer.distance)
        let isBroken = episode.breaks.contains { end <= $0 && $0 < first }
        #expect(answer.crossesBreak == isBroken)
      }
    }
  }

  @Test("the latest value of an attribute is the right answer: no later user turn tells another")
  func correctionsHold() {
    var corrected = 0
    for episode in episodes(80) {
      var seen: [String: String] = [:]
      for answer in episode.answers {
        if let old = seen[answer.attribute], old != answer.value { corrected += 1 }
        seen[answer.attribute] = answer.value
      }
    }
    #expect(corrected >= 5)
  }

  @Test("breaks are multiples of the grid, start a new dialogue and cost nothing to predict")
  func breaksAreClean() {
    for grid in [32, 64, 100] {
      for episode in episodes(20, grid: grid) {
        #expect((1...3).contains(episode.breaks.count))
        #expect(episode.breaks == episode.breaks.sorted())
        for place in episode.breaks {
          #expect(place.isMultiple(of: grid))
          #expect(episode.tokens[place] == WordTokenizer.roles.endOfText)
          #expect(episode.targetWeights[place - 1] == 0)
        }
        let ends = episode.tokens.count { $0 == WordTokenizer.roles.endOfText }
        #expect(ends == episode.breaks.count + 1)
      }
    }
  }

  @Test("soon after a break facts from before it are asked")
  func asksAfterBreaks() {
    let all = episodes(60)
    let breaks = all.flatMap { episode in episode.breaks.map { (episode, $0) } }
    let answered = breaks.count { episode, place in
      episode.answers.contains { $0.crossesBreak && place..<place + 160 ~= $0.positions.lowerBound }
    }
    #expect(Double(answered) > 0.9 * Double(breaks.count), "\(answered) of \(breaks.count)")
  }

  @Test("answers weigh what was asked for, the rest one")
  func weights() {
    for episode in episodes(20) {
      let answered = Set(episode.answers.flatMap { Array($0.positions) })
      let cuts = Set(episode.breaks.map { $0 - 1 })
      for (position, weight) in episode.targetWeights.enumerated() {
        #expect(weight == (answered.contains(position) ? 3 : cuts.contains(position) ? 0 : 1))
      }
    }
  }

  @Test("where only the user is learned from, exactly the user's tokens are writable")
  func writability() {
    var userOnly = 0
    let all = episodes(60, length: 400)
    for episode in all where episode.isWritable.contains(false) {
      userOnly += 1
      for position in 0..<episode.length {
        let isUsers = author(at: position + 1, in: episode) == WordTokenizer.roles.user
        #expect(episode.isWritable[position] == isUsers)
      }
    }
    #expect(30...52 ~= userOnly, "\(userOnly) of \(all.count)")
  }

  @Test("the levels' clocks are asked evenly where the length allows")
  func evenDistances() {
    let answers = episodes(60, length: 3072, breaks: 1...3).flatMap(\.answers)
    let spans = [0..<64, 64..<256, 256..<1024, 1024..<4096]
    let counts = spans.map { span in answers.count { span.contains($0.heardDistance) } }
    for count in counts {
      #expect(Double(count) > 0.14 * Double(answers.count), "\(counts) of \(answers.count)")
    }
  }

  @Test(
    "values of one split only are ever told, in either phrasing", arguments: ValueSplit.allCases)
  func splitIsKept(split: ValueSplit) {
    for phrasings in PhrasingSet.allCases {
      for answer in episodes(20, split: split, phrasings: phrasings).flatMap(\.answers) {
        #expect(ValueSplit.of(answer.value) == split)
      }
    }
  }

  @Test("training text never names a reserved value")
  func noReservedValues() {
    let words = episodes(100).flatMap { text($0.tokens).split { !$0.isLetter && !$0.isNumber } }
    let named = Set(words.map { $0.lowercased() }).intersection(ValueSplit.reserved)
    #expect(named.isEmpty, "\(named)")
  }

  @Test("the same seed gives the same episode, another seed another")
  func seeds() {
    #expect(episodes(3, seed: 5) == episodes(3, seed: 5))
    #expect(episodes(1, seed: 5) != episodes(1, seed: 6))
  }

  @Test("acknowledgements repeat the value in a minority of cases")
  func fewRepetitions() {
    var told = 0
    var repeated = 0
    for episode in episodes(40, breaks: 0...0) {
      for turn in text(episode.tokens).split(separator: "<user>").dropFirst() {
        let halves = turn.split(separator: "<bot>")
        guard let name = halves[0].split(separator: " is called ").dropFirst().first,
          let value = name.split(whereSeparator: { " .<,".contains($0) }).first, halves.count == 2
        else { continue }
        told += 1
        if halves[1].contains(value) { repeated += 1 }
      }
    }
    #expect(told > 30)
    #expect(Double(repeated) <= 0.25 * Double(told), "\(repeated) of \(told)")
  }

  /// The role token (or `endOfText`) that a token's turn starts with.
  private func author(at place: Int, in episode: TrainingSequence) -> TokenID {
    episode.tokens[...place].last { $0 <= WordTokenizer.roles.assistant } ?? -1
  }
}

extension [TrainingSequence] {
  fileprivate var joinedAnswers: [TrainingSequence.Answer] { flatMap(\.answers) }
}
