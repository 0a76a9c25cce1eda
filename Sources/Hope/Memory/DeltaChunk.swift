import Tensors

/// One chunk of the erase-and-write recurrence on one matrix, as products and one triangular solve
/// instead of a loop over tokens (spec §3.4):
///
///     X_t = X_{t−1}(α_t I − ρ η_t φ_t φ_tᵀ) − η_t u_t φ_tᵀ        y_t = X_{t−1} q_t
///
/// `erase` is ρ. `Read.inclusive` reads X_t instead, so that a token sees its own write.
package struct DeltaChunk: Sendable, Equatable {
  package enum Read: Sendable { case none, strict, inclusive }

  package let tokenCount: Int
  /// Rows and columns of X.
  package let outputWidth: Int, inputWidth: Int
  package let erase: Float
  package let read: Read

  package init(
    tokenCount: Int, outputWidth: Int, inputWidth: Int, erase: Float = 1, read: Read = .strict
  ) {
    precondition(tokenCount > 0, "a chunk of \(tokenCount) tokens")
    self.tokenCount = tokenCount
    self.outputWidth = outputWidth
    self.inputWidth = inputWidth
    self.erase = erase
    self.read = read
  }

  /// What a call reads. All memory is the caller's.
  package struct Inputs {
    /// X_0, `[outputWidth, inputWidth]` without gaps.
    package var state: UnsafePointer<Float>
    /// Φ `[tokens, inputWidth]`.
    package var keys: MatrixView
    /// U `[tokens, outputWidth]`: the gradient's output side; −v for a plain delta rule.
    package var errors: MatrixView
    /// η ≥ 0, one per token.
    package var rates: MatrixView
    /// ln α ≤ 0, one per token.
    package var logRetentions: MatrixView
    /// Q `[tokens, inputWidth]`; needed unless `read` is `.none`.
    package var queries: MatrixView?

    package init(
      state: UnsafePointer<Float>, keys: MatrixView, errors: MatrixView, rates: MatrixView,
      logRetentions: MatrixView, queries: MatrixView? = nil
    ) {
      self.state = state
      self.keys = keys
      self.errors = errors
      self.rates = rates
      self.logRetentions = logRetentions
      self.queries = queries
    }
  }
}

extension DeltaChunk {
  /// Writes X_C into `state`, which may be the memory of X_0, and the reads into `reads`
  /// `[tokens, outputWidth]`.
  /// - Returns: what `reverse` needs besides the inputs.
  @discardableResult
  package func forward(
    _ inputs: Inputs, state: UnsafeMutablePointer<Float>, reads: MutableMatrixView? = nil
  ) -> DeltaChunkTrace {
    var trace = DeltaChunkTrace(tokenCount: tokenCount, outputWidth: outputWidth)
    trace.withParts { parts in
      parts.fillDecays(inputs.logRetentions)
      solve(inputs, parts)
      if read != .none { answer(inputs, parts, reads) }
      fold(inputs, parts, into: state)
    }
    return trace
  }

  /// Z = (I + ρ diag(η) T)⁻¹ η⊙(ρ g⊙A + U), with T = R⊙ΦΦᵀ and A = ΦX₀ᵀ.
  private func solve(_ inputs: Inputs, _ parts: DeltaChunkTrace.Parts) {
    let (o, n, keys) = (outputWidth, tokenCount, inputs.keys)
    for t in 0..<n {
      setScaled(parts.writes + t * o, inputs.rates.row(t).pointee, inputs.errors.row(t), o)
    }
    guard erase != 0 else { return }
    keys.timesTransposed(stateView(inputs), n, o, inputWidth, into: parts.recalled)
    keys.timesTransposed(keys, n, n, inputWidth, into: parts.gram)
    Kernels.multiply(parts.ratios, parts.gram, into: parts.scratch, n * n)
    for t in 0..<n {
      let strength = erase * inputs.rates.row(t).pointee
      Kernels.scale(parts.scratch + t * n, by: strength, n)
      Kernels.addScaled(
        strength * parts.decays[t], parts.recalled + t * o, to: parts.writes + t * o, o)
    }
    BLAS.solveUnitLower(parts.scratch, size: n, parts.writes, columns: o)
  }

  /// Y = g⊙QX₀ᵀ − (R⊙QΦᵀ)Z; the inclusive read takes every factor one token later.
  private func answer(
    _ inputs: Inputs, _ parts: DeltaChunkTrace.Parts, _ reads: MutableMatrixView?
  ) {
    guard let queries = inputs.queries, let reads else {
      preconditionFailure("a reading chunk needs queries and room for the reads")
    }
    let (o, n, keys) = (outputWidth, tokenCount, inputs.keys)
    queries.timesTransposed(stateView(inputs), n, o, inputWidth, into: parts.answered)
    queries.timesTransposed(keys, n, n, inputWidth, into: parts.matches)
    fillReadWeights(parts)
    Kernels.multiply(parts.scratch, parts.matches, into: parts.scratch, n * n)
    for t in 0..<n { setScaled(reads.row(t), readDecay(parts, t), parts.answered + t * o, o) }
    BLAS.product(
      n, o, n, parts.scratch, n, parts.writes, o, into: reads.base, reads.stride, alpha: -1, beta: 1
    )
  }

  /// X_C = γX₀ − (c⊙Z)ᵀΦ.
  private func fold(
    _ inputs: Inputs, _ parts: DeltaChunkTrace.Parts, into state: UnsafeMutablePointer<Float>
  ) {
    let (o, n) = (outputWidth, tokenCount)
    if UnsafePointer(state) != inputs.state {
      state.update(from: inputs.state, count: o * inputWidth)
    }
    for t in 0..<n { setScaled(parts.faded + t * o, parts.fades[t], parts.writes + t * o, o) }
    BLAS.product(
      o, inputWidth, n, parts.faded, o, transposed: true, inputs.keys.base, inputs.keys.stride,
      into: state, inputWidth, alpha: -1, beta: parts.total)
  }

  func stateView(_ inputs: Inputs) -> MatrixView { MatrixView(inputs.state, stride: inputWidth) }

  /// What is left of X_0 when token t reads.
  func readDecay(_ parts: DeltaChunkTrace.Parts, _ t: Int) -> Float {
    read == .inclusive ? parts.decays[t] * parts.retentions[t] : parts.decays[t]
  }

  /// R, or for inclusive reads R⁺ = α⊙R + I, into the scratch square.
  func fillReadWeights(_ parts: DeltaChunkTrace.Parts) {
    let n = tokenCount
    parts.scratch.update(from: parts.ratios, count: n * n)
    guard read == .inclusive else { return }
    for t in 0..<n {
      Kernels.scale(parts.scratch + t * n, by: parts.retentions[t], t)
      parts.scratch[t * n + t] = 1
    }
  }
}
