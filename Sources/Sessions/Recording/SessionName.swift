import Foundation

/// What a recorded session is called.
package struct SessionName: Sendable, Equatable {
  /// 26 letters and digits that no other session has; later ones sort later.
  package let id: String
  /// What a person calls it; at first the beginning of the first words.
  package var name: String
  /// Its folder.
  package let path: String

  package init(id: String, name: String, path: String) {
    (self.id, self.name, self.path) = (id, name, path)
  }
}

extension SessionName {
  /// Letters at most in a name.
  static let longestName = 40

  /// A name that was not used before, in a folder of sessions.
  static func new(in folder: String, title: String, at date: Date) -> SessionName {
    let name = title.asSessionName
    let day = date.formatted(
      .iso8601.year().month().day().timeZone(separator: .omitted)
        .time(includingFractionalSeconds: false).timeSeparator(.omitted))
    // 2026-11-23T130542Z → 2026-11-23T1305Z
    let stamp = String(day.prefix(15)) + "Z"
    return SessionName(
      id: identifier(at: date), name: name, path: "\(folder)/\(stamp)-\(name.asFileName)")
  }

  /// Crockford's base 32: 48 bits of milliseconds, 80 random ones.
  static func identifier(at date: Date) -> String {
    let letters = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    let time = UInt64(max(0, date.timeIntervalSince1970 * 1000))
    var random = SystemRandomNumberGenerator()
    let head = (0..<10).map { letters[Int(time >> (5 * (9 - UInt64($0)))) & 31] }
    let tail = (0..<16).map { _ in letters[Int(random.next() & 31)] }
    return String(head + tail)
  }
}

extension String {
  /// The beginning of some words, in one line, without what could drive a terminal.
  var asSessionName: String {
    let words = split { $0.isWhitespace || $0.isNewline }
    var name = ""
    for word in words {
      let longer = name.isEmpty ? String(word) : name + " " + word
      if longer.count > SessionName.longestName { break }
      name = longer
    }
    if name.isEmpty { name = String((words.first ?? "untitled").prefix(SessionName.longestName)) }
    return TerminalText.filtered(name)
  }

  /// Letters and digits of ASCII in lower case, all else a hyphen: `my-cat-is-called-biscuit`.
  var asFileName: String {
    var name = ""
    for scalar in lowercased().unicodeScalars.prefix(60) {
      let isKept = scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
      if isKept {
        name.unicodeScalars.append(scalar)
      } else if !name.isEmpty, name.last != "-" {
        name.append("-")
      }
    }
    while name.last == "-" { name.removeLast() }
    return name.isEmpty ? "untitled" : name
  }
}
