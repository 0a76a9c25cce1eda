import Glibc

/// Naive twins of the kernels in CKernels/kernels.h, in Double, written like their formulas. Twins of
/// kernels that add (`+=`) return what is added.
package enum Reference {
  package static func dot(_ x: [Double], _ y: [Double]) -> Double {
    zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
  }

  package static func sum(_ x: [Double]) -> Double { x.reduce(0, +) }

  /// The largest |x|; NaN when any element is.
  package static func absoluteMaximum(_ x: [Double]) -> Double {
    x.contains(where: \.isNaN) ? .nan : x.reduce(0) { max($0, abs($1)) }
  }

  /// a x
  package static func scale(_ x: [Double], by a: Double) -> [Double] { x.map { a * $0 } }

  package static func add(_ x: [Double], _ y: [Double]) -> [Double] { zip(x, y).map(+) }

  package static func multiply(_ x: [Double], _ y: [Double]) -> [Double] { zip(x, y).map(*) }

  package static func exp(_ x: Double) -> Double { Glibc.exp(x) }

  package static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  package static func silu(_ x: Double) -> Double { x * sigmoid(x) }

  /// silu′(x)
  package static func siluSlope(_ x: Double) -> Double {
    sigmoid(x) + x * sigmoid(x) * (1 - sigmoid(x))
  }

  package static func gelu(_ x: Double) -> Double { x * (1 + erf(x / 2.0.squareRoot())) / 2 }

  /// silu(gate) · up for rows `[gate | up]` of 2 · width.
  package static func swiglu(_ x: [Double], width: Int) -> [Double] {
    rows(x, 2 * width).flatMap { row in
      (0..<width).map { silu(row[$0]) * row[width + $0] }
    }
  }

  package static func swigluReverse(_ x: [Double], _ dz: [Double], width: Int) -> [Double] {
    zip(rows(x, 2 * width), rows(dz, width)).flatMap { row, d in
      (0..<width).map { d[$0] * row[width + $0] * siluSlope(row[$0]) }
        + (0..<width).map { d[$0] * silu(row[$0]) }
    }
  }

  /// y · silu(x)
  package static func siluGate(_ y: [Double], _ x: [Double]) -> [Double] {
    zip(y, x).map { $0 * silu($1) }
  }

  package static func siluGateReverse(
    _ y: [Double], _ x: [Double], _ dz: [Double]
  ) -> (dy: [Double], dx: [Double]) {
    (multiply(dz, x.map(silu)), multiply(multiply(dz, y), x.map(siluSlope)))
  }

  /// Elements cut into rows.
  package static func rows(_ x: [Double], _ width: Int) -> [[Double]] {
    stride(from: 0, to: x.count, by: width).map { Array(x[$0..<$0 + width]) }
  }
}

// Rows.
extension Reference {
  /// x / √(mean x² + ε) · weight, and the factor of each row.
  package static func rmsNorm(
    _ x: [Double], weight: [Double], epsilon: Double
  ) -> (y: [Double], inverse: [Double]) {
    let rows = rows(x, weight.count)
    let inverse = rows.map { 1 / (dot($0, $0) / Double($0.count) + epsilon).squareRoot() }
    return (zip(rows, inverse).flatMap { scale(multiply($0, weight), by: $1) }, inverse)
  }

  package static func rmsNormReverse(
    _ x: [Double], weight: [Double], epsilon: Double, _ dy: [Double]
  ) -> (dx: [Double], dweight: [Double]) {
    let width = weight.count
    var dx: [Double] = []
    var dweight = [Double](repeating: 0, count: width)
    let inverse = rmsNorm(x, weight: weight, epsilon: epsilon).inverse
    for (r, (row, d)) in zip(rows(x, width), rows(dy, width)).enumerated() {
      let carried = multiply(d, weight)
      let along = dot(carried, row) * inverse[r] * inverse[r] / Double(width)
      dx += zip(carried, row).map { ($0 - $1 * along) * inverse[r] }
      dweight = add(dweight, scale(multiply(d, row), by: inverse[r]))
    }
    return (dx, dweight)
  }

  /// x / √(|x|² + ε), and the factor of each row.
  package static func unitRows(
    _ x: [Double], width: Int, epsilon: Double
  ) -> (y: [Double], inverse: [Double]) {
    let rows = rows(x, width)
    let inverse = rows.map { 1 / (dot($0, $0) + epsilon).squareRoot() }
    return (zip(rows, inverse).flatMap { scale($0, by: $1) }, inverse)
  }

  package static func unitRowsReverse(
    _ x: [Double], width: Int, epsilon: Double, _ dy: [Double]
  ) -> [Double] {
    let (y, inverse) = unitRows(x, width: width, epsilon: epsilon)
    return zip(zip(rows(y, width), rows(dy, width)), inverse).flatMap { pair, inverse in
      let along = dot(pair.0, pair.1)
      return zip(pair.0, pair.1).map { ($1 - $0 * along) * inverse }
    }
  }

  /// Probabilities, and −ln p[target] per row, 0 where the target is −1.
  package static func softmaxLoss(
    _ logits: [Double], targets: [Int32], width: Int
  ) -> (probabilities: [Double], loss: [Double]) {
    var probabilities: [Double] = []
    var loss: [Double] = []
    for (row, target) in zip(rows(logits, width), targets) {
      let top = row.max() ?? 0
      let total = row.reduce(0) { $0 + exp($1 - top) }
      probabilities += row.map { exp($0 - top) / total }
      loss.append(target < 0 ? 0 : log(total) + top - row[Int(target)])
    }
    return (probabilities, loss)
  }

  /// y[t] = Σ_j w[j] · x[t − 3 + j]; `past` holds the three inputs before x, oldest first.
  package static func convolution(
    past: [Double], _ x: [Double], weight: [Double], width: Int
  ) -> [Double] {
    let inputs = rows(past + x, width)
    let taps = rows(weight, width)
    return (0..<x.count / width).flatMap { t in
      (0..<4).map { multiply(taps[$0], inputs[t + $0]) }.reduce([Double](zeros: width), add)
    }
  }

  package static func convolutionReverse(
    past: [Double], _ x: [Double], weight: [Double], _ dy: [Double], width: Int
  ) -> (dpast: [Double], dx: [Double], dweight: [Double]) {
    let inputs = rows(past + x, width)
    let taps = rows(weight, width)
    var dinputs = inputs.map { [Double](zeros: $0.count) }
    var dtaps = taps.map { [Double](zeros: $0.count) }
    for (t, d) in rows(dy, width).enumerated() {
      for j in 0..<4 {
        dinputs[t + j] = add(dinputs[t + j], multiply(taps[j], d))
        dtaps[j] = add(dtaps[j], multiply(inputs[t + j], d))
      }
    }
    return (dinputs[..<3].flatMap { $0 }, dinputs[3...].flatMap { $0 }, dtaps.flatMap { $0 })
  }
}

// Matrices, row-major.
extension Reference {
  /// op(a) · op(b) with op(a) of [m, k] and op(b) of [k, n]; `lda`, `ldb` are row strides.
  package static func product(
    _ m: Int, _ n: Int, _ k: Int, _ a: [Double], _ lda: Int, transposed ta: Bool,
    _ b: [Double], _ ldb: Int, transposed tb: Bool
  ) -> [Double] {
    (0..<m).flatMap { i in
      (0..<n).map { j in
        (0..<k).reduce(0) { sum, p in
          sum + a[ta ? p * lda + i : i * lda + p] * b[tb ? j * ldb + p : p * ldb + j]
        }
      }
    }
  }

  /// Solves L·Z = z, or Lᵀ·Z = z, reading only what lies below the diagonal of `l` [size, size].
  package static func solveUnitLower(
    _ l: [Double], size: Int, _ z: [Double], columns: Int, transposed: Bool
  ) -> [Double] {
    var z = rows(z, columns)
    for step in 0..<size {
      let i = transposed ? size - 1 - step : step
      for j in transposed ? i + 1..<size : 0..<i {
        z[i] = add(z[i], scale(z[j], by: -l[transposed ? j * size + i : i * size + j]))
      }
    }
    return z.flatMap { $0 }
  }

  /// decay · m + a · u vᵀ
  package static func decayRankOne(
    _ m: [Double], decay: Double, _ a: Double, _ u: [Double], _ v: [Double]
  ) -> [Double] {
    zip(rows(m, v.count), u).flatMap { row, u in
      add(scale(row, by: decay), scale(v, by: a * u))
    }
  }
}

/// One AdamW step in Double, as the textbook writes it; `age` counts updates from 1.
package struct ReferenceAdamW {
  package var weights: [Double]
  package var first: [Double]
  package var second: [Double]

  package init(weights: [Double]) {
    self.weights = weights
    first = [Double](zeros: weights.count)
    second = first
  }

  package mutating func step(
    _ gradient: [Double], age: Int, rate: Double, beta1: Double, beta2: Double, epsilon: Double,
    decay: Double
  ) {
    for (i, g) in gradient.enumerated() {
      first[i] = beta1 * first[i] + (1 - beta1) * g
      second[i] = beta2 * second[i] + (1 - beta2) * g * g
      let mean = first[i] / (1 - pow(beta1, Double(age)))
      let square = second[i] / (1 - pow(beta2, Double(age)))
      weights[i] = (1 - rate * decay) * weights[i] - rate * mean / (square.squareRoot() + epsilon)
    }
  }
}

extension [Double] {
  package init(zeros count: Int) { self.init(repeating: 0, count: count) }

  package var floats: [Float] { map(Float.init) }
}
