package import Hope

package struct TurnStart: Sendable, Equatable {
  package let text: String
  /// All that is read before the answer: the marks of speakers too.
  package let tokens: [AuthoredToken]
  /// Tokens read before this turn.
  package let position: Int
  /// Whether the fastest level writes what it has gathered before the last of the tokens is read.
  package let flushes: Bool

  package init(text: String, tokens: [AuthoredToken], position: Int, flushes: Bool = false) {
    self.text = text
    self.tokens = tokens
    self.position = position
    self.flushes = flushes
  }
}

/// One token was run.
package struct TokenEvent: Sendable, Equatable {
  /// Tokens that came before.
  package let position: Int
  package let id: TokenID
  /// The text that became complete with it; marks of speakers have none.
  package let text: String
  package let author: Author
  package let isLearnedFrom: Bool
  /// −log₂ p under what came before; nil where nothing came before.
  package let surpriseBits: Float?
  /// Of the prediction it was drawn from or compared with.
  package let entropyBits: Float?

  package init(
    position: Int, id: TokenID, text: String, author: Author, isLearnedFrom: Bool,
    surpriseBits: Float? = nil, entropyBits: Float? = nil
  ) {
    self.position = position
    self.id = id
    self.text = text
    self.author = author
    self.isLearnedFrom = isLearnedFrom
    self.surpriseBits = surpriseBits
    self.entropyBits = entropyBits
  }

  /// ln p.
  package var logProbability: Float? { surpriseBits.map { -$0 / 1.442_695_04 } }
}

/// A level wrote, in all blocks at once, just before the token at `position` was run.
package struct LevelWriteEvent: Sendable, Equatable {
  package struct Block: Sendable, Equatable {
    package let block: Int
    /// ‖ΔW‖ / ‖W‖ of this block.
    package let updateRelative: Float
    package let driftRelative: Float
    package let isRefused: Bool

    package init(block: Int, updateRelative: Float, driftRelative: Float, isRefused: Bool = false) {
      self.block = block
      self.updateRelative = updateRelative
      self.driftRelative = driftRelative
      self.isRefused = isRefused
    }
  }

  /// As `LevelSettings` counts.
  package let level: Int
  package let name: String
  package let position: Int
  /// Writes of this level before.
  package let number: Int
  /// Tokens learned from.
  package let tokens: Int
  /// ‖ΔW‖ / ‖W‖ over the blocks that wrote.
  package let updateRelative: Float
  package let blocks: [Block]

  package init(
    level: Int, name: String, position: Int, number: Int, tokens: Int, updateRelative: Float,
    blocks: [Block]
  ) {
    self.level = level
    self.name = name
    self.position = position
    self.number = number
    self.tokens = tokens
    self.updateRelative = updateRelative
    self.blocks = blocks
  }

  package var refusedCount: Int { blocks.count { $0.isRefused } }
}

package struct AnswerEnd: Sendable, Equatable {
  package enum Reason: String, Sendable, Codable {
    /// The model gave the word back.
    case finished
    case maxTokens = "max_tokens"
    case stopped
    case failed
  }
  package let why: Reason
  package let text: String
  /// The end of `text` that no token event carried: an unfinished character.
  package let trailingText: String
  /// Tokens of the question and of the answer.
  package let readTokens: Int
  package let answerTokens: Int
  package let tokensPerSecond: Double
  /// Mean over the user's words of this turn.
  package let surpriseBits: Float?
  package let changes: [LevelChange]
  /// Tokens read so far.
  package let position: Int
  package let stateDigest: SHA256Digest
  /// Where the random numbers stand after the answer; nil where nobody knows.
  package let randomState: UInt64?

  package init(
    why: Reason, text: String, trailingText: String = "", readTokens: Int, answerTokens: Int,
    tokensPerSecond: Double, surpriseBits: Float? = nil, changes: [LevelChange], position: Int,
    stateDigest: SHA256Digest, randomState: UInt64? = nil
  ) {
    self.why = why
    self.text = text
    self.trailingText = trailingText
    self.readTokens = readTokens
    self.answerTokens = answerTokens
    self.tokensPerSecond = tokensPerSecond
    self.surpriseBits = surpriseBits
    self.changes = changes
    self.position = position
    self.stateDigest = stateDigest
    self.randomState = randomState
  }
}

/// What one turn did to a level.
package struct LevelChange: Sendable, Equatable {
  package let status: LevelStatus
  /// Writes done in the turn, and writes refused.
  package let writes: Int
  package let refused: Int
  /// ‖W_after − W_before‖ / ‖W‖ of the learned part over the turn.
  package let changeRelative: Float

  package init(status: LevelStatus, writes: Int, refused: Int, changeRelative: Float) {
    self.status = status
    self.writes = writes
    self.refused = refused
    self.changeRelative = changeRelative
  }
}
