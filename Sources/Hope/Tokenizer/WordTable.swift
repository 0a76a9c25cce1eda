/// The pieces of text that are one token by themselves, as most words of a chat are: found by one
/// comparison instead of a search for merges. Direct-mapped; where two meet, the smaller id stays.
struct WordTable: Sendable, Equatable {
  /// Token per slot; −1 is free.
  private var slots: [TokenID]

  /// - Parameter isWord: whether encoding the token's bytes gives the token.
  init(_ pieces: [Tokenizer.Piece], isWord: (TokenID) -> Bool) {
    var count = 16
    while count < 4 * pieces.count { count *= 2 }
    slots = Array(repeating: -1, count: count)
    for (id, piece) in pieces.enumerated() where !piece.isSpecial {
      let slot = slot(PieceHash.hash(0..<piece.bytes.count, in: piece.bytes.span))
      if slots[slot] < 0, isWord(TokenID(id)) { slots[slot] = TokenID(id) }
    }
  }

  /// The token that a piece of text may be: compare its bytes.
  func candidate(_ hash: UInt64) -> TokenID? {
    let id = slots[slot(hash)]
    return id < 0 ? nil : id
  }

  private func slot(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (slots.count - 1) }
}
