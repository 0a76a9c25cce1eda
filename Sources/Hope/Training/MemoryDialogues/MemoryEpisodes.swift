package import Tensors

/// Generates memory dialogues: facts are told, small talk goes on, facts are asked for and corrected,
/// and at breaks everything the mixer knew is gone, so that only the levels can answer.
package struct MemoryEpisodes: Sendable {
  let speech: MemorySpeech
  let filler: any FillerSource
  let distances: [Int]
  let userOnlyShare: Float

  /// - Parameters:
  ///   - filler: small talk of the same tokenizer.
  ///   - distances: ascending; asks are spread evenly over the spans they divide, in tokens.
  ///   - userOnlyShare: share of the sequences in which only the user's words are learned.
  ///   - maximumValueTokens: longer values are avoided.
  package init(
    encode: @escaping TextEncoding, roles: RoleTokens, filler: any FillerSource,
    split: ValueSplit, phrasings: PhrasingSet = .training, distances: [Int] = [64, 256, 1024],
    userOnlyShare: Float = 0.7, maximumValueTokens: Int = 4
  ) {
    precondition(
      !distances.isEmpty && zip(distances, distances.dropFirst()).allSatisfy { $0 < $1 },
      "distances must ascend: \(distances)")
    speech = MemorySpeech(
      encode: encode, roles: roles,
      values: ValueSource(split: split, encode: encode, maximumTokens: maximumValueTokens),
      phrasings: phrasings)
    self.filler = filler
    self.distances = distances
    self.userOnlyShare = userOnlyShare
  }

  /// One episode of exactly `length` positions.
  /// - Parameters:
  ///   - grid: breaks lie at multiples of it.
  ///   - breaks: how many; fewer where the length has no room for more.
  ///   - answerWeight: outer loss weight of the answers' value tokens; all others weigh 1, except that
  ///     the cut before a break weighs 0: nothing in the text announces it.
  ///   - denseShare: share of the episodes with little small talk and many questions.
  package func next(
    length: Int, grid: Int, breaks: ClosedRange<Int>, answerWeight: Float, denseShare: Float = 0,
    using random: inout RandomSource
  ) -> TrainingSequence {
    precondition(length > 0 && grid > 0, "length \(length), grid \(grid)")
    let mode: WritableMode = random.uniform() < userOnlyShare ? .userOnly : .all
    let count = breaks.lowerBound + random.integer(below: breaks.count)
    let places = breakPlaces(count, length: length, grid: grid, using: &random)
    let pace: EpisodePace =
      denseShare > 0 && random.uniform() < denseShare ? .dense : .chat
    var writer = EpisodeWriter(
      self, end: length + 1, breaks: places, mode: mode, pace: pace, random)
    writer.write()
    random = writer.random
    return sequence(of: writer, breaks: places, mode: mode, answerWeight)
  }

  /// Draws break positions with room for telling before and asking after each.
  private func breakPlaces(
    _ count: Int, length: Int, grid: Int, using random: inout RandomSource
  ) -> [Int] {
    var free = stride(from: grid, to: length, by: grid).filter {
      $0 >= Self.roomBeforeBreak && length - $0 >= Self.roomAfterBreak
    }
    var places: [Int] = []
    while places.count < count, !free.isEmpty {
      let place = random.element(of: free)
      places.append(place)
      free.removeAll { abs($0 - place) < Self.roomBeforeBreak }
    }
    return places.sorted()
  }
  private static let roomBeforeBreak = 96
  private static let roomAfterBreak = 80

  private func sequence(
    of writer: EpisodeWriter, breaks: [Int], mode: WritableMode, _ answerWeight: Float
  ) -> TrainingSequence {
    var weights = [Float](repeating: 1, count: writer.tokens.count - 1)
    for place in breaks { weights[place - 1] = 0 }
    for answer in writer.answers {
      for position in answer.positions { weights[position] = answerWeight }
    }
    return TrainingSequence(
      tokens: writer.tokens, targetWeights: weights,
      isWritable: speech.roles.writability(of: writer.tokens, mode: mode), breaks: breaks,
      answers: writer.answers)
  }
}
