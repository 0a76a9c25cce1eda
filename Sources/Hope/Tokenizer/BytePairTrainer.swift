/// Learns a vocabulary: again and again the most frequent pair of neighbours becomes a token.
///
/// Deterministic: among equally frequent pairs the one with the smallest ids goes first. The same
/// texts give the same tokenizer as the trainer of the Python package `tokenizers`.
package enum BytePairTrainer {
  package enum Progress: Sendable, Equatable {
    /// Reading: so many texts, so many bytes, so many distinct words until now.
    case counting(texts: Int, bytes: Int, words: Int)
    /// Merging: so many of the wanted tokens exist.
    case merging(tokens: Int, of: Int)
  }

  /// Trains a tokenizer: the special tokens get ids 0 to 3, then come the 256 bytes, then merges.
  /// - Parameters:
  ///   - vocabularySize: tokens wanted, at least `Tokenizer.smallestVocabulary`. The result has fewer
  ///     when no pair is left that is frequent enough.
  ///   - minimumFrequency: a pair seen less often becomes no token.
  ///   - progress: called every 10,000 texts and every 256 tokens, and at the end of both phases.
  package static func train(
    _ texts: some Sequence<String>, vocabularySize: Int, minimumFrequency: Int = 2,
    progress: (Progress) -> Void = { _ in }
  ) -> Tokenizer {
    let allowed = Tokenizer.smallestVocabulary...Tokenizer.vocabularyLimit
    precondition(
      allowed.contains(vocabularySize),
      "train: a vocabulary of \(vocabularySize), not in \(allowed)")
    let counts = count(texts, progress)
    var merger = PairMerger(counts, byteIDs: byteIDs)
    var vocabulary = GrowingVocabulary()
    while vocabulary.pieces.count < vocabularySize,
      let pair = merger.mostFrequent(atLeast: minimumFrequency)
    {
      merger.merge(pair, into: vocabulary.add(pair))
      if vocabulary.pieces.count % 256 == 0 {
        progress(.merging(tokens: vocabulary.pieces.count, of: vocabularySize))
      }
    }
    progress(.merging(tokens: vocabulary.pieces.count, of: vocabularySize))
    return Tokenizer(
      pieces: vocabulary.pieces, merges: MergeTable(vocabulary.rules), special: .first,
      byteIDs: byteIDs)
  }

  private static func count(
    _ texts: some Sequence<String>, _ progress: (Progress) -> Void
  ) -> PieceCounts {
    var counts = PieceCounts()
    var textCount = 0
    var byteCount = 0
    func report() {
      progress(.counting(texts: textCount, bytes: byteCount, words: counts.counts.count))
    }
    for text in texts {
      counts.add(text)
      textCount += 1
      byteCount += text.utf8.count
      if textCount % 10_000 == 0 { report() }
    }
    report()
    return counts
  }

  /// The bytes follow the special tokens, in the order of their characters.
  private static var byteIDs: [TokenID] {
    var ids = [TokenID](repeating: 0, count: 256)
    for (place, byte) in ByteAlphabet.bytesInOrder.enumerated() {
      ids[Int(byte)] = TokenID(SpecialTokens.spellings.count + place)
    }
    return ids
  }
}

/// The tokens and rules learned so far.
private struct GrowingVocabulary {
  private(set) var pieces: [Tokenizer.Piece]
  private(set) var rules: [MergeTable.Rule] = []
  private var ids: [[UInt8]: TokenID] = [:]
  private var known: Set<TokenPair> = []

  init() {
    pieces = SpecialTokens.spellings.map { .init(bytes: Array($0.utf8), isSpecial: true) }
    for byte in ByteAlphabet.bytesInOrder { _ = id(of: [byte]) }
  }

  /// The token of a joined pair. Two pairs may spell the same token: it is then an old one.
  mutating func add(_ pair: TokenPair) -> TokenID {
    let result = id(of: pieces[Int(pair.left)].bytes + pieces[Int(pair.right)].bytes)
    if known.insert(pair).inserted { rules.append(.init(pair: pair, result: result)) }
    return result
  }

  private mutating func id(of bytes: [UInt8]) -> TokenID {
    if let id = ids[bytes] { return id }
    ids[bytes] = TokenID(pieces.count)
    pieces.append(.init(bytes: bytes, isSpecial: false))
    return TokenID(pieces.count - 1)
  }
}
