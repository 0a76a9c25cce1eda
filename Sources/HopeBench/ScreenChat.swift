import Hope
import Sessions
import TerminalUI

/// A chat on a screen of 200×60 that no model stands behind: its events are made up, and the same in
/// every run.
struct ScreenChat {
  static let size = TerminalSize(columns: 200, rows: 60)
  private static let answerLength = 100
  private static let periods = [1, 64, 256, 1024]
  private static let words = [
    " the", " river", " has", " a", " bridge", ",", " and", " Biscuit", " sleeps", " un", "der",
    " it", " all", " winter", ".", " naïve", "\n",
  ]

  private(set) var app: AppState
  private(set) var tokens = 0

  init() {
    let depth = DisplaySettings.ColorDepth.palette256
    app = AppState(settings: DisplaySettings(colorDepth: depth))
    take(.resize(Self.size))
    take(.event(.modelLoaded(Self.facts)))
  }

  mutating func take(_ action: Action) { _ = app.update(action) }

  mutating func drawFrame() -> Canvas { app.frame() }

  /// Reads and answers on, until so many tokens are in.
  mutating func goOn(until count: Int) {
    while tokens < count { token() }
  }

  /// The next token, with what happens around it: writes at their times, a new turn when one is over.
  mutating func token() {
    let place = tokens % Self.answerLength
    if place == 0 { begin() }
    for level in 1..<Self.periods.count where tokens > 0 && tokens % Self.periods[level] == 0 {
      take(.event(Self.write(level, at: tokens)))
    }
    take(.event(.token(Self.event(at: tokens, author: place < Self.question ? .user : .assistant))))
    tokens += 1
    if tokens % Self.answerLength == 0 { end() }
  }

  private static let question = 8

  private mutating func begin() {
    let tokens = (0..<Self.question).map { _ in AuthoredToken(7, .user) }
    let text = (0..<Self.question).map { Self.word(self.tokens + $0) }.joined()
    take(.event(.turnStarted(TurnStart(text: text, tokens: tokens, position: self.tokens))))
  }

  private mutating func end() {
    let changes = Self.facts.levels.map {
      LevelChange(status: $0, writes: 1, refused: 0, changeRelative: 0.1)
    }
    take(
      .event(
        .answerEnded(
          AnswerEnd(
            why: .finished, text: "", readTokens: Self.question,
            answerTokens: Self.answerLength - Self.question, tokensPerSecond: 86,
            surpriseBits: 6.2, changes: changes, position: tokens, stateDigest: Self.digest))))
  }
}

// MARK: Events

extension ScreenChat {
  private static let digest = SHA256Digest(of: [])

  private static let facts = ModelFacts(
    path: "/models/bench", name: "bench", parameterCount: 5_000_000, architecture: "hope",
    vocabularySize: 4096, digest: digest, freshStateDigest: digest,
    levels: periods.enumerated().map { level, period in
      LevelStatus(
        level: level, name: level == 0 ? "titans" : "cms\(level)", period: period,
        pendingTokens: 0, updates: 0, lastUpdateRelative: nil, runningUpdateRelative: nil,
        driftRelative: 0, surpriseBits: nil)
    })

  private static func word(_ number: Int) -> String { words[number &* 7919 % words.count] }

  private static func event(at position: Int, author: Author) -> TokenEvent {
    TokenEvent(
      position: position, id: 7, text: word(position), author: author,
      isLearnedFrom: author == .user, surpriseBits: Float(position % 19) / 2, entropyBits: 3.1)
  }

  private static func write(_ level: Int, at position: Int) -> SessionEvent {
    let size = Float(1 + position % 7) / 20
    return .levelWrote(
      LevelWriteEvent(
        level: level, name: "cms\(level)", position: position, number: position / periods[level],
        tokens: periods[level], updateRelative: size,
        blocks: (0..<4).map {
          .init(block: $0, updateRelative: size / Float($0 + 1), driftRelative: size)
        }))
  }
}
