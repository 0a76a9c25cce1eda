import Tensors

extension Tensor {
  /// scale · self · other: [m, k] times [k, n].
  func times(_ other: Tensor, scaledBy scale: Float = 1) -> Tensor {
    var c = Tensor.uninitialized([rowCount, other.width])
    c.addProduct(self, other, scaledBy: scale, keeping: 0)
    return c
  }

  /// self · otherᵀ · scale: [m, k] times the transpose of [n, k].
  func timesTransposed(_ other: Tensor, scaledBy scale: Float) -> Tensor {
    precondition(width == other.width, "\(shape) times the transpose of \(other.shape)")
    var c = Tensor.uninitialized([rowCount, other.rowCount])
    c.withMutablePointer { c in
      withPointer { a in
        other.withPointer { b in
          BLAS.product(
            rowCount, other.rowCount, width, a, width, transposed: false, b, width,
            transposed: true, into: c, other.rowCount, alpha: scale)
        }
      }
    }
    return c
  }

  /// self = keeping · self + scale · a · b.
  mutating func addProduct(
    _ a: Tensor, _ b: Tensor, scaledBy scale: Float = 1, keeping: Float = 1
  ) {
    precondition(a.width == b.rowCount, "\(a.shape) times \(b.shape)")
    withMutablePointer { c in
      a.withPointer { pa in
        b.withPointer { pb in
          BLAS.product(
            a.rowCount, b.width, a.width, pa, a.width, pb, b.width, into: c, b.width, alpha: scale,
            beta: keeping)
        }
      }
    }
  }

  /// self += scale · aᵀ · b: the sum over rows of outer products.
  mutating func addOuterProducts(_ a: Tensor, _ b: Tensor, scaledBy scale: Float = 1) {
    precondition(a.rowCount == b.rowCount, "rows of \(a.shape) and \(b.shape)")
    withMutablePointer { c in
      a.withPointer { pa in
        b.withPointer { pb in
          BLAS.product(
            a.width, b.width, a.rowCount, pa, a.width, transposed: true, pb, b.width, into: c,
            b.width, alpha: scale, beta: 1)
        }
      }
    }
  }

  func minus(_ other: Tensor) -> Tensor {
    var result = self
    result.add(other, scaledBy: -1)
    return result
  }

  func scaled(by factor: Float) -> Tensor {
    guard factor != 1 else { return self }
    var result = self
    result.scale(by: factor)
    return result
  }

  /// Element by element.
  mutating func multiply(by other: Tensor) {
    precondition(count == other.count, "\(shape) and \(other.shape)")
    let n = count
    withMutablePointer { x in other.withPointer { Kernels.multiply(x, $0, into: x, n) } }
  }

  /// A new tensor filled by an element-wise kernel.
  func mapped(
    _ kernel: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
  ) -> Tensor {
    var result = Tensor.uninitialized(shape)
    result.withMutablePointer { y in withPointer { kernel($0, y, count) } }
    return result
  }

}
