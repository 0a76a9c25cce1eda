import Tensors
import TestSupport
import Testing

@Suite("Random source")
struct RandomSourceTests {
  @Test("the bits are those of SplitMix64")
  func golden() {
    // Published outputs of SplitMix64 for seeds 0 and 1234567, from the second on: ours has already
    // stepped once when it starts.
    var zero = RandomSource(seed: 0)
    var other = RandomSource(seed: 1_234_567)
    #expect((0..<2).map { _ in zero.next() } == [0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F])
    #expect(
      (0..<4).map { _ in other.next() } == [
        3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
      ])
  }

  @Test("a copy replays, and a split source goes its own way")
  func copies() {
    var source = RandomSource(seed: 5)
    var (copy, child, sibling) = (source, source.split(1), source.split(2))
    let values = (0..<100).map { _ in source.next() }
    #expect(values == (0..<100).map { _ in copy.next() })
    #expect(values != (0..<100).map { _ in child.next() })
    #expect(child.next() != sibling.next())
  }

  @Test("uniform numbers fill [0, 1) evenly")
  func uniform() {
    var source = RandomSource(seed: 6)
    let values = (0..<100_000).map { _ in source.uniform() }
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
    var counts = [Int](repeating: 0, count: 10)
    for x in values { counts[Int(x * 10)] += 1 }
    #expect(counts.allSatisfy { (9_600...10_400).contains($0) })
  }

  // A missing pair of parentheses once made every integer 0.
  @Test("integers stay below their bound and reach every value", arguments: [1, 2, 63, 100])
  func integers(bound: Int) {
    var source = RandomSource(seed: 7)
    let values = Set((0..<5_000).map { _ in source.integer(below: bound) })
    #expect(values == Set(0..<bound))
  }

  @Test("normal numbers have mean 0, variance 1 and no skew")
  func normal() {
    var source = RandomSource(seed: 8)
    let tensor = Tensor.normal([100_000], deviation: 2, &source)
    let values = tensor.doubles.map { $0 / 2 }
    let mean = values.reduce(0, +) / 1e5
    let variance = values.reduce(0) { $0 + $1 * $1 } / 1e5
    let skew = values.reduce(0) { $0 + $1 * $1 * $1 } / 1e5
    #expect(abs(mean) < 0.015)
    #expect(abs(variance - 1) < 0.02)
    #expect(abs(skew) < 0.05)
  }
}
