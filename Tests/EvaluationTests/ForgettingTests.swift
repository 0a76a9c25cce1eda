import Evaluation
import Foundation
import Hope
import TestSupport
import Testing

@Suite("Forgetting")
struct ForgettingTests {
  private let model: HopeModel = Self.model(.hope)

  private static func model(_ arch: HopeConfiguration.Architecture) -> HopeModel {
    HopeModel(
      configuration: TinyModel.configuration {
        $0.updateLimit = 1000
        $0.arch = arch
      }, seed: 2)
  }
  /// Two texts of two tokens each, which are soon learned.
  private let texts: [[TokenID]] = [[7, 11, 7, 13], [40, 41, 40, 42]].map { pattern in
    (0..<400).map { pattern[$0 % 4] }
  }

  private var settings: ForgettingEvaluation.Settings {
    var settings = ForgettingEvaluation.Settings()
    (settings.windows, settings.windowLength) = (3, 20)
    (settings.updates, settings.sequences, settings.trainingLength) = (12, 2, 14)
    (settings.learningRate, settings.streamTokens) = (0.01, 100)
    return settings.fitted(to: model.configuration)
  }

  private func evaluation(
    lanes: Int = 2, of other: HopeModel? = nil
  ) throws -> ForgettingEvaluation {
    try ForgettingEvaluation(
      model: other ?? model, a: ("a", texts[0], "a.txt"), b: ("b", texts[1], "b.txt"),
      settings: settings, lanes: lanes)
  }

  @Test("lengths are rounded up to the model's clocks", arguments: [1, 63, 64, 100])
  func fitted(count: Int) {
    var settings = ForgettingEvaluation.Settings()
    (settings.trainingLength, settings.streamTokens) = (count, count)
    let fitted = settings.fitted(to: model.configuration)
    #expect(fitted.trainingLength == (count + 3) / 4 * 4)
    #expect(fitted.streamTokens == (count + 7) / 8 * 8)
  }

  @Test(
    "the levels' matrix is what a reader finds who goes token by token; attention starts anew",
    arguments: [HopeConfiguration.Architecture.hope, .hopeAttention])
  func slowTwin(arch: HopeConfiguration.Architecture) throws {
    let model = Self.model(arch)
    let piece = ForgettingEvaluation.piece(of: model.configuration)
    let report = try evaluation(of: model).report()
    let held = settings.windows * (settings.windowLength + 1)
    let size = settings.windowLength + 1
    let windows = texts.map { text in
      (0..<settings.windows).map {
        Array(text.suffix(held)[(400 - held + $0 * size)...].prefix(size))
      }
    }
    var state = model.freshState()
    let on = LevelSettings(levelCount: 2)
    let count = settings.streamTokens
    let length = texts[0].count - held
    for (stage, (text, start)) in [(0, 0), (1, 0), (0, count)].enumerated() {
      for i in start..<start + count {
        if arch == .hopeAttention, (i - start) % piece == 0 { model.dropMixers(&state) }
        _ = model.step(texts[text][i % length], isLearnedFrom: true, settings: on, state: &state)
      }
      for (m, level) in [nil, 0, 1].enumerated() {
        let found = report.levels[m].stages[stage + 1]
        expectSame(found.aWindows, windows[0].map { loss(model, $0, state, level) })
        expectSame(found.bWindows, windows[1].map { loss(model, $0, state, level) })
      }
    }
  }

  private func loss(
    _ model: HopeModel, _ window: [TokenID], _ learned: HopeState, _ level: Int?
  ) -> Double {
    var state = learned
    model.dropMixers(&state)
    var settings = LevelSettings.all(.read, levelCount: 2)
    settings.mixer.access = .on
    if let level { settings.levels[level].access = .off }
    var nats = 0.0
    for (i, token) in window.enumerated() {
      let report = model.step(token, isLearnedFrom: false, settings: settings, state: &state)
      if i > 0 { nats += Double(report.surpriseBits ?? .nan) * log(2) }
    }
    return nats / Double(window.count - 1)
  }

  private func expectSame(_ found: [Double], _ wanted: [Double]) {
    #expect(found.count == wanted.count)
    for (x, y) in zip(found, wanted) { #expect(abs(x - y) < 1e-4, "\(x) and \(y)") }
  }

  @Test("fine-tuning learns A, then B, and differences are taken window by window")
  func fineTuning() throws {
    let matrix = try evaluation().report().fineTuning
    #expect(matrix.stages.map(\.after) == ["before", "a", "b", "a again"])
    #expect(matrix.gainA.nats > 0.5 && matrix.gainB.nats > 0.5)
    let rise = matrix.stages[2].a.nats - matrix.stages[1].a.nats
    #expect(abs(matrix.forgetting.nats - rise) < 1e-9)
    #expect(matrix.stages.allSatisfy { $0.aWindows.count == 3 && $0.bWindows.count == 3 })
  }

  @Test("every matrix starts from the same model, and threads change nothing")
  func sameStart() throws {
    let report = try evaluation().report()
    #expect(
      report.matrices.map(\.name) == [
        "fine-tuning", "own levels", "without cms1", "without cms2",
      ])
    #expect(Set(report.matrices.map { $0.stages[0].aWindows }).count == 1)
    #expect(report == (try evaluation(lanes: 1).report()))
  }

  @Test("progress ends where it said it would")
  func progress() throws {
    var last = (0, -1)
    _ = try evaluation().report { done, all, _ in last = (done, all) }
    #expect(last.0 == last.1)
  }

  @Test("a text that is too short is named, with what it would take")
  func tooShort() {
    #expect(throws: EvaluationError.tooShort(path: "b.txt", tokens: 5, wanted: 3 * 21 + 17)) {
      try ForgettingEvaluation(
        model: model, a: ("a", texts[0], "a.txt"), b: ("b", [1, 2, 3, 4, 5], "b.txt"),
        settings: settings, lanes: 1)
    }
  }
}
