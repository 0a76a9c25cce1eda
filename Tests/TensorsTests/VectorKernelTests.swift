import CKernels
import Tensors
import TestSupport
import Testing

@Suite("Vector kernels equal their naive twins")
struct VectorKernelTests {
  @Test("dot and sum", arguments: KernelTable.all, sizes)
  func sums(table: KernelTable, count: Int) {
    var random = RandomSource(seed: 1)
    let (x, y) = (random.vector(count), random.vector(count))
    let k = table.kernels
    #expect(
      mismatch(
        [k.dot(x, y, count), k.sum(x, count)],
        [Reference.dot(x.doubles, y.doubles), Reference.sum(x.doubles)], absolute: 1e-5) == nil)
  }

  @Test(
    "rows times a vector, as floats and as bfloat16, with gaps between rows",
    arguments: KernelTable.all,
    sizes)
  func rowsDot(table: KernelTable, width: Int) {
    var random = RandomSource(seed: 4)
    let (k, stride) = (table.kernels, width + 3)
    for rows in [1, 4, 7] {
      var halves = [UInt16](repeating: 0, count: rows * stride)
      k.to_bf16(random.vector(rows * stride), &halves, halves.count)
      var floats = [Float](repeating: 0, count: rows * stride)
      k.from_bf16(halves, &floats, floats.count)
      let x = random.vector(width)
      var (y, z) = ([Float](repeating: .nan, count: rows), [Float](repeating: .nan, count: rows))
      k.rows_dot(floats, stride, x, &y, rows, width)
      k.bf16_rows_dot(halves, stride, x, &z, rows, width)
      let expected = (0..<rows).map {
        Reference.dot(Array(floats[$0 * stride..<$0 * stride + width]).doubles, x.doubles)
      }
      #expect(mismatch(y, expected, absolute: 1e-5) == nil)
      #expect(y == z, "the same numbers give the same bits")
    }
  }

  @Test("the largest magnitude, wherever it stands", arguments: KernelTable.all, sizes)
  func absoluteMaximum(table: KernelTable, count: Int) {
    var random = RandomSource(seed: 2)
    let x = random.vector(count)
    for place in 0..<count {
      for special: Float in [-1e9, -.infinity, .nan] {
        var y = x
        y[place] = special
        let found = table.kernels.abs_max(y, count)
        #expect(mismatch([Double(found)], [Reference.absoluteMaximum(y.doubles)]) == nil)
      }
    }
    #expect(table.kernels.abs_max(x, 0) == 0)
  }

  @Test("axpy, scale, add, multiply, multiplyAdd", arguments: KernelTable.all, sizes)
  func elementwise(table: KernelTable, count: Int) {
    var random = RandomSource(seed: 3)
    let (x, y) = (random.vector(count), random.vector(count))
    let (k, dx, dy) = (table.kernels, x.doubles, y.doubles)
    var z = y
    k.axpy(0.3, x, &z, count)
    #expect(mismatch(z, Reference.add(dy, Reference.scale(dx, by: Double(Float(0.3))))) == nil)
    z = x
    k.scale(-1.7, &z, count)
    #expect(mismatch(z, Reference.scale(dx, by: Double(Float(-1.7)))) == nil)
    k.add(x, y, &z, count)
    #expect(mismatch(z, Reference.add(dx, dy)) == nil)
    k.multiply(x, y, &z, count)
    #expect(mismatch(z, Reference.multiply(dx, dy)) == nil)
    z = x
    k.multiply_add(x, y, &z, count)
    #expect(mismatch(z, Reference.add(dx, Reference.multiply(dx, dy))) == nil)
  }

  @Test("exp over its whole range", arguments: KernelTable.all)
  func exponential(table: KernelTable) {
    let x = stride(from: Float(-87), through: 88, by: 0.0137).map { $0 } + [0, -0.0, 1]
    var y = [Float](repeating: .nan, count: x.count)
    table.kernels.exp(x, &y, x.count)
    #expect(mismatch(y, x.doubles.map(Reference.exp), relative: 2.5e-7, absolute: 0) == nil)
  }

  @Test("exp outside its range stays finite and positive", arguments: KernelTable.all)
  func exponentialLimits(table: KernelTable) {
    let x: [Float] = [-1e30, -88, 89, 1e30]
    var y = [Float](repeating: .nan, count: 4)
    table.kernels.exp(x, &y, 4)
    #expect(mismatch(y, [-87, -87, 88, 88].map(Reference.exp), relative: 2.5e-7) == nil)
    #expect(y.allSatisfy { $0 > 0 })
  }

  @Test("sigmoid, silu and gelu", arguments: KernelTable.all, sizes)
  func activations(table: KernelTable, count: Int) {
    var random = RandomSource(seed: 4)
    let x = random.vector(count).map { $0 * 4 }
    let k = table.kernels
    var y = [Float](repeating: .nan, count: count)
    k.sigmoid(x, &y, count)
    #expect(mismatch(y, x.doubles.map(Reference.sigmoid)) == nil)
    k.silu(x, &y, count)
    #expect(mismatch(y, x.doubles.map(Reference.silu)) == nil)
    k.gelu(x, &y, count)
    #expect(mismatch(y, x.doubles.map(Reference.gelu), absolute: 3e-6) == nil)
  }

  @Test("silu's reverse adds", arguments: KernelTable.all, sizes)
  func siluReverse(table: KernelTable, count: Int) {
    var random = RandomSource(seed: 5)
    let (x, dy, start) = (random.vector(count), random.vector(count), random.vector(count))
    var dx = start
    table.kernels.silu_reverse(x, dy, &dx, count)
    let slopes = x.doubles.map(Reference.siluSlope)
    let expected = Reference.add(start.doubles, Reference.multiply(dy.doubles, slopes))
    #expect(mismatch(dx, expected) == nil)
  }

  @Test("the silu gate and its reverse", arguments: KernelTable.all, sizes)
  func siluGate(table: KernelTable, count: Int) {
    var random = RandomSource(seed: 6)
    let (y, x, dz) = (random.vector(count), random.vector(count), random.vector(count))
    let (startY, startX) = (random.vector(count), random.vector(count))
    var z = [Float](repeating: .nan, count: count)
    table.kernels.silu_gate(y, x, &z, count)
    #expect(mismatch(z, Reference.siluGate(y.doubles, x.doubles)) == nil)
    var (dy, dx) = (startY, startX)
    table.kernels.silu_gate_reverse(y, x, dz, &dy, &dx, count)
    let twin = Reference.siluGateReverse(y.doubles, x.doubles, dz.doubles)
    #expect(mismatch(dy, Reference.add(startY.doubles, twin.dy)) == nil)
    #expect(mismatch(dx, Reference.add(startX.doubles, twin.dx)) == nil)
  }

  @Test("AdamW", arguments: KernelTable.all, sizes)
  func adamW(table: KernelTable, count: Int) {
    var random = RandomSource(seed: 7)
    var w = random.vector(count)
    var (m, v) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
    var twin = ReferenceAdamW(weights: w.doubles)
    for age in 1...3 {
      let g = random.vector(count)
      var (power1, power2) = (1.0, 1.0)
      for _ in 0..<age { (power1, power2) = (power1 * 0.9, power2 * 0.95) }
      table.kernels.adamw(
        &w, g, &m, &v, Float(0.01 / (1 - power1)), 0.9, 0.95,
        Float(1 / (1 - power2).squareRoot()), 1e-8, 1 - 0.01 * 0.1, 0.5, count)
      twin.step(
        Reference.scale(g.doubles, by: 0.5), age: age, rate: 0.01, beta1: 0.9, beta2: 0.95,
        epsilon: 1e-8, decay: 0.1)
      #expect(mismatch(m, twin.first) == nil)
      #expect(mismatch(v, twin.second) == nil)
      #expect(mismatch(w, twin.weights) == nil)
    }
  }
}
