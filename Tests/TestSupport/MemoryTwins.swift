// Slow twins of the memories in Double, written like the formulas of the specification: one token
// at a time, every matrix explicit. The fast forms are compared with these, results and gradients.
import Foundation
package import Tensors

package struct Matrix: Equatable, Sendable {
  package let rows: Int
  package let columns: Int
  package var values: [Double]

  package init(_ rows: Int, _ columns: Int, _ values: [Double]) {
    precondition(rows * columns == values.count, "\(rows)×\(columns) and \(values.count) values")
    (self.rows, self.columns, self.values) = (rows, columns, values)
  }
  package init(_ rows: Int, _ columns: Int) {
    self.init(rows, columns, [Double](repeating: 0, count: rows * columns))
  }
  /// Uniform elements that are exact in Float, so that both twins see the same numbers.
  package init(
    _ rows: Int, _ columns: Int, in range: ClosedRange<Float>, _ source: inout RandomSource
  ) {
    let values = (0..<rows * columns).map { _ in
      Double(range.lowerBound + (range.upperBound - range.lowerBound) * source.uniform())
    }
    self.init(rows, columns, values)
  }
  package init(_ tensor: Tensor) {
    self.init(tensor.rowCount, tensor.width, tensor.elements.map(Double.init))
  }

  package static func identity(_ n: Int) -> Matrix {
    var m = Matrix(n, n)
    for i in 0..<n { m[i, i] = 1 }
    return m
  }
  package static func column(_ values: [Double]) -> Matrix { Matrix(values.count, 1, values) }

  package subscript(_ i: Int, _ j: Int) -> Double {
    get { values[i * columns + j] }
    set { values[i * columns + j] = newValue }
  }
  package var tensor: Tensor { Tensor(shape: [rows, columns], elements: values.map(Float.init)) }
  package var norm: Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
  package func row(_ t: Int) -> [Double] { Array(values[t * columns..<(t + 1) * columns]) }
  package func rows(_ range: Range<Int>) -> Matrix {
    Matrix(
      range.count, columns,
      Array(values[range.lowerBound * columns..<range.upperBound * columns]))
  }
  /// Rows of Euclidean norm 1, rounded to Float.
  package var unitRows: Matrix {
    var m = self
    for t in 0..<rows {
      let inverse = 1 / innerProduct(row(t), row(t)).squareRoot()
      for j in 0..<columns { m[t, j] = Double(Float(m[t, j] * inverse)) }
    }
    return m
  }
  package var transposed: Matrix {
    var m = Matrix(columns, rows)
    for i in 0..<rows { for j in 0..<columns { m[j, i] = self[i, j] } }
    return m
  }
  package func transposedTimes(_ x: [Double]) -> [Double] {
    (0..<columns).map { j in (0..<rows).reduce(0) { $0 + self[$1, j] * x[$1] } }
  }

  package static func * (m: Matrix, x: [Double]) -> [Double] {
    (0..<m.rows).map { i in (0..<m.columns).reduce(0) { $0 + m[i, $1] * x[$1] } }
  }
  package static func * (a: Matrix, b: Matrix) -> Matrix {
    var c = Matrix(a.rows, b.columns)
    for i in 0..<a.rows {
      for k in 0..<a.columns {
        for j in 0..<b.columns { c.values[i * b.columns + j] += a[i, k] * b[k, j] }
      }
    }
    return c
  }
  package static func * (s: Double, m: Matrix) -> Matrix {
    Matrix(m.rows, m.columns, m.values.map { s * $0 })
  }
  package static func + (a: Matrix, b: Matrix) -> Matrix {
    Matrix(a.rows, a.columns, zip(a.values, b.values).map(+))
  }
  package static func - (a: Matrix, b: Matrix) -> Matrix { a + -1 * b }
}

package func innerProduct(_ x: [Double], _ y: [Double]) -> Double {
  zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
}
package func outer(_ u: [Double], _ v: [Double]) -> Matrix {
  Matrix(u.count, v.count, u.flatMap { a in v.map { a * $0 } })
}
package func - (x: [Double], y: [Double]) -> [Double] { zip(x, y).map(-) }

/// The largest difference, relative to the larger of 1 and the largest value.
package func distance(_ a: Tensor, _ b: Matrix) -> Double { distance(Matrix(a), b) }
package func distance(_ a: Matrix, _ b: Matrix) -> Double {
  precondition(a.values.count == b.values.count, "\(a.values.count) and \(b.values.count) values")
  let largest = zip(a.values, b.values).reduce(0) { worst, pair in
    let gap = abs(pair.0 - pair.1)
    return gap.isNaN ? .infinity : max(worst, gap)
  }
  return largest / b.values.reduce(1) { max($0, abs($1)) }
}

// MARK: - One matrix

/// The recurrence of spec §3.4 with its products written out.
package struct DeltaTwin {
  package var state: Matrix
  package var keys: Matrix
  package var errors: Matrix
  package var rates: Matrix
  package var logRetentions: Matrix
  package var queries: Matrix
  package var erase = 1.0
  package var isInclusive = false
  package var momentum: Matrix?
  package var momenta: Matrix?

  package var inputs: [WritableKeyPath<DeltaTwin, Matrix>] {
    [\.state, \.keys, \.errors, \.rates, \.logRetentions, \.queries]
  }

  package init(tokens: Int, outputs: Int, inputs: Int, seed: UInt64) {
    var source = RandomSource(seed: seed)
    state = Matrix(outputs, inputs, in: -0.7...0.7, &source)
    keys = Matrix(tokens, inputs, in: -1...1, &source).unitRows
    errors = Matrix(tokens, outputs, in: -1...1, &source)
    rates = Matrix(tokens, 1, in: 0.02...0.6, &source)
    logRetentions = Matrix(tokens, 1, in: -0.5 ... -0.001, &source)
    queries = Matrix(tokens, inputs, in: -1...1, &source).unitRows
  }

  package func run() -> (state: Matrix, reads: Matrix, momentum: Matrix?) {
    var (x, s, y) = (state, momentum, Matrix(keys.rows, state.rows))
    for t in 0..<keys.rows {
      let before = x
      let (k, eta) = (keys.row(t), rates[t, 0])
      let shrink =
        exp(logRetentions[t, 0]) * Matrix.identity(k.count) - erase * eta * outer(k, k)
      let gradient = outer(errors.row(t), k)
      if let momentum = s, let beta = momenta {
        s = beta[t, 0] * momentum - eta * gradient
        x = x * shrink + s!
      } else {
        x = x * shrink - eta * gradient
      }
      let read = (isInclusive ? x : before) * queries.row(t)
      for j in read.indices { y[t, j] = read[j] }
    }
    return (x, y, s)
  }

  /// ⟨X_C, a⟩ + ⟨Y, b⟩.
  package func loss(_ a: Matrix, _ b: Matrix) -> Double {
    let result = run()
    return innerProduct(result.state.values, a.values) + innerProduct(result.reads.values, b.values)
  }
}

/// Central differences of `loss` for one input of a twin.
package func differences<Twin>(
  of twin: Twin, _ input: WritableKeyPath<Twin, Matrix>, step h: Double = 1e-5,
  _ loss: (Twin) -> Double
) -> Matrix {
  var (gradient, twin) = (twin[keyPath: input], twin)
  for i in gradient.values.indices {
    let middle = twin[keyPath: input].values[i]
    twin[keyPath: input].values[i] = middle + h
    let above = loss(twin)
    twin[keyPath: input].values[i] = middle - h
    gradient.values[i] = (above - loss(twin)) / (2 * h)
    twin[keyPath: input].values[i] = middle
  }
  return gradient
}
