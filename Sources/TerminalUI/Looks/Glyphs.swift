/// The signs that pictures are made of, with their spelling in ASCII.
struct Glyphs: Sendable {
  let isASCII: Bool

  /// Between parts of a line.
  var dot: String { isASCII ? ", " : " · " }
  var ellipsis: String { isASCII ? "." : "…" }
  var dash: String { isASCII ? "-" : "–" }
  var prompt: String { isASCII ? "> " : "› " }
  var times: String { isASCII ? "x" : "×" }
  var change: String { isASCII ? "dW" : "ΔW" }
  var changeRatio: String { isASCII ? "|dW|/|W|" : "‖ΔW‖/‖W‖" }
  var rate: String { isASCII ? "eta" : "η" }
  /// What a write keeps: a gate of the mixer, a number of the other levels.
  func retention(ofLevel level: Int) -> String {
    level == 0 ? (isASCII ? "alpha" : "α") : (isASCII ? "lambda" : "λ")
  }
  var turnMark: String { isASCII ? "*" : "◇" }
  var upDown: String { isASCII ? "Up Down" : "↑↓" }
  var leftRight: String { isASCII ? "Left Right" : "←→" }
  var caret: String { isASCII ? "_" : "▌" }
  var placeholder: String { isASCII ? "?" : "▯" }
  var bullet: String { isASCII ? "*" : "●" }
  var emptyBullet: String { isASCII ? "o" : "○" }
  var baseline: String { isASCII ? "_" : "▁" }
  var paused: String { isASCII ? "||" : "‖" }
  /// On the map of a session: where a turn begins, a note, a saved memory, a jump, the place shown.
  var turnStart: String { isASCII ? "|" : "┃" }
  var marker: String { isASCII ? "^" : "▲" }
  var snapshot: String { isASCII ? "o" : "■" }
  /// Where two answers part.
  var fork: String { isASCII ? "|" : "▏" }
  var jump: String { isASCII ? "<" : "◂" }
  var pointer: String { isASCII ? ">" : "▸" }

  /// Our own sentences, with their few signs spelled in ASCII where that is wanted.
  func spelled(_ text: String) -> String {
    guard isASCII else { return text }
    let spellings = [
      ("‖ΔW‖/‖W‖", "|dW|/|W|"), ("λ", "lambda"), ("η", "eta"), ("α", "alpha"), ("×", "x"),
      ("–", "-"), (" · ", ", "),
    ]
    return spellings.reduce(text) { $0.replacing($1.0, with: $1.1) }
  }

  // MARK: Amounts

  /// A bar of `width` cells, full to a share, in halves of a cell.
  func bar(_ share: Float, width: Int) -> (full: String, rest: String) {
    let share = share.isFinite ? min(1, max(0, share)) : 0
    let halves = Int((share * Float(width * 2)).rounded(.down))
    let half = halves % 2 == 1 && !isASCII ? "╸" : ""
    let full = String(repeating: isASCII ? "#" : "━", count: halves / 2) + half
    return (full, String(repeating: isASCII ? "." : "─", count: max(0, width - full.count)))
  }

  /// One cell filled from below, 0 (empty) to 8 (full).
  func column(_ eighths: Int) -> String {
    let signs =
      isASCII
      ? [" ", ".", ".", ":", "-", "=", "+", "*", "#"]
      : [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    return signs[min(8, max(0, eighths))]
  }

  /// One cell by darkness, 0...5.
  func shade(_ step: Int) -> String {
    let signs = isASCII ? [".", ":", "-", "+", "*", "#"] : ["·", "░", "░", "▒", "▓", "█"]
    return signs[min(5, max(0, step))]
  }

  /// Samples per cell of `sparkline`.
  var samplesPerCell: Int { isASCII ? 1 : 2 }

  /// A line of values as heights between 0 and `top`, newest last: two values a cell in braille.
  func sparkline(_ values: [Float?], top: Float) -> String {
    let heights = values.map { value -> Int in
      guard let value, value.isFinite, top > 0 else { return 0 }
      let steps: Float = isASCII ? 8 : 4
      return Int(max(1, min(steps, (value / top * steps).rounded(.up))))
    }
    if isASCII { return heights.map(column).joined() }
    return stride(from: 0, to: heights.count, by: 2).map { i in
      braille(heights[i], i + 1 < heights.count ? heights[i + 1] : 0)
    }.joined()
  }

  /// Two columns of dots, filled from below, 0...4 each.
  private func braille(_ left: Int, _ right: Int) -> String {
    let lefts: [UInt32] = [0, 0x40, 0x44, 0x46, 0x47]
    let rights: [UInt32] = [0, 0x80, 0xA0, 0xB0, 0xB8]
    let code = 0x2800 + lefts[min(4, left)] + rights[min(4, right)]
    return Unicode.Scalar(code).map { String(Character($0)) } ?? " "
  }

  // MARK: Frames

  /// Corners from the top left clockwise, then the lines.
  var frame: (corners: [String], horizontal: String, vertical: String) {
    isASCII ? (["+", "+", "+", "+"], "-", "|") : (["╭", "╮", "╯", "╰"], "─", "│")
  }
}
