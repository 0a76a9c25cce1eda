import Foundation
import Hope
import Synchronization

/// Trains until the recipe ends or somebody asks for a stop; logs, saves and shows how far it is.
struct TrainingLoop {
  let run: TrainingRun
  let data: TrainingData
  /// Updates between two checkpoints.
  let saveEvery: Int
  /// What stands before the progress, e.g. the run's name.
  var title = ""

  /// - Parameter last: the update to stop after.
  /// - Returns: whether it got there.
  func train(_ trainer: inout Trainer, last: Int, stop: StopSignal) throws -> Bool {
    var progress = TrainingProgress()
    let line = ProgressLine(interval: 30)
    while trainer.updateIndex < last, !stop.isRequested {
      let (start, before) = (Date(), trainer.tokenCount)
      let report = trainer.update { data.sequences($0, &$1) }
      let seconds = Date().timeIntervalSince(start)
      try run.log(
        report, tokensPerSecond: progress.note(report, trainer.tokenCount - before, seconds))
      line.show(title + progress.line(of: trainer))
      if trainer.updateIndex % saveEvery == 0 { try run.save(trainer) }
    }
    try run.save(trainer)
    line.show(title + progress.line(of: trainer), always: true)
    line.end()
    return trainer.updateIndex >= last
  }
}

extension TrainingData {
  /// Reads a folder of texts, or what was read of it before.
  /// - Parameter cache: the folder that keeps the texts as tokens.
  static func load(
    _ folder: String, mix: String?, recipe: TrainingRecipe, tokenizerPath: String, cache: URL,
    lanes: Int
  ) throws -> TrainingData {
    let tokenizer = try TokenizerFile.read(tokenizerPath)
    let line = ProgressLine()
    line.show("reading \(folder)", always: true)
    let corpus = try Corpus.read(
      URL(fileURLWithPath: folder),
      mix: try mix.map { try CorpusMix(contentsOf: URL(fileURLWithPath: $0)) },
      encode: { tokenizer.encode($0) }, roles: RoleTokens(tokenizer.special),
      cache: CorpusCache(
        folder: cache, tokenizerDigest: try sha256(ofFile: tokenizerPath).description),
      lanes: lanes)
    line.show("\(corpus.tokenCount) tokens of text", always: true)
    line.end()
    let data = try TrainingData(
      corpus: corpus, encode: { tokenizer.encode($0) },
      distances: recipe.phases.last { $0.memoryShare > 0 }?.distances ?? [64],
      grid: recipe.model.baseChunkSize)
    try data.check(recipe)
    return data
  }
}

/// SIGINT and SIGTERM ask for a stop after the present update.
struct StopSignal {
  private static let flag = Atomic<Bool>(false)

  init() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in StopSignal.flag.store(true, ordering: .relaxed) }
    }
  }
  var isRequested: Bool { Self.flag.load(ordering: .relaxed) }
}
