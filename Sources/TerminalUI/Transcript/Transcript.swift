/// All that was said and told, oldest first; bounded, so that a long chat stays as light as a short one.
struct Transcript: Sendable {
  /// The row at the top of the view: so far into an entry's text.
  struct Anchor: Equatable, Sendable {
    var entry: Int
    var offset: Int
  }
  /// A row of the whole: `row` counts within the entry, from its gap.
  struct Place: Equatable, Sendable {
    var index: Int
    var row: Int
  }
  private(set) var entries: [Entry] = []
  /// nil follows the end.
  private(set) var anchor: Anchor?
  private var nextID = 0
  private var bytes = 0
  private var width = 80
  private var height = 20

  /// Bytes of text in one entry before it goes on in another, and in all.
  static let entryLimit = 8_000
  static let limit = 400_000

  var isFollowing: Bool { anchor == nil }
  func index(ofEntry id: Int) -> Int? {
    guard let first = entries.first, id >= first.id, id < nextID else { return nil }
    return id - first.id
  }
}

// MARK: Writing

extension Transcript {
  /// - Returns: the entry's number.
  @discardableResult
  mutating func add(
    _ kind: Entry.Kind, _ forms: [RichText] = [], isContinuation: Bool = false
  ) -> Int {
    let gap = isContinuation ? 0 : Self.gap(kind, after: entries.last?.kind)
    entries.append(
      Entry(id: nextID, kind: kind, isContinuation: isContinuation, gap: gap, forms))
    bytes += entries[entries.count - 1].byteCount
    nextID += 1
    trim()
    return nextID - 1
  }

  /// Air before every turn, and around what commands answer.
  private static func gap(_ kind: Entry.Kind, after last: Entry.Kind?) -> Int {
    switch (kind, last) {
    case (_, nil), (.hope, _), (.note, _), (.report, .report), (.alarm, .alarm): 0
    case (.report, .command), (.alarm, .command): 0
    default: 1
    }
  }

  /// A text of any length, in pieces where it is long.
  mutating func addText(_ kind: Entry.Kind, _ text: String) -> Int {
    var rest = text[...]
    let first = add(kind)
    append(String(rest.popPrefix(utf8: Self.entryLimit)), toEntry: first)
    while !rest.isEmpty {
      let next = add(kind, isContinuation: true)
      append(String(rest.popPrefix(utf8: Self.entryLimit)), toEntry: next)
    }
    return first
  }

  /// Appends to an entry; where that has grown too long, to one that continues it.
  /// - Returns: the number of the entry that took the text.
  @discardableResult
  mutating func append(_ text: String, _ ink: Ink = .text, token: Int? = nil, toEntry id: Int)
    -> Int
  {
    guard let index = index(ofEntry: id) else { return id }
    let size = entries[index].content.text.utf8.count
    if size > Self.entryLimit - 200,
      entries[index].content.text.last?.isWhitespace == true || size > Self.entryLimit
    {
      let next = add(entries[index].kind, isContinuation: true)
      return append(text, ink, token: token, toEntry: next)
    }
    entries[index].append(text, ink, token: token)
    bytes += entries[index].content.text.utf8.count - size
    trim()
    return id
  }

  mutating func change(_ id: Int, _ body: (inout Entry) -> Void) {
    guard let index = index(ofEntry: id) else { return }
    body(&entries[index])
  }

  /// A new conversation counts tokens anew: what is here belongs to the old one.
  mutating func forgetTokens() {
    for i in entries.indices { entries[i].content.forgetTokens() }
  }

  /// Removes an entry and all that came after it.
  mutating func remove(fromEntry id: Int) {
    guard let index = index(ofEntry: id) else { return }
    bytes -= entries[index...].reduce(0) { $0 + $1.byteCount }
    entries.removeSubrange(index...)
    nextID = id
    if let anchor, anchor.entry >= id { self.anchor = nil }
  }

  /// Removes the text of an answer from a token on, and all that came after it.
  mutating func cut(atToken number: Int) {
    func first(_ entry: Entry) -> Int? { entry.content.runs.firstIndex { $0.token >= number } }
    guard let index = entries.firstIndex(where: { first($0) != nil }),
      let run = first(entries[index])
    else { return }
    if index + 1 < entries.count { remove(fromEntry: entries[index + 1].id) }
    guard entries[index].kind == .hope else { return }
    if run == 0 { return remove(fromEntry: entries[index].id) }
    var content = entries[index].content
    content.cut(atRun: run)
    bytes -= entries[index].content.text.utf8.count - content.text.utf8.count
    entries[index].replace(content)
    entries[index].hasPartialCharacter = false
  }

  mutating func removeAll() {
    entries.removeAll()
    (anchor, bytes) = (nil, 0)
  }

  /// Gives up the oldest entries, an eighth of all at once.
  private mutating func trim() {
    guard bytes > Self.limit else { return }
    var count = 0
    while bytes > Self.limit * 7 / 8, count < entries.count - 1 {
      bytes -= entries[count].byteCount
      count += 1
    }
    entries.removeFirst(count)
  }
}

// MARK: Scrolling

extension Transcript {
  /// The size of the view; wraps what is to be seen.
  mutating func prepare(width: Int, height: Int) {
    (self.width, self.height) = (max(8, width), max(1, height))
    var place = top()
    var rows = 0
    while rows < self.height + place.row, place.index < entries.count {
      prepareEntry(place.index)
      rows += entries[place.index].height(width: self.width)
      place.index += 1
    }
  }

  /// Only where it is needed: a change would copy the entries of a copy.
  private mutating func prepareEntry(_ index: Int) {
    guard !entries[index].isPrepared(width: width) else { return }
    entries[index].prepare(width: width)
  }

  /// The place of the view's first row.
  private mutating func top() -> Place {
    guard let anchor else { return bottomTop() }
    guard let index = index(ofEntry: anchor.entry) else { return Place(index: 0, row: 0) }
    prepareEntry(index)
    return Place(index: index, row: Self.row(of: anchor.offset, in: entries[index], width))
  }

  /// The first row when the last one stands at the bottom.
  private mutating func bottomTop() -> Place {
    var rows = 0
    for index in entries.indices.reversed() {
      prepareEntry(index)
      rows += entries[index].height(width: width)
      if rows >= height { return Place(index: index, row: rows - height) }
    }
    return Place(index: 0, row: 0)
  }

  /// The row, counted from the gap, in which an offset of an entry lies; -1 is the gap itself.
  private static func row(of offset: Int, in entry: Entry, _ width: Int) -> Int {
    guard offset >= 0 else { return 0 }
    let rows = entry.rows(width: width)
    return entry.gap + max(0, (rows.firstIndex { $0.start > offset } ?? rows.count) - 1)
  }

  /// Moves the view by rows; past the end it follows again.
  mutating func scroll(by rows: Int) {
    guard !entries.isEmpty else { return }
    var place = top()
    place.row += rows
    while place.row < 0, place.index > 0 {
      place.index -= 1
      prepareEntry(place.index)
      place.row += entries[place.index].height(width: width)
    }
    place.row = max(0, place.row)
    while place.index < entries.count - 1, place.row >= entries[place.index].height(width: width) {
      place.row -= entries[place.index].height(width: width)
      place.index += 1
      prepareEntry(place.index)
    }
    settle(at: place)
  }

  mutating func scrollToEnd() { anchor = nil }
  mutating func scrollToStart() { settle(at: Place(index: 0, row: 0)) }

  /// Shows an offset of an entry, a third down from the top.
  mutating func reveal(entry id: Int, offset: Int) {
    guard let index = index(ofEntry: id) else { return }
    prepareEntry(index)
    settle(at: Place(index: index, row: Self.row(of: offset, in: entries[index], width)))
    scroll(by: -height / 3)
  }

  private mutating func settle(at place: Place) {
    let bottom = bottomTop()
    guard (place.index, place.row) < (bottom.index, bottom.row),
      entries.indices.contains(place.index)
    else {
      anchor = nil
      return
    }
    let entry = entries[place.index]
    let row = place.row - entry.gap
    let rows = entry.rows(width: width)
    let offset = row < 0 ? -1 : rows[min(row, rows.count - 1)].start
    anchor = Anchor(entry: entry.id, offset: offset)
  }
}

// MARK: Seeing

extension Transcript {
  /// A row in the view; `row` is nil in the gap above an entry.
  struct VisibleRow {
    let entry: Entry
    let row: TextRow?
    /// Whether it is the entry's first, which carries the speaker's name; and its last.
    let isFirst: Bool
    let isLast: Bool
  }

  /// What a view of this size shows.
  func visibleRows(width: Int, height: Int) -> [VisibleRow] {
    var copy = self
    copy.prepare(width: width, height: height)
    let place = copy.top()
    var visible: [VisibleRow] = []
    visible.reserveCapacity(height)
    var skip = place.row
    for entry in copy.entries[min(place.index, copy.entries.count)...] {
      guard visible.count < height else { break }
      let rows = entry.rows(width: copy.width)
      let end = min(entry.gap + rows.count, skip + height - visible.count)
      for i in skip..<max(skip, end) { visible.append(Self.row(i, of: entry, rows)) }
      skip = 0
    }
    return visible
  }

  /// A row of an entry, counted from its gap.
  private static func row(_ number: Int, of entry: Entry, _ rows: [TextRow]) -> VisibleRow {
    let i = number - entry.gap
    guard i >= 0 else { return VisibleRow(entry: entry, row: nil, isFirst: false, isLast: false) }
    return VisibleRow(entry: entry, row: rows[i], isFirst: i == 0, isLast: i == rows.count - 1)
  }
}

extension Substring {
  /// Takes about so many bytes off the front, whole clusters only.
  fileprivate mutating func popPrefix(utf8 count: Int) -> Substring {
    guard utf8.count > count else {
      defer { self = "" }
      return self
    }
    var end = startIndex
    var taken = 0
    while end < endIndex, taken < count {
      taken += self[end].utf8.count
      end = index(after: end)
    }
    defer { self = self[end...] }
    return self[..<end]
  }
}

// MARK: Tokens

extension Transcript {
  /// Where a token's text begins.
  func place(ofToken number: Int) -> Anchor? {
    for entry in entries.reversed() {
      let runs = entry.content.runs
      guard let first = runs.first(where: { $0.token >= 0 })?.token, first <= number else {
        continue
      }
      guard let i = runs.firstIndex(where: { $0.token == number }) else { return nil }
      return Anchor(entry: entry.id, offset: i == 0 ? 0 : Int(runs[i - 1].end))
    }
    return nil
  }

  /// Moves the view only where an offset is not in it.
  mutating func show(entry id: Int, offset: Int) {
    let isSeen = visibleRows(width: width, height: height).contains {
      guard $0.entry.id == id, let row = $0.row else { return false }
      return row.start <= offset && offset <= row.end
    }
    if !isSeen { reveal(entry: id, offset: offset) }
  }
}
