import Hope
import Tensors

/// Reading and writing a stream, tokens per second.
struct StreamCases {
  let report: BenchReport
  let lanes: Int

  func run() {
    let off = measured("decode, learning off", reference: nil) { decode(learning: false) }
    measured("decode, learning on", reference: off) { decode(learning: true) }
    let prefill = measured("ingest, learning off", reference: nil) { ingest(learning: false) }
    measured("ingest, learning on", reference: prefill) { ingest(learning: true) }
  }

  @discardableResult
  private func measured(_ name: String, reference: Double?, _ rate: () -> Double) -> Double? {
    guard report.wants(name) else { return nil }
    let value = rate()
    report.note(
      "\(name), \(lanes) lane\(lanes > 1 ? "s" : "")", value, unit: "tokens/s",
      reference: reference, detail: reference == nil ? "" : "of learning off")
    return value
  }

  private func decode(learning: Bool) -> Double {
    let (model, tokens) = (BenchModel.model(lanes: lanes), BenchModel.tokens(512))
    let settings = BenchModel.settings(learning: learning)
    return Double(tokens.count)
      / medianSeconds(3) {
        var state = model.freshState()
        for token in tokens {
          _ = model.step(token, isLearnedFrom: learning, settings: settings, state: &state)
        }
      }
  }

  private func ingest(learning: Bool) -> Double {
    let (model, tokens) = (BenchModel.model(lanes: lanes), BenchModel.tokens(2049))
    let settings = BenchModel.settings(learning: learning)
    return Double(tokens.count)
      / medianSeconds(3) {
        var state = model.freshState()
        model.ingest(
          tokens, isLearnedFrom: tokens.map { _ in learning }, settings: settings, state: &state)
      }
  }
}

/// The cost of a token early and late in one chat.
struct LongChatCase {
  let report: BenchReport

  func run() {
    let model = BenchModel.model(lanes: 1)
    let settings = BenchModel.settings(learning: true)
    var state = model.freshState()
    read(model, settings, until: 1000, &state)
    let early = microseconds(model, settings, state)
    read(model, settings, until: 50_000, &state)
    let late = microseconds(model, settings, state)
    report.note(
      "cost of a token after 1,000 tokens", early, unit: "µs", reference: nil, detail: "")
    report.note(
      "cost of a token after 50,000 tokens", late, unit: "µs", reference: early,
      detail: "of that after 1,000")
  }

  private func read(
    _ model: HopeModel, _ settings: LevelSettings, until position: Int, _ state: inout HopeState
  ) {
    let tokens = BenchModel.tokens(position - state.position)
    model.ingest(
      tokens, isLearnedFrom: tokens.map { _ in true }, settings: settings, state: &state)
  }

  /// Per token, over whole chunks.
  private func microseconds(
    _ model: HopeModel, _ settings: LevelSettings, _ state: HopeState
  ) -> Double {
    let tokens = BenchModel.tokens(256)
    let seconds = medianSeconds(5) {
      var copy = state
      for token in tokens {
        _ = model.step(token, isLearnedFrom: true, settings: settings, state: &copy)
      }
    }
    return 1e6 * seconds / Double(tokens.count)
  }
}
