package import Hope

/// All that can happen in a chat. Screens, reports and recordings know the model only through these.
package enum SessionEvent: Sendable, Equatable {
  case loading(path: String)
  case modelLoaded(ModelFacts)
  /// The words are in; nothing has been read yet.
  case turnStarted(TurnStart)
  case token(TokenEvent)
  case levelWrote(LevelWriteEvent)
  case answerEnded(AnswerEnd)
  case levelSet(LevelSetting)
  case settingChanged(Setting)
  case stateReset(StateReset)
  /// Answers to questions.
  case levels([LevelStatus])
  case settings(ChatSettings)
  case statistics(Statistics)
  case explanation(LevelExplanation)
  case help(topic: String?)
  case failed(SessionError)
  /// The command of this number is done, all its events are out.
  case commandFinished(Int)
  /// The engine's thread ends; nothing follows.
  case ended
}

/// The model a chat runs on.
package struct ModelFacts: Sendable, Equatable {
  package let path: String
  /// The folder's name.
  package let name: String
  package let parameterCount: Int
  package let architecture: String
  package let vocabularySize: Int
  /// SHA-256 of the weights.
  package let digest: SHA256Digest
  /// Digest of a state nothing has been read into.
  package let freshStateDigest: SHA256Digest
  package let levels: [LevelStatus]
}

package struct TurnStart: Sendable, Equatable {
  package let text: String
  /// All that is read before the answer: the marks of speakers too.
  package let tokens: [AuthoredToken]
  /// Tokens read before this turn.
  package let position: Int
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
}

/// What one turn did to a level.
package struct LevelChange: Sendable, Equatable {
  package let status: LevelStatus
  /// Writes done in the turn, and writes refused.
  package let writes: Int
  package let refused: Int
  /// ‖W_after − W_before‖ / ‖W‖ of the learned part over the turn.
  package let changeRelative: Float
}

/// The switches of a level after a change.
package struct LevelSetting: Sendable, Equatable {
  package let level: Int
  package let name: String
  package let access: LevelAccess
  package let gain: Float
}

package struct StateReset: Sendable, Equatable {
  package enum Scope: Sendable, Equatable {
    case everything
    /// The working memory alone.
    case mixers(name: String)
    case level(Int, name: String)
  }
  package let scope: Scope
  package let digest: SHA256Digest
  /// Whether the state is, bit for bit, one nothing has been read into.
  package let equalsBase: Bool
}

package struct Statistics: Sendable, Equatable {
  /// Tokens read since the conversation began; of them, drawn as answers.
  package let position: Int
  package let answerTokens: Int
  /// Of all answers, and of reading what was said; nil before the first.
  package let answerTokensPerSecond: Double?
  package let readTokensPerSecond: Double?
  package let stateBytes: Int
  package let stateDigest: SHA256Digest
  package let settings: ChatSettings
  package let levels: [LevelStatus]
}

/// What went wrong while the program goes on; `description` is one sentence.
package enum SessionError: Error, Sendable, Equatable, CustomStringConvertible {
  case model(ModelError)
  case unknownLevel(String, known: [String])
  case setting(SettingError)
  case sampling(SamplingError)
  /// Nothing but spaces was said.
  case emptyMessage

  package var description: String {
    switch self {
    case .model(let error): error.description
    case .unknownLevel(let name, let known):
      "no level \(name); this model has \(known.joined(separator: ", ")), or all"
    case .setting(let error): error.description
    case .sampling(let error): error.description
    case .emptyMessage: "nothing was said"
    }
  }
}
