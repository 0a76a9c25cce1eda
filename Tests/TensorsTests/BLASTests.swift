import Tensors
import TestSupport
import Testing

/// One way to call `BLAS.product`.
struct ProductCase: Sendable, CustomTestStringConvertible {
  var m: Int, n: Int, k: Int
  var ta: Bool, tb: Bool
  /// Unused elements at the end of every row of a, b and c.
  var gap: Int

  var testDescription: String {
    "\(m)×\(n)×\(k)\(ta ? " aᵀ" : "")\(tb ? " bᵀ" : "")\(gap > 0 ? " strided" : "")"
  }

  static let all: [ProductCase] = {
    let shapes = [
      (1, 1, 1), (1, 63, 100), (1, 100, 1), (64, 1, 63), (63, 64, 100), (100, 63, 1), (2, 100, 64),
      (7, 5, 0), (16, 700, 128), (64, 260, 100),
    ]
    return shapes.flatMap { m, n, k in
      [false, true].flatMap { ta in
        [false, true].flatMap { tb in
          [0, 3].map { ProductCase(m: m, n: n, k: k, ta: ta, tb: tb, gap: $0) }
        }
      }
    }
  }()
}

@Suite("BLAS")
struct BLASTests {
  init() { BLAS.prepare() }

  @Test("products equal naive ones: transposed, strided, scaled, added", arguments: ProductCase.all)
  func product(one: ProductCase) {
    let (m, n, k) = (one.m, one.n, one.k)
    let lda = (one.ta ? m : k) + one.gap
    let ldb = (one.tb ? k : n) + one.gap
    let ldc = n + one.gap
    var random = RandomSource(seed: 41)
    let a = random.vector(max(1, lda * (one.ta ? k : m)))
    let b = random.vector(max(1, ldb * (one.tb ? n : k)))
    let start = random.vector(ldc * m)
    let plain = Reference.product(
      m, n, k, a.doubles, lda, transposed: one.ta, b.doubles, ldb, transposed: one.tb)
    for (alpha, beta) in [(1, 0), (1, 1), (-0.5, 2)] as [(Float, Float)] {
      var c = start
      // With beta 0 the old content must not matter, not even NaN.
      if beta == 0 { for i in 0..<m { for j in 0..<n { c[i * ldc + j] = .nan } } }
      BLAS.product(
        m, n, k, a, max(1, lda), transposed: one.ta, b, max(1, ldb), transposed: one.tb, into: &c,
        ldc, alpha: alpha, beta: beta)
      var expected = start.doubles
      for i in 0..<m {
        for j in 0..<n {
          let old = beta == 0 ? 0 : Double(beta) * expected[i * ldc + j]
          expected[i * ldc + j] = Double(alpha) * plain[i * n + j] + old
        }
      }
      #expect(mismatch(c, expected, absolute: 5e-5) == nil)
    }
  }

  @Test("products large enough for column blocks", arguments: [4, 16, 64], [false, true])
  func blocked(m: Int, transposed: Bool) {
    let (n, k) = (1100, 1000 / m * 16)
    var random = RandomSource(seed: 42)
    let (a, b) = (random.vector(m * k), random.vector(k * n))
    var c = [Float](repeating: .nan, count: m * n)
    BLAS.product(
      m, n, k, a, k, b, transposed ? k : n, transposed: transposed, into: &c, n)
    let expected = Reference.product(
      m, n, k, a.doubles, k, transposed: false, b.doubles, transposed ? k : n,
      transposed: transposed)
    #expect(mismatch(c, expected, absolute: 1e-3) == nil)
  }

  @Test("a product of no rows or no columns touches nothing")
  func empty() {
    var c: [Float] = [7]
    BLAS.product(0, 1, 1, [1], 1, [1], 1, into: &c, 1)
    BLAS.product(1, 0, 1, [1], 1, [1], 1, into: &c, 1)
    #expect(c == [7])
  }

  @Test("unit lower triangular systems, plain and transposed", arguments: sizes, [false, true])
  func solve(size: Int, transposed: Bool) {
    for columns in [1, 63] {
      var random = RandomSource(seed: 43)
      var l = random.vector(size * size).map { $0 * 0.1 }
      // The diagonal and what lies above it must not be read.
      for i in 0..<size { for j in i..<size { l[i * size + j] = .nan } }
      let start = random.vector(size * columns)
      var z = start
      BLAS.solveUnitLower(l, size: size, &z, columns: columns, transposed: transposed)
      let twin = Reference.solveUnitLower(
        l.doubles, size: size, start.doubles, columns: columns, transposed: transposed)
      #expect(mismatch(z, twin, relative: 1e-4, absolute: 1e-4) == nil)
    }
  }

  @Test("the core has a name")
  func core() { #expect(!BLAS.coreName.isEmpty) }
}
