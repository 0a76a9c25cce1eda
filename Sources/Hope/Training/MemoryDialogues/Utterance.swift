/// What somebody says in one turn: text with the told values marked, so that they can be found again.
struct Utterance: Sendable, Equatable {
  enum Piece: Sendable, Equatable {
    case text(String)
    /// A value, spelled as it is; `fact` counts the facts of the turn.
    case value(String, fact: Int)
    /// A value that is only mentioned, not told.
    case mention(String)
  }
  var pieces: [Piece] = []

  /// Fills a template's placeholders; `{v}` becomes the value of `fact`.
  init(
    _ template: String, value: String = "", fact: Int = 0, old: String = "",
    bindings: [String: String] = [:]
  ) {
    for part in Self.parts(of: template) {
      switch part {
      case .plain(let text): append(.text(String(text)))
      case .placeholder("v"): append(.value(value, fact: fact))
      case .placeholder("old"): append(.mention(old))
      case .placeholder("a"): append(.text(value.article))
      case .placeholder(let name):
        guard let word = bindings[String(name)] else { preconditionFailure("no {\(name)} here") }
        append(.text(word))
      }
    }
  }

  var text: String {
    pieces.map { piece in
      switch piece {
      case .text(let text), .value(let text, _), .mention(let text): text
      }
    }.joined()
  }

  mutating func append(_ piece: Piece) {
    if case .text(let more) = piece, case .text(let text)? = pieces.last {
      pieces[pieces.count - 1] = .text(text + more)
    } else {
      pieces.append(piece)
    }
  }

  mutating func prepend(_ text: String) {
    let rest = pieces
    pieces = [.text(text)]
    for piece in rest { append(piece) }
  }

  mutating func mapText(_ change: (String) -> String) {
    pieces = pieces.map { piece in
      if case .text(let text) = piece { .text(change(text)) } else { piece }
    }
  }

  private enum Part {
    case plain(Substring)
    case placeholder(Substring)
  }

  private static func parts(of template: String) -> [Part] {
    var parts: [Part] = []
    for (index, chunk) in template.split(separator: "{", omittingEmptySubsequences: false)
      .enumerated()
    {
      guard index > 0, let end = chunk.firstIndex(of: "}") else {
        parts.append(.plain(chunk))
        continue
      }
      parts.append(.placeholder(chunk[..<end]))
      parts.append(.plain(chunk[chunk.index(after: end)...]))
    }
    return parts
  }
}

extension Utterance {
  /// The turn's tokens, the role token first, and where the told values lie in them.
  ///
  /// Text is cut at the values, with the space before a value on its side: a tokenizer that splits
  /// text before spaces gives the same tokens for the whole turn.
  func tokens(by author: TurnAuthor, _ roles: RoleTokens, _ encode: TextEncoding) -> MarkedTurn {
    var turn = MarkedTurn(author: author, tokens: [roles.token(of: author)])
    var space = " "
    for piece in pieces {
      switch piece {
      case .text(let text):
        let full = space + text
        space = full.hasSuffix(" ") ? " " : ""
        turn.tokens += encode(String(full.dropLast(space.count)))
      case .value(let value, let fact):
        let start = turn.tokens.count
        turn.tokens += encode(space + value)
        turn.values.append(
          MarkedTurn.Value(range: start..<turn.tokens.count, fact: fact, text: value))
        space = ""
      case .mention(let value):
        turn.tokens += encode(space + value)
        space = ""
      }
    }
    return turn
  }
}

/// A turn as tokens with the places of the values in it.
struct MarkedTurn: Sendable, Equatable {
  struct Value: Sendable, Equatable {
    let range: Range<Int>
    let fact: Int
    let text: String
  }
  let author: TurnAuthor
  var tokens: [TokenID]
  var values: [Value] = []
}

extension String {
  /// The indefinite article that fits in front.
  var article: String {
    let vowels: Set<Character> = ["a", "e", "i", "o", "u"]
    let start = lowercased()
    if start.hasPrefix("uk") || start.hasPrefix("uni") { return "a" }
    return start.first.map(vowels.contains) ?? false ? "an" : "a"
  }
}
