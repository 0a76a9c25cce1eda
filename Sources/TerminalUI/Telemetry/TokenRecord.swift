import Sessions

/// What is known about one token.
struct TokenRecord: Sendable, Equatable {
  /// Tokens of the conversation before it.
  let position: Int
  let text: String
  let author: Author
  let isLearnedFrom: Bool
  let surpriseBits: Float?
  let entropyBits: Float?
  /// What else was likely and what each level gave, once that was asked for.
  var facts: TokenFacts?

  init(_ event: TokenEvent) {
    position = event.position
    text = RichText.safe(event.text)
    author = event.author
    isLearnedFrom = event.isLearnedFrom
    surpriseBits = event.surpriseBits
    entropyBits = event.entropyBits
  }
}

/// The newest tokens, numbered from the first one ever.
struct TokenLog: Sendable {
  private var records: [TokenRecord] = []
  /// Tokens ever seen.
  private(set) var count = 0
  /// The oldest that is known for certain.
  private var first = 0
  private let capacity: Int

  init(capacity: Int = 4096) { self.capacity = capacity }

  /// The numbers still known.
  var known: Range<Int> { max(first, count - capacity)..<count }

  /// - Returns: the token's number.
  @discardableResult
  mutating func append(_ record: TokenRecord) -> Int {
    if count % capacity == records.count {
      records.append(record)
    } else {
      records[count % capacity] = record
    }
    count += 1
    return count - 1
  }

  /// Forgets the tokens from a number on.
  mutating func cut(to number: Int) {
    first = known.lowerBound
    count = min(count, max(first, number))
  }

  subscript(number: Int) -> TokenRecord? {
    known.contains(number) ? records[number % capacity] : nil
  }

  /// The number of the token at a position of the conversation.
  func number(atPosition position: Int) -> Int? {
    guard let newest = self[count - 1] else { return nil }
    let number = count - 1 - (newest.position - position)
    return self[number]?.position == position ? number : nil
  }

  /// Adds what became known later.
  mutating func take(_ facts: TokenFacts) {
    guard let number = number(atPosition: facts.position) else { return }
    records[number % capacity].facts = facts
  }
}
