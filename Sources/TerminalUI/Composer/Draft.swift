/// Text that is being written, with a cursor, Emacs keys' cutting and pasting, and undo.
package struct Draft: Sendable, Equatable {
  package private(set) var text = ""
  /// Where the cursor stands, in bytes of UTF-8; always between two grapheme clusters.
  package private(set) var cursor = 0
  private var killed = ""
  private var undone: [Moment] = []
  private var lastEdit = Edit.other
  private var goalColumn: Int?

  private struct Moment: Sendable, Equatable {
    let text: String
    let cursor: Int
  }
  private enum Edit: Sendable, Equatable { case typing, killing, other }

  /// Bytes a draft may have.
  static let limit = 500_000
  /// Bytes of undone texts that are kept.
  private static let undoLimit = 2_000_000

  package init(_ text: String = "") { replace(with: text) }

  package var isEmpty: Bool { text.isEmpty }
  private var size: Int { text.utf8.count }
  private var cursorIndex: String.Index { text.index(atUTF8: cursor) }
  private func offset(_ index: String.Index) -> Int {
    text.utf8.distance(from: text.startIndex, to: index)
  }
}

// MARK: Writing

extension Draft {
  /// Makes control characters visible and all line ends `\n`.
  static func safe(_ text: String) -> String {
    let lines =
      text.utf8.contains(13) ? text.replacing("\r\n", with: "\n").replacing("\r", with: "\n") : text
    return RichText.safe(lines)
  }

  /// - Returns: whether all of it had room.
  @discardableResult
  package mutating func insert(_ more: String, isTyping: Bool = false) -> Bool {
    var more = Self.safe(more)
    let room = max(0, Self.limit - size)
    let fits = more.utf8.count <= room
    if !fits { more = String(more[..<more.index(roundedDownAtUTF8: room)]) }
    guard !more.isEmpty else { return fits }
    remember(isTyping && more != " " ? .typing : .other)
    text.insert(contentsOf: more, at: cursorIndex)
    cursor = roundedUp(cursor + more.utf8.count)
    return fits
  }

  package mutating func replace(with new: String) {
    if !text.isEmpty { remember(.other) }
    text = Self.safe(new)
    (cursor, goalColumn) = (size, nil)
  }

  /// Replaces what stands from `start` to the cursor.
  package mutating func replace(from start: Int, with new: String) {
    remember(.other)
    text.replaceSubrange(text.index(atUTF8: start)..<cursorIndex, with: new)
    cursor = roundedUp(start + new.utf8.count)
  }

  package mutating func undo() {
    guard let moment = undone.popLast() else { return }
    (text, cursor, lastEdit, goalColumn) = (moment.text, moment.cursor, .other, nil)
  }

  private mutating func remember(_ edit: Edit) {
    defer { (lastEdit, goalColumn) = (edit, nil) }
    guard edit != .typing || lastEdit != .typing else { return }
    undone.append(Moment(text: text, cursor: cursor))
    while undone.count > 200 || undone.count > 1 && undone.count * size > Self.undoLimit {
      undone.removeFirst()
    }
  }

  /// A place inside a cluster (two texts may join into one) moves to its end.
  private func roundedUp(_ offset: Int) -> Int {
    let index = text.index(atUTF8: offset)
    guard index > text.startIndex, index < text.endIndex else { return min(offset, size) }
    let before = text.index(before: index)
    return self.offset(text.index(after: before)) >= offset
      ? self.offset(text.index(after: before)) : offset
  }
}

// MARK: Deleting

extension Draft {
  package mutating func deleteBackward() { remove(from: offset(before: cursor), to: cursor) }
  package mutating func deleteForward() { remove(from: cursor, to: offset(after: cursor)) }

  private mutating func remove(from start: Int, to end: Int) {
    guard start < end else { return }
    remember(.other)
    text.removeSubrange(text.index(atUTF8: start)..<text.index(atUTF8: end))
    cursor = roundedUp(start)
  }

  /// Cuts; cuts one after the other gather.
  private mutating func kill(from start: Int, to end: Int) {
    guard start < end else { return }
    let piece = String(text[TextRow(start: start, end: end)])
    let gathers = lastEdit == .killing
    killed = !gathers ? piece : start < cursor ? piece + killed : killed + piece
    remove(from: start, to: end)
    lastEdit = .killing
  }

  package mutating func killToLineEnd() {
    let end = lineEnd
    kill(from: cursor, to: end == cursor ? offset(after: cursor) : end)
  }
  package mutating func killToLineStart() { kill(from: lineStart, to: cursor) }
  package mutating func killWordBackward(_ boundary: WordBoundary) {
    kill(from: wordStart(boundary), to: cursor)
  }
  package mutating func killWordForward() { kill(from: cursor, to: wordEnd) }
  /// Empties the draft; `yank` brings it back.
  package mutating func killAll() {
    lastEdit = .other
    kill(from: 0, to: size)
  }
  package mutating func yank() { insert(killed) }
}

// MARK: Moving

extension Draft {
  package enum WordBoundary { case space, punctuation }

  package mutating func moveLeft() { move(to: offset(before: cursor)) }
  package mutating func moveRight() { move(to: offset(after: cursor)) }
  package mutating func moveToLineStart() { move(to: lineStart) }
  package mutating func moveToLineEnd() { move(to: lineEnd) }
  package mutating func moveWordLeft() { move(to: wordStart(.punctuation)) }
  package mutating func moveWordRight() { move(to: wordEnd) }
  package mutating func moveToEnd() { move(to: size) }

  private mutating func move(to offset: Int) {
    (cursor, lastEdit, goalColumn) = (offset, .other, nil)
  }

  private func offset(before place: Int) -> Int {
    let index = text.index(atUTF8: place)
    return index > text.startIndex ? offset(text.index(before: index)) : 0
  }

  private func offset(after place: Int) -> Int {
    let index = text.index(atUTF8: place)
    return index < text.endIndex ? offset(text.index(after: index)) : size
  }

  private var lineStart: Int {
    text[..<cursorIndex].lastIndex(of: "\n").map { offset(text.index(after: $0)) } ?? 0
  }
  private var lineEnd: Int { text[cursorIndex...].firstIndex(of: "\n").map(offset) ?? size }

  private func wordStart(_ boundary: WordBoundary) -> Int {
    let isPart: (Character) -> Bool =
      boundary == .space ? { !$0.isWhitespace } : { $0.isLetter || $0.isNumber }
    let before = text[..<cursorIndex]
    guard let last = before.lastIndex(where: isPart) else { return 0 }
    return before[...last].lastIndex { !isPart($0) }.map { offset(text.index(after: $0)) } ?? 0
  }

  private var wordEnd: Int {
    let isPart: (Character) -> Bool = { $0.isLetter || $0.isNumber }
    let after = text[cursorIndex...]
    guard let first = after.firstIndex(where: isPart) else { return size }
    return after[first...].firstIndex { !isPart($0) }.map(offset) ?? size
  }
}

// MARK: Rows

extension Draft {
  /// What of the draft is seen, and where the cursor stands in it.
  package struct View: Equatable {
    package let rows: [TextRow]
    package let cursorRow: Int
    package let cursorColumn: Int
  }

  /// The rows around the cursor, at most `height`.
  package func view(width: Int, height: Int) -> View {
    var rows = self.rows(width: width, line: lineStart)
    var cursorRow = self.row(in: rows)
    var above = lineStart
    while cursorRow < height, above > 0 {
      above = lineStart(before: above)
      let more = self.rows(width: width, line: above)
      (rows, cursorRow) = (more + rows, cursorRow + more.count)
    }
    var end = lineEnd
    while rows.count < cursorRow + height, end < size {
      rows += self.rows(width: width, line: end + 1)
      end = rows.last?.end ?? size
      end = text[text.index(atUTF8: end)...].firstIndex(of: "\n").map(offset) ?? size
    }
    let start = max(0, min(cursorRow - height / 2, rows.count - height))
    let seen = Array(rows[start..<min(rows.count, start + height)])
    return View(
      rows: seen, cursorRow: cursorRow - start, cursorColumn: column(in: rows[cursorRow], width))
  }

  /// Rows of the line (up to its newline) that begins at an offset.
  private func rows(width: Int, line start: Int) -> [TextRow] {
    let rest = text[text.index(atUTF8: start)...]
    let end = rest.firstIndex(of: "\n") ?? text.endIndex
    return TextWrap.rows(String(rest[..<end]), width: width)
      .map { TextRow(start: $0.start + start, end: $0.end + start) }
  }

  private func lineStart(before start: Int) -> Int {
    let end = text.index(before: text.index(atUTF8: start))
    return text[..<end].lastIndex(of: "\n").map { offset(text.index(after: $0)) } ?? 0
  }

  private func row(in rows: [TextRow]) -> Int {
    (rows.firstIndex { $0.start > cursor } ?? rows.count) - 1
  }

  private func column(in row: TextRow, _ width: Int) -> Int {
    min(max(0, width - 1), text[TextRow(start: row.start, end: max(row.start, cursor))].cellWidth)
  }

  /// - Returns: whether there was a row to go to.
  package mutating func moveUp(width: Int) -> Bool { moveVertically(-1, width: width) }
  package mutating func moveDown(width: Int) -> Bool { moveVertically(1, width: width) }

  private mutating func moveVertically(_ step: Int, width: Int) -> Bool {
    let rows = self.rows(width: width, line: lineStart)
    let row = self.row(in: rows)
    let column = goalColumn ?? self.column(in: rows[row], width)
    guard let target = neighbour(step, row, rows, width) else { return false }
    move(to: place(column, in: target))
    goalColumn = column
    return true
  }

  private func neighbour(_ step: Int, _ row: Int, _ rows: [TextRow], _ width: Int) -> TextRow? {
    if rows.indices.contains(row + step) { return rows[row + step] }
    if step < 0 {
      return lineStart > 0 ? self.rows(width: width, line: lineStart(before: lineStart)).last : nil
    }
    return lineEnd < size ? self.rows(width: width, line: lineEnd + 1).first : nil
  }

  private func place(_ column: Int, in row: TextRow) -> Int {
    var (place, reached) = (row.start, 0)
    for character in text[row] {
      reached += CellWidth.of(character)
      guard reached <= column else { break }
      place += character.utf8.count
    }
    return place
  }
}

extension String {
  fileprivate func index(roundedDownAtUTF8 offset: Int) -> Index {
    let raw = index(atUTF8: offset)
    guard raw > startIndex, raw < endIndex else { return raw }
    let before = index(before: raw)
    return index(after: before) == raw ? raw : before
  }
}
