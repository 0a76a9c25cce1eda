/// One piece of the chat: what somebody said, or what the program tells.
struct Entry: Sendable {
  enum Kind: Sendable {
    case you, hope
    /// What a turn changed; what a command answered.
    case note, report
    /// The line of a command, above what it answered.
    case command
    case alarm
    /// A line across the pane, with words in it.
    case rule
  }
  let id: Int
  let kind: Kind
  /// Whether the text goes on from the entry before: very long ones are kept in pieces.
  let isContinuation: Bool
  /// Blank rows above.
  let gap: Int
  var content: RichText
  /// An unfinished character waits for its other bytes.
  var hasPartialCharacter = false
  /// The same told otherwise, from the widest to the narrowest: the first whose lines all have room is
  /// the content, else the last.
  private let forms: [RichText]
  private var rows: [TextRow] = []
  private var rowsWidth = 0
  /// How much of the text has been wrapped.
  private var wrappedBytes = 0

  init(id: Int, kind: Kind, isContinuation: Bool, gap: Int, _ forms: [RichText]) {
    (self.id, self.kind, self.isContinuation) = (id, kind, isContinuation)
    (self.gap, content) = (gap, forms.first ?? RichText())
    self.forms = forms.count > 1 ? forms : []
  }

  /// Columns before the text: room for the speaker's name.
  var indent: Int { kind == .rule ? 3 : 6 }

  /// Bytes of text, the same for every width.
  var byteCount: Int { forms.first?.text.utf8.count ?? content.text.utf8.count }

  mutating func append(_ text: String, _ ink: Ink = .text, token: Int? = nil) {
    content.append(text, ink, token: token)
  }

  mutating func replace(_ content: RichText) {
    self.content = content
    (rows, rowsWidth) = ([], 0)
  }

  /// Wraps the text for a width, so that drawing does not: once, and then from the last row on what
  /// has come since.
  mutating func prepare(width: Int) {
    guard !isPrepared(width: width) else { return }
    if rowsWidth != width {
      rows = []
      choose(width: width - indent)
    }
    let start = rows.popLast()?.start ?? 0
    TextWrap.append(content.text, from: start, width: width - indent, to: &rows)
    (rowsWidth, wrappedBytes) = (width, content.text.utf8.count)
  }

  private mutating func choose(width: Int) {
    guard let last = forms.last else { return }
    content = forms.first { $0.columns <= width } ?? last
  }

  /// Rows that are kept.
  var wrappedRowCount: Int { rows.count }

  func isPrepared(width: Int) -> Bool {
    rowsWidth == width && wrappedBytes == content.text.utf8.count
  }

  func rows(width: Int) -> [TextRow] {
    guard !isPrepared(width: width) else { return rows }
    var copy = self
    copy.prepare(width: width)
    return copy.rows
  }

  /// Rows on the screen, the gap above included.
  func height(width: Int) -> Int { gap + rows(width: width).count }
}
