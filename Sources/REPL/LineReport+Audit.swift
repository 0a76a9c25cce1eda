package import Sessions

extension LineReport {
  /// Letters of a text that are shown.
  private static let textWidth = 44

  /// A ranked table, the words that gained most, and what the figures do and do not say.
  package func memoryAudited(_ audit: MemoryAudit, words count: Int = 8) -> [StyledText] {
    let header = ["gained", "a token", "levels", "first choice", "text"]
    let rows = audit.texts.map { text in
      [
        Self.gain(text.gainedBits, 1) + " bits",
        Self.gain(text.gainedBits / Float(max(1, text.tokenCount)), 2),
        Self.gain(text.learnedBits, 1),
        "\(text.firstChoices) of \(text.tokenCount), \(text.baseFirstChoices) without",
        Self.shortened(text.text) + (text.isControl ? " (a text nobody said: what any gains)" : ""),
      ]
    }
    let words = audit.words(count).map {
      "\(Self.quoted($0.text)) \(Self.fixed($0.gainedBits, 1))"
    }
    return [
      StyledText("  what \(audit.origin) makes likelier than the model is without it", .strong)
    ]
      + table(header, rows, leftAligned: [4])
      + (words.isEmpty
        ? [] : [notice("words that gained most, in bits: " + words.joined(separator: ", "))])
      + [
        notice(
          "gained: log2 p with the memory minus without, if the text is said next; levels: the same "
            + "without the working memory. First choice: tokens the model would write itself, given those "
            + "before"),
        notice(
          "only texts that are asked about are found: a low figure is no proof that nothing is kept"
        ),
      ]
  }

  /// With its sign, but no minus before zeros.
  private static func gain(_ value: Float, _ decimals: Int) -> String {
    let text = fixed(value, decimals)
    return text.contains { ("1"..."9").contains($0) } ? text : fixed(0, decimals)
  }

  private static func shortened(_ text: String) -> String {
    text.count > textWidth ? text.prefix(textWidth - 1) + "…" : text
  }
}
