import TerminalUI
import Testing

@Suite("Telemetry")
struct TelemetryTests {
  @Test("a series shows the newest values, joined where columns are wide")
  func series() {
    var largest = MultiScaleSeries(.largest)
    var mean = MultiScaleSeries(.mean)
    for i in 0..<100 {
      largest.append(i == 40 ? 5 : i % 10 == 0 ? 1 : nil)
      mean.append(Float(i))
    }
    #expect(largest.columns(3, stride: 1) == [nil, nil, nil])
    #expect(largest.columns(10, stride: 1, end: 41).last == 5)
    #expect(largest.columns(4, stride: 32) == [1, 5, 1, nil])
    #expect(mean.columns(2, stride: 16) == [87.5, 97.5])
    #expect(mean.columns(2, stride: 1) == [98, 99])
    #expect(mean.columns(3, stride: 64) == [nil, 31.5, 85.5])
    #expect(MultiScaleSeries(.mean).columns(2, stride: 4) == [nil, nil])
  }

  @Test("a long series keeps its shape in coarse columns, and its newest tokens in fine ones")
  func bounded() {
    var series = MultiScaleSeries(.largest)
    for i in 0..<200_000 { series.append(Float(i)) }
    #expect(series.columns(1, stride: 1) == [199_999])
    #expect(series.columns(1100, stride: 1).prefix(70).allSatisfy { $0 == nil })
    let coarse = series.columns(700, stride: 256)
    #expect(coarse.allSatisfy { $0 != nil })
    #expect(coarse == coarse.sorted { $0! < $1! })
    let wide = series.columns(40, stride: 4096)
    #expect(wide.allSatisfy { $0 != nil })
  }

  @Test("what is no number is left out")
  func finite() {
    var series = MultiScaleSeries(.mean)
    for value: Float in [1, .nan, .infinity, 3] { series.append(value) }
    #expect(series.columns(4, stride: 1) == [1, nil, nil, 3])
  }

  private func health(_ samples: [(Float, Float)]) -> Health {
    Health(samples.map { .init(updateRelative: $0.0, driftRelative: $0.1) })
  }

  @Test("the health word follows its thresholds")
  func words() {
    #expect(health([]) == .idle)
    #expect(health(Array(repeating: (0.00001, 0.2), count: 8)) == .idle)
    #expect(health((1...8).map { (0.01, 0.01 * Float($0) + 0.1) }) == .learning)
    #expect(health(Array(repeating: (0.7, 0.5), count: 3)) == .learning)
    #expect(health(Array(repeating: (0.7, 0.5), count: 4)) == .thrashing)
    #expect(health(Array(repeating: (0.01, 0.9), count: 8)) == .saturated)
    #expect(health((1...8).map { (0.05, 0.5 + 0.05 * Float($0)) }) == .learning)
  }

  /// A memory in two dimensions that fades to a share and turns by an angle at every write.
  private func writes(_ count: Int, keeping kept: Float, sidewards: Float) -> Health {
    var old: (x: Float, y: Float) = (0, 0)
    let samples = (0..<count).map { i -> (Float, Float) in
      // what is new stands at right angles to what was there, or against it
      let size = (old.x * old.x + old.y * old.y).squareRoot()
      let across = size > 0 ? (x: -old.y / size, y: old.x / size) : (x: 1, y: 0)
      let new = (x: kept * old.x + sidewards * across.x, y: kept * old.y + sidewards * across.y)
      let change = (x: new.x - old.x, y: new.y - old.y)
      defer { old = new }
      return (
        (change.x * change.x + change.y * change.y).squareRoot(),
        (new.x * new.x + new.y * new.y).squareRoot()
      )
    }
    return health(samples)
  }

  @Test("large writes that leave what was known are learning; thrashing is to undo it")
  func undoing() {
    // a level whose λ is a half, full of writes twice as large as its weights
    #expect(writes(10, keeping: 0.5, sidewards: 2) == .learning)
    #expect(writes(10, keeping: 0.85, sidewards: 1.8) == .learning)
    // every write turns the memory round
    #expect(writes(10, keeping: -0.8, sidewards: 0.5) == .thrashing)
    #expect(writes(10, keeping: 0.05, sidewards: 1) == .thrashing)
    // at rest between fading and writing it still learns
    #expect(writes(40, keeping: 0.9, sidewards: 0.4) == .learning)
  }
}
