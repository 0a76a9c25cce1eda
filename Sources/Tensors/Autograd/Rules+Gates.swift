// Small scalar gates on the tape: per row, or per row and head.
import Glibc

extension Tape {
  /// A scalar per head: x_h · w_h + b_h. x [rows, heads·in], w [heads, in], b [heads] → [rows, heads].
  package mutating func headDots(_ x: Variable, _ w: Variable, bias b: Variable) -> Variable {
    let (xv, wv, bv) = (self[x], self[w], self[b])
    let (heads, inWidth) = (wv.shape[0], wv.shape[1])
    let rows = xv.rowCount
    let y = leaf(xv.headDots(wv, bias: bv))
    record { g in
      guard let dy = g.take(y) else { return }
      var db = Tensor.zeros([heads])
      for r in 0..<rows { for h in 0..<heads { db.elements[h] += dy[r, h] } }
      g.accumulate(into: b, db)
      g.add(into: w, shape: wv.shape) { dw in
        xv.withPointer { x in
          for i in 0..<rows * heads {
            Kernels.addScaled(
              dy.elements[i], x + i * inWidth, to: dw + (i % heads) * inWidth, inWidth)
          }
        }
      }
      g.add(into: x, shape: xv.shape) { dx in
        wv.withPointer { w in
          for i in 0..<rows * heads {
            Kernels.addScaled(
              dy.elements[i], w + (i % heads) * inWidth, to: dx + i * inWidth, inWidth)
          }
        }
      }
    }
    return y
  }

  package mutating func sigmoid(_ x: Variable) -> Variable {
    let out = self[x].mapped { 1 / (1 + exp(-$0)) }
    let y = leaf(out)
    record { g in
      guard var d = g.take(y) else { return }
      for i in d.elements.indices { d.elements[i] *= out.elements[i] * (1 - out.elements[i]) }
      g.accumulate(into: x, d)
    }
    return y
  }

  /// ln σ(x), the logarithm of a retention.
  package mutating func logSigmoid(_ x: Variable) -> Variable {
    let xv = self[x]
    let y = leaf(xv.mapped { min($0, 0) - log1p(exp(-abs($0))) })
    record { g in
      guard var d = g.take(y) else { return }
      for i in d.elements.indices { d.elements[i] /= 1 + exp(xv.elements[i]) }
      g.accumulate(into: x, d)
    }
    return y
  }

  /// The step size of every token of a level: η = exp(logRate) · σ(x·w + b).
  /// x [rows, width], w [width], b [1], logRate [1] → [rows].
  package mutating func writeRates(
    _ x: Variable, weight w: Variable, bias b: Variable, logRate: Variable
  ) -> Variable {
    let (xv, wv) = (self[x], self[w])
    let (rows, width) = (xv.rowCount, xv.width)
    let rate = exp(self[logRate].elements[0])
    let bias = self[b].elements[0]
    let gates = xv.withPointer { x in
      wv.withPointer { w in
        (0..<rows).map { 1 / (1 + exp(-(Kernels.dot(x + $0 * width, w, width) + bias))) }
      }
    }
    let rates = Tensor(shape: [rows], elements: gates.map { rate * $0 })
    let y = leaf(rates)
    record { g in
      guard let dy = g.take(y) else { return }
      let slopes = (0..<rows).map { dy.elements[$0] * rates.elements[$0] }
      let logits = (0..<rows).map { slopes[$0] * (1 - gates[$0]) }
      g.accumulate(into: logRate, Tensor(shape: [1], elements: [slopes.reduce(0, +)]))
      g.accumulate(into: b, Tensor(shape: [1], elements: [logits.reduce(0, +)]))
      g.add(into: w, shape: wv.shape) { dw in
        xv.withPointer { x in
          for r in 0..<rows { Kernels.addScaled(logits[r], x + r * width, to: dw, width) }
        }
      }
      g.add(into: x, shape: xv.shape) { dx in
        wv.withPointer { w in
          for r in 0..<rows { Kernels.addScaled(logits[r], w, to: dx + r * width, width) }
        }
      }
    }
    return y
  }

  /// factors[element] · x: a learned scalar times a tensor.
  package mutating func scale(_ x: Variable, by factors: Variable, element: Int) -> Variable {
    let (xv, fv) = (self[x], self[factors])
    let factor = fv.elements[element]
    var z = xv
    z.scale(by: factor)
    let y = leaf(z)
    record { g in
      guard var dy = g.take(y) else { return }
      let slope = withPointers([dy, xv]) { Kernels.dot($0[0], $0[1], xv.count) }
      g.add(into: factors, shape: fv.shape) { $0[element] += slope }
      dy.scale(by: factor)
      g.accumulate(into: x, dy)
    }
    return y
  }

  /// One write of a level, per sequence: λᵉ Δ − P, or Δ unchanged where `writes` is false.
  /// Δ and P [sequences, out, in], λ [1], e a constant; Δ nil: zero.
  package mutating func retain(
    _ learned: Variable?, minus written: Variable, retention: Variable, exponent: Float = 1,
    writes: [Bool]
  ) -> Variable {
    let (pv, base) = (self[written], self[retention].elements[0])
    let lambda = exponent == 1 ? base : pow(base, exponent)
    let slope = exponent == 1 ? 1 : exponent * pow(base, exponent - 1)
    let flat = [writes.count, pv.count / writes.count]
    let kept = writes.map { $0 ? lambda : 1 }
    let before = learned.map { self[$0].reshaped(flat) }
    var z = before ?? .zeros(flat)
    z.scaleRows(by: kept)
    z.withMutablePointer { z in
      pv.withPointer { p in
        // not by multiplying with 0: a refused P may hold infinities
        for s in writes.indices where writes[s] {
          Kernels.addScaled(-1, p + s * flat[1], to: z + s * flat[1], flat[1])
        }
      }
    }
    let after = leaf(z.reshaped(pv.shape))
    record { g in
      guard let dz = g.take(after)?.reshaped(flat) else { return }
      var dp = dz
      dp.scaleRows(by: writes.map { $0 ? -1 : 0 })
      g.accumulate(into: written, dp.reshaped(pv.shape))
      guard let learned, let before else { return }
      let slopes = zip(dz.rowDots(before), writes).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
      g.accumulate(into: retention, Tensor(shape: [1], elements: [slope * slopes]))
      var dl = dz
      dl.scaleRows(by: kept)
      g.accumulate(into: learned, dl.reshaped(pv.shape))
    }
    return after
  }
}

extension Tensor {
  package func headDots(_ w: Tensor, bias: Tensor) -> Tensor {
    let (heads, inWidth) = (w.shape[0], w.shape[1])
    var y = Tensor.uninitialized([rowCount, heads])
    withPointer { x in
      w.withPointer { w in
        for i in 0..<y.count {
          let head = i % heads
          y.elements[i] =
            Kernels.dot(x + i * inWidth, w + head * inWidth, inWidth) + bias.elements[head]
        }
      }
    }
    return y
  }

  package func mapped(_ f: (Float) -> Float) -> Tensor {
    Tensor(shape: shape, elements: elements.map(f))
  }
}
