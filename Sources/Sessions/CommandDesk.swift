import Foundation
import Hope

/// Carries out commands on one conversation; lives on the engine's thread.
struct CommandDesk {
  private var conversation: Conversation
  private let emit: (SessionEvent) -> Void

  /// Loads the model; nil, and an event that says why, where that fails.
  init?(
    loading path: String, lanes: Int, settings: ChatSettings,
    emit: @escaping (SessionEvent) -> Void
  ) {
    emit(.loading(path: path))
    do throws(ModelError) {
      var loaded = try LoadedModel.load(path: path)
      loaded.model.lanes = lanes
      conversation = Conversation(loaded, settings: settings)
      self.emit = emit
      emit(.modelLoaded(ModelFacts(loaded, conversation)))
    } catch {
      emit(.failed(.model(error)))
      return nil
    }
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
    case .say(let text):
      let words = text.trimmingCharacters(in: .whitespacesAndNewlines)
      guard !words.isEmpty else { throw .emptyMessage }
      ChatTurn.run(words, in: &conversation, isStopped: isStopped, emit: emit)
    case .help(let topic): emit(.help(topic: topic))
    case .showLevels, .showGains: emit(.levels(conversation.statuses))
    case .setAccess(let level, let change):
      try set(level) { $0.access = change.applied(to: $0.access) }
    case .setGain(let level, let gain): try set(level) { $0.gain = gain }
    case .resetLevel(let level):
      for index in try indices(level) { tell(conversation.reset(level: index)) }
    case .set(let setting): try set(setting)
    case .showSettings: emit(.settings(conversation.settings))
    case .amnesia: tell(conversation.dropMixers())
    case .newConversation: emit(.stateReset(conversation.startOver()))
    case .showStatistics: emit(.statistics(conversation.statistics))
    case .explain(let level):
      for index in try indices(level) {
        emit(.explanation(conversation.explanation(ofLevel: index)))
      }
    case .inspect(let positions):
      let last = max(1, conversation.state.position - 1)
      try conversation.inspect(positions ?? last...last) { emit(.inspected($0)) }
    case .quit: break
    }
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
      let entry = conversation.levels[index]
      emit(
        .levelSet(
          LevelSetting(
            level: index, name: conversation.levelNames[index], access: entry.access,
            gain: entry.gain)))
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

extension ModelFacts {
  fileprivate init(_ loaded: LoadedModel, _ conversation: Conversation) {
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
