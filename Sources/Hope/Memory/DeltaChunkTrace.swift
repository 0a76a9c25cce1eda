import Tensors

/// The intermediates of one `DeltaChunk` call that its reverse pass reads again.
package struct DeltaChunkTrace: Sendable {
  private let tokenCount: Int, outputWidth: Int
  private var storage: Tensor

  init(tokenCount n: Int, outputWidth o: Int) {
    tokenCount = n
    outputWidth = o
    storage = .uninitialized([3 * n + 4 * n * n + 4 * n * o])
  }

  /// Addresses into the storage; C is the token count, O the output width.
  struct Parts {
    let tokenCount: Int
    /// α `[C]`.
    let retentions: UnsafeMutablePointer<Float>
    /// g_t = Π_{s<t} α_s `[C]`: what token t finds left of X_0.
    let decays: UnsafeMutablePointer<Float>
    /// c_s = Π_{t>s} α_t `[C]`: what the chunk's end keeps of token s.
    let fades: UnsafeMutablePointer<Float>
    /// R `[C, C]`, strictly lower: what token t finds left of token s.
    let ratios: UnsafeMutablePointer<Float>
    /// ΦΦᵀ and QΦᵀ `[C, C]`.
    let gram: UnsafeMutablePointer<Float>, matches: UnsafeMutablePointer<Float>
    /// A square for intermediate steps `[C, C]`.
    let scratch: UnsafeMutablePointer<Float>
    /// A = ΦX₀ᵀ, Z and QX₀ᵀ `[C, O]`.
    let recalled: UnsafeMutablePointer<Float>, writes: UnsafeMutablePointer<Float>
    let answered: UnsafeMutablePointer<Float>
    /// c⊙Z `[C, O]`.
    let faded: UnsafeMutablePointer<Float>

    /// γ = Π α.
    var total: Float { decays[tokenCount - 1] * retentions[tokenCount - 1] }
  }

  mutating func withParts<R>(_ body: (Parts) -> R) -> R {
    let (n, o) = (tokenCount, outputWidth)
    return storage.withMutablePointer { p in
      let square = p + 3 * n
      let tall = square + 4 * n * n
      return body(
        Parts(
          tokenCount: n, retentions: p, decays: p + n, fades: p + 2 * n, ratios: square,
          gram: square + n * n, matches: square + 2 * n * n, scratch: square + 3 * n * n,
          recalled: tall, writes: tall + n * o, answered: tall + 2 * n * o, faded: tall + 3 * n * o)
      )
    }
  }
}

extension DeltaChunkTrace.Parts {
  /// Products of retentions. Ratios are multiplied up token by token: dividing running products
  /// would overflow where retention is small.
  func fillDecays(_ logRetentions: MatrixView) {
    let n = tokenCount
    for t in 0..<n { retentions[t] = logRetentions.row(t).pointee }
    Kernels.exponential(retentions, into: retentions, n)
    decays[0] = 1
    fades[n - 1] = 1
    for t in 1..<max(n, 1) { decays[t] = decays[t - 1] * retentions[t - 1] }
    for t in stride(from: n - 2, through: 0, by: -1) { fades[t] = fades[t + 1] * retentions[t + 1] }
    ratios.update(repeating: 0, count: n * n)
    for t in 1..<max(n, 1) {
      setScaled(ratios + t * n, retentions[t - 1], ratios + (t - 1) * n, t - 1)
      ratios[t * n + t - 1] = 1
    }
  }
}
