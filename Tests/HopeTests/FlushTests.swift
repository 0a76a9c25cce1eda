import Hope
import Tensors
import TestSupport
import Testing

@Suite("Writing before its time")
struct FlushTests {
  private let configuration = ToyModel.configuration()
  private var model: HopeModel { ToyModel.model(configuration) }
  private let settings = LevelSettings(levelCount: 2)

  private func read(_ range: Range<Int>, _ state: inout HopeState) {
    let tokens = ToyModel.sequence(configuration, length: 40).tokens
    for i in range {
      _ = model.step(tokens[i], isLearnedFrom: true, settings: settings, state: &state)
    }
  }

  @Test("a flush writes the fastest levels in every block and no other")
  func fastestOnly() {
    var state = model.freshState()
    read(0..<6, &state)
    let writes = model.flush(next: 3, isLearnedFrom: true, state: &state)
    #expect(writes.map(\.level) == [0, 0])
    #expect(writes.map(\.tokens) == [2, 2])
    #expect(state.position == 6)
    read(6..<8, &state)
    #expect(state.writeCounts(configuration) == [8, 2, 0])
  }

  @Test("a fresh stream has nothing to flush")
  func nothing() {
    var state = model.freshState()
    #expect(model.flush(next: 1, isLearnedFrom: true, state: &state).isEmpty)
    #expect(state.digest == model.freshState().digest)
  }

  @Test("an early write fades what was known by its share of the period only")
  func fading() {
    var state = model.freshState()
    read(0..<5, &state)  // the write at 4 happens before token 4 is run
    let before = state.drift(ofLevel: 1, in: model)
    let quiet = model.flush(next: 1, isLearnedFrom: false, state: &state)
    #expect(quiet.isEmpty)  // nothing to learn: nothing fades
    #expect(state.drift(ofLevel: 1, in: model) == before)
  }

  @Test("two half periods forget as much as one whole")
  func halves() {
    let silent = model.replacing("log_rate") { $0.elements[0] = -80 }  // writes of no size
    var (whole, halves) = (silent.freshState(), silent.freshState())
    let tokens = ToyModel.sequence(configuration, length: 40).tokens
    let loud = model
    func learn(_ state: inout HopeState) {  // something to forget, by the model that writes
      for i in 0..<5 {
        _ = loud.step(tokens[i], isLearnedFrom: true, settings: settings, state: &state)
      }
    }
    learn(&whole)
    learn(&halves)
    for i in 5..<9 {
      _ = silent.step(tokens[i], isLearnedFrom: true, settings: settings, state: &whole)
      _ = silent.step(tokens[i], isLearnedFrom: true, settings: settings, state: &halves)
      if i == 5 { silent.flush(next: tokens[6], isLearnedFrom: true, state: &halves) }
    }
    let (a, b) = (whole.drift(ofLevel: 1, in: silent), halves.drift(ofLevel: 1, in: silent))
    #expect(a > 0)
    #expect(abs(a - b) < 1e-5 * a)
  }
}
