import Tensors

/// A delta chunk on whole tensors: the writes of one matrix of a memory and the reads from it.
struct LayerChunk: Sendable {
  /// Φ `[tokens, in]`, U `[tokens, out]`, η and ln α `[tokens]`, Q `[tokens, in]`.
  let keys: Tensor, errors: Tensor
  let rates: Tensor, logRetentions: Tensor
  let queries: Tensor?
  let erase: Float
  let isInclusive: Bool

  private var chunk: DeltaChunk {
    DeltaChunk(
      tokenCount: keys.rowCount, outputWidth: errors.width, inputWidth: keys.width, erase: erase,
      read: queries == nil ? .none : isInclusive ? .inclusive : .strict)
  }

  /// X_0 becomes X_C.
  /// - Returns: the reads `[tokens, out]`, and what `reverse` needs.
  func write(_ matrix: inout Tensor) -> (reads: Tensor?, trace: DeltaChunkTrace) {
    var reads = queries.map { _ in Tensor.uninitialized(errors.shape) }
    let trace = matrix.withMutablePointer { x in
      withInputs(x) { inputs in
        reads.withMutablePointer { y in
          chunk.forward(
            inputs, state: x, reads: y.map { MutableMatrixView($0, stride: errors.width) })
        }
      }
    }
    return (reads, trace)
  }

  /// The same with momentum; `sum` is S, nil for zeros.
  func write(
    _ matrix: inout Tensor, momentum sum: inout Tensor?, _ rule: MemoryRule.Momentum
  ) -> Tensor? {
    var reads = queries.map { _ in Tensor.uninitialized(errors.shape) }
    var s = sum ?? .zeros(matrix.shape)
    sum = nil
    let decays = Tensor([keys.rowCount], filledWith: rule.decay)
    matrix.withMutablePointer { x in
      s.withMutablePointer { s in
        withInputs(x) { inputs in
          decays.withPointer { decays in
            reads.withMutablePointer { y in
              chunk.forwardWithMomentum(
                inputs, momenta: MatrixView(decays, stride: 1), state: x, momentum: s,
                rateScalesSum: rule.rateScalesSum,
                reads: y.map { MutableMatrixView($0, stride: errors.width) })
            }
          }
        }
      }
    }
    sum = s
    return reads
  }

  struct Cotangents {
    var keys: Tensor, errors: Tensor, rates: Tensor, logRetentions: Tensor
    var queries: Tensor?
  }

  /// Adds the cotangent of `matrix`, which is X_0, to `matrixB`.
  /// - Parameters:
  ///   - endB: cotangent of X_C; nil: zeros.
  ///   - readsB: cotangent of the reads; nil: zeros.
  func reverse(
    _ matrix: Tensor, _ trace: DeltaChunkTrace, end endB: Tensor?, reads readsB: Tensor?,
    into matrixB: inout Tensor
  ) -> Cotangents {
    var trace = trace
    var bars = Cotangents(
      keys: .zeros(keys.shape), errors: .zeros(errors.shape), rates: .zeros(rates.shape),
      logRetentions: .zeros(rates.shape), queries: queries.map { .zeros($0.shape) })
    matrixB.withMutablePointer { matrixB in
      bars.withViews(matrixB) { targets in
        matrix.withPointer { x in
          withInputs(x) { inputs in
            endB.withPointer { end in
              readsB.withPointer { reads in
                chunk.reverse(
                  inputs, &trace, state: end,
                  reads: reads.map { MatrixView($0, stride: errors.width) }, into: targets)
              }
            }
          }
        }
      }
    }
    return bars
  }

  private func withInputs<R>(
    _ matrix: UnsafePointer<Float>, _ body: (DeltaChunk.Inputs) -> R
  ) -> R {
    keys.withPointer { k in
      errors.withPointer { u in
        rates.withPointer { eta in
          logRetentions.withPointer { l in
            queries.withPointer { q in
              body(
                DeltaChunk.Inputs(
                  state: matrix, keys: MatrixView(k, stride: keys.width),
                  errors: MatrixView(u, stride: errors.width), rates: MatrixView(eta, stride: 1),
                  logRetentions: MatrixView(l, stride: 1),
                  queries: q.map { MatrixView($0, stride: keys.width) }))
            }
          }
        }
      }
    }
  }
}

extension LayerChunk.Cotangents {
  fileprivate mutating func withViews(
    _ matrixB: UnsafeMutablePointer<Float>, _ body: (DeltaChunk.Cotangents) -> Void
  ) {
    let (inWidth, outWidth) = (keys.width, errors.width)
    keys.withMutablePointer { k in
      errors.withMutablePointer { u in
        rates.withMutablePointer { eta in
          logRetentions.withMutablePointer { l in
            queries.withMutablePointer { q in
              body(
                DeltaChunk.Cotangents(
                  state: matrixB, keys: MutableMatrixView(k, stride: inWidth),
                  errors: MutableMatrixView(u, stride: outWidth),
                  rates: MutableMatrixView(eta, stride: 1),
                  logRetentions: MutableMatrixView(l, stride: 1),
                  queries: q.map { MutableMatrixView($0, stride: inWidth) }))
            }
          }
        }
      }
    }
  }
}

extension Optional where Wrapped == Tensor {
  fileprivate func withPointer<R>(_ body: (UnsafePointer<Float>?) -> R) -> R {
    switch self {
    case .some(let tensor): tensor.withPointer { body($0) }
    case .none: body(nil)
    }
  }

  fileprivate mutating func withMutablePointer<R>(
    _ body: (UnsafeMutablePointer<Float>?) -> R
  ) -> R {
    guard self != nil else { return body(nil) }
    return self!.withMutablePointer { body($0) }
  }
}
