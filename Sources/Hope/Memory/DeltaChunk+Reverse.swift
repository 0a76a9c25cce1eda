import Tensors

extension DeltaChunk {
  /// Where `reverse` adds its results; every buffer must already hold numbers.
  package struct Cotangents {
    /// Of X_0, `[outputWidth, inputWidth]` without gaps.
    package var state: UnsafeMutablePointer<Float>
    package var keys: MutableMatrixView
    package var errors: MutableMatrixView
    package var rates: MutableMatrixView
    package var logRetentions: MutableMatrixView
    package var queries: MutableMatrixView?

    package init(
      state: UnsafeMutablePointer<Float>, keys: MutableMatrixView, errors: MutableMatrixView,
      rates: MutableMatrixView, logRetentions: MutableMatrixView, queries: MutableMatrixView? = nil
    ) {
      self.state = state
      self.keys = keys
      self.errors = errors
      self.rates = rates
      self.logRetentions = logRetentions
      self.queries = queries
    }
  }

  /// The reverse pass of `forward` (spec §3.6), from the cotangents of X_C and of the reads; nil
  /// stands for zeros. `inputs` and `trace` are those of the forward call.
  package func reverse(
    _ inputs: Inputs, _ trace: inout DeltaChunkTrace, state: UnsafePointer<Float>?,
    reads: MatrixView?, into cotangents: Cotangents
  ) {
    let (n, o) = (tokenCount, outputWidth)
    var scratch = Tensor.uninitialized([n * (1 + 2 * o + 2 * n + inputWidth)])
    trace.withParts { parts in
      scratch.withMutablePointer { p in
        p.update(repeating: 0, count: n + n * o)
        let tall = p + n + n * o
        let pass = DeltaChunkReverse(
          chunk: self, inputs: inputs, parts: parts, out: cotangents, logB: p, writesB: p + n,
          tall: tall, square: tall + n * o, gram: tall + n * (o + n), wide: tall + n * (o + 2 * n))
        pass.run(state: state, reads: reads)
      }
    }
  }
}

/// One reverse pass under way. Letters as in the spec; a trailing B is a bar.
private struct DeltaChunkReverse {
  let chunk: DeltaChunk
  let inputs: DeltaChunk.Inputs
  let parts: DeltaChunkTrace.Parts
  let out: DeltaChunk.Cotangents
  /// Cotangent of l_t = Σ_{s≤t} ln α_s `[C]`.
  let logB: UnsafeMutablePointer<Float>
  /// Cotangent of Z, then of the solve's right side F `[C, O]`.
  let writesB: UnsafeMutablePointer<Float>
  /// Room for `[C, O]`, twice `[C, C]`, and `[C, I]`.
  let tall: UnsafeMutablePointer<Float>
  let square: UnsafeMutablePointer<Float>, gram: UnsafeMutablePointer<Float>
  let wide: UnsafeMutablePointer<Float>

  private var n: Int { chunk.tokenCount }
  private var o: Int { chunk.outputWidth }
  private var i: Int { chunk.inputWidth }

  func run(state: UnsafePointer<Float>?, reads: MatrixView?) {
    if let state { unfold(state) }
    if chunk.read != .none, let reads { unanswer(reads) }
    unsolve()
    spreadLogs()
  }

  /// X_C = γX₀ − (c⊙Z)ᵀΦ.
  private func unfold(_ stateB: UnsafePointer<Float>) {
    let total = parts.total
    Kernels.addScaled(total, stateB, to: out.state, o * i)
    logB[n - 1] += total * Kernels.dot(inputs.state, stateB, o * i)
    inputs.keys.timesTransposed(MatrixView(stateB, stride: i), n, o, i, into: writesB)
    BLAS.product(n, i, o, parts.writes, o, stateB, i, into: wide, i)
    for t in 0..<n {
      let c = parts.fades[t]
      Kernels.scale(writesB + t * o, by: -c, o)
      Kernels.addScaled(-c, wide + t * i, to: out.keys.row(t), i)
      let faded = -c * Kernels.dot(wide + t * i, inputs.keys.row(t), i)  // c̄_t c_t
      logB[t] -= faded
      logB[n - 1] += faded
    }
  }

  /// Y = g⊙QX₀ᵀ − (R⊙QΦᵀ)Z.
  private func unanswer(_ readsB: MatrixView) {
    guard let queries = inputs.queries, let queriesB = out.queries else {
      preconditionFailure("a reading chunk needs queries and room for their cotangent")
    }
    for t in 0..<n {
      let decay = chunk.readDecay(parts, t)
      setScaled(tall + t * o, decay, readsB.row(t), o)
      noteRead(t, decay * Kernels.dot(readsB.row(t), parts.answered + t * o, o))
    }
    add(tall, inputs.state, to: queriesB)
    addOuter(tall, queries)
    unmix(readsB)  // leaves the cotangent of QΦᵀ in the scratch square
    let (keys, matchesB) = (inputs.keys, parts.scratch)
    BLAS.product(
      n, i, n, matchesB, n, keys.base, keys.stride, into: queriesB.base, queriesB.stride, beta: 1)
    BLAS.product(
      n, i, n, matchesB, n, transposed: true, queries.base, queries.stride, into: out.keys.base,
      out.keys.stride, beta: 1)
  }

  /// The product (R⊙QΦᵀ)Z: cotangents of Z, of the ratios and of QΦᵀ.
  private func unmix(_ readsB: MatrixView) {
    chunk.fillReadWeights(parts)
    Kernels.multiply(parts.scratch, parts.matches, into: gram, n * n)
    BLAS.product(
      n, o, n, gram, n, transposed: true, readsB.base, readsB.stride, into: writesB, o, alpha: -1,
      beta: 1)
    BLAS.product(
      n, n, o, readsB.base, readsB.stride, transposed: false, parts.writes, o, transposed: true,
      into: square, n, alpha: -1)
    Kernels.multiply(parts.scratch, square, into: parts.scratch, n * n)
    Kernels.multiply(gram, square, into: gram, n * n)
    for t in 0..<n {
      noteRead(t, Kernels.sum(gram + t * n, n))
      Kernels.addScaled(-1, gram + t * n, to: logB, n)
    }
  }

  /// A term of ∂/∂(log of what token t reads of the past).
  private func noteRead(_ t: Int, _ value: Float) {
    if chunk.read == .inclusive { logB[t] += value } else if t > 0 { logB[t - 1] += value }
  }

  /// Z = (I + ρ diag(η) T)⁻¹ η⊙(ρ g⊙A + U).
  private func unsolve() {
    if chunk.erase != 0 { unerase() }
    for t in 0..<n {
      let row = writesB + t * o
      out.rates.row(t).pointee += Kernels.dot(row, inputs.errors.row(t), o)
      Kernels.addScaled(inputs.rates.row(t).pointee, row, to: out.errors.row(t), o)
    }
  }

  /// The parts of `unsolve` that come from the erase term.
  private func unerase() {
    Kernels.multiply(parts.ratios, parts.gram, into: gram, n * n)  // T
    parts.scratch.update(from: gram, count: n * n)
    for t in 0..<n { Kernels.scale(parts.scratch + t * n, by: strength(t), n) }
    BLAS.solveUnitLower(parts.scratch, size: n, writesB, columns: o, transposed: true)
    for t in 0..<n { unrecall(t) }
    add(tall, inputs.state, to: out.keys)
    addOuter(tall, inputs.keys)
    ungram()
  }

  /// The term ρ g_t η_t A_t, A = ΦX₀ᵀ; leaves Ā in `tall`.
  private func unrecall(_ t: Int) {
    let (row, g) = (writesB + t * o, parts.decays[t])
    setScaled(tall + t * o, g * strength(t), row, o)
    let overlap = g * Kernels.dot(row, parts.recalled + t * o, o)
    out.rates.row(t).pointee += chunk.erase * overlap
    if t > 0 { logB[t - 1] += strength(t) * overlap }
  }

  /// The term ρ η_t T, T = R⊙ΦΦᵀ.
  private func ungram() {
    BLAS.product(
      n, n, o, writesB, o, transposed: false, parts.writes, o, transposed: true, into: square, n,
      alpha: -1)
    Kernels.multiply(square, parts.ratios, into: parts.scratch, n * n)
    Kernels.multiply(square, gram, into: square, n * n)
    for t in 0..<n {
      let overlap = Kernels.sum(square + t * n, n)
      out.rates.row(t).pointee += chunk.erase * overlap
      if t > 0 { logB[t - 1] += strength(t) * overlap }
      Kernels.addScaled(-strength(t), square + t * n, to: logB, n)
      Kernels.scale(parts.scratch + t * n, by: strength(t), n)
      for s in 0..<t { parts.scratch[s * n + t] = parts.scratch[t * n + s] }  // N̄ + N̄ᵀ
    }
    BLAS.product(
      n, i, n, parts.scratch, n, inputs.keys.base, inputs.keys.stride, into: out.keys.base,
      out.keys.stride, beta: 1)
  }

  /// l_t sums ln α up to t, so ln α_r collects every l from r on.
  private func spreadLogs() {
    var sum: Float = 0
    for t in stride(from: n - 1, through: 0, by: -1) {
      sum += logB[t]
      out.logRetentions.row(t).pointee += sum
    }
  }

  private func strength(_ t: Int) -> Float { chunk.erase * inputs.rates.row(t).pointee }

  /// target += a · X₀.
  private func add(
    _ a: UnsafeMutablePointer<Float>, _ state: UnsafePointer<Float>, to target: MutableMatrixView
  ) {
    BLAS.product(n, i, o, a, o, state, i, into: target.base, target.stride, beta: 1)
  }

  /// X̄₀ += aᵀ · rows.
  private func addOuter(_ a: UnsafeMutablePointer<Float>, _ rows: MatrixView) {
    BLAS.product(
      o, i, n, a, o, transposed: true, rows.base, rows.stride, into: out.state, i, beta: 1)
  }
}
