import CKernels
import Tensors
import TestSupport
import Testing

@Suite("Half floats")
struct HalfFloatTests {
  private static let patterns = (0...UInt16.max).map { $0 }

  @Test("all 65,536 f16 patterns mean what IEEE binary16 says", arguments: KernelTable.all)
  func fromFloat16(table: KernelTable) {
    var y = [Float](repeating: .nan, count: Self.patterns.count)
    table.kernels.from_f16(Self.patterns, &y, y.count)
    let wrong = Self.patterns.first { !same(Double(y[Int($0)]), Reference.fromFloat16($0)) }
    #expect(wrong == nil)
    let signs = Self.patterns.allSatisfy { (y[Int($0)].sign == .minus) == ($0 >= 0x8000) }
    #expect(signs)
  }

  @Test("all 65,536 bf16 patterns are the upper halves of Floats", arguments: KernelTable.all)
  func fromBFloat16(table: KernelTable) {
    var y = [Float](repeating: .nan, count: Self.patterns.count)
    table.kernels.from_bf16(Self.patterns, &y, y.count)
    #expect(y.map(\.bitPattern) == Self.patterns.map { UInt32($0) << 16 })
    let wrong = Self.patterns.first { !same(Double(y[Int($0)]), Reference.fromBFloat16($0)) }
    #expect(wrong == nil)
  }

  @Test("every number survives the way there and back", arguments: KernelTable.all)
  func roundTrip(table: KernelTable) {
    let count = Self.patterns.count
    var y = [Float](repeating: 0, count: count)
    var back = [UInt16](repeating: 0, count: count)
    table.kernels.from_f16(Self.patterns, &y, count)
    table.kernels.to_f16(y, &back, count)
    #expect(Self.patterns.allSatisfy { back[Int($0)] == $0 || Reference.fromFloat16($0).isNaN })
    table.kernels.from_bf16(Self.patterns, &y, count)
    table.kernels.to_bf16(y, &back, count)
    #expect(Self.patterns.allSatisfy { back[Int($0)] == $0 || Reference.fromBFloat16($0).isNaN })
  }

  /// Every number of both formats in and around the f16 range, the midpoints between them, the Floats
  /// next to all of these, and random bits.
  private static let floats: [Float] = {
    var random = RandomSource(seed: 31)
    let everywhere = stride(from: UInt32(0), through: .max, by: 0x8000)
    let halves = stride(from: UInt32(0x3780_0000), to: 0x4780_0000, by: 0x1000)
    let subnormalHalves = stride(from: UInt32(0x3300_0000), to: 0x3880_0000, by: 0x800)
    var list: [Float] = []
    for pattern in [Array(everywhere), Array(halves), Array(subnormalHalves)].joined() {
      let exact = Float(bitPattern: pattern)
      list += [exact, exact.nextUp, -exact.nextDown]
    }
    return list + (0..<100_000).map { _ in Float(bitPattern: UInt32(random.next() >> 32)) }
  }()

  @Test("f16 rounds to nearest even, as Swift's Float16 does", arguments: KernelTable.all)
  func toFloat16(table: KernelTable) {
    var found = [UInt16](repeating: 0, count: Self.floats.count)
    table.kernels.to_f16(Self.floats, &found, found.count)
    let wrong = zip(Self.floats, found).first { x, bits in
      x.isNaN ? !Float16(bitPattern: bits).isNaN : bits != Float16(x).bitPattern
    }
    #expect(wrong == nil)
  }

  @Test("bf16 rounds to nearest even and keeps NaN", arguments: KernelTable.all)
  func toBFloat16(table: KernelTable) {
    var found = [UInt16](repeating: 0, count: Self.floats.count)
    table.kernels.to_bf16(Self.floats, &found, found.count)
    let wrong = zip(Self.floats, found).first { x, bits in
      x.isNaN ? !Reference.fromBFloat16(bits).isNaN : bits != Reference.toBFloat16(x)
    }
    #expect(wrong == nil)
  }

  private func same(_ a: Double, _ b: Double) -> Bool { a == b || a.isNaN && b.isNaN }
}
