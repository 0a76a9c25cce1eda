import Tensors
import TestSupport
import Testing

@Suite("Lanes", .timeLimit(.minutes(15)))
struct LanesTests {
  @Test("every part runs exactly once", arguments: [0, 1, 2, 63, 64, 100, 10_000], [1, 2, 5])
  func once(count: Int, lanes: Int) {
    var runs = [Int](repeating: 0, count: count)
    runs.withUnsafeMutableBufferPointer { buffer in
      let base = buffer.baseAddress
      Lanes.run(count, lanes: lanes) { base![$0] += 1 }
    }
    #expect(runs.allSatisfy { $0 == 1 })
  }

  @Test("map keeps the parts' order, and two lanes give the bits of one")
  func order() {
    func sums(lanes: Int) -> [Tensor] {
      Lanes.map(40, lanes: lanes) { part in
        var random = RandomSource(seed: UInt64(part))
        var sum = Tensor.zeros([100])
        for _ in 0..<20 { sum.add(.normal([100], deviation: 1, &random), scaledBy: 0.3) }
        return sum
      }
    }
    let (one, two) = (sums(lanes: 1), sums(lanes: 2))
    #expect(zip(one, two).allSatisfy { $0.hasSameBits(as: $1) })
    #expect(Set(one.map { $0.elements[0].bitPattern }).count == 40)
  }

  @Test("a part may itself use a single lane")
  func nested() {
    let sums = Lanes.map(50, lanes: 2) { outer in
      Lanes.map(outer, lanes: 1) { $0 }.reduce(0, +)
    }
    #expect(sums == (0..<50).map { $0 * ($0 - 1) / 2 })
  }

  @Test("10,000 quick jobs in a row all finish")
  func quickJobs() {
    var total = 0
    for job in 0..<10_000 {
      total += Lanes.map(2, lanes: 2) { $0 + job }.reduce(0, +)
    }
    #expect(total == 2 * 10_000 * 9_999 / 2 + 10_000)
  }

  @Test("jobs of several threads at once all finish")
  func severalCallers() async {
    let totals = await withTaskGroup(of: Int.self, returning: [Int].self) { group in
      for caller in 0..<4 {
        group.addTask {
          (0..<500).reduce(0) { sum, _ in sum + Lanes.map(3, lanes: 2) { $0 + caller }.reduce(0, +)
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(totals.sorted() == (0..<4).map { 500 * (3 + 3 * $0) })
  }
}
