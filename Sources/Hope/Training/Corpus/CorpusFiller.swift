package import Tensors

/// Small talk out of a corpus: runs of consecutive turns of real dialogues.
package struct CorpusFiller: FillerSource {
  private let sources: [CorpusSource]
  private let roles: RoleTokens

  /// Sources whose dialogues are ordinary talk between two people; not bookings, quizzes or lessons.
  package static let talkative: Set<String> = [
    "self_dialogue", "ms_chitchat", "personachat", "synthetic_persona_chat", "topical_chat",
    "wow_plus_plus", "human_chat", "chatterbot", "casino",
  ]

  package init(_ corpus: Corpus) throws(CorpusError) {
    roles = corpus.roles
    let talk = corpus.sources.filter { $0.kind == .dialogue && Self.talkative.contains($0.name) }
    let roles = corpus.roles
    sources = talk.filter { source in
      source.starts.indices.contains { Self.dialogue($0, of: source, roles).count > 1 }
    }
    if sources.isEmpty { throw .noFiller(present: corpus.sources.map(\.name)) }
  }

  /// Two to eight turns of one dialogue; the source is drawn evenly, so that small ones are heard.
  package func run(using random: inout RandomSource) -> [TokenTurn] {
    while true {
      let source = random.element(of: sources)
      let index = random.integer(below: source.starts.count)
      let turns = Self.dialogue(index, of: source, roles)
      let pairs = turns.count / 2
      guard pairs > 0 else { continue }
      let count = min(pairs, 1 + random.integer(below: 4))
      let first = random.integer(below: pairs - count + 1)
      return Array(turns[2 * first..<2 * (first + count)])
    }
  }

  /// The turns of a dialogue, up to the first that breaks the order user, assistant, user, ….
  private static func dialogue(_ index: Int, of source: CorpusSource, _ roles: RoleTokens)
    -> [TokenTurn]
  {
    let start = Int(source.starts[index]) + 1
    let isLast = index + 1 == source.starts.count
    let tokens = source.tokens[
      start..<(isLast ? source.tokens.count : Int(source.starts[index + 1]))]
    let places = tokens.indices.filter { roles.author(startedBy: TokenID(tokens[$0])) != nil }
    var turns: [TokenTurn] = []
    for (place, end) in zip(places, places.dropFirst() + [tokens.endIndex]) {
      let expected: TurnAuthor = turns.count.isMultiple(of: 2) ? .user : .assistant
      guard roles.author(startedBy: TokenID(tokens[place])) == expected else { break }
      turns.append(
        TokenTurn(author: expected, tokens: tokens[place..<end].map { TokenID($0) }))
    }
    return turns
  }
}
