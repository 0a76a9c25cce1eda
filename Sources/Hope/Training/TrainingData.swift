package import Tensors

/// Where a run's sequences come from: a corpus in the shares of a mix, and memory dialogues.
package struct TrainingData: Sendable {
  package let corpus: Corpus
  private let episodes: MemoryEpisodes
  private let grid: Int

  /// - Parameter grid: breaks lie at multiples of it: the model's base chunk.
  package init(
    corpus: Corpus, encode: @escaping TextEncoding, distances: [Int], grid: Int
  ) throws(CorpusError) {
    self.corpus = corpus
    self.grid = grid
    episodes = MemoryEpisodes(
      encode: encode, roles: corpus.roles, filler: try CorpusFiller(corpus), split: .training,
      distances: distances)
  }

  /// The sequences of one update: memory dialogues first, then text.
  package func sequences(
    _ phase: TrainingRecipe.Phase, _ random: inout RandomSource
  ) -> [TrainingSequence] {
    let stage = CorpusStage(rawValue: phase.mix) ?? .single
    return (0..<phase.sequences).map { index in
      var own = random.split(UInt64(index))
      if isMemory(index, phase) {
        return episodes.next(
          length: phase.length, grid: grid, breaks: phase.fewestBreaks...phase.mostBreaks,
          answerWeight: phase.answerWeight, denseShare: phase.denseShare ?? 0, using: &own)
      }
      let mode: WritableMode = own.uniform() < 0.5 ? .userOnly : .all
      guard
        let sequence = try? corpus.sequence(
          length: phase.length, stage: stage, mode: mode, using: &own)
      else { preconditionFailure("a mix without shares for \(stage) got past `check`") }
      return sequence
    }
  }

  /// Spreads the memory dialogues evenly over the sequences, so that every pass gets its share.
  private func isMemory(_ index: Int, _ phase: TrainingRecipe.Phase) -> Bool {
    let share = phase.memoryShare
    return Int(Float(index + 1) * share) > Int(Float(index) * share)
  }

  /// Every stage a recipe names must have sources.
  package func check(_ recipe: TrainingRecipe) throws(CorpusError) {
    for phase in recipe.phases {
      _ = try corpus.shares(in: CorpusStage(rawValue: phase.mix) ?? .single)
    }
  }
}
