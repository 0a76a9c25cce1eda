extension String {
  /// This text as one line that cannot drive a terminal: control, format, separator and unassigned
  /// characters as `\u{1B}`, cut with an ellipsis after `limit` characters' worth of output.
  ///
  /// For the names and paths that error messages quote; they come from files nobody has vetted.
  package func printable(limit: Int = 80) -> String {
    var text = ""
    var used = 0
    for scalar in unicodeScalars {
      let piece = scalar.printablePiece
      let size = piece.unicodeScalars.count
      if used + size > limit { return text + "…" }
      text += piece
      used += size
    }
    return text
  }
}

extension Unicode.Scalar {
  fileprivate var printablePiece: String {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
      .unassigned:
      "\\u{" + String(value, radix: 16, uppercase: true) + "}"
    default: String(Character(self))
    }
  }
}
