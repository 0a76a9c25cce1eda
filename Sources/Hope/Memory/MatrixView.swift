import Tensors

/// Rows of somebody else's matrix: a head's columns of `[tokens, width]` without a copy. `stride` is
/// the distance between two rows in elements; one value per row is a view of width 1.
///
/// Whoever makes a view keeps the memory alive while it is used.
package struct MatrixView {
  package let base: UnsafePointer<Float>
  package let stride: Int

  package init(_ base: UnsafePointer<Float>, stride: Int) {
    self.base = base
    self.stride = stride
  }

  func row(_ t: Int) -> UnsafePointer<Float> { base + t * stride }

  /// c [rows, columns] = self · otherᵀ, both with `depth` elements per row.
  func timesTransposed(
    _ other: MatrixView, _ rows: Int, _ columns: Int, _ depth: Int,
    into c: UnsafeMutablePointer<Float>
  ) {
    BLAS.product(
      rows, columns, depth, base, stride, transposed: false, other.base, other.stride,
      transposed: true, into: c, columns)
  }
}

/// Rows of somebody else's matrix that a call writes to.
package struct MutableMatrixView {
  package let base: UnsafeMutablePointer<Float>
  package let stride: Int

  package init(_ base: UnsafeMutablePointer<Float>, stride: Int) {
    self.base = base
    self.stride = stride
  }

  func row(_ t: Int) -> UnsafeMutablePointer<Float> { base + t * stride }
}

/// y = a x.
@inline(__always)
func setScaled(_ y: UnsafeMutablePointer<Float>, _ a: Float, _ x: UnsafePointer<Float>, _ n: Int) {
  for i in 0..<n { y[i] = a * x[i] }
}
