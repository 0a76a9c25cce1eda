// Element-wise and row-wise operations on the tape.

extension Tape {
  package mutating func add(_ a: Variable, _ b: Variable) -> Variable {
    var z = self[a]
    z.add(self[b])
    let sum = leaf(z)
    record { g in
      guard let dz = g.take(sum) else { return }
      g.accumulate(into: b, dz)
      g.accumulate(into: a, dz)
    }
    return sum
  }

  /// a − b.
  package mutating func subtract(_ a: Variable, _ b: Variable) -> Variable {
    var z = self[a]
    z.add(self[b], scaledBy: -1)
    let difference = leaf(z)
    record { g in
      guard var dz = g.take(difference) else { return }
      g.accumulate(into: a, dz)
      dz.scale(by: -1)
      g.accumulate(into: b, dz)
    }
    return difference
  }

  /// a + factor · b, the factor a constant.
  package mutating func add(_ a: Variable, _ b: Variable, scaledBy factor: Float) -> Variable {
    var z = self[a]
    z.add(self[b], scaledBy: factor)
    let sum = leaf(z)
    record { g in
      guard var dz = g.take(sum) else { return }
      g.accumulate(into: a, dz)
      dz.scale(by: factor)
      g.accumulate(into: b, dz)
    }
    return sum
  }

  /// Multiplies each row by a constant factor of its own.
  package mutating func scaleRows(_ x: Variable, by factors: [Float]) -> Variable {
    var z = self[x]
    z.scaleRows(by: factors)
    let scaled = leaf(z)
    record { g in
      guard var dz = g.take(scaled) else { return }
      dz.scaleRows(by: factors)
      g.accumulate(into: x, dz)
    }
    return scaled
  }

  /// Multiplies the part of each sequence (the first extent) by a constant, e.g. 0 to forget.
  package mutating func scaleSequences(_ x: Variable, by factors: [Float]) -> Variable {
    let shape = self[x].shape
    let flat = [shape[0], self[x].count / shape[0]]
    var z = self[x].reshaped(flat)
    z.scaleRows(by: factors)
    let scaled = leaf(z.reshaped(shape))
    record { g in
      guard let dz = g.take(scaled) else { return }
      var d = dz.reshaped(flat)
      d.scaleRows(by: factors)
      g.accumulate(into: x, d.reshaped(shape))
    }
    return scaled
  }

  /// RMSNorm: x / √(mean x² + ε) ⊙ weight. x [rows, width] or rows of any multiple of the weight.
  package mutating func rmsNorm(_ x: Variable, _ weight: Variable) -> Variable {
    let (xv, wv) = (self[x], self[weight])
    let (normalized, inverse) = xv.rmsNormalized(wv)
    let (width, rows) = (wv.count, xv.count / wv.count)
    let y = leaf(normalized)
    record { g in
      guard let dy = g.take(y) else { return }
      var (dx, dw) = (Tensor.zeros(xv.shape), Tensor.zeros(wv.shape))
      let wantsWeight = g.wants(weight)
      dx.withMutablePointer { dx in
        dw.withMutablePointer { w in
          Kernels.rmsNormReverse(
            xv.elements, weight: wv.elements, inverse: inverse, dy.elements, into: dx,
            weight: wantsWeight ? w : nil, rows: rows, width: width)
        }
      }
      g.accumulate(into: x, dx)
      if wantsWeight { g.accumulate(into: weight, dw) }
    }
    return y
  }

  /// Rows of `width` elements scaled to unit length: x / √(|x|² + ε).
  package mutating func unitRows(_ x: Variable, width: Int) -> Variable {
    let xv = self[x]
    let rows = xv.count / width
    let (unit, inverse) = xv.unitRows(width: width)
    let y = leaf(unit)
    record { g in
      guard let dy = g.take(y) else { return }
      g.add(into: x, shape: xv.shape) { dx in
        Kernels.unitRowsReverse(
          unit.elements, inverse: inverse, dy.elements, into: dx, rows: rows, width: width)
      }
    }
    return y
  }

  /// SiLU(gate) ⊙ up, from rows [gate | up].
  package mutating func swiglu(_ x: Variable) -> Variable {
    let xv = self[x]
    let (rows, width) = (xv.rowCount, xv.width / 2)
    let z = leaf(xv.swiglu())
    record { g in
      guard let dz = g.take(z) else { return }
      g.add(into: x, shape: xv.shape) { dx in
        Kernels.swigluReverse(xv.elements, dz.elements, into: dx, rows: rows, width: width)
      }
    }
    return z
  }

  package mutating func silu(_ x: Variable) -> Variable {
    let xv = self[x]
    var out = Tensor.uninitialized(xv.shape)
    out.withMutablePointer { Kernels.silu(xv.elements, into: $0, xv.count) }
    let y = leaf(out)
    record { g in
      guard let dy = g.take(y) else { return }
      g.add(into: x, shape: xv.shape) { dx in
        Kernels.siluReverse(xv.elements, dy.elements, into: dx, xv.count)
      }
    }
    return y
  }

  /// y ⊙ SiLU(x).
  package mutating func siluGate(_ y: Variable, _ x: Variable) -> Variable {
    let (yv, xv) = (self[y], self[x])
    var out = Tensor.uninitialized(yv.shape)
    out.withMutablePointer { Kernels.siluGate(yv.elements, xv.elements, into: $0, yv.count) }
    let z = leaf(out)
    record { g in
      guard let dz = g.take(z) else { return }
      var (dy, dx) = (Tensor.zeros(yv.shape), Tensor.zeros(xv.shape))
      dy.withMutablePointer { a in
        dx.withMutablePointer { b in
          Kernels.siluGateReverse(yv.elements, xv.elements, dz.elements, into: a, b, yv.count)
        }
      }
      g.accumulate(into: y, dy)
      g.accumulate(into: x, dx)
    }
    return z
  }

  /// Causal depthwise convolution of width 4 over each sequence's tokens.
  /// x [rows, width], past [sequences, 3, width] (the inputs before x), weight [4, width].
  package mutating func convolution(
    _ x: Variable, past: Variable, weight: Variable
  ) -> Variable {
    let (xv, pv, wv) = (self[x], self[past], self[weight])
    let (sequences, width) = (pv.shape[0], xv.width)
    let tokens = xv.rowCount / sequences
    let y = leaf(xv.convolved(past: pv, weight: wv))
    record { g in
      guard let dy = g.take(y) else { return }
      var (dx, dp) = (Tensor.zeros(xv.shape), Tensor.zeros(pv.shape))
      var dw = Tensor.zeros(wv.shape)
      dx.withMutablePointer { dx in
        dp.withMutablePointer { dp in
          dw.withMutablePointer { dw in
            xv.withPointer { x in
              pv.withPointer { p in
                dy.withPointer { d in
                  for s in 0..<sequences {
                    let (row, old) = (s * tokens * width, s * 3 * width)
                    Kernels.convolutionReverse(
                      past: p + old, x + row, weight: wv.elements, d + row, past: dp + old,
                      into: dx + row, weight: dw, tokens: tokens, width: width)
                  }
                }
              }
            }
          }
        }
      }
      g.accumulate(into: x, dx)
      g.accumulate(into: past, dp)
      g.accumulate(into: weight, dw)
    }
    return y
  }

  /// The last three rows of each sequence, older ones from `past`: the next convolution's past.
  package mutating func convolutionTail(_ x: Variable, past: Variable) -> Variable {
    let (xv, pv) = (self[x], self[past])
    let (sequences, width) = (pv.shape[0], xv.width)
    let tokens = xv.rowCount / sequences
    let tail = leaf(xv.convolutionTail(past: pv))
    record { g in
      guard let dt = g.take(tail) else { return }
      var (dx, dp) = (Tensor.zeros(xv.shape), Tensor.zeros(pv.shape))
      for s in 0..<sequences {
        for j in 0..<3 {
          let t = tokens - 3 + j
          let from = (s * 3 + j) * width
          for i in 0..<width {
            if t >= 0 {
              dx.elements[(s * tokens + t) * width + i] += dt.elements[from + i]
            } else {
              dp.elements[(s * 3 + t + 3) * width + i] += dt.elements[from + i]
            }
          }
        }
      }
      g.accumulate(into: x, dx)
      g.accumulate(into: past, dp)
    }
    return tail
  }

  /// Rows of a table: [rows, width].
  package mutating func embed(_ ids: [Int32], table: Variable, scaledBy scale: Float) -> Variable {
    let tv = self[table]
    let width = tv.width
    let y = leaf(tv.gathered(ids, scaledBy: scale))
    record { g in
      guard let dy = g.take(y) else { return }
      g.add(into: table, shape: tv.shape) { dt in
        dy.withPointer { d in
          for (r, id) in ids.enumerated() {
            Kernels.addScaled(scale, d + r * width, to: dt + Int(id) * width, width)
          }
        }
      }
    }
    return y
  }
}

extension Tensor {
  package static let normEpsilon: Float = 1e-6

  package func rmsNormalized(_ weight: Tensor) -> (Tensor, inverse: [Float]) {
    let (width, rows) = (weight.count, count / weight.count)
    var y = Tensor.uninitialized(shape)
    var inverse = [Float](repeating: 0, count: rows)
    y.withMutablePointer {
      Kernels.rmsNorm(
        elements, weight: weight.elements, epsilon: Self.normEpsilon, into: $0, inverse: &inverse,
        rows: rows, width: width)
    }
    return (y, inverse)
  }

  package func unitRows(width: Int) -> (Tensor, inverse: [Float]) {
    let rows = count / width
    var y = Tensor.uninitialized(shape)
    var inverse = [Float](repeating: 0, count: rows)
    y.withMutablePointer {
      Kernels.unitRows(
        elements, epsilon: Self.normEpsilon, into: $0, inverse: &inverse, rows: rows, width: width)
    }
    return (y, inverse)
  }

  package func swiglu() -> Tensor {
    var z = Tensor.uninitialized([rowCount, width / 2])
    z.withMutablePointer { Kernels.swiglu(elements, into: $0, rows: rowCount, width: width / 2) }
    return z
  }

  package func convolved(past: Tensor, weight: Tensor) -> Tensor {
    let tokens = rowCount / past.shape[0]
    var y = Tensor.uninitialized(shape)
    y.withMutablePointer { y in
      withPointer { x in
        past.withPointer { p in
          for s in 0..<past.shape[0] {
            let row = s * tokens * width
            Kernels.convolution(
              past: p + s * 3 * width, x + row, weight: weight.elements, into: y + row,
              tokens: tokens, width: width)
          }
        }
      }
    }
    return y
  }

  package func convolutionTail(past: Tensor) -> Tensor {
    let tokens = rowCount / past.shape[0]
    var tail = Tensor.zeros(past.shape)
    for s in 0..<past.shape[0] {
      for j in 0..<3 {
        let t = tokens - 3 + j
        let from = t >= 0 ? (s * tokens + t) * width : (s * 3 + t + 3) * width
        let source = t >= 0 ? elements : past.elements
        for i in 0..<width { tail.elements[(s * 3 + j) * width + i] = source[from + i] }
      }
    }
    return tail
  }

  package func gathered(_ ids: [Int32], scaledBy scale: Float) -> Tensor {
    var y = Tensor.zeros([ids.count, width])
    y.withMutablePointer { y in
      withPointer { t in
        for (r, id) in ids.enumerated() {
          precondition(id >= 0 && Int(id) < rowCount, "token \(id) of \(rowCount)")
          Kernels.addScaled(scale, t + Int(id) * width, to: y + r * width, width)
        }
      }
    }
    return y
  }
}
