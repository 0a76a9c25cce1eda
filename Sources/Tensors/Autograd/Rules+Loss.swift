/// Next-token losses of some rows and what led to them.
package struct TokenLosses: Sendable {
  /// −ln p of each row's target, [rows]; 0 where the target is −1.
  package let losses: Variable
  /// softmax of the logits, [rows, vocabulary].
  package let probabilities: Tensor

  /// The most probable token of a row.
  package func mostProbable(_ row: Int) -> Int32 {
    let width = probabilities.width
    return probabilities.withPointer { p in
      var best = 0
      for i in 1..<max(width, 1) where p[row * width + i] > p[row * width + best] { best = i }
      return Int32(best)
    }
  }
}

extension Tape {
  /// Output projection, softmax and loss in one: −ln softmax(x tableᵀ)[target]. x [rows, width],
  /// table [vocabulary, width]. The logits themselves are not kept. x̄ = (p − onehot) w table.
  package mutating func tokenLosses(
    _ x: Variable, table: Variable, targets: [Int32]
  ) -> TokenLosses {
    let (xv, tv, lanes) = (self[x], self[table], lanes)
    var probabilities = xv.timesTransposed(tv, lanes: lanes)
    let (rows, vocabulary) = (probabilities.rowCount, probabilities.width)
    precondition(targets.count == rows, "\(targets.count) targets for \(rows) rows")
    var values = Tensor.uninitialized([rows])
    values.withMutablePointer { l in
      probabilities.withMutablePointer {
        Kernels.softmaxLoss($0, targets: targets, loss: l, rows: rows, width: vocabulary)
      }
    }
    let losses = leaf(values)
    let p = probabilities
    record { g in
      guard let weights = g.take(losses) else { return }
      let d = p.logitCotangent(targets: targets, weights: weights.elements)
      g.overwriteOrAdd(into: x, shape: xv.shape) {
        Tensor.product(
          rows, xv.width, vocabulary, d, transposed: false, tv, transposed: false, into: $0,
          beta: $1, lanes: lanes)
      }
      g.overwriteOrAdd(into: table, shape: tv.shape) {
        Tensor.product(
          vocabulary, xv.width, rows, d, transposed: true, xv, transposed: false, into: $0,
          beta: $1, lanes: lanes)
      }
    }
    return TokenLosses(losses: losses, probabilities: p)
  }
}

extension Tensor {
  /// (p − onehot(target)) · weight per row; rows without a target are zero.
  fileprivate func logitCotangent(targets: [Int32], weights: [Float]) -> Tensor {
    var d = self
    let width = width
    d.withMutablePointer { d in
      for (r, target) in targets.enumerated() {
        let weight = target < 0 ? 0 : weights[r]
        Kernels.scale(d + r * width, by: weight, width)
        if target >= 0 { d[r * width + Int(target)] -= weight }
      }
    }
    return d
  }
}
