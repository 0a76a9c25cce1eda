package import Tensors

/// Singular values of a `[rows, columns]` matrix in Double, largest first: one-sided Jacobi.
package func singularValues(of matrix: Tensor) -> [Double] {
  precondition(matrix.shape.count == 2, "singularValues: shape \(matrix.shape)")
  var vectors = shortSideVectors(of: matrix)
  for _ in 0..<30 {
    for p in vectors.indices {
      for q in vectors.indices where q > p { rotate(&vectors, p, q) }
    }
  }
  return vectors.map { dot($0, $0).squareRoot() }.sorted(by: >)
}

/// Rows or columns, whichever are fewer.
private func shortSideVectors(of matrix: Tensor) -> [[Double]] {
  let (rows, columns) = (matrix.shape[0], matrix.shape[1])
  if rows <= columns {
    return (0..<rows).map { r in (0..<columns).map { Double(matrix[r, $0]) } }
  }
  return (0..<columns).map { c in (0..<rows).map { Double(matrix[$0, c]) } }
}

/// Makes vectors p and q orthogonal by a plane rotation.
private func rotate(_ vectors: inout [[Double]], _ p: Int, _ q: Int) {
  let alpha = dot(vectors[p], vectors[p])
  let beta = dot(vectors[q], vectors[q])
  let gamma = dot(vectors[p], vectors[q])
  guard abs(gamma) > 1e-15 * (alpha * beta).squareRoot() else { return }
  let zeta = (beta - alpha) / (2 * gamma)
  let tangent = (zeta < 0 ? -1 : 1) / (abs(zeta) + (1 + zeta * zeta).squareRoot())
  let cosine = 1 / (1 + tangent * tangent).squareRoot()
  let sine = cosine * tangent
  for i in vectors[p].indices {
    let (x, y) = (vectors[p][i], vectors[q][i])
    vectors[p][i] = cosine * x - sine * y
    vectors[q][i] = sine * x + cosine * y
  }
}

private func dot(_ x: [Double], _ y: [Double]) -> Double {
  zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
}
