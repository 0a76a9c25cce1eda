import Tensors

extension DeltaChunk {
  /// `forward` with inner momentum (spec §3.4, forward only): S_t = β_t S_{t−1} − η_t u_t φ_tᵀ and
  /// X_t = X_{t−1}(α_t I − ρ η_t φ_t φ_tᵀ) + S_t.
  /// - Parameters:
  ///   - momenta: β in [0, 1), one per token.
  ///   - rateScalesSum: the other order, S_t = β_t S_{t−1} − u_t φ_tᵀ and … + η_t S_t.
  ///   - state: X_0 becomes X_C, `[outputWidth, inputWidth]`; `inputs.state` may be the same memory.
  ///   - momentum: S_0 becomes S_C, of the same shape.
  package func forwardWithMomentum(
    _ inputs: Inputs, momenta: MatrixView, state: UnsafeMutablePointer<Float>,
    momentum: UnsafeMutablePointer<Float>, rateScalesSum: Bool = false,
    reads: MutableMatrixView? = nil
  ) {
    let (n, o) = (tokenCount, outputWidth)
    var trace = DeltaChunkTrace(tokenCount: n, outputWidth: o)
    var scratch = Tensor.uninitialized([2 * n + 2 * n * n + 2 * n * o])
    trace.withParts { parts in
      parts.fillDecays(inputs.logRetentions)
      scratch.withMutablePointer { p in
        let square = p + 2 * n
        let pass = MomentumPass(
          chunk: self, inputs: inputs, parts: parts, momentum: momentum,
          rateScalesSum: rateScalesSum, lasting: p,
          fading: p + n, weights: square, shifted: square + n * n, gradients: square + 2 * n * n,
          tall: square + 2 * n * n + n * o)
        pass.run(momenta, state: state, reads: reads)
      }
    }
  }
}

private struct MomentumPass {
  let chunk: DeltaChunk
  let inputs: DeltaChunk.Inputs
  let parts: DeltaChunkTrace.Parts
  let momentum: UnsafeMutablePointer<Float>
  let rateScalesSum: Bool
  /// m_t `[C]`: how much of S_0 is in X_t.
  let lasting: UnsafeMutablePointer<Float>
  /// b_Cs `[C]`: how much of token s's gradient is in S_C.
  let fading: UnsafeMutablePointer<Float>
  /// w `[C, C]`, lower: how much of token s's gradient is in X_t; and what a read of token t sees.
  let weights: UnsafeMutablePointer<Float>, shifted: UnsafeMutablePointer<Float>
  /// η⊙U, or U where the rate scales the sum, and room `[C, O]`.
  let gradients: UnsafeMutablePointer<Float>, tall: UnsafeMutablePointer<Float>

  private var n: Int { chunk.tokenCount }
  private var o: Int { chunk.outputWidth }
  private var i: Int { chunk.inputWidth }
  private var keys: MatrixView { inputs.keys }

  func run(
    _ momenta: MatrixView, state: UnsafeMutablePointer<Float>, reads: MutableMatrixView?
  ) {
    for t in 0..<n {
      let rate = rateScalesSum ? 1 : inputs.rates.row(t).pointee
      setScaled(gradients + t * o, rate, inputs.errors.row(t), o)
    }
    let carried = fillWeights(momenta)
    solve()
    if chunk.read != .none { answer(reads) }
    fold(state, carried: carried)
  }

  /// w_ts = α_t w_{t−1,s} + b_ts with b_ts = Π_{s<r≤t} β_r, and the same for S_0.
  /// - Returns: Π β.
  private func fillWeights(_ momenta: MatrixView) -> Float {
    weights.update(repeating: 0, count: n * n)
    var (carried, last): (Float, Float) = (1, 0)
    for t in 0..<n {
      let (alpha, beta) = (parts.retentions[t], momenta.row(t).pointee)
      let rate = rateScalesSum ? inputs.rates.row(t).pointee : 1
      Kernels.scale(fading, by: beta, t)
      fading[t] = 1
      carried *= beta
      last = alpha * last + rate * carried
      lasting[t] = last
      if t > 0 { setScaled(weights + t * n, alpha, weights + (t - 1) * n, t) }
      Kernels.addScaled(rate, fading, to: weights + t * n, t + 1)
    }
    return carried
  }

  /// `shifted` row t = weights row t − 1, row 0 = 0: what token t finds.
  private func fillShifted() {
    shifted.update(repeating: 0, count: n)
    (shifted + n).update(from: weights, count: (n - 1) * n)
  }

  /// (I + ρ diag(η) T) Z = ρη⊙(g⊙ΦX₀ᵀ + m⁻⊙ΦS₀ᵀ − (w⁻⊙ΦΦᵀ)(η⊙U)); Z is ρη⊙P of the spec.
  private func solve() {
    keys.timesTransposed(chunk.stateView(inputs), n, o, i, into: parts.writes)
    keys.timesTransposed(MatrixView(momentum, stride: i), n, o, i, into: tall)
    keys.timesTransposed(keys, n, n, i, into: parts.gram)
    fillShifted()
    Kernels.multiply(shifted, parts.gram, into: shifted, n * n)
    for t in 0..<n {
      Kernels.scale(parts.writes + t * o, by: parts.decays[t], o)
      if t > 0 { Kernels.addScaled(lasting[t - 1], tall + t * o, to: parts.writes + t * o, o) }
    }
    BLAS.product(n, o, n, shifted, n, gradients, o, into: parts.writes, o, alpha: -1, beta: 1)
    Kernels.multiply(parts.ratios, parts.gram, into: parts.scratch, n * n)
    for t in 0..<n {
      let strength = chunk.erase * inputs.rates.row(t).pointee
      Kernels.scale(parts.scratch + t * n, by: strength, n)
      Kernels.scale(parts.writes + t * o, by: strength, o)
    }
    BLAS.solveUnitLower(parts.scratch, size: n, parts.writes, columns: o)
  }

  /// Y = g⊙QX₀ᵀ + m⁻⊙QS₀ᵀ − (R⊙QΦᵀ)Z − (w⁻⊙QΦᵀ)(η⊙U).
  private func answer(_ reads: MutableMatrixView?) {
    guard let queries = inputs.queries, let reads else {
      preconditionFailure("a reading chunk needs queries and room for the reads")
    }
    let isInclusive = chunk.read == .inclusive
    queries.timesTransposed(chunk.stateView(inputs), n, o, i, into: parts.answered)
    queries.timesTransposed(MatrixView(momentum, stride: i), n, o, i, into: tall)
    queries.timesTransposed(keys, n, n, i, into: parts.matches)
    for t in 0..<n {
      setScaled(reads.row(t), chunk.readDecay(parts, t), parts.answered + t * o, o)
      let share = isInclusive ? lasting[t] : t > 0 ? lasting[t - 1] : 0
      Kernels.addScaled(share, tall + t * o, to: reads.row(t), o)
    }
    chunk.fillReadWeights(parts)
    subtract(parts.scratch, parts.writes, from: reads)
    if !isInclusive { fillShifted() }
    subtract(isInclusive ? weights : shifted, gradients, from: reads)
  }

  /// reads −= (factors⊙QΦᵀ) · rows. Row C−1 of `weights` is needed later, so the product goes to `gram`.
  private func subtract(
    _ factors: UnsafeMutablePointer<Float>, _ rows: UnsafeMutablePointer<Float>,
    from reads: MutableMatrixView
  ) {
    Kernels.multiply(factors, parts.matches, into: parts.gram, n * n)
    BLAS.product(
      n, o, n, parts.gram, n, rows, o, into: reads.base, reads.stride, alpha: -1, beta: 1)
  }

  /// X_C = γX₀ + m_C S₀ − (c⊙Z)ᵀΦ − (w_C⊙η⊙U)ᵀΦ and S_C = b_C0 S₀ − (b_C⊙η⊙U)ᵀΦ.
  private func fold(_ state: UnsafeMutablePointer<Float>, carried: Float) {
    if UnsafePointer(state) != inputs.state { state.update(from: inputs.state, count: o * i) }
    Kernels.scale(state, by: parts.total, o * i)
    Kernels.addScaled(lasting[n - 1], momentum, to: state, o * i)
    for t in 0..<n {
      setScaled(tall + t * o, parts.fades[t], parts.writes + t * o, o)
      Kernels.addScaled(weights[(n - 1) * n + t], gradients + t * o, to: tall + t * o, o)
      Kernels.scale(gradients + t * o, by: fading[t], o)
    }
    write(tall, to: state, keeping: 1)
    write(gradients, to: momentum, keeping: carried)
  }

  private func write(
    _ rows: UnsafeMutablePointer<Float>, to matrix: UnsafeMutablePointer<Float>, keeping: Float
  ) {
    BLAS.product(
      o, i, n, rows, o, transposed: true, keys.base, keys.stride, into: matrix, i, alpha: -1,
      beta: keeping)
  }
}
