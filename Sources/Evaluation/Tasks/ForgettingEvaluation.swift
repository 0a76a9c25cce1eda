package import Hope
import Tensors

/// What a model forgets of one text while it learns another: A, then B, then A again, learned once by
/// fine-tuning all weights and once by the model's own levels.
package struct ForgettingEvaluation: Sendable {
  package struct Settings: Sendable, Equatable, Encodable {
    /// Held-out windows of each text, two at least, and tokens of each.
    package var windows = 16
    package var windowLength = 512
    /// Optimizer updates a stage, sequences an update and tokens a sequence.
    package var updates = 50
    package var sequences = 4
    package var trainingLength = 256
    package var learningRate: Float = 3e-4
    /// Tokens that the levels read a stage.
    package var streamTokens = 51_200
    package var seed: UInt64 = 1

    package init() {}

    /// The same with lengths that fit a model's clocks: sequences of whole chunks, and stages that end
    /// where the slowest level has written.
    package func fitted(to c: HopeConfiguration) -> Settings {
      func up(_ count: Int, _ unit: Int) -> Int { (count + unit - 1) / unit * unit }
      var settings = self
      settings.trainingLength = up(trainingLength, c.baseChunkSize)
      settings.streamTokens = up(
        streamTokens, c.levels.map(\.chunkSize).max() ?? c.baseChunkSize)
      return settings
    }
  }

  /// Tokens of work done and to do; a token that is learned counts as three.
  package typealias Progress = (_ done: Int, _ all: Int, _ what: String) -> Void

  let model: HopeModel
  let (a, b): (ForgettingDomain, ForgettingDomain)
  package let settings: Settings
  let lanes: Int

  /// - Parameter settings: fitted to the model.
  package init(
    model: HopeModel, a: ForgettingDomain, b: ForgettingDomain, settings: Settings, lanes: Int
  ) {
    precondition(
      settings == settings.fitted(to: model.configuration), "settings that do not fit the model")
    (self.model, self.a, self.b) = (model, a, b)
    (self.settings, self.lanes) = (settings, lanes)
  }

  /// Reads and cuts two texts and fits the settings to the model.
  package init(
    model: HopeModel, a: (name: String, tokens: [TokenID], path: String),
    b: (name: String, tokens: [TokenID], path: String), settings: Settings, lanes: Int
  ) throws(EvaluationError) {
    let settings = settings.fitted(to: model.configuration)
    self.init(
      model: model,
      a: try ForgettingDomain(name: a.name, tokens: a.tokens, settings: settings, path: a.path),
      b: try ForgettingDomain(name: b.name, tokens: b.tokens, settings: settings, path: b.path),
      settings: settings, lanes: lanes)
  }

  package func report(progress: @escaping Progress = { _, _, _ in }) -> ForgettingReport {
    var work = Work(all: allTokens, show: progress)
    let before = stage(model, model.freshState(), without: nil, &work, "before")
    return ForgettingReport(
      a: a.name, b: b.name, settings: settings,
      fineTuning: fineTune(before, &work), levels: learn(before, &work))
  }

  struct Work {
    var done = 0
    let all: Int
    let show: Progress

    mutating func add(_ tokens: Int, _ what: String) {
      done += tokens
      show(done, all, what)
    }
  }

  private var probeTokens: Int { 2 * settings.windows * settings.windowLength }
  private var allTokens: Int {
    let (s, levels) = (settings, model.configuration.levels.count)
    let tuning = 3 * (3 * s.updates * s.sequences * s.trainingLength + probeTokens)
    let reading = levels > 0 ? 3 * (3 * s.streamTokens + (1 + levels) * probeTokens) : 0
    return probeTokens + tuning + reading
  }
}

extension ForgettingEvaluation {
  /// The domains in the order they are learned.
  private var stages: [(domain: ForgettingDomain, name: String)] {
    [(a, a.name), (b, b.name), (a, "\(a.name) again")]
  }

  /// Trains a copy of all weights with AdamW, without learning levels.
  private func fineTune(
    _ before: ForgettingReport.Stage, _ work: inout Work
  ) -> ForgettingReport.Matrix {
    var trainer = Trainer(recipe: recipe, lanes: lanes)
    do throws(ConfigurationError) {
      try trainer.begin(with: model)
    } catch {
      preconditionFailure("the model's own weights do not fit it: \(error)")
    }
    let length = settings.trainingLength
    var found = [before]
    for (domain, name) in stages {
      for _ in 0..<settings.updates {
        _ = trainer.update { phase, random in
          (0..<phase.sequences).map { _ in domain.sequence(length: length, using: &random) }
        }
        work.add(3 * settings.sequences * length, "fine-tuning, \(name)")
      }
      found.append(
        stage(trainer.model, trainer.model.freshState(), without: nil, &work, name))
    }
    return ForgettingReport.Matrix(name: "fine-tuning", stages: found)
  }

  private var recipe: TrainingRecipe {
    let phases = stages.map { stage in
      TrainingRecipe.Phase(
        name: stage.name, updates: settings.updates, sequences: settings.sequences,
        sequencesPerPass: settings.sequences % 2 == 0 ? 2 : 1, length: settings.trainingLength,
        learns: false, learningRate: settings.learningRate, floorShare: 0.1,
        warmUpUpdates: min(5, settings.updates / 2), mix: "single", memoryShare: 0,
        answerWeight: 1, fewestBreaks: 0, mostBreaks: 0, distances: [])
    }
    return TrainingRecipe(
      name: "forgetting", model: model.configuration, seed: settings.seed, optimizer: .adamw,
      gradientClip: 1, weightDecay: 0.01, trainsRetention: false, phases: phases)
  }

  /// Reads A, B and more of A as one stream whose levels learn; one matrix with all levels, and one
  /// without each.
  private func learn(
    _ before: ForgettingReport.Stage, _ work: inout Work
  ) -> [ForgettingReport.Matrix] {
    let names = model.configuration.levels.map(\.name)
    guard !names.isEmpty else { return [] }
    let switches: [Int?] = [nil] + names.indices.map { $0 }
    var found = switches.map { _ in [before] }
    var state = model.freshState()
    for (index, (domain, name)) in stages.enumerated() {
      read(domain, from: index < 2 ? 0 : settings.streamTokens, &state, &work, name)
      var probe = state
      model.dropMixers(&probe)
      for (i, level) in switches.enumerated() {
        found[i].append(stage(model, probe, without: level, &work, name))
      }
    }
    return zip(switches, found).map { level, stages in
      ForgettingReport.Matrix(
        name: level.map { "without \(names[$0])" } ?? "own levels", stages: stages)
    }
  }

  /// Tokens that are read at once. A mixer that keeps all of them, as attention does, starts anew with
  /// each piece: over a whole stream every token would cost more than the last.
  package static func piece(of c: HopeConfiguration) -> Int { 16 * c.baseChunkSize }

  private func read(
    _ domain: ForgettingDomain, from start: Int, _ state: inout HopeState, _ work: inout Work,
    _ name: String
  ) {
    var reader = model
    reader.lanes = lanes
    let settings = LevelSettings(levelCount: model.configuration.levels.count)
    let size = Self.piece(of: model.configuration)
    for first in stride(from: 0, to: self.settings.streamTokens, by: size) {
      let count = min(size, self.settings.streamTokens - first)
      if model.configuration.mixerGrows { reader.dropMixers(&state) }
      reader.ingest(
        domain.run(from: start + first, count: count),
        isLearnedFrom: [Bool](repeating: true, count: count), settings: settings, state: &state)
      work.add(3 * count, "levels reading \(name)")
    }
  }

  /// The losses on the held-out windows of both texts, each read from a copy of the state in which
  /// nothing learns.
  /// - Parameter level: one that is left out of reading too.
  private func stage(
    _ model: HopeModel, _ state: HopeState, without level: Int?, _ work: inout Work,
    _ name: String
  ) -> ForgettingReport.Stage {
    var frozen = LevelSettings(levelCount: model.configuration.levels.count)
    for l in frozen.levels.indices { frozen.levels[l].access = l == level ? .off : .read }
    let windows = a.heldOut + b.heldOut
    let losses = Lanes.map(windows.count, lanes: lanes) {
      model.meanLoss(of: windows[$0], after: state, settings: frozen)
    }
    work.add(probeTokens, "measured, \(name)")
    return ForgettingReport.Stage(
      after: name, a: Array(losses.prefix(a.heldOut.count)),
      b: Array(losses.dropFirst(a.heldOut.count)))
  }
}

extension HopeModel {
  /// Nats a token of all tokens but the first, read after a state that stays as it is.
  func meanLoss(of tokens: [TokenID], after state: HopeState, settings: LevelSettings) -> Double {
    var state = state
    let start = state.position
    var bits = 0.0
    ingest(
      tokens, isLearnedFrom: [Bool](repeating: false, count: tokens.count), settings: settings,
      state: &state
    ) { if $0.position > start { bits += Double($0.surpriseBits ?? 0) } }
    return bits * 0.693_147_180_559_945 / Double(max(1, tokens.count - 1))
  }
}
