import Hope

/// A conversation: the model's state, how it is read, and what is known about it. A value that lives
/// on the engine's thread.
struct Conversation {
  let model: HopeModel
  let tokenizer: Tokenizer
  let prompt: ChatPrompt
  let freshDigest: SHA256Digest
  private(set) var settings: ChatSettings
  var levels: LevelSettings
  var state: HopeState
  var meter: LevelMeter
  var sampler: Sampler
  var pace = Pace()
  /// What was done to `state` since it was fresh.
  var log: StreamLog
  /// The turns of the conversation, and notes in time.
  var turns: [TurnMark] = []
  /// Turns of the session from before its memory was replaced, which cannot be gone back to.
  var earlierTurns = 0
  var markers: [Marker] = []
  /// Moments between the turns whose digests are known.
  var witnesses: [Witness] = []
  /// What `log` begins with.
  var beginning = Beginning.nothing

  init(_ loaded: LoadedModel, settings: ChatSettings) {
    model = loaded.model
    tokenizer = loaded.tokenizer
    prompt = ChatPrompt(loaded.tokenizer)
    self.settings = settings
    levels = LevelSettings(levelCount: model.configuration.levels.count)
    state = model.freshState()
    freshDigest = state.digest
    log = StreamLog(start: state)
    meter = LevelMeter(model)
    sampler = Sampler(settings: settings.sampler, seed: settings.seed)
    witness(freshDigest)
  }

  var levelNames: [String] { model.configuration.levelNames }
  var statuses: [LevelStatus] { meter.statuses(state, settings: levels, model: model) }

  /// Nothing has been said: state, counts and random numbers as at the start. Switches stay.
  mutating func startOver() -> StateReset {
    state = model.freshState()
    log = StreamLog(start: state)
    (turns, markers, witnesses, beginning) = ([], [], [], .nothing)
    earlierTurns = 0
    meter = LevelMeter(model)
    restartSampler()
    pace = Pace()
    return reset(.everything)
  }

  /// Takes a setting over; a seed starts the random numbers anew.
  mutating func apply(_ setting: Setting) throws(SettingError) {
    try settings.apply(setting)
    sampler.settings = settings.sampler
    if case .seed = setting { restartSampler() }
  }

  private mutating func restartSampler() {
    sampler = Sampler(settings: settings.sampler, seed: settings.seed)
  }

  /// Drops the working memory and keeps what the levels learned.
  /// - Returns: also what was learned from the open chunk, which ends here.
  mutating func dropMixers() -> (writes: [LevelWriteEvent], reset: StateReset) {
    let writes = closeChunk()
    model.dropMixers(&state)
    log.dropMixers()
    return (writes, reset(.mixers(name: levelNames[0])))
  }

  /// Drops what the levels learned and keeps the working memory: the reverse.
  mutating func dropLevels() -> (writes: [LevelWriteEvent], reset: StateReset) {
    let writes = closeChunk()
    model.dropLevels(&state)
    log.dropLevels()
    meter.resetLevels()
    return (writes, reset(.levels(keeping: levelNames[0])))
  }

  mutating func reset(level index: Int) -> (writes: [LevelWriteEvent], reset: StateReset) {
    let writes = closeChunk()
    model.reset(level: index, &state)
    log.reset(level: index)
    meter.reset(level: index)
    return (writes, reset(.level(index, name: levelNames[index])))
  }

  private mutating func closeChunk() -> [LevelWriteEvent] {
    meter.record(model.closeChunk(next: nil, state: &state), position: state.position)
  }

  private mutating func reset(_ scope: StateReset.Scope) -> StateReset {
    let digest = state.digest
    witness(digest)
    return StateReset(scope: scope, digest: digest, equalsBase: digest == freshDigest)
  }

  var statistics: Statistics {
    Statistics(
      position: state.position, answerTokens: pace.answer.tokens,
      answerTokensPerSecond: pace.answer.tokensPerSecond,
      readTokensPerSecond: pace.reading.tokensPerSecond, stateBytes: state.byteCount,
      stateDigest: state.digest, settings: settings, levels: statuses)
  }

  func explanation(ofLevel index: Int) -> LevelExplanation {
    LevelExplanation(kind: kind(ofLevel: index), status: statuses[index])
  }

  private func kind(ofLevel index: Int) -> LevelExplanation.Kind {
    guard index > 0 else {
      switch model.configuration.arch {
      case .hope: return .selfModifying
      case .hopeAttention, .transformer: return .attention
      case .retnet, .deltanet, .gatedDeltanet, .titans: return .fixedProjections
      }
    }
    return .continuum(retention: model.retention(ofLevel: index))
  }
}

/// How long reading and answering took.
struct Pace {
  struct Lap {
    var tokens = 0
    var duration = Duration.zero
    /// nil before anything was measured.
    var tokensPerSecond: Double? {
      tokens > 0 && duration > .zero ? Double(tokens) / (duration / .seconds(1)) : nil
    }

    mutating func add(_ tokens: Int, _ duration: Duration) {
      self.tokens += tokens
      self.duration += duration
    }
  }
  var reading = Lap()
  var answer = Lap()
}
