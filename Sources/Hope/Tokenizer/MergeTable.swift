/// Two neighbouring tokens. Ordered by the left token, then the right one.
struct TokenPair: Hashable, Comparable, Sendable {
  private let packed: UInt64

  init(_ left: TokenID, _ right: TokenID) {
    packed = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  var left: TokenID { TokenID(truncatingIfNeeded: packed >> 32) }
  var right: TokenID { TokenID(truncatingIfNeeded: packed) }

  static func < (a: TokenPair, b: TokenPair) -> Bool { a.packed < b.packed }
}

/// What byte-pair encoding has learned: which neighbours become one token, and which of them first.
struct MergeTable: Sendable, Equatable {
  /// A pair and the token it becomes.
  struct Rule: Sendable, Equatable {
    let pair: TokenPair
    let result: TokenID
  }
  private struct Ranked: Sendable, Equatable {
    let rank: Int32
    let result: TokenID
    static let none = Ranked(rank: .max, result: -1)
  }

  /// In the order of their rank: the first goes first.
  let rules: [Rule]
  private let ranked: [TokenPair: Ranked]

  /// - Parameter rules: no pair twice.
  init(_ rules: [Rule]) {
    self.rules = rules
    ranked = Dictionary(
      uniqueKeysWithValues: rules.enumerated().map { rank, rule in
        (rule.pair, Ranked(rank: Int32(rank), result: rule.result))
      })
  }

  /// Joins neighbours in `tokens[start...]` until no rule applies; the lowest rank goes first, then
  /// the leftmost place.
  func merge(_ tokens: inout [TokenID], from start: Int) {
    let count = tokens.count - start
    if count < 2 { return }
    if count <= 32 { mergeShort(&tokens, from: start) } else { mergeLong(&tokens, from: start) }
  }

  private func rank(_ left: TokenID, _ right: TokenID) -> Ranked {
    ranked[TokenPair(left, right)] ?? .none
  }
}

extension MergeTable {
  /// Searches the whole piece for every merge: quadratic, and quickest for words.
  private func mergeShort(_ tokens: inout [TokenID], from start: Int) {
    var best = tokens.indices[start...].dropLast().map { rank(tokens[$0], tokens[$0 + 1]) }
    while let place = best.indices.min(by: { best[$0].rank < best[$1].rank }),
      best[place].rank != .max
    {
      let i = start + place
      tokens[i] = best[place].result
      tokens.remove(at: i + 1)
      best.remove(at: place)
      if place > 0 { best[place - 1] = rank(tokens[i - 1], tokens[i]) }
      if place < best.count { best[place] = rank(tokens[i], tokens[i + 1]) }
    }
  }

  /// A merge that was possible when it was queued.
  private struct Candidate: Comparable {
    let merge: Ranked
    let place: Int
    let pair: TokenPair

    static func < (a: Candidate, b: Candidate) -> Bool {
      (a.merge.rank, a.place) < (b.merge.rank, b.place)
    }
  }

  /// The same result in O(n log n) for pieces of any length: a queue of candidates over a linked list.
  private func mergeLong(_ tokens: inout [TokenID], from start: Int) {
    var list = LinkedTokens(tokens[start...])
    var queue = BinaryHeap((0..<list.tokens.count - 1).compactMap { candidate(at: $0, in: list) })
    while let next = queue.pop() {
      guard list.pair(at: next.place) == next.pair else { continue }
      list.join(at: next.place, into: next.merge.result)
      if let before = list.place(before: next.place), let new = candidate(at: before, in: list) {
        queue.push(new)
      }
      if let new = candidate(at: next.place, in: list) { queue.push(new) }
    }
    tokens.removeSubrange(start...)
    tokens.append(contentsOf: list.tokens.filter { $0 >= 0 })
  }

  private func candidate(at place: Int, in list: LinkedTokens) -> Candidate? {
    guard let pair = list.pair(at: place), let merge = ranked[pair] else { return nil }
    return Candidate(merge: merge, place: place, pair: pair)
  }
}

/// Tokens that know their neighbours, so that joining two is O(1). A joined-away token is −1.
private struct LinkedTokens {
  private(set) var tokens: [TokenID]
  private var previous: [Int]
  private var next: [Int]

  init(_ slice: ArraySlice<TokenID>) {
    tokens = Array(slice)
    previous = tokens.indices.map { $0 - 1 }
    next = tokens.indices.map { $0 + 1 }
  }

  /// The token at a place and its right neighbour; nil at the end and where a token is gone.
  func pair(at place: Int) -> TokenPair? {
    guard tokens[place] >= 0, next[place] < tokens.count else { return nil }
    return TokenPair(tokens[place], tokens[next[place]])
  }

  func place(before place: Int) -> Int? { previous[place] < 0 ? nil : previous[place] }

  mutating func join(at place: Int, into result: TokenID) {
    let gone = next[place]
    tokens[place] = result
    tokens[gone] = -1
    next[place] = next[gone]
    if next[gone] < tokens.count { previous[next[gone]] = place }
  }
}
