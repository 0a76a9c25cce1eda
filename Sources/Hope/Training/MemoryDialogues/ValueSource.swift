package import Tensors

/// Draws values of one split.
package struct ValueSource: Sendable {
  package let split: ValueSplit
  private let encode: TextEncoding
  private let maximumTokens: Int
  private let recipes: [ValueKind: [(share: Int, recipe: ValueRecipe)]]

  /// - Parameter maximumTokens: values of at most this many tokens are preferred.
  package init(split: ValueSplit, encode: @escaping TextEncoding, maximumTokens: Int = 4) {
    self.split = split
    self.encode = encode
    self.maximumTokens = maximumTokens
    recipes = Dictionary(
      uniqueKeysWithValues: ValueKind.allCases.map { ($0, Self.recipes(of: $0, in: split)) })
  }

  /// A value that is not in `taken` (compared without case). The sort of value is drawn first, so that
  /// neither the split nor the length shifts the shares of real and made-up words.
  package func value(
    of kind: ValueKind, notIn taken: Set<String> = [], using random: inout RandomSource
  ) -> String {
    while true {
      let recipe = weightedRecipe(of: kind, using: &random)
      if let value = value(by: recipe, taken, using: &random) { return value }
    }
  }

  /// The first short enough value, else the shortest of some; nil where everything seems taken.
  private func value(
    by recipe: ValueRecipe, _ taken: Set<String>, using random: inout RandomSource
  ) -> String? {
    var best: (value: String, tokens: Int)?
    for _ in 0..<Self.candidates {
      guard let value = candidate(by: recipe, taken, using: &random) else { break }
      let tokens = encode(" " + value).count
      if tokens <= maximumTokens { return value }
      if tokens < best?.tokens ?? .max { best = (value, tokens) }
    }
    return best?.value
  }
  private static let candidates = 12

  private func candidate(
    by recipe: ValueRecipe, _ taken: Set<String>, using random: inout RandomSource
  ) -> String? {
    for _ in 0..<Self.draws {
      let value = recipe.draw(using: &random)
      if ValueSplit.of(value) == split, !taken.contains(value.lowercased()) { return value }
    }
    return nil
  }
  private static let draws = 200

  private func weightedRecipe(of kind: ValueKind, using random: inout RandomSource)
    -> ValueRecipe
  {
    let choices = recipes[kind] ?? []
    var place = random.integer(below: choices.map(\.share).reduce(0, +))
    for choice in choices {
      place -= choice.share
      if place < 0 { return choice.recipe }
    }
    preconditionFailure("no recipe for \(kind)")
  }

  /// The recipes with their lists cut to the split; a recipe that has nothing in it is left out.
  private static func recipes(of kind: ValueKind, in split: ValueSplit)
    -> [(share: Int, recipe: ValueRecipe)]
  {
    kind.recipes.compactMap { share, recipe in
      guard let cut = recipe.cut(to: split) else { return nil }
      return (share, cut)
    }
  }
}

extension ValueRecipe {
  /// The recipe with its word lists cut to what can lead to a value of the split; nil if nothing can.
  fileprivate func cut(to split: ValueSplit) -> ValueRecipe? {
    func kept(_ words: [String]) -> [String] { words.filter { ValueSplit.of($0) == split } }
    switch self {
    case .list(let words): return kept(words).isEmpty ? nil : .list(kept(words))
    case .pair(let first, let second):
      if split == .evaluation { return kept(first + second).isEmpty ? nil : self }
      return kept(first).isEmpty || kept(second).isEmpty ? nil : .pair(kept(first), kept(second))
    case .madeUpPair(let words):
      if split == .evaluation { return self }
      return kept(words).isEmpty ? nil : .madeUpPair(kept(words))
    case .capitalized(let inner): return inner.cut(to: split).map { .capitalized($0) }
    case .madeUp, .number: return self
    }
  }
}
