// Matrix operations on the tape: dense layers, per-head layers, per-sequence fast weights.
// Rows are ordered [sequence][token]; "per sequence" operations split the rows evenly.

extension Tape {
  /// y = x Wᵀ. x [rows, in], w [out, in].
  package mutating func linear(_ x: Variable, _ w: Variable) -> Variable {
    let (xv, wv, lanes) = (self[x], self[w], lanes)
    let (rows, inWidth, outWidth) = (xv.rowCount, wv.width, wv.rowCount)
    precondition(xv.width == inWidth, "linear: rows of \(xv.width) into \(wv.shape)")
    let y = leaf(xv.timesTransposed(wv, lanes: lanes))
    record { g in
      guard let dy = g.take(y) else { return }
      g.overwriteOrAdd(into: x, shape: xv.shape) { dx, beta in
        Tensor.product(
          rows, inWidth, outWidth, dy, transposed: false, wv, transposed: false, into: dx,
          beta: beta, lanes: lanes)
      }
      g.overwriteOrAdd(into: w, shape: wv.shape) { dw, beta in
        Tensor.product(
          outWidth, inWidth, rows, dy, transposed: true, xv, transposed: false, into: dw,
          beta: beta, lanes: lanes)
      }
    }
    return y
  }

  /// Each head's own matrix: y_h = W_h x_h. x [rows, heads·in], w [heads, out, in].
  package mutating func headLinear(_ x: Variable, _ w: Variable) -> Variable {
    let (xv, wv) = (self[x], self[w])
    let (heads, outWidth, inWidth) = (wv.shape[0], wv.shape[1], wv.shape[2])
    let (rows, ldx, ldy) = (xv.rowCount, heads * inWidth, heads * outWidth)
    precondition(xv.width == ldx, "headLinear: rows of \(xv.width) into \(wv.shape)")
    let y = leaf(xv.headProduct(wv))
    record { g in
      guard let dy = g.take(y) else { return }
      g.overwriteOrAdd(into: x, shape: xv.shape) { dx, beta in
        dy.withPointer { d in
          wv.withPointer { m in
            for h in 0..<heads {
              BLAS.product(
                rows, inWidth, outWidth, d + h * outWidth, ldy, m + h * outWidth * inWidth,
                inWidth, into: dx + h * inWidth, ldx, beta: beta)
            }
          }
        }
      }
      g.overwriteOrAdd(into: w, shape: wv.shape) { dw, beta in
        dy.withPointer { d in
          xv.withPointer { a in
            for h in 0..<heads {
              BLAS.product(
                outWidth, inWidth, rows, d + h * outWidth, ldy, transposed: true, a + h * inWidth,
                ldx, into: dw + h * outWidth * inWidth, inWidth, beta: beta)
            }
          }
        }
      }
    }
    return y
  }

  /// A learned part read by every sequence with its own weights: y + gain ⊙ (key Δᵀ).
  /// y [rows, out], key [rows, in], delta [sequences, out, in], gains: one per row, nil means 1.
  package mutating func fastRead(
    _ y: Variable, key: Variable, delta: Variable, gains: [Float]? = nil
  ) -> Variable {
    let (kv, dv) = (self[key], self[delta])
    let (sequences, outWidth, inWidth) = (dv.shape[0], dv.shape[1], dv.shape[2])
    let tokens = kv.rowCount / sequences
    precondition(tokens * sequences == kv.rowCount, "\(kv.rowCount) rows, \(sequences) sequences")
    var read = Tensor.uninitialized([kv.rowCount, outWidth])
    read.withMutablePointer { out in
      kv.withPointer { k in
        dv.withPointer { d in
          for s in 0..<sequences {
            BLAS.product(
              tokens, outWidth, inWidth, k + s * tokens * inWidth, inWidth,
              d + s * outWidth * inWidth, inWidth, transposed: true,
              into: out + s * tokens * outWidth, outWidth)
          }
        }
      }
    }
    read.scaleRows(by: gains)
    read.add(self[y])
    let result = leaf(read)
    record { g in
      guard let dz = g.take(result) else { return }
      g.accumulate(into: y, dz)
      var scaled = dz
      scaled.scaleRows(by: gains)
      g.overwriteOrAdd(into: key, shape: kv.shape) { dk, beta in
        scaled.withPointer { z in
          dv.withPointer { d in
            for s in 0..<sequences {
              BLAS.product(
                tokens, inWidth, outWidth, z + s * tokens * outWidth, outWidth,
                d + s * outWidth * inWidth, inWidth, into: dk + s * tokens * inWidth, inWidth,
                beta: beta)
            }
          }
        }
      }
      g.overwriteOrAdd(into: delta, shape: dv.shape) { dd, beta in
        scaled.addOuterProducts(kv, sequences: sequences, into: dd, beta: beta)
      }
    }
    return result
  }

  /// The sum a level will write: pending + Σ_t η_t g_t keyᵀ, per sequence (Eq. 71).
  /// `teachSignal` [rows, out] is a constant (first order); pending nil means zero.
  /// The cotangents flow to key and η: η̄ = g·(P̄ key), key̅ = η P̄ᵀ g.
  package mutating func outerProductSum(
    pending: Variable?, teachSignal: Tensor, rates: Variable, key: Variable, sequences: Int
  ) -> Variable {
    let (kv, ev) = (self[key], self[rates])
    let (rows, outWidth, inWidth) = (kv.rowCount, teachSignal.width, kv.width)
    let tokens = rows / sequences
    var weighted = teachSignal
    weighted.scaleRows(by: ev.elements)
    var sum = pending.map { self[$0] } ?? .zeros([sequences, outWidth, inWidth])
    sum.withMutablePointer {
      weighted.addOuterProducts(kv, sequences: sequences, into: $0, beta: 1)
    }
    let result = leaf(sum)
    record { g in
      guard let dp = g.take(result) else { return }
      if let pending { g.accumulate(into: pending, dp) }
      // rows of P̄ᵀ g: what each key's cotangent is before the rate
      var pulled = Tensor.uninitialized([rows, inWidth])
      pulled.withMutablePointer { out in
        teachSignal.withPointer { t in
          dp.withPointer { d in
            for s in 0..<sequences {
              BLAS.product(
                tokens, inWidth, outWidth, t + s * tokens * outWidth, outWidth,
                d + s * outWidth * inWidth, inWidth, into: out + s * tokens * inWidth, inWidth)
            }
          }
        }
      }
      g.accumulate(into: rates, Tensor(shape: ev.shape, elements: pulled.rowDots(kv)))
      pulled.scaleRows(by: ev.elements)
      g.accumulate(into: key, pulled)
    }
    return result
  }
}

extension Tensor {
  /// self [rows, in] times wᵀ, w [out, in].
  package func timesTransposed(_ w: Tensor, lanes: Int = 1) -> Tensor {
    var y = Tensor.uninitialized([rowCount, w.rowCount])
    if rowCount == 1 {
      y.withMutablePointer { rowProduct(w, into: $0, lanes: lanes) }
      return y
    }
    y.withMutablePointer {
      Tensor.product(
        rowCount, w.rowCount, width, self, transposed: false, w, transposed: true, into: $0,
        lanes: lanes)
    }
    return y
  }

  /// One row times wᵀ, the rows of `w` split over lanes. Every output is computed by itself, so any
  /// number of lanes gives the same bits.
  private func rowProduct(_ w: Tensor, into y: UnsafeMutablePointer<Float>, lanes: Int) {
    let (rows, width) = (w.rowCount, width)
    let parts = w.count > 50_000 ? lanes : 1
    let step = (rows / parts + 15) / 16 * 16
    withPointer { x in
      w.withPointer { long in
        (w.halves ?? []).withUnsafeBufferPointer { short in
          Lanes.run((rows + step - 1) / step, lanes: parts) { part in
            let (first, count) = (part * step, min(step, rows - part * step))
            if let short = short.baseAddress, w.halves != nil {
              Kernels.rowsDot(
                halves: short + first * width, stride: width, x, into: y + first, rows: count,
                width: width)
            } else {
              Kernels.rowsDot(
                long + first * width, stride: width, x, into: y + first, rows: count, width: width)
            }
          }
        }
      }
    }
  }

  /// Each head's own matrix: rows [heads·in] to rows [heads·out], w [heads, out, in].
  package func headProduct(_ w: Tensor) -> Tensor {
    let (heads, outWidth, inWidth) = (w.shape[0], w.shape[1], w.shape[2])
    var y = Tensor.uninitialized([rowCount, heads * outWidth])
    y.withMutablePointer { out in
      withPointer { x in
        w.withPointer { m in
          for h in 0..<heads {
            BLAS.product(
              rowCount, outWidth, inWidth, x + h * inWidth, heads * inWidth,
              m + h * outWidth * inWidth, inWidth, transposed: true, into: out + h * outWidth,
              heads * outWidth)
          }
        }
      }
    }
    return y
  }

  /// A packed product c[m, n] = op(a) op(b) + beta c, its columns split over lanes when it is large.
  static func product(
    _ m: Int, _ n: Int, _ k: Int, _ a: Tensor, transposed ta: Bool, _ b: Tensor,
    transposed tb: Bool, into c: UnsafeMutablePointer<Float>, beta: Float = 0, lanes: Int = 1
  ) {
    let (lda, ldb) = (ta ? m : k, tb ? k : n)
    a.withPointer { pa in
      b.withPointer { pb in
        guard lanes > 1, m * n * k > 500_000, n >= 32 * lanes else {
          return BLAS.product(
            m, n, k, pa, lda, transposed: ta, pb, ldb, transposed: tb, into: c, n, beta: beta)
        }
        let step = (n / lanes + 15) / 16 * 16
        Lanes.run((n + step - 1) / step, lanes: lanes) { part in
          let first = part * step
          BLAS.product(
            m, min(step, n - first), k, pa, lda, transposed: ta, tb ? pb + first * ldb : pb + first,
            ldb, transposed: tb, into: c + first, n, beta: beta)
        }
      }
    }
  }

  /// sum[s] = beta · sum[s] + Σ_t self_t ⊗ other_t over the rows of each sequence.
  func addOuterProducts(
    _ other: Tensor, sequences: Int, into sum: UnsafeMutablePointer<Float>, beta: Float
  ) {
    let (outWidth, inWidth, tokens) = (width, other.width, rowCount / sequences)
    withPointer { a in
      other.withPointer { b in
        for s in 0..<sequences {
          BLAS.product(
            outWidth, inWidth, tokens, a + s * tokens * outWidth, outWidth, transposed: true,
            b + s * tokens * inWidth, inWidth, into: sum + s * outWidth * inWidth, inWidth,
            beta: beta)
        }
      }
    }
  }

  /// Multiplies each row by its factor; nil leaves all as they are.
  package mutating func scaleRows(by factors: [Float]?) {
    guard let factors else { return }
    precondition(factors.count == rowCount, "\(factors.count) factors for \(rowCount) rows")
    let w = width
    withMutablePointer { x in
      for (r, f) in factors.enumerated() { Kernels.scale(x + r * w, by: f, w) }
    }
  }

  /// The dot product of each row with the same row of `other`.
  package func rowDots(_ other: Tensor) -> [Float] {
    withPointer { a in
      other.withPointer { b in
        (0..<rowCount).map { Kernels.dot(a + $0 * width, b + $0 * width, width) }
      }
    }
  }
}
