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
  case model(ModelFacts)
  case session(SessionFacts)
  case explanation(LevelExplanation)
  case inspected(TokenFacts)
  /// The conversation went back; what was said after that moment is no longer part of it.
  case jumped(Jump)
  /// What was said in the session that goes on; `restored` follows.
  case recalled(Recall)
  /// A recorded session goes on.
  case restored(Restoration)
  case marked(Marker)
  /// The memory was replaced by another one.
  case memoryLoaded(MemoryLoad)
  /// Memories kept under a name.
  case memoryLog([Marker])
  /// The memory was written to a file of its own.
  case memoryExported(SnapshotFacts, path: String)
  case memoryCompared(MemoryComparison)
  /// The same words answered twice.
  case compared(LaneComparison)
  /// What became of the session's file.
  case recording(RecordingEvent)
  /// Recorded sessions, the newest first.
  case sessions([SessionSummary])
  /// The memory of the session lies on disk as it is now.
  case saved(SessionName, SnapshotFacts)
  case exported(ExportFacts)
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
  /// There are only `count` turns; why there are not more, where that needs saying.
  case noSuchTurn(Int, count: Int, reason: String? = nil)
  /// The conversation can be gone back in from `first` to `count` tokens; why not further.
  case noSuchMoment(Int, first: Int, count: Int, reason: String? = nil)
  case noSuchMarker(String, known: [String])
  /// A memory is kept under this name, but its moment is not in the present conversation.
  case markerOfOtherMemory(String)
  /// No memory is kept under this name.
  case noSuchMemory(String, known: [String])
  /// A recorded session or a memory cannot be used.
  case fault(SessionFault)
  /// It needs a session that is being recorded.
  case notRecorded
  /// A memory could not be written.
  case notSaved(String)
  /// A fork could not be written; the session that goes on.
  case notForked(String)
  /// The mixer's memory cannot be taken from elsewhere by itself.
  case mixerGraft(String)
  /// The session to go on with is this one.
  case alreadyHere(String)

  package var description: String {
    switch self {
    case .model(let error): error.description
    case .unknownLevel(let name, let known):
      "no level \(name); this model has \(known.joined(separator: ", ")), or all"
    case .setting(let error): error.description
    case .sampling(let error): error.description
    case .emptyMessage: "nothing was said"
    case .noSuchTurn(let number, let count, let reason):
      (count == 0
        ? "nothing was said yet"
        : "no turn \(number); there \(count == 1 ? "is one turn" : "are \(count) turns")")
        + (reason.map { "; \($0)" } ?? "")
    case .noSuchMoment(let position, let first, let count, let reason):
      "no moment @\(position); the conversation can go back to @\(first) to @\(count)"
        + (reason.map { "; \($0)" } ?? "")
    case .noSuchMarker(let text, let known):
      "no marker \(text); "
        + (known.isEmpty ? "/mark TEXT sets one" : "there are \(known.joined(separator: ", "))")
    case .markerOfOtherMemory(let text):
      "\(text) was kept in a conversation that cannot be gone back to; "
        + "/mem checkout \(text) goes on with its memory"
    case .noSuchMemory(let name, let known):
      "no memory \(name) was kept; "
        + (known.isEmpty
          ? "/mem commit NAME keeps one" : "there are \(known.joined(separator: ", "))")
    case .fault(let fault): fault.description
    case .notForked(let parent): "the fork could not be written; this is still \(parent)"
    case .notSaved(let reason): "the memory could not be written: \(reason)"
    case .mixerGraft(let name):
      "\(name) cannot be grafted: it is the working memory of the last words, and only right together "
        + "with the words of the open chunk; graft a cms level, or take the whole memory with import"
    case .alreadyHere(let name): "this is \(name) already"
    case .notRecorded:
      "this chat has no file: nothing was said yet, it began with --no-record, another program records "
        + "it, or the file could not be written"
    case .noSuchToken(let positions, let count):
      count < 2
        ? "nothing was predicted yet; say something first"
        : "no token @\(positions.lowerBound)"
          + (positions.lowerBound < positions.upperBound ? "-@\(positions.upperBound)" : "")
          + "; predicted were @1 to @\(count - 1)"
    }
  }
}
