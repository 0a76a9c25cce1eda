/// A search through the chat, newest first.
struct TextSearch: Sendable, Equatable {
  struct Match: Sendable, Equatable {
    let entry: Int
    /// Offsets in the entry's text, in bytes of UTF-8.
    let start: Int
    let end: Int
  }
  var line = Draft()
  var query: String { line.text }
  private(set) var matches: [Match] = []
  private(set) var current = 0
  static let most = 2_000

  var currentMatch: Match? { matches.indices.contains(current) ? matches[current] : nil }

  /// Finds all places anew; the newest is the current one.
  mutating func find(in transcript: Transcript) {
    (matches, current) = ([], 0)
    guard !query.isEmpty else { return }
    for entry in transcript.entries.reversed() where matches.count < Self.most {
      let found = entry.content.text.places(of: query)
      matches += found.reversed().map { Match(entry: entry.id, start: $0.start, end: $0.end) }
    }
  }

  /// To an older place, or a newer one; round at the ends.
  mutating func move(by step: Int) {
    guard !matches.isEmpty else { return }
    current = ((current + step) % matches.count + matches.count) % matches.count
  }

  func covers(entry: Int, offset: Int) -> Bool {
    matches.contains { $0.entry == entry && $0.start <= offset && offset < $0.end }
  }
}

extension String {
  /// Where a text occurs, upper and lower case alike.
  fileprivate func places(of query: String) -> [TextRow] {
    let (hay, needle) = (folded, query.folded)
    guard !needle.isEmpty, hay.count >= needle.count else { return [] }
    var places: [TextRow] = []
    var i = 0
    while i <= hay.count - needle.count {
      if hay[i] == needle[0], hay[i..<i + needle.count].elementsEqual(needle) {
        places.append(TextRow(start: i, end: i + needle.count))
        i += needle.count
      } else {
        i += 1
      }
    }
    return places
  }

  /// Lowercase bytes, at the same offsets as the text's own.
  private var folded: [UInt8] {
    let lower = Array(lowercased().utf8)
    if lower.count == utf8.count { return lower }
    return utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }
  }
}
