import Foundation
import Hope

/// Carries out commands on one conversation; lives on the engine's thread.
struct CommandDesk {
  var conversation: Conversation
  let loaded: LoadedModel
  /// nil: nothing is recorded.
  let recorder: Recorder?
  /// nil: there are no other sessions.
  let shelf: SessionShelf?
  let emit: (SessionEvent) -> Void
  /// Whether something was said that no file holds though it should.
  private(set) var hasLostWords = false
  /// What the next session is to be called.
  var nextName: String?

  /// Loads the model and, where one is to go on, the session; nil, and an event that says why, where
  /// that fails.
  init?(
    loading path: String, lanes: Int, settings: ChatSettings, resuming session: String?,
    recorder: Recorder?, shelf: SessionShelf? = nil, emit: @escaping (SessionEvent) -> Void
  ) {
    emit(.loading(path: path))
    let loaded: LoadedModel
    do throws(ModelError) {
      var found = try LoadedModel.load(path: path)
      found.model.lanes = lanes
      loaded = found
    } catch {
      emit(.failed(.model(error)))
      return nil
    }
    self.loaded = loaded
    (self.shelf, self.emit) = (shelf, emit)
    do throws(SessionFault) {
      let start = try Self.start(loaded, settings, resuming: session, recorder)
      conversation = start.conversation
      self.recorder = start.recorder
      if let recall = start.recall { emit(.recalled(recall)) }
      if let restoration = start.restoration { emit(.restored(restoration)) }
    } catch {
      emit(.failed(.fault(error)))
      return nil
    }
    dropUnfinished()
    emit(.modelLoaded(ModelFacts(loaded, conversation)))
  }

  mutating func carryOut(_ command: Command, isStopped: @escaping () -> Bool) {
    do throws(SessionError) {
      try obey(command, isStopped)
    } catch {
      emit(.failed(error))
    }
  }

  private mutating func obey(
    _ command: Command, _ isStopped: @escaping () -> Bool
  ) throws(SessionError) {
    switch command {
    case .say(let text): try say(text, isStopped)
    case .help(let topic): emit(.help(topic: topic))
    case .showLevels, .showGains: emit(.levels(conversation.statuses))
    case .setAccess(let level, let change):
      try set(level) { $0.access = change.applied(to: $0.access) }
    case .setGain(let level, let gain): try set(level) { $0.gain = gain }
    case .resetLevel(let level):
      for index in try indices(level) { tell(conversation.reset(level: index)) }
    case .set(let setting): try set(setting)
    case .showSettings: emit(.settings(conversation.settings))
    case .showModel: emit(.model(ModelFacts(loaded, conversation)))
    case .showSession: emit(.session(facts))
    case .amnesia(.workingMemory): tell(conversation.dropMixers())
    case .amnesia(.levels): tell(conversation.dropLevels())
    case .newConversation(let name): startOver(name)
    case .showStatistics: emit(.statistics(conversation.statistics))
    case .explain(let level):
      for index in try indices(level) {
        emit(.explanation(conversation.explanation(ofLevel: index)))
      }
    case .inspect(let positions):
      let last = max(1, conversation.state.position - 1)
      try conversation.inspect(positions ?? last...last) { emit(.inspected($0)) }
    case .mark(let text): mark(text)
    case .rewind(let target): try rewind(to: target)
    case .undo(let count): try undo(count)
    case .regenerate: try say(try takeLastBack(), isStopped)
    case .fork(let name, let position): try fork(name, at: position)
    case .rename(let name): try rename(name)
    case .showSessions(let text): try showSessions(saying: text)
    case .resume(let name): try resume(name)
    case .save(let name): try save(name)
    case .export(let form, let path): try export(form, to: path)
    case .memory(let request): try obey(request)
    case .compareLanes(let change, let words):
      emit(.compared(try conversation.compare(words, change, isStopped: isStopped)))
    case .quit: break
    }
  }

  private var facts: SessionFacts {
    SessionFacts(
      session: recorder?.session, turnCount: conversation.earlierTurns + conversation.turns.count,
      position: conversation.state.position, digest: conversation.state.digest,
      markers: conversation.markers, reasonForBeginning: conversation.reasonForBeginning)
  }

  private mutating func say(
    _ text: String, _ isStopped: @escaping () -> Bool
  ) throws(SessionError) {
    let words = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !words.isEmpty else { throw .emptyMessage }
    beginRecording(title: words)
    if let recorder, recorder.session == nil { hasLostWords = true }
    ChatTurn.run(words, in: &conversation, isStopped: isStopped, emit: emit)
    recorder?.turnEnded(conversation.state, base: loaded.summary.digest)
  }

  private func indices(_ level: LevelReference) throws(SessionError) -> [Int] {
    let names = conversation.levelNames
    let indices = level.indices(in: names)
    guard !indices.isEmpty else { throw .unknownLevel("\(level)", known: names) }
    return indices
  }

  private mutating func set(
    _ level: LevelReference, _ change: (inout LevelSettings.Entry) -> Void
  ) throws(SessionError) {
    for index in try indices(level) {
      change(&conversation.levels[index])
      emit(.levelSet(conversation.setting(ofLevel: index)))
    }
  }

  private mutating func set(_ setting: Setting) throws(SessionError) {
    do throws(SettingError) {
      try conversation.apply(setting)
    } catch {
      throw .setting(error)
    }
    emit(.settingChanged(setting))
  }

  private func tell(_ done: (writes: [LevelWriteEvent], reset: StateReset)) {
    for write in done.writes { emit(.levelWrote(write)) }
    emit(.stateReset(done.reset))
  }
}

extension Conversation {
  /// The switches of a level as they are.
  func setting(ofLevel index: Int) -> LevelSetting {
    LevelSetting(
      level: index, name: levelNames[index], access: levels[index].access,
      gain: levels[index].gain)
  }
}

extension ModelFacts {
  init(_ loaded: LoadedModel, _ conversation: Conversation) {
    path = loaded.path
    name = String(loaded.path.split(separator: "/").last ?? "model")
    parameterCount = loaded.summary.parameterCount
    architecture = loaded.model.configuration.arch.rawValue
    vocabularySize = loaded.tokenizer.vocabularySize
    digest = loaded.summary.digest
    freshStateDigest = conversation.freshDigest
    levels = conversation.statuses
  }
}
