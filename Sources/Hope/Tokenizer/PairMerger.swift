/// The training text as distinct words of tokens, and how often each pair of neighbours occurs in it.
///
/// A merge visits only the words that contain the pair, and the counts follow step by step.
struct PairMerger {
  /// All words one after another; a word shrinks in place as its tokens are joined.
  private var tokens: [TokenID] = []
  private var words: [Word] = []
  private var pairs: [TokenPair: Occurrences] = [:]
  private var queue = BinaryHeap<Candidate>()

  private struct Word {
    let start: Int
    var length: Int
    /// How often the word occurs in the text.
    let weight: Int
  }
  private struct Occurrences {
    var count = 0
    /// The words that contain the pair, or once did.
    var words: [Int32] = []
  }
  /// A pair and a count that may have changed since; the most frequent comes first.
  private struct Candidate: Comparable {
    let count: Int
    let pair: TokenPair

    static func < (a: Candidate, b: Candidate) -> Bool {
      a.count != b.count ? a.count > b.count : a.pair < b.pair
    }
  }

  init(_ counts: PieceCounts, byteIDs: [TokenID]) {
    for (index, weight) in counts.counts.enumerated() {
      let piece = counts.piece(index)
      words.append(Word(start: tokens.count, length: piece.count, weight: weight))
      for byte in piece { tokens.append(byteIDs[Int(byte)]) }
    }
    for word in words.indices {
      for i in words[word].start..<words[word].start + max(0, words[word].length - 1) {
        change(TokenPair(tokens[i], tokens[i + 1]), in: word, by: 1)
      }
    }
    queue = BinaryHeap(pairs.map { Candidate(count: $0.value.count, pair: $0.key) })
  }

  /// The pair that occurs most often, if that is often enough.
  mutating func mostFrequent(atLeast minimum: Int) -> TokenPair? {
    while let top = queue.pop() {
      let count = pairs[top.pair]?.count ?? 0
      if count == top.count { return count >= max(1, minimum) ? top.pair : nil }
      if count > 0 { queue.push(Candidate(count: count, pair: top.pair)) }
    }
    return nil
  }

  /// Joins the pair wherever it occurs, from left to right, into `result`.
  mutating func merge(_ pair: TokenPair, into result: TokenID) {
    guard let occurrences = pairs[pair] else { return }
    var born: Set<TokenPair> = []
    for word in occurrences.words { merge(pair, into: result, word: Int(word), &born) }
    pairs[pair] = nil
    for new in born {
      if let count = pairs[new]?.count, count > 0 { queue.push(Candidate(count: count, pair: new)) }
    }
  }

  private mutating func merge(
    _ pair: TokenPair, into result: TokenID, word: Int, _ born: inout Set<TokenPair>
  ) {
    let start = words[word].start
    let end = start + words[word].length
    var read = start
    var write = start
    while read < end {
      let isPair = read + 1 < end && tokens[read] == pair.left && tokens[read + 1] == pair.right
      guard isPair else {
        tokens[write] = tokens[read]
        (read, write) = (read + 1, write + 1)
        continue
      }
      if write > start {
        replace((tokens[write - 1], pair.left), by: (tokens[write - 1], result), word, &born)
      }
      if read + 2 < end {
        replace((pair.right, tokens[read + 2]), by: (result, tokens[read + 2]), word, &born)
      }
      tokens[write] = result
      (read, write) = (read + 2, write + 1)
    }
    words[word].length = write - start
  }

  private mutating func replace(
    _ old: (TokenID, TokenID), by new: (TokenID, TokenID), _ word: Int, _ born: inout Set<TokenPair>
  ) {
    change(TokenPair(old.0, old.1), in: word, by: -1)
    change(TokenPair(new.0, new.1), in: word, by: 1)
    born.insert(TokenPair(new.0, new.1))
  }

  private mutating func change(_ pair: TokenPair, in word: Int, by sign: Int) {
    let id = Int32(word)
    let difference = sign * words[word].weight
    guard sign > 0 else {
      pairs[pair]?.count += difference
      return
    }
    pairs[pair, default: Occurrences()].count += difference
    if pairs[pair]?.words.last != id { pairs[pair]?.words.append(id) }
  }
}
