import Foundation
package import Hope

/// A model with random weights that answers nonsense in no time.
package enum TinyModel {
  package static let sentences = [
    "My cat is called Biscuit.", "What is my cat called?", "Your cat is called Biscuit.",
    "I live in Turku, by the river.", "Where do I live?", "What a lovely name!",
  ]

  package static let tokenizer = BytePairTrainer.train(
    sentences + sentences, vocabularySize: 300)

  package static func configuration(
    _ change: (inout HopeConfiguration) -> Void = { _ in }
  ) -> HopeConfiguration {
    var configuration = HopeConfiguration(
      vocabularySize: tokenizer.vocabularySize, width: 16, blockCount: 2, headCount: 2,
      levels: [
        .init(name: "cms1", chunkSize: 4, hiddenWidth: 12, retention: 0.5),
        .init(name: "cms2", chunkSize: 8, hiddenWidth: 12, retention: 1),
      ])
    configuration.mixerChunkSize = 4
    change(&configuration)
    return configuration
  }

  /// Two updates of one short text each.
  package static var recipe: TrainingRecipe {
    let phase = TrainingRecipe.Phase(
      name: "tiny", updates: 2, sequences: 1, sequencesPerPass: 1, length: 8, learns: false,
      learningRate: 1e-3, floorShare: 0.1, warmUpUpdates: 1, mix: "single", memoryShare: 0,
      answerWeight: 1, fewestBreaks: 0, mostBreaks: 0, distances: [])
    return TrainingRecipe(
      name: "tiny", model: configuration(), seed: 5, optimizer: .muon, gradientClip: 1,
      weightDecay: 0.1, trainsRetention: false, phases: [phase])
  }

  /// Writes the model's folder.
  package static func save(
    to path: String, seed: UInt64 = 1, _ change: (inout HopeConfiguration) -> Void = { _ in }
  ) throws {
    let configuration = configuration(change)
    let model = HopeModel(configuration: configuration, seed: seed)
    let names = configuration.parameterSpecs.map(\.name)
    try ModelFolder.save(
      configuration, tensors: Array(zip(names, model.parameters.flat)),
      tokenizer: TokenizerFile.render(tokenizer), modelCard: "A model for tests.\n", to: path)
  }
}

/// A folder that is there while `body` runs.
package func withTemporaryFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("hope-\(UUID())")
  try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(url.path)
}
