import Hope
import Sessions

/// Events as the engine gives them, made up without a model.
enum Recorded {
  static let digest = SHA256Digest(of: [])

  static func status(_ level: Int, position: Int = 0, updates: Int = 0) -> LevelStatus {
    let period = [1, 64, 256, 1024][level]
    return LevelStatus(
      level: level, name: ["titans", "cms1", "cms2", "cms3"][level], period: period,
      pendingTokens: position % period, updates: level == 0 ? position : updates,
      lastUpdateRelative: level > 0 && updates > 0 ? 0.2464 : nil,
      runningUpdateRelative: level > 0 && updates > 0 ? 0.2464 : nil,
      driftRelative: level == 0 && position > 0 ? 0.1924 : updates > 0 ? 0.3714 : 0,
      surpriseBits: position > 0 ? 2.4 : nil)
  }

  static let facts = ModelFacts(
    path: "/models/hope-mini", name: "hope-mini", parameterCount: 5_312_000,
    architecture: "hope", vocabularySize: 4096, digest: digest, freshStateDigest: digest,
    levels: (0..<4).map { status($0) })

  static let loaded: [SessionEvent] = [.loading(path: facts.path), .modelLoaded(facts)]

  static func write(_ level: Int, at position: Int, number: Int = 0, size: Float = 0.2)
    -> SessionEvent
  {
    .levelWrote(
      LevelWriteEvent(
        level: level, name: ["titans", "cms1", "cms2", "cms3"][level], position: position,
        number: number, tokens: 16, updateRelative: size,
        blocks: (0..<4).map { block in
          .init(
            block: block, updateRelative: size * (1 - Float(block) * 0.2),
            driftRelative: size * Float(number + 1))
        }))
  }

  /// A write that turns a memory of half the weights' size round.
  static func turningWrite(_ level: Int, at position: Int) -> SessionEvent {
    .levelWrote(
      LevelWriteEvent(
        level: level, name: "cms\(level)", position: position, number: 9, tokens: 16,
        updateRelative: 1,
        blocks: (0..<4).map { .init(block: $0, updateRelative: 1, driftRelative: 0.5) }))
  }

  /// Words with the space before them, as tokens carry them.
  static func pieces(_ text: String) -> [String] {
    text.split(separator: " ", omittingEmptySubsequences: false).enumerated()
      .map { $0.offset == 0 ? String($0.element) : " " + $0.element }
  }

  /// Surprises that are the same in every run.
  static func surprise(_ text: String, _ position: Int) -> Float {
    let sum = text.unicodeScalars.reduce(UInt32(position % 7)) { ($0 &* 31) &+ $1.value }
    return Float(sum % 97) / 97 * (text.contains(where: \.isUppercase) ? 11 : 5)
  }

  static func token(
    _ text: String, _ author: Author, at position: Int, bits: Float? = nil
  ) -> SessionEvent {
    .token(
      TokenEvent(
        position: position, id: 7, text: text, author: author, isLearnedFrom: author == .user,
        surpriseBits: bits ?? (text.isEmpty ? nil : surprise(text, position)), entropyBits: 3.1))
  }

  /// A question, read and answered, from a position on: all its events but `commandFinished`.
  static func turn(_ question: String, _ answer: String, from start: Int = 0) -> [SessionEvent] {
    let words = pieces(question)
    let marks = [AuthoredToken(1, .user)] + words.map { _ in AuthoredToken(7, .user) }
    let tokens = marks + [AuthoredToken(2, .assistant)]
    var events: [SessionEvent] = [
      .turnStarted(TurnStart(text: question, tokens: tokens, position: start))
    ]
    var position = start
    func add(_ text: String, _ author: Author) {
      if position > 0, position % 64 == 0 {
        events.append(
          write(1, at: position, number: position / 64, size: 0.05 + Float(position % 5) / 25))
      }
      if position > 0, position % 256 == 0 { events.append(write(2, at: position, size: 0.04)) }
      events.append(token(text, author, at: position))
      position += 1
    }
    add("", .user)
    for word in words { add(word, .user) }
    events.append(write(1, at: position, number: position / 64, size: 0.25))
    add("", .assistant)
    for word in pieces(answer) { add(word, .assistant) }
    return events + [.answerEnded(end(answer, read: tokens.count, position: position))]
  }

  static func end(
    _ answer: String, read: Int, position: Int, why: AnswerEnd.Reason = .finished
  ) -> AnswerEnd {
    AnswerEnd(
      why: why, text: answer, readTokens: read, answerTokens: pieces(answer).count,
      tokensPerSecond: 86, surpriseBits: 6.2,
      changes: (0..<4).map {
        LevelChange(
          status: status($0, position: position, updates: $0 == 1 ? 1 + position / 64 : 0),
          writes: $0 == 0 ? read : $0 == 1 ? 1 : 0, refused: 0,
          changeRelative: $0 == 0 ? 0.17 : $0 == 1 ? 0.25 : 0)
      }, position: position, stateDigest: digest)
  }
}
