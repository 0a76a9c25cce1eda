import Sessions

// What `hope ask --json` and `--jsonl` print. Numbers that are not finite are left out: JSON has none.
// The lines use the words of the session file: e, i, id, s, lp, H, lvl.

struct AnswerDocument: Encodable {
  struct Model: Encodable {
    let name: String
    let sha256: String
  }
  let model: Model
  let prompt: String
  let answer: String
  let end: EndLine
  let tokens: [TokenLine]
  let writes: [WriteLine]
}

/// The words are in.
struct TurnLine: Encodable {
  private let e = "user"
  private let text: String
  private let ids: [Int32]

  init(_ turn: TurnStart) {
    text = turn.text
    ids = turn.tokens.map(\.id)
  }
}

/// One token was run: place, id, text, author, ln p, −log₂ p, entropy.
struct TokenLine: Encodable {
  private let e = "tok"
  private let i: Int
  private let id: Int32
  private let s: String
  private let author: Author
  private let learned: Bool
  private let lp: Float?
  private let bits: Float?
  private let entropy: Float?

  private enum CodingKeys: String, CodingKey {
    case e, i, id, s, author, learned, lp, bits
    case entropy = "H"
  }

  init(_ token: TokenEvent) {
    (i, id, s) = (token.position, token.id, token.text)
    (author, learned) = (token.author, token.isLearnedFrom)
    lp = token.logProbability.finite
    bits = token.surpriseBits.finite
    entropy = token.entropyBits.finite
  }
}

/// A level wrote: where, how many tokens it learned from, and ‖ΔW‖ / ‖W‖.
struct WriteLine: Encodable {
  private let e = "upd"
  private let i: Int
  private let lvl: String
  private let number: Int
  private let tokens: Int
  private let rel: Float?
  private let refused: Int

  init(_ write: LevelWriteEvent) {
    (i, lvl, number, tokens) = (write.position, write.name, write.number, write.tokens)
    rel = write.updateRelative.finite
    refused = write.refusedCount
  }
}

/// The answer is complete, and what the turn did to every level.
struct EndLine: Encodable {
  struct Level: Encodable {
    let name: String
    let period: Int
    let bits: String
    let gain: Float
    let pending: Int
    let updates: Int
    let writes: Int
    let refused: Int
    let change: Float?
    let drift: Float?
  }
  private let e = "end"
  private let i: Int
  private let why: AnswerEnd.Reason
  private let read: Int
  private let drawn: Int
  private let tps: Double
  private let bits: Float?
  private let state: String
  private let levels: [Level]

  init(_ end: AnswerEnd) {
    (i, why, read, drawn) = (end.position, end.why, end.readTokens, end.answerTokens)
    tps = end.tokensPerSecond
    bits = end.surpriseBits.finite
    state = "sha256:\(end.stateDigest)"
    levels = end.changes.map { change in
      Level(
        name: change.status.name, period: change.status.period, bits: change.status.bits,
        gain: change.status.gain, pending: change.status.pendingTokens,
        updates: change.status.updates, writes: change.writes, refused: change.refused,
        change: change.changeRelative.finite, drift: change.status.driftRelative.finite)
    }
  }
}

extension Float {
  fileprivate var finite: Float? { isFinite ? self : nil }
}

extension Float? {
  fileprivate var finite: Float? { flatMap { $0.isFinite ? $0 : nil } }
}
