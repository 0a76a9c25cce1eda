/// What was sent before, and a slot of its own for what is being written.
struct History: Sendable, Equatable {
  private(set) var entries: [String]
  /// The entry that is shown as a copy; nil: the draft itself.
  private(set) var index: Int?
  private(set) var draft = ""
  static let limit = 1_000

  init(_ entries: [String]) { self.entries = Array(entries.suffix(Self.limit)) }

  /// - Returns: whether it is new.
  mutating func add(_ entry: String) -> Bool {
    index = nil
    draft = ""
    guard entry != entries.last else { return false }
    entries.append(entry)
    if entries.count > Self.limit { entries.removeFirst() }
    return true
  }

  /// The entry before; nil where there is none.
  mutating func older(than current: String) -> String? {
    guard (index ?? entries.count) > 0 else { return nil }
    if index == nil { draft = current }
    let next = (index ?? entries.count) - 1
    index = next
    return entries[next]
  }

  /// The entry after, at last the draft; nil where there is none.
  mutating func newer() -> String? {
    guard let shown = index else { return nil }
    index = shown + 1 < entries.count ? shown + 1 : nil
    return index.map { entries[$0] } ?? draft
  }

  /// The newest entry before `limit` that contains a text.
  func match(_ query: String, before limit: Int) -> Int? {
    guard !query.isEmpty else { return nil }
    let query = query.lowercased()
    return entries[..<min(max(0, limit), entries.count)]
      .lastIndex { $0.lowercased().contains(query) }
  }
}
