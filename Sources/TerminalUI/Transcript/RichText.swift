import Sessions

/// Text with inks, and with the tokens it is made of.
struct RichText: Sendable, Equatable {
  struct Run: Sendable, Equatable {
    /// Where it ends, in bytes of UTF-8.
    var end: Int32
    var ink: Ink
    /// The token's number in `TokenLog`; -1 for text of our own.
    var token: Int32
  }
  private(set) var text = ""
  private(set) var runs: [Run] = []

  init() {}
  init(_ text: String, _ ink: Ink = .text) { append(text, ink) }

  /// Every text on its way to the screen passes the filter here.
  mutating func append(_ more: String, _ ink: Ink = .text, token: Int? = nil) {
    guard !more.isEmpty else { return }
    text += Self.safe(more)
    runs.append(Run(end: Int32(text.utf8.count), ink: ink, token: token.map(Int32.init) ?? -1))
  }

  mutating func appendLine(_ pieces: [(String, Ink)]) {
    if !text.isEmpty { append("\n") }
    for (piece, ink) in pieces { append(piece, ink) }
  }

  /// Leaves out the text from a run on.
  mutating func cut(atRun index: Int) {
    let end = index == 0 ? 0 : Int(runs[index - 1].end)
    text = String(decoding: text.utf8.prefix(end), as: UTF8.self)
    runs.removeSubrange(index...)
  }

  /// Columns of the widest line.
  var columns: Int {
    text.split(separator: "\n").lazy.map { String($0).cellWidth }.max() ?? 0
  }

  mutating func forgetTokens() {
    for i in runs.indices { runs[i].token = -1 }
  }

  /// Filtered, with tabs as spaces.
  static func safe(_ text: String) -> String {
    let filtered = TerminalText.filtered(text)
    return filtered.utf8.contains(9) ? filtered.replacing("\t", with: "    ") : filtered
  }

  /// The clusters of a row, each with where it begins and the run that it begins in.
  func clusters(in row: TextRow, _ body: (Character, _ offset: Int, Run?) -> Void) {
    var i = firstRun(endingAfter: row.start)
    var offset = row.start
    for character in text[row] {
      while i < runs.count, Int(runs[i].end) <= offset { i += 1 }
      body(character, offset, i < runs.count ? runs[i] : nil)
      offset += character.utf8.count
    }
  }

  /// The same for a row of ASCII alone, a whole run at once; false, and nothing done, for another row.
  func pieces(in row: TextRow, _ body: (Substring, _ offset: Int, Run?) -> Void) -> Bool {
    let bytes = text.utf8
    let start = bytes.index(bytes.startIndex, offsetBy: row.start)
    let line = bytes[start..<bytes.index(start, offsetBy: row.end - row.start)]
    guard line.allSatisfy({ $0 < 0x80 }) else { return false }
    var (i, offset, place) = (firstRun(endingAfter: row.start), row.start, start)
    while offset < row.end {
      let run = i < runs.count ? runs[i] : nil
      let end = min(row.end, run.map { Int($0.end) } ?? row.end)
      let next = bytes.index(place, offsetBy: end - offset)
      if end > offset { body(Substring(bytes[place..<next]), offset, run) }
      (i, offset, place) = (i + 1, end, next)
    }
    return true
  }

  private func firstRun(endingAfter offset: Int) -> Int {
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(runs[middle].end) <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
