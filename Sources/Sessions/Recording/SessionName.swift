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

  /// What a fork is called: `NAME fork`, or the first of `NAME fork 2`, `NAME fork 3`, … that no folder
  /// there was made for yet.
  static func fork(of name: String, in folder: String) -> String {
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let base = name.withoutForkNumber
    for number in 1...999 {
      let suffix = number == 1 ? " fork" : " fork \(number)"
      let candidate = base.asSessionName(longest: longestName - suffix.count) + suffix
      if !folders.contains(where: { $0.hasSuffix("Z-" + candidate.asFileName) }) {
        return candidate
      }
    }
    return base + " fork"
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
  var asSessionName: String { asSessionName(longest: SessionName.longestName) }

  fileprivate func asSessionName(longest: Int) -> String {
    let words = split { $0.isWhitespace || $0.isNewline }
    var name = ""
    for word in words {
      let longer = name.isEmpty ? String(word) : name + " " + word
      if longer.count > longest { break }
      name = longer
    }
    if name.isEmpty { name = String((words.first ?? "untitled").prefix(longest)) }
    return TerminalText.filtered(name)
  }

  /// `NAME` for `NAME.`, `NAME fork` and `NAME fork 7`.
  fileprivate var withoutForkNumber: String {
    if let last, ".!?,;:".contains(last), count > 1 { return String(dropLast()).withoutForkNumber }
    var words = split(separator: " ")
    if words.count > 2, Int(words[words.count - 1]) != nil { words.removeLast() }
    guard words.count > 1, words.last == "fork" else { return self }
    return words.dropLast().joined(separator: " ")
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
