import Sessions

/// What is known about one token.
struct TokenRecord: Sendable, Equatable {
  struct Alternative: Sendable, Equatable {
    let text: String
    let probability: Float
  }
  /// Tokens of the conversation before it.
  let position: Int
  let text: String
  let author: Author
  let isLearnedFrom: Bool
  let surpriseBits: Float?
  var entropyBits: Float?
  /// The likeliest tokens in its place.
  var alternatives: [Alternative]?
  /// Per level: bits that its learned part saved here; negative where it did harm.
  var creditBits: [Float]?

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
  private let capacity: Int

  init(capacity: Int = 4096) { self.capacity = capacity }

  /// The numbers still known.
  var known: Range<Int> { max(0, count - capacity)..<count }

  /// - Returns: the token's number.
  @discardableResult
  mutating func append(_ record: TokenRecord) -> Int {
    if records.count < capacity {
      records.append(record)
    } else {
      records[count % capacity] = record
    }
    count += 1
    return count - 1
  }

  subscript(number: Int) -> TokenRecord? {
    known.contains(number) ? records[number % capacity] : nil
  }

  /// Adds what became known later.
  mutating func amend(_ number: Int, _ change: (inout TokenRecord) -> Void) {
    guard known.contains(number) else { return }
    change(&records[number % capacity])
  }
}
