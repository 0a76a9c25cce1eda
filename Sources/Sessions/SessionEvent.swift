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
  case inspected(TokenFacts)
  case help(topic: String?)
  case failed(SessionError)
  /// The command of this number is done, all its events are out.
  case commandFinished(Int)
  /// The engine's thread ends; nothing follows.
  case ended
}

/// What went wrong while the program goes on; `description` is one sentence.
package enum SessionError: Error, Sendable, Equatable, CustomStringConvertible {
  case model(ModelError)
  case unknownLevel(String, known: [String])
  case setting(SettingError)
  case sampling(SamplingError)
  /// Nothing but spaces was said.
  case emptyMessage
  /// There is no prediction of these positions in a conversation of `count` tokens.
  case noSuchToken(ClosedRange<Int>, count: Int)

  package var description: String {
    switch self {
    case .model(let error): error.description
    case .unknownLevel(let name, let known):
      "no level \(name); this model has \(known.joined(separator: ", ")), or all"
    case .setting(let error): error.description
    case .sampling(let error): error.description
    case .emptyMessage: "nothing was said"
    case .noSuchToken(let positions, let count):
      count < 2
        ? "nothing was predicted yet; say something first"
        : "no token @\(positions.lowerBound)"
          + (positions.count > 1 ? "-@\(positions.upperBound)" : "")
          + "; predicted were @1 to @\(count - 1)"
    }
  }
}
