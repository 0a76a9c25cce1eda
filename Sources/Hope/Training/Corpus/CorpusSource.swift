/// The tokens of one source, documents one after the other. Every document starts with `endOfText`.
package struct CorpusSource: Sendable, Equatable {
  package enum Kind: UInt8, Sendable { case dialogue, narrative }

  package let name: String
  package let kind: Kind
  package private(set) var tokens: [UInt16] = []
  /// Where a sequence may start, ascending: at documents, and inside long ones at sentences.
  package private(set) var starts: [UInt32] = []

  package init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }

  init(name: String, kind: Kind, tokens: [UInt16], starts: [UInt32]) {
    self.init(name: name, kind: kind)
    self.tokens = tokens
    self.starts = starts
  }

  mutating func append(_ document: CorpusDocument) {
    let base = UInt32(tokens.count)
    starts += document.starts.map { base + UInt32($0) }
    tokens += document.tokens
  }

  /// `count` tokens from the `index`-th start on, over document ends and around the source's end.
  func run(from index: Int, count: Int, _ roles: RoleTokens) -> [TokenID] {
    var place = Int(starts[index])
    var run: [TokenID] = []
    run.reserveCapacity(count)
    if TokenID(tokens[place]) != roles.endOfText { run.append(roles.endOfText) }
    while run.count < count {
      let end = min(tokens.count, place + count - run.count)
      run += tokens[place..<end].lazy.map { TokenID($0) }
      place = end % tokens.count
    }
    return Array(run.prefix(count))
  }
}

/// One document as tokens, with the places where a sequence may start.
struct CorpusDocument: Sendable {
  let source: String
  let kind: CorpusSource.Kind
  private(set) var tokens: [UInt16]
  private(set) var starts = [0]

  init(source: String, kind: CorpusSource.Kind, roles: RoleTokens) {
    self.source = source
    self.kind = kind
    tokens = [UInt16(roles.endOfText)]
  }

  mutating func append(_ more: [TokenID]) {
    tokens += more.map { token in
      precondition(0...65535 ~= token, "a corpus keeps token ids below 65536, not \(token)")
      return UInt16(token)
    }
  }

  /// Lets a sequence start here, unless the last start is near.
  mutating func allowStart() {
    if tokens.count - (starts.last ?? 0) >= Self.tokensBetweenStarts { starts.append(tokens.count) }
  }
  private static let tokensBetweenStarts = 512
}
