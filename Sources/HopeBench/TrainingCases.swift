import Hope
import Tensors

/// Training, tokens per second and as a share of the sgemm rate of the same run.
struct TrainingCases {
  let report: BenchReport
  let lanes: Int
  /// GFLOP/s of this many lanes.
  let peak: Double

  func run() {
    let plain = measured("plain training", reference: nil) { rate(learns: false) }
    if let plain { noteProducts(plain) }
    measured("phase-2 training", reference: plain) { rate(learns: true) }
  }

  private func noteProducts(_ plain: Double) {
    let parameters = Double(BenchModel.configuration.parameterCount)
    report.note(
      "  products of plain training, \(lanes) lane\(lanes > 1 ? "s" : "")",
      6 * parameters * plain / 1e9, unit: "GFLOP/s", reference: peak,
      detail: "of sgemm in this run (6 FLOP a parameter and token)")
  }

  @discardableResult
  private func measured(_ name: String, reference: Double?, _ rate: () -> Double) -> Double? {
    guard report.wants(name) else { return nil }
    let value = rate()
    report.note(
      "\(name), \(lanes) lane\(lanes > 1 ? "s" : "")", value, unit: "tokens/s",
      reference: reference, detail: reference == nil ? "" : "of plain training")
    return value
  }

  private func rate(learns: Bool) -> Double {
    let phase = TrainingRecipe.Phase.bench(learns: learns)
    var trainer = Trainer(recipe: .bench(phase), lanes: lanes)
    let sequences = (0..<phase.sequences).map { _ in sequence(phase.length) }
    return Double(phase.sequences * phase.length)
      / medianSeconds(3) { _ = trainer.update { _, _ in sequences } }
  }

  private func sequence(_ length: Int) -> TrainingSequence {
    TrainingSequence(
      tokens: BenchModel.tokens(length + 1),
      targetWeights: [Float](repeating: 1, count: length),
      isWritable: [Bool](repeating: true, count: length))
  }
}

extension TrainingRecipe {
  static func bench(_ phase: Phase) -> TrainingRecipe {
    TrainingRecipe(
      name: "bench", model: BenchModel.configuration, seed: 1, optimizer: .adamw,
      gradientClip: 1, weightDecay: 0.1, trainsRetention: false, phases: [phase])
  }
}

extension TrainingRecipe.Phase {
  static func bench(learns: Bool) -> TrainingRecipe.Phase {
    TrainingRecipe.Phase(
      name: "bench", updates: 1000, sequences: 8, sequencesPerPass: 4, length: 512,
      learns: learns, learningRate: 1e-4, floorShare: 1, warmUpUpdates: 1, mix: "single",
      memoryShare: 0, answerWeight: 1, fewestBreaks: 0, mostBreaks: 0, distances: [64])
  }
}
