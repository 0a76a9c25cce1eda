// What a recipe must hold before anything is read or trained by it.

extension TrainingRecipe {
  /// - Throws: the first field that no training can follow, and why.
  package func validate() throws(ConfigurationError) {
    try model.validate()
    try check(
      (startLogRate ?? 0).isFinite, "startLogRate", "\(startLogRate ?? 0) is not finite")
    try check(
      gradientClip > 0 && gradientClip.isFinite, "gradientClip", "\(gradientClip) is not positive")
    try check(
      weightDecay >= 0 && weightDecay.isFinite, "weightDecay", "\(weightDecay) is negative")
    try check(!phases.isEmpty, "phases", "there is none")
    for (i, phase) in phases.enumerated() {
      try phase.validate(at: "phases[\(i)]", baseChunkSize: model.baseChunkSize)
    }
  }
}

extension TrainingRecipe.Phase {
  fileprivate func validate(at path: String, baseChunkSize: Int) throws(ConfigurationError) {
    try validateSizes(path, baseChunkSize)
    try validateRates(path)
    try validateDialogues(path)
  }

  private func validateSizes(_ path: String, _ chunk: Int) throws(ConfigurationError) {
    try check(updates > 0, "\(path).updates", "\(updates) is not positive")
    try check(
      sequences > 0 && sequencesPerPass > 0 && sequences % sequencesPerPass == 0,
      "\(path).sequences",
      "\(sequences) is not a positive multiple of sequencesPerPass \(sequencesPerPass)")
    try check(
      length > 0 && length % chunk == 0, "\(path).length",
      "\(length) is not a multiple of the base chunk \(chunk)")
  }

  private func validateRates(_ path: String) throws(ConfigurationError) {
    try check(
      learningRate > 0 && learningRate.isFinite, "\(path).learningRate",
      "\(learningRate) is not positive")
    try check(
      (0...1).contains(floorShare), "\(path).floorShare", "\(floorShare) is not in 0...1")
    try check(
      0 <= warmUpUpdates && warmUpUpdates <= updates, "\(path).warmUpUpdates",
      "\(warmUpUpdates) is not in 0...\(updates), the phase's updates")
  }

  private func validateDialogues(_ path: String) throws(ConfigurationError) {
    let stages = CorpusStage.allCases.map(\.rawValue)
    try check(
      stages.contains(mix), "\(path).mix",
      "\(mix) is none of \(stages.joined(separator: ", "))")
    try check(
      (0...1).contains(memoryShare), "\(path).memoryShare", "\(memoryShare) is not in 0...1")
    try check(
      (0...1).contains(denseShare ?? 0), "\(path).denseShare",
      "\(denseShare ?? 0) is not in 0...1")
    try check(
      answerWeight > 0 && answerWeight.isFinite, "\(path).answerWeight",
      "\(answerWeight) is not positive")
    try check(mostBreaks >= 0, "\(path).mostBreaks", "\(mostBreaks) is negative")
    try check(
      (0...mostBreaks).contains(fewestBreaks), "\(path).fewestBreaks",
      "\(fewestBreaks) is not in 0...\(mostBreaks)")
    try check(
      memoryShare == 0
        || distances.first ?? 0 > 0
          && zip(distances, distances.dropFirst()).allSatisfy { $0 < $1 },
      "\(path).distances", "\(distances) does not ascend from 1 or more")
  }
}

private func check(
  _ holds: Bool, _ field: String, _ reason: @autoclosure () -> String
) throws(ConfigurationError) {
  if !holds { throw ConfigurationError(field: field, reason: reason()) }
}
