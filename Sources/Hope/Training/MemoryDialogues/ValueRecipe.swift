import Tensors

/// One way to make a value; a kind of value mixes several.
indirect enum ValueRecipe: Sendable {
  case list([String])
  /// Two words of two lists, joined by a space.
  case pair([String], [String])
  /// A made-up word of any style, with one of the endings.
  case madeUp(suffixes: [String] = [""])
  case number(ClosedRange<Int>)
  case capitalized(ValueRecipe)
  /// A made-up word in front of one of the words: "vorrin street".
  case madeUpPair([String])

  /// How many different values it can make, both splits together.
  var distinctCount: Int {
    switch self {
    case .list(let words): Set(words).count
    case .pair(let first, let second): first.count * second.count
    case .madeUp(let suffixes): Self.madeUpCount * suffixes.count
    case .number(let range): range.count
    case .capitalized(let inner): inner.distinctCount
    case .madeUpPair(let words): Self.madeUpCount * words.count
    }
  }
  private static let madeUpCount = MadeUpWords.styles.map(\.distinctCount).reduce(0, +)

  /// Draws a value of either split.
  func draw(using random: inout RandomSource) -> String {
    switch self {
    case .list(let words): random.element(of: words)
    case .pair(let first, let second):
      random.element(of: first) + " " + random.element(of: second)
    case .madeUp(let suffixes): Self.invent(&random) + random.element(of: suffixes)
    case .number(let range): String(range.lowerBound + random.integer(below: range.count))
    case .capitalized(let inner): inner.draw(using: &random).withCapitalWords
    case .madeUpPair(let words): Self.invent(&random) + " " + random.element(of: words)
    }
  }

  private static func invent(_ random: inout RandomSource) -> String {
    random.element(of: MadeUpWords.styles).word(using: &random)
  }
}

extension String {
  var withCapitalStart: String { prefix(1).uppercased() + dropFirst() }

  var withCapitalWords: String {
    split(separator: " ").map { String($0).withCapitalStart }.joined(separator: " ")
  }

  /// The plural of a lower-case noun, by the common spelling rules.
  var plural: String {
    let vowels: Set<Character> = ["a", "e", "i", "o", "u"]
    if hasSuffix("y"), let before = dropLast().last, !vowels.contains(before) {
      return dropLast() + "ies"
    }
    let hisses = ["s", "x", "z", "ch", "sh"].contains { hasSuffix($0) }
    return self + (hisses ? "es" : "s")
  }
}
