/// How a model is trained, as stored in `recipe.json`: its sizes, the seed and the phases.
package struct TrainingRecipe: Codable, Sendable, Equatable {
  /// What trains the matrices; vectors, embeddings and the starts of memories are always AdamW's.
  /// DGD (spec §5.3) is not among them: it needs the input of every layer at every token, which an
  /// outer gradient has summed away. It is a rule of the levels, which see their keys
  /// (`HopeConfiguration.UpdateRule.dgd`).
  package enum OptimizerKind: String, Codable, Sendable, CaseIterable {
    case adamw, muon, momentum, preconditioned
    case deltaMomentum = "delta-momentum"
    case dmgd, m3
    case m3Practical = "m3-practical"
  }

  /// Some updates with one learning-rate curve and one kind of data.
  package struct Phase: Codable, Sendable, Equatable {
    package var name: String
    package var updates: Int
    /// Sequences per optimizer update.
    package var sequences: Int
    /// Sequences that share one tape; decides how a gradient is summed, so it is part of the recipe.
    package var sequencesPerPass: Int
    /// Tokens per sequence.
    package var length: Int
    /// Phase 2: the levels write, and the outer gradient flows through their writes.
    package var learns: Bool
    package var learningRate: Float
    /// The last learning rate as a share of the first.
    package var floorShare: Float
    package var warmUpUpdates: Int
    /// Column of the corpus' mix file: "single", "stage1" or "stage2".
    package var mix: String
    /// Share of the sequences that are memory dialogues.
    package var memoryShare: Float
    /// Outer weight of an answer's tokens.
    package var answerWeight: Float
    /// Fewest and most places where the mixer's state is dropped in a memory dialogue.
    package var fewestBreaks: Int
    package var mostBreaks: Int
    /// Tokens between telling and asking across a break that are sought about equally often.
    package var distances: [Int]
    /// Share of the memory dialogues with little small talk and many questions; none where absent.
    package var denseShare: Float?

    package init(
      name: String, updates: Int, sequences: Int, sequencesPerPass: Int, length: Int, learns: Bool,
      learningRate: Float, floorShare: Float, warmUpUpdates: Int, mix: String, memoryShare: Float,
      answerWeight: Float, fewestBreaks: Int, mostBreaks: Int, distances: [Int],
      denseShare: Float? = nil
    ) {
      (self.name, self.updates, self.learns, self.mix) = (name, updates, learns, mix)
      (self.sequences, self.sequencesPerPass, self.length) = (sequences, sequencesPerPass, length)
      (self.learningRate, self.floorShare) = (learningRate, floorShare)
      (self.warmUpUpdates, self.memoryShare) = (warmUpUpdates, memoryShare)
      (self.answerWeight, self.distances) = (answerWeight, distances)
      self.denseShare = denseShare
      (self.fewestBreaks, self.mostBreaks) = (fewestBreaks, mostBreaks)
    }
  }

  package var name: String
  package var model: HopeConfiguration
  package var seed: UInt64
  package var optimizer: OptimizerKind
  package var gradientClip: Float
  package var weightDecay: Float
  /// Learn λ too. Off keeps the levels' roles apart.
  package var trainsRetention: Bool
  /// What the levels' `log_rate` starts with, so that η starts at e to that times a half; absent: 0.
  package var startLogRate: Float?
  package var phases: [Phase]

  package init(
    name: String, model: HopeConfiguration, seed: UInt64, optimizer: OptimizerKind,
    gradientClip: Float, weightDecay: Float, trainsRetention: Bool, startLogRate: Float? = nil,
    phases: [Phase]
  ) {
    (self.name, self.model, self.seed, self.optimizer) = (name, model, seed, optimizer)
    (self.gradientClip, self.weightDecay) = (gradientClip, weightDecay)
    (self.trainsRetention, self.phases) = (trainsRetention, phases)
    self.startLogRate = startLogRate
  }

  package var updateCount: Int { phases.reduce(0) { $0 + $1.updates } }
  package var tokenCount: Int {
    phases.reduce(0) { $0 + $1.updates * $1.sequences * $1.length }
  }

  /// The phase of an update, and how many of that phase's updates came before.
  package func phase(ofUpdate update: Int) -> (phase: Phase, index: Int)? {
    var rest = update
    for phase in phases {
      if rest < phase.updates { return (phase, rest) }
      rest -= phase.updates
    }
    return nil
  }
}
