/// Which values a generator may use: every value belongs to exactly one split, whatever its attribute.
package enum ValueSplit: String, Sendable, CaseIterable {
  case training, evaluation

  /// Share of the words, in percent, that are kept for evaluation.
  static let evaluationPercent: UInt64 = 12

  /// Values people like to try first; kept for evaluation in any case.
  package static let reserved: Set<String> = [
    "biscuit", "ziggy", "marmalade", "noodle", "anna", "tobias", "mira", "lisbon", "ljubljana",
    "teal", "saxophone", "beekeeper", "swordfish", "platypus", "ramen", "42", "47", "juniper",
    "waffles", "archery",
  ]

  /// The split of a value: evaluation if any of its words is, so that a compound used in training
  /// holds no evaluation word. Case does not matter.
  package static func of(_ value: String) -> ValueSplit {
    let words = value.lowercased().split { $0 == " " || $0 == "-" }
    return words.contains { isEvaluationWord(String($0)) } ? .evaluation : .training
  }

  private static func isEvaluationWord(_ word: String) -> Bool {
    reserved.contains(word) || fnv1a(word.utf8) % 100 < evaluationPercent
  }

  /// The 64-bit FNV-1a hash: the same on every machine and in every run.
  static func fnv1a(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
