import Glibc
import Tensors

// Naive twins of the tape's operations, in Double. Rows are [sequence][token]; matrices of a sequence
// or a head lie behind one another.

extension Reference {
  /// x Wᵀ for x [rows, in], w [out, in].
  package static func linear(_ x: [Double], _ w: [Double], inWidth n: Int) -> [Double] {
    product(
      x.count / n, w.count / n, n, x, n, transposed: false, w, n, transposed: true)
  }

  /// Rows [heads·in] times each head's own matrix, w [heads, out, in].
  package static func headLinear(
    _ x: [Double], _ w: [Double], heads: Int, inWidth n: Int
  ) -> [Double] {
    let matrices = rows(w, w.count / heads)
    return rows(x, heads * n).flatMap { row in
      (0..<heads).flatMap { h in linear(Array(row[h * n..<(h + 1) * n]), matrices[h], inWidth: n) }
    }
  }

  /// x_h · w_h + b_h for rows [heads·in], w [heads, in].
  package static func headDots(
    _ x: [Double], _ w: [Double], bias: [Double]
  ) -> [Double] {
    let heads = bias.count
    return rows(x, w.count).flatMap { row in
      (0..<heads).map { h in
        dot(rows(row, w.count / heads)[h], rows(w, w.count / heads)[h]) + bias[h]
      }
    }
  }

  /// Row factors; nil leaves all as they are.
  package static func scaleRows(
    _ x: [Double], by factors: [Double]?, width: Int
  ) -> [Double] {
    guard let factors else { return x }
    return zip(rows(x, width), factors).flatMap { scale($0, by: $1) }
  }

  /// Rows times the matrix of their sequence: Δ_s x.
  package static func sequenceRead(
    _ x: [Double], _ matrices: [Double], sequences: Int, inWidth: Int
  ) -> [Double] {
    zip(parts(x, sequences), parts(matrices, sequences)).flatMap {
      linear($0, $1, inWidth: inWidth)
    }
  }

  /// y + gain ⊙ (Δ key)
  package static func fastRead(
    _ y: [Double], key: [Double], _ matrices: [Double], gains: [Double]?, sequences: Int,
    inWidth: Int
  ) -> [Double] {
    let read = sequenceRead(key, matrices, sequences: sequences, inWidth: inWidth)
    return add(y, scaleRows(read, by: gains, width: matrices.count / sequences / inWidth))
  }

  /// pending + Σ_t η_t left_t keyᵀ per sequence.
  package static func outerProductSum(
    _ pending: [Double], left: [Double], rates: [Double], key: [Double], sequences: Int,
    inWidth n: Int
  ) -> [Double] {
    let (rowCount, outWidth) = (rates.count, left.count / rates.count)
    var sum = pending
    for r in 0..<rowCount {
      let s = r / (rowCount / sequences)
      for o in 0..<outWidth {
        for i in 0..<n {
          sum[(s * outWidth + o) * n + i] += rates[r] * left[r * outWidth + o] * key[r * n + i]
        }
      }
    }
    return sum
  }

  /// The products of two stacks of matrices, [m, k] times [k, n].
  package static func sequenceProduct(
    _ a: [Double], _ b: [Double], sequences: Int, _ m: Int, _ k: Int, _ n: Int
  ) -> [Double] {
    zip(parts(a, sequences), parts(b, sequences)).flatMap {
      product(m, n, k, $0, k, transposed: false, $1, n, transposed: false)
    }
  }

  /// x + X x per sequence and head.
  package static func gainRead(
    _ x: [Double], _ state: [Double], sequences: Int, heads: Int, width: Int
  ) -> [Double] {
    let read = zip(parts(x, sequences), parts(state, sequences)).flatMap {
      headLinear($0, $1, heads: heads, inWidth: width)
    }
    return add(x, read)
  }

  /// X_t = α X_{t−1} − η (X_{t−1} k + u) kᵀ and y_t = X_{t−1} q_t, one token after the other.
  package static func deltaChunk(
    _ inputs: [[Double]], sequences: Int, heads: Int, width w: Int
  ) -> (reads: [Double], state: [Double]) {
    var (state, reads) = (inputs[0], [Double](zeros: inputs[1].count))
    let tokens = inputs[1].count / (sequences * heads * w)
    for s in 0..<sequences {
      for h in 0..<heads {
        let matrix = (s * heads + h) * w * w..<(s * heads + h + 1) * w * w
        var x = Array(state[matrix])
        for t in s * tokens..<(s + 1) * tokens {
          let at = (t * heads + h) * w..<(t * heads + h + 1) * w
          let (k, u, q) = (Array(inputs[1][at]), Array(inputs[2][at]), Array(inputs[5][at]))
          reads.replaceSubrange(at, with: linear(q, x, inWidth: w))
          let error = add(linear(k, x, inWidth: w), u)
          x = decayRankOne(
            x, decay: exp(inputs[4][t * heads + h]), -inputs[3][t * heads + h], error, k)
        }
        state.replaceSubrange(matrix, with: x)
      }
    }
    return (reads, state)
  }

  /// Pairs (x_{2i}, x_{2i+1}) of every head turned by position · 10000^{−2i/width}.
  package static func rotate(
    _ x: [Double], width: Int, rowWidth: Int, sequences: Int, firstPosition: Int
  ) -> [Double] {
    var y = x
    let tokens = x.count / rowWidth / sequences
    for pair in 0..<x.count / 2 {
      let position = Double(firstPosition + 2 * pair / rowWidth % tokens)
      let angle = position * pow(10000, -Double(2 * pair % width) / Double(width))
      let (a, b) = (x[2 * pair], x[2 * pair + 1])
      y[2 * pair] = a * cos(angle) - b * sin(angle)
      y[2 * pair + 1] = a * sin(angle) + b * cos(angle)
    }
    return y
  }

  /// Softmax attention; the queries' own keys are the last. What lies before a row's own token counts
  /// `gains` times, what is hidden not at all.
  package static func attend(
    _ q: [Double], _ keys: [Double], _ values: [Double], heads: Int, width: Int, sequences: Int,
    gains: [Double]? = nil, hidden: [Bool]? = nil
  ) -> [Double] {
    let (all, d) = (keys.count / sequences / (heads * width), heads * width)
    let tokens = q.count / sequences / d
    var y = [Double](zeros: q.count)
    for r in 0..<sequences * tokens {
      let (s, own) = (r / tokens, all - tokens + r % tokens)
      for h in 0..<heads {
        let query = Array(q[r * d + h * width..<r * d + (h + 1) * width])
        var (weights, total) = ([Double](zeros: own + 1), 0.0)
        for j in 0...own where j == own || hidden?[s * all + j] != true {
          let at = (s * all + j) * d + h * width
          let score = dot(query, Array(keys[at..<at + width])) / Double(width).squareRoot()
          weights[j] = exp(score) * (j == own ? 1 : gains?[r] ?? 1)
          total += weights[j]
        }
        for j in 0...own {
          for i in 0..<width {
            y[r * d + h * width + i] +=
              weights[j] / total * values[(s * all + j) * d + h * width + i]
          }
        }
      }
    }
    return y
  }

  /// Equal shares of a list.
  package static func parts(_ x: [Double], _ count: Int) -> [[Double]] { rows(x, x.count / count) }
}
