package import Tensors

/// Muon's quintic Newton–Schulz iteration (spec §5.6): pulls all singular values of a matrix towards 1.
package enum NewtonSchulz {
  /// Chosen for speed near 0, not for a fixed point at 1: after five steps singular values that were
  /// not tiny lie in about [0.68, 1.13].
  private static let coefficients: (a: Float, b: Float, c: Float) = (3.4445, -4.7750, 2.0315)

  /// U·Vᵀ of the singular value decomposition, roughly, for `[rows, columns]` or for every matrix of
  /// a `[heads, rows, columns]` stack. A zero matrix stays zero.
  package static func orthogonalized(_ matrix: Tensor, steps: Int = 5) -> Tensor {
    let shape = matrix.shape
    precondition((2...3).contains(shape.count), "orthogonalized: shape \(shape) is no matrix")
    let size = shape.suffix(2).reduce(1, *)
    var result = matrix
    for first in stride(from: 0, to: matrix.count, by: max(1, size)) {
      orthogonalize(
        &result, at: first, rows: shape[shape.count - 2], columns: shape[shape.count - 1], steps)
    }
    return result
  }

  private static func orthogonalize(
    _ stack: inout Tensor, at first: Int, rows: Int, columns: Int, _ steps: Int
  ) {
    let size = rows * columns
    let small = min(rows, columns)
    var gram = Tensor.uninitialized([small, small])
    var polynomial = gram
    var next = Tensor.uninitialized([rows, columns])
    stack.withMutablePointer { base in
      let x = base + first
      guard normalize(x, size) else { return }
      for _ in 0..<steps {
        step(x, rows, columns, &gram, &polynomial, &next)
      }
    }
  }

  /// x /= ‖x‖_F, by way of the largest element so that tiny squares do not vanish. False: x is zero.
  private static func normalize(_ x: UnsafeMutablePointer<Float>, _ count: Int) -> Bool {
    let largest = Kernels.absoluteMaximum(x, count)
    guard largest > 0 || largest.isNaN else { return false }
    for i in 0..<count { x[i] /= largest }
    Kernels.scale(x, by: 1 / Kernels.dot(x, x, count).squareRoot(), count)
    return true
  }

  /// X ← aX + (bA + cA²)X with A = XXᵀ; for tall X the same with A = XᵀX on the right.
  private static func step(
    _ x: UnsafeMutablePointer<Float>, _ rows: Int, _ columns: Int, _ gram: inout Tensor,
    _ polynomial: inout Tensor, _ next: inout Tensor
  ) {
    let (a, b, c) = coefficients
    let isTall = rows > columns
    let small = min(rows, columns)
    let long = max(rows, columns)
    gram.withMutablePointer { g in
      BLAS.product(
        small, small, long, x, columns, transposed: isTall, x, columns, transposed: !isTall,
        into: g, small)
    }
    polynomial.elements = gram.elements
    next.withMutablePointer { $0.update(from: x, count: rows * columns) }
    polynomial.withMutablePointer { p in
      gram.withPointer { g in
        BLAS.product(small, small, small, g, small, g, small, into: p, small, alpha: c, beta: b)
      }
      next.withMutablePointer { n in
        if isTall {
          BLAS.product(rows, columns, small, x, columns, p, small, into: n, columns, beta: a)
        } else {
          BLAS.product(rows, columns, small, p, small, x, columns, into: n, columns, beta: a)
        }
        x.update(from: n, count: rows * columns)
      }
    }
  }
}
