import Tensors

/// How carefully somebody types: people leave out capitals, full stops and apostrophes.
enum TypingStyle: Sendable, CaseIterable {
  case proper, unfinished, lowercase, hasty

  /// Seven in ten turns are proper.
  static func draw(using random: inout RandomSource) -> TypingStyle {
    switch random.integer(below: 20) {
    case 0..<14: .proper
    case 14..<16: .unfinished
    case 16..<18: .lowercase
    default: .hasty
    }
  }

  /// Gives an utterance its capitals and its end. Values keep their spelling.
  func apply(to utterance: inout Utterance) {
    utterance.capitalizeStarts()
    if self == .proper || self == .lowercase { utterance.finish() } else { utterance.unfinish() }
    if self == .lowercase || self == .hasty { utterance.mapText { $0.lowercased() } }
    if self == .hasty { utterance.mapText { String($0.filter { $0 != "'" }) } }
  }
}

extension Utterance {
  private static let ends: Set<Character> = [".", "?", "!"]

  /// Capitals at the start and after the end of a sentence.
  fileprivate mutating func capitalizeStarts() {
    var isStart = true
    pieces = pieces.map { piece in
      guard case .text(let text) = piece else {
        isStart = false
        return piece
      }
      return .text(Self.capitalized(text, &isStart))
    }
  }

  private static func capitalized(_ text: String, _ isStart: inout Bool) -> String {
    var result = ""
    for character in text {
      if isStart, character.isLetter {
        result += character.uppercased()
        isStart = false
      } else {
        result.append(character)
        if ends.contains(character) { isStart = true }
        if character.isNumber { isStart = false }
      }
    }
    return result
  }

  fileprivate mutating func finish() {
    if let last = text.last, !Self.ends.contains(last) { append(.text(".")) }
  }

  fileprivate mutating func unfinish() {
    guard case .text(let last)? = pieces.last, let end = last.last, end == "." || end == "?"
    else { return }
    pieces.removeLast()
    if last.count > 1 { pieces.append(.text(String(last.dropLast()))) }
  }
}
