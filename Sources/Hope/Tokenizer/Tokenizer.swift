/// A byte-level byte-pair tokenizer: any text becomes tokens, and the tokens' bytes are the text again.
///
/// A value; safe to share. Unknown ids are a caller's mistake and trap.
package struct Tokenizer: Sendable, Equatable {
  /// One entry of the vocabulary; a special token's bytes are its spelling.
  struct Piece: Sendable, Equatable {
    let bytes: [UInt8]
    let isSpecial: Bool
  }

  /// The vocabulary, by id.
  let pieces: [Piece]
  let merges: MergeTable
  package let special: SpecialTokens
  /// The token of each single byte.
  private let byteIDs: [TokenID]
  private let words: WordTable
  /// All special tokens, also those this program has no use for; the longest first.
  private let specialIDs: [TokenID]

  /// The largest vocabulary accepted from a file.
  static let vocabularyLimit = 1 << 20
  /// The four special tokens and the 256 bytes.
  package static let smallestVocabulary = SpecialTokens.spellings.count + 256

  /// - Parameters:
  ///   - byteIDs: 256 ids, `pieces[byteIDs[b]]` being the single byte `b`.
  ///   - merges: the bytes of each result are those of its pair, joined.
  init(pieces: [Piece], merges: MergeTable, special: SpecialTokens, byteIDs: [TokenID]) {
    precondition(byteIDs.count == 256, "Tokenizer: \(byteIDs.count) byte ids, not 256")
    self.pieces = pieces
    self.merges = merges
    self.special = special
    self.byteIDs = byteIDs
    words = WordTable(pieces) { id in
      var tokens = pieces[Int(id)].bytes.map { byteIDs[Int($0)] }
      merges.merge(&tokens, from: 0)
      return tokens == [id]
    }
    specialIDs = pieces.indices.filter { pieces[$0].isSpecial }
      .sorted { (-pieces[$0].bytes.count, $0) < (-pieces[$1].bytes.count, $1) }
      .map(TokenID.init)
  }

  package var vocabularySize: Int { pieces.count }

  package func isSpecial(_ id: TokenID) -> Bool { piece(id).isSpecial }

  private func piece(_ id: TokenID) -> Piece {
    precondition(
      pieces.indices.contains(Int(id)), "token \(id) of a vocabulary of \(pieces.count)")
    return pieces[Int(id)]
  }
}

// MARK: Text to tokens

extension Tokenizer {
  /// The tokens of a text. Text never becomes a special token, even when it contains its spelling:
  /// what a person types cannot end a turn.
  package func encode(_ text: String) -> [TokenID] { encode(text, allowingSpecial: false) }

  /// The tokens of a text.
  /// - Parameter allowingSpecial: whether the spelling of a special token becomes that token.
  package func encode(_ text: String, allowingSpecial: Bool) -> [TokenID] {
    let bytes = Array(text.utf8)
    guard allowingSpecial else { return encode(bytes.span) }
    var output: [TokenID] = []
    var start = 0
    for match in specials(in: bytes.span) {
      output += encode(bytes.span.extracting(start..<match.place))
      output.append(match.id)
      start = match.place + pieces[Int(match.id)].bytes.count
    }
    return output + encode(bytes.span.extracting(start..<bytes.count))
  }

  private func encode(_ text: Span<UInt8>) -> [TokenID] {
    var output: [TokenID] = []
    output.reserveCapacity(text.count / 3)
    var cutter = PreTokenizer()
    var cache = PieceCache(byteCount: text.count)
    while let piece = cutter.next(in: text) {
      let hash = PieceHash.hash(piece, in: text)
      if let word = word(piece, hash: hash, in: text) {
        output.append(word)
        continue
      }
      let (found, slot) = cache.tokens(of: piece, hash: hash, in: text, end: output.count)
      if let found {
        for i in found { output.append(output[i]) }
      } else {
        appendMerged(piece, of: text, to: &output)
        cache.close(slot, end: output.count)
      }
    }
    return output
  }

  private func word(_ piece: Range<Int>, hash: UInt64, in text: Span<UInt8>) -> TokenID? {
    guard let id = words.candidate(hash) else { return nil }
    let bytes = pieces[Int(id)].bytes
    return PieceHash.equal(0..<bytes.count, in: bytes.span, piece, in: text) ? id : nil
  }

  private func appendMerged(
    _ piece: Range<Int>, of text: Span<UInt8>, to output: inout [TokenID]
  ) {
    let start = output.count
    for i in piece { output.append(byteIDs[Int(text[i])]) }
    merges.merge(&output, from: start)
  }

  /// Where special tokens are spelled: leftmost first, then the longest, without overlap.
  private func specials(in text: Span<UInt8>) -> [(place: Int, id: TokenID)] {
    let byFirstByte = Dictionary(grouping: specialIDs) { pieces[Int($0)].bytes.first }
    var matches: [(place: Int, id: TokenID)] = []
    var place = 0
    while place < text.count {
      let found = byFirstByte[text[place]]?.first {
        isSpelled(pieces[Int($0)].bytes, at: place, in: text)
      }
      if let found { matches.append((place, found)) }
      place += found.map { pieces[Int($0)].bytes.count } ?? 1
    }
    return matches
  }

  private func isSpelled(_ spelling: [UInt8], at place: Int, in text: Span<UInt8>) -> Bool {
    guard !spelling.isEmpty, spelling.count <= text.count - place else { return false }
    return spelling.indices.allSatisfy { text[place + $0] == spelling[$0] }
  }
}

// MARK: Tokens to text

extension Tokenizer {
  /// The bytes a token stands for; a special token's are its spelling.
  package func bytes(of id: TokenID) -> [UInt8] { piece(id).bytes }

  /// The token alone, for display: bytes that are no character by themselves show as U+FFFD.
  package func text(of id: TokenID) -> String { String(decoding: piece(id).bytes, as: UTF8.self) }

  /// The text of a token sequence. Bytes that are not UTF-8 show as U+FFFD.
  package func decode(_ ids: [TokenID], includingSpecial: Bool = false) -> String {
    var bytes: [UInt8] = []
    for id in ids where includingSpecial || !isSpecial(id) { bytes += piece(id).bytes }
    return String(decoding: bytes, as: UTF8.self)
  }
}
