import Tensors

/// The step rule of one layer (spec §3.7), with layer inputs x and errors u:
///
///     η' = η/(1 + η‖x‖²)
///     η″ = cap·(1 − exp(−η'/cap)),   cap = μ(1 − α)‖W₀‖/(‖u‖‖x‖ + 10⁻⁶)
///     η_l = min(η″, 2α/‖x‖²)
///
/// so that ‖αI − η_l x xᵀ‖ ≤ α and every write fits into what the retention frees.
struct BoundedSteps {
  /// x `[tokens, inputWidth]`, u `[tokens, outputWidth]`.
  let keys: Tensor, errors: Tensor
  /// η and ln α, one per token.
  let rates: Tensor, logRetentions: Tensor
  /// μ‖W₀‖; nil: no cap.
  let writeLimit: Float?

  struct Cotangents {
    var keys: Tensor, errors: Tensor, rates: Tensor, logRetentions: Tensor
  }

  func forward() -> Tensor {
    let terms = terms()
    return Tensor(shape: [terms.count], elements: terms.map { min($0.capped, $0.clamp) })
  }

  /// Cotangents of x, u, η and ln α from that of η_l; ‖W₀‖ counts as a constant.
  func reverse(_ stepsB: Tensor) -> Cotangents {
    var result = Cotangents(
      keys: .zeros(keys.shape), errors: .zeros(errors.shape), rates: .zeros(rates.shape),
      logRetentions: .zeros(rates.shape))
    for (t, term) in terms().enumerated() {
      let bars = term.reverse(stepsB.elements[t], rates.elements[t], writeLimit)
      result.rates.elements[t] = bars.rate
      result.logRetentions.elements[t] = term.retention * bars.retention
      result.keys.setRow(t, keys, scaledBy: 2 * bars.keySquare)
      result.errors.setRow(t, errors, scaledBy: 2 * bars.errorSquare)
    }
    return result
  }

  /// The numbers of one token.
  fileprivate struct Term {
    var retention: Float
    var keySquare: Float, errorSquare: Float
    /// η'.
    var normalized: Float
    /// cap, η'/cap and exp(−η'/cap).
    var cap: Float = .infinity, ratio: Float = 0, unused: Float = 1
    /// η″.
    var capped: Float

    var product: Float { (keySquare * errorSquare).squareRoot() }
    var clamp: Float { keySquare > 0 ? 2 * retention / keySquare : .infinity }
  }

  private func terms() -> [Term] {
    let retentions = logRetentions.mapped { Kernels.exponential($0, into: $1, $2) }
    var terms = rates.elements.indices.map { t in
      let x = keys.squaredRowNorm(t)
      let eta = rates.elements[t]
      let normalized = eta / (1 + eta * x)
      return Term(
        retention: retentions.elements[t], keySquare: x, errorSquare: errors.squaredRowNorm(t),
        normalized: normalized, capped: normalized)
    }
    if let writeLimit { applyCap(writeLimit, to: &terms) }
    return terms
  }

  private func applyCap(_ limit: Float, to terms: inout [Term]) {
    for t in terms.indices {
      let forgotten = complement(-logRetentions.elements[t], terms[t].retention)
      terms[t].cap = max(1e-30, limit * forgotten / (terms[t].product + 1e-6))
      terms[t].ratio = terms[t].normalized / terms[t].cap
    }
    let ratios = Tensor(shape: [terms.count], elements: terms.map { -$0.ratio })
    let unused = ratios.mapped { Kernels.exponential($0, into: $1, $2) }
    for t in terms.indices {
      terms[t].unused = unused.elements[t]
      terms[t].capped = terms[t].cap * complement(terms[t].ratio, unused.elements[t])
    }
  }
}

extension BoundedSteps.Term {
  fileprivate typealias Bars = (
    rate: Float, retention: Float, keySquare: Float, errorSquare: Float
  )

  /// Cotangents of η, α, ‖x‖² and ‖u‖².
  fileprivate func reverse(_ stepB: Float, _ rate: Float, _ writeLimit: Float?) -> Bars {
    if clamp < capped {
      return (0, stepB * 2 / keySquare, -stepB * 2 * retention / (keySquare * keySquare), 0)
    }
    var bars: Bars = (0, 0, 0, 0)
    if let writeLimit { reverseCap(stepB, writeLimit, &bars) }
    let slope = stepB * unused / ((1 + rate * keySquare) * (1 + rate * keySquare))
    bars.rate += slope
    bars.keySquare -= slope * rate * rate
    return bars
  }

  private func reverseCap(_ stepB: Float, _ limit: Float, _ bars: inout Bars) {
    let capB = stepB * (complement(ratio, unused) - ratio * unused)
    bars.retention -= capB * limit / (product + 1e-6)
    guard product > 0 else { return }
    let productB = -capB * cap / (product + 1e-6)
    bars.keySquare += productB * errorSquare / (2 * product)
    bars.errorSquare += productB * keySquare / (2 * product)
  }
}

/// 1 − e^(−x) for x ≥ 0 without cancellation, given e^(−x).
private func complement(_ x: Float, _ exponential: Float) -> Float {
  guard x < 0.1 else { return 1 - exponential }
  return x * (1 - x / 2 * (1 - x / 3 * (1 - x / 4 * (1 - x / 5))))
}

extension Tensor {
  fileprivate func squaredRowNorm(_ t: Int) -> Float {
    withPointer { Kernels.dot($0 + t * width, $0 + t * width, width) }
  }

  fileprivate mutating func setRow(_ t: Int, _ source: Tensor, scaledBy factor: Float) {
    let w = width
    withMutablePointer { y in
      source.withPointer { setScaled(y + t * w, factor, $0 + t * w, w) }
    }
  }
}
