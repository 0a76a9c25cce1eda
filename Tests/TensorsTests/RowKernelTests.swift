import CKernels
import Tensors
import TestSupport
import Testing

@Suite("Row kernels equal their naive twins")
struct RowKernelTests {
  private static let rows = 3

  @Test("SwiGLU and its reverse", arguments: KernelTable.all, sizes)
  func swiglu(table: KernelTable, width: Int) {
    var random = RandomSource(seed: 11)
    let count = Self.rows * width
    let (x, dz, start) = (
      random.vector(2 * count), random.vector(count), random.vector(2 * count)
    )
    var z = [Float](repeating: .nan, count: count)
    var dx = start
    table.kernels.swiglu(x, &z, Self.rows, width)
    #expect(mismatch(z, Reference.swiglu(x.doubles, width: width)) == nil)
    table.kernels.swiglu_reverse(x, dz, &dx, Self.rows, width)
    let twin = Reference.swigluReverse(x.doubles, dz.doubles, width: width)
    #expect(mismatch(dx, Reference.add(start.doubles, twin)) == nil)
  }

  @Test(
    "RMS norm and its reverse, with and without the weight's share", arguments: KernelTable.all,
    sizes)
  func rmsNorm(table: KernelTable, width: Int) {
    var random = RandomSource(seed: 12)
    let count = Self.rows * width
    let (x, weight, dy) = (random.vector(count), random.vector(width), random.vector(count))
    let (startX, startWeight) = (random.vector(count), random.vector(width))
    var y = [Float](repeating: .nan, count: count)
    var inverse = [Float](repeating: .nan, count: Self.rows)
    table.kernels.rms_norm(x, weight, 1e-5, &y, &inverse, Self.rows, width)
    let twin = Reference.rmsNorm(x.doubles, weight: weight.doubles, epsilon: 1e-5)
    #expect(mismatch(y, twin.y) == nil)
    #expect(mismatch(inverse, twin.inverse) == nil)

    let reverse = Reference.rmsNormReverse(
      x.doubles, weight: weight.doubles, epsilon: 1e-5, dy.doubles)
    let (wantedX, wantedWeight) = (
      Reference.add(startX.doubles, reverse.dx), Reference.add(startWeight.doubles, reverse.dweight)
    )
    var (dx, dweight) = (startX, startWeight)
    table.kernels.rms_norm_reverse(x, weight, inverse, dy, &dx, &dweight, Self.rows, width)
    #expect(mismatch(dx, wantedX, absolute: 1e-5) == nil)
    #expect(mismatch(dweight, wantedWeight, absolute: 1e-5) == nil)
    dx = startX
    table.kernels.rms_norm_reverse(x, weight, inverse, dy, &dx, nil, Self.rows, width)
    #expect(mismatch(dx, wantedX, absolute: 1e-5) == nil)
  }

  @Test("unit rows and their reverse", arguments: KernelTable.all, sizes)
  func unitRows(table: KernelTable, width: Int) {
    var random = RandomSource(seed: 13)
    let count = Self.rows * width
    let (x, dy, start) = (random.vector(count), random.vector(count), random.vector(count))
    var y = [Float](repeating: .nan, count: count)
    var dx = start
    var inverse = [Float](repeating: .nan, count: Self.rows)
    table.kernels.unit_rows(x, 1e-6, &y, &inverse, Self.rows, width)
    let twin = Reference.unitRows(x.doubles, width: width, epsilon: 1e-6)
    #expect(mismatch(y, twin.y) == nil)
    #expect(mismatch(inverse, twin.inverse) == nil)
    table.kernels.unit_rows_reverse(y, inverse, dy, &dx, Self.rows, width)
    let reverse = Reference.unitRowsReverse(x.doubles, width: width, epsilon: 1e-6, dy.doubles)
    // For one column the true value is a difference of nearly equal numbers times 1/|x|.
    #expect(mismatch(dx, Reference.add(start.doubles, reverse), absolute: 2e-5) == nil)
  }

  @Test(
    "softmax and the loss, also of huge logits and without a target", arguments: KernelTable.all,
    sizes)
  func softmaxLoss(table: KernelTable, width: Int) {
    var random = RandomSource(seed: 14)
    for size: Float in [1, 20, 1e4] {
      let logits = random.vector(Self.rows * width).map { $0 * size }
      let targets = [Int32(random.integer(below: width)), -1, Int32(width - 1)]
      var probabilities = logits
      var loss = [Float](repeating: .nan, count: Self.rows)
      table.kernels.softmax_loss(&probabilities, targets, &loss, Self.rows, width)
      let twin = Reference.softmaxLoss(logits.doubles, targets: targets, width: width)
      #expect(mismatch(probabilities, twin.probabilities) == nil)
      #expect(mismatch(loss, twin.loss, absolute: 1e-5) == nil)
    }
  }

  @Test("the short convolution over 1, 2 and 7 tokens", arguments: KernelTable.all, sizes)
  func convolution(table: KernelTable, width: Int) {
    for tokens in [1, 2, 7] {
      var random = RandomSource(seed: 15)
      let (past, x) = (random.vector(3 * width), random.vector(tokens * width))
      let weight = random.vector(4 * width)
      var y = [Float](repeating: .nan, count: tokens * width)
      table.kernels.convolution(past, x, weight, &y, tokens, width)
      let twin = Reference.convolution(
        past: past.doubles, x.doubles, weight: weight.doubles, width: width)
      #expect(mismatch(y, twin, absolute: 2e-6) == nil)
    }
  }

  @Test(
    "the convolution's reverse adds, and may skip the past and the weight",
    arguments: KernelTable.all, sizes)
  func convolutionReverse(table: KernelTable, width: Int) {
    for tokens in [1, 2, 7] {
      var random = RandomSource(seed: 16)
      let (past, x) = (random.vector(3 * width), random.vector(tokens * width))
      let (weight, dy) = (random.vector(4 * width), random.vector(tokens * width))
      let twin = Reference.convolutionReverse(
        past: past.doubles, x.doubles, weight: weight.doubles, dy.doubles, width: width)
      var dpast = [Float](repeating: 1, count: 3 * width)
      var dx = [Float](repeating: 2, count: tokens * width)
      var dweight = [Float](repeating: 3, count: 4 * width)
      table.kernels.convolution_reverse(
        past, x, weight, dy, &dpast, &dx, &dweight, tokens, width)
      #expect(mismatch(dpast, twin.dpast.map { $0 + 1 }, absolute: 5e-6) == nil)
      #expect(mismatch(dx, twin.dx.map { $0 + 2 }, absolute: 5e-6) == nil)
      #expect(mismatch(dweight, twin.dweight.map { $0 + 3 }, absolute: 5e-6) == nil)
      dx = [Float](repeating: 0, count: tokens * width)
      table.kernels.convolution_reverse(past, x, weight, dy, nil, &dx, nil, tokens, width)
      #expect(mismatch(dx, twin.dx, absolute: 5e-6) == nil)
    }
  }

  @Test("decay and rank-one write", arguments: KernelTable.all, sizes)
  func decayRankOne(table: KernelTable, width: Int) {
    var random = RandomSource(seed: 17)
    let (u, v) = (random.vector(Self.rows), random.vector(width))
    let start = random.vector(Self.rows * width)
    var m = start
    table.kernels.decay_rank_one(0.75, -0.5, u, v, &m, Self.rows, width)
    let twin = Reference.decayRankOne(start.doubles, decay: 0.75, -0.5, u.doubles, v.doubles)
    #expect(mismatch(m, twin) == nil)
  }
}

@Suite("Reverse twins agree with central differences")
struct ReverseTwinTests {
  private static let width = 5
  private var random = RandomSource(seed: 21)

  /// Checks a reverse rule against Σ seed · forward.
  private func agrees(
    _ gradient: [Double], at x: [Double], seed: [Double], _ forward: ([Double]) -> [Double]
  ) -> Bool {
    let slopes = GradientCheck.centralDifferences(at: x) { Reference.dot(forward($0), seed) }
    return mismatch(gradient, slopes, relative: 1e-6, absolute: 1e-8) == nil
  }

  @Test("silu, the silu gate and SwiGLU")
  mutating func gates() {
    let (x, y, d) = (
      random.vector(10).doubles, random.vector(10).doubles, random.vector(10).doubles
    )
    let half = Array(d[..<5])
    #expect(
      agrees(Reference.multiply(d, x.map(Reference.siluSlope)), at: x, seed: d) {
        $0.map(Reference.silu)
      })
    let gate = Reference.siluGateReverse(y, x, d)
    #expect(agrees(gate.dy, at: y, seed: d) { Reference.siluGate($0, x) })
    #expect(agrees(gate.dx, at: x, seed: d) { Reference.siluGate(y, $0) })
    #expect(
      agrees(Reference.swigluReverse(x, half, width: 5), at: x, seed: half) {
        Reference.swiglu($0, width: 5)
      })
  }

  @Test("RMS norm and unit rows")
  mutating func norms() {
    let (x, d) = (random.vector(15).doubles, random.vector(15).doubles)
    let weight = random.vector(5).doubles
    let norm = Reference.rmsNormReverse(x, weight: weight, epsilon: 1e-3, d)
    #expect(
      agrees(norm.dx, at: x, seed: d) { Reference.rmsNorm($0, weight: weight, epsilon: 1e-3).y })
    #expect(
      agrees(norm.dweight, at: weight, seed: d) {
        Reference.rmsNorm(x, weight: $0, epsilon: 1e-3).y
      })
    #expect(
      agrees(Reference.unitRowsReverse(x, width: 5, epsilon: 1e-3, d), at: x, seed: d) {
        Reference.unitRows($0, width: 5, epsilon: 1e-3).y
      })
  }

  @Test("the short convolution")
  mutating func convolution() {
    let (past, x) = (random.vector(15).doubles, random.vector(20).doubles)
    let (weight, d) = (random.vector(20).doubles, random.vector(20).doubles)
    let reverse = Reference.convolutionReverse(past: past, x, weight: weight, d, width: 5)
    #expect(
      agrees(reverse.dpast, at: past, seed: d) {
        Reference.convolution(past: $0, x, weight: weight, width: 5)
      })
    #expect(
      agrees(reverse.dx, at: x, seed: d) {
        Reference.convolution(past: past, $0, weight: weight, width: 5)
      })
    #expect(
      agrees(reverse.dweight, at: weight, seed: d) {
        Reference.convolution(past: past, x, weight: $0, width: 5)
      })
  }
}
