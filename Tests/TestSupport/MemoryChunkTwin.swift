// A two-layer memory written token by token in Double, with every matrix explicit.
import Foundation
package import Hope
package import Tensors

package func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

extension MemoryRule.Activation {
  package func value(_ x: Double) -> Double {
    self == .silu ? x * sigmoid(x) : 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
  }
  package func slope(_ x: Double) -> Double {
    guard self == .silu else {
      return 0.5 * (1 + erf(x / 2.0.squareRoot())) + x * exp(-x * x / 2)
        / (2 * Double.pi).squareRoot()
    }
    return sigmoid(x) * (1 + x * (1 - sigmoid(x)))
  }
}

/// The matrices of one memory.
package struct TwinWeights: Sendable {
  package var inner: Matrix
  package var outer: Matrix
  package var skip: Matrix?

  package init(inner: Matrix, outer: Matrix, skip: Matrix? = nil) {
    (self.inner, self.outer, self.skip) = (inner, outer, skip)
  }

  package var weights: MemoryWeights {
    MemoryWeights(inner: inner.tensor, outer: outer.tensor, skip: skip?.tensor)
  }

  package var zeros: TwinWeights {
    TwinWeights(inner: 0 * inner, outer: 0 * outer, skip: skip.map { 0 * $0 })
  }

  package func read(_ z: [Double], _ rule: MemoryRule, isResidual: Bool) -> [Double] {
    let s = Double(rule.inputGain)
    var y = outer * (inner * z.map { s * $0 }).map(rule.activation.value)
    if let skip { y = Reference.add(y, skip * z) }
    return isResidual ? Reference.add(y, z) : y
  }
}

/// One chunk, or a part of one, of spec §3.5 with the step rule of §3.7.
package struct MemoryChunkTwin {
  package var snapshot: TwinWeights
  package var running: TwinWeights
  package var keys: Matrix
  package var values: Matrix
  package var rates: Matrix
  package var logRetentions: Matrix
  package var queries: Matrix
  package var rule: MemoryRule
  package var isResidual: Bool
  /// ‖W_0‖ of the two layers.
  package var innerNorm: Double
  package var outerNorm: Double
  package var sums: TwinWeights

  package init(
    tokens: Int, inputs: Int, hidden: Int, outputs: Int, isResidual: Bool, rule: MemoryRule,
    hasSkip: Bool = false, seed: UInt64
  ) {
    var source = RandomSource(seed: seed)
    running = TwinWeights(
      inner: Matrix(hidden, inputs, in: -0.5...0.5, &source),
      outer: Matrix(outputs, hidden, in: -0.5...0.5, &source),
      skip: hasSkip ? Matrix(outputs, inputs, in: -0.5...0.5, &source) : nil)
    snapshot = running
    sums = TwinWeights(
      inner: Matrix(hidden, inputs), outer: Matrix(outputs, hidden),
      skip: hasSkip ? Matrix(outputs, inputs) : nil)
    keys = Matrix(tokens, inputs, in: -1...1, &source).unitRows
    values = Matrix(tokens, inputs, in: -1...1, &source).unitRows
    queries = Matrix(tokens, inputs, in: -1...1, &source).unitRows
    rates = Matrix(tokens, 1, in: 0.02...0.4, &source)
    logRetentions = Matrix(tokens, 1, in: -0.25 ... -0.005, &source)
    self.rule = rule
    self.isResidual = isResidual
    innerNorm = Double(Float(running.inner.norm))
    outerNorm = Double(Float(running.outer.norm))
  }

  /// One token of a streamed memory.
  package init(
    snapshot: TwinWeights, running: TwinWeights, sums: TwinWeights, norms: (Double, Double),
    key: [Double], value: [Double], query: [Double], rate: Double, logRetention: Double,
    rule: MemoryRule, isResidual: Bool
  ) {
    (self.snapshot, self.running, self.sums) = (snapshot, running, sums)
    (innerNorm, outerNorm) = norms
    keys = Matrix(1, key.count, key)
    values = Matrix(1, value.count, value)
    queries = Matrix(1, query.count, query)
    rates = Matrix(1, 1, [rate])
    logRetentions = Matrix(1, 1, [logRetention])
    (self.rule, self.isResidual) = (rule, isResidual)
  }

  package func run() -> (end: TwinWeights, sums: TwinWeights, reads: Matrix) {
    var (w, sums, reads) = (running, self.sums, [Double]())
    for t in 0..<keys.rows {
      let before = w
      write(t, &w, &sums)
      let reader =
        switch rule.reading {
        case .snapshot: snapshot
        case .strict: before
        case .inclusive: w
        }
      reads += reader.read(queries.row(t), rule, isResidual: isResidual)
    }
    return (w, sums, Matrix(keys.rows, running.outer.rows, reads))
  }

  private func write(_ t: Int, _ w: inout TwinWeights, _ sums: inout TwinWeights) {
    let (k, v, s) = (keys.row(t), values.row(t), Double(rule.inputGain))
    let scaled = k.map { s * $0 }
    let a = snapshot.inner * scaled
    let h = a.map(rule.activation.value)
    let target = snapshot.read(v, rule, isResidual: isResidual)
    let isRegression = rule.objective == .regression
    let found = snapshot.read(k, rule, isResidual: isResidual)
    let e = (isRegression ? found - target : target.map { -$0 }).map {
      Double(rule.lossFactor) * $0
    }
    let d = zip(snapshot.outer.transposedTimes(e), a).map { $0 * rule.activation.slope($1) }
    step(&w.inner, &sums.inner, t, scaled, d, erase: Double(rule.innerErase), norm: innerNorm)
    step(&w.outer, &sums.outer, t, h, e, erase: Double(rule.outerErase), norm: outerNorm)
    if var skip = w.skip, var sum = sums.skip {
      step(&skip, &sum, t, k, e, erase: Double(rule.innerErase), norm: 0)
      (w.skip, sums.skip) = (skip, sum)
    }
  }

  /// W ← W(αI − ρ η x xᵀ) − η u xᵀ, or with the momentum's sum in place of the gradient.
  private func step(
    _ w: inout Matrix, _ sum: inout Matrix, _ t: Int, _ x: [Double], _ u: [Double], erase: Double,
    norm: Double
  ) {
    let alpha = exp(logRetentions[t, 0])
    let eta = rate(t, x, u, norm: norm)
    let shrink = alpha * Matrix.identity(x.count) - erase * eta * outer(x, x)
    let gradient = outer(u, x)
    guard let momentum = rule.momentum else {
      w = w * shrink - eta * gradient
      return
    }
    sum = Double(momentum.decay) * sum - (momentum.rateScalesSum ? 1 : eta) * gradient
    w = w * shrink + (momentum.rateScalesSum ? eta : 1) * sum
  }

  private func rate(_ t: Int, _ x: [Double], _ u: [Double], norm: Double) -> Double {
    guard rule.hasBoundedSteps else { return rates[t, 0] }
    let (square, alpha) = (innerProduct(x, x), exp(logRetentions[t, 0]))
    var eta = rates[t, 0] / (1 + rates[t, 0] * square)
    if let limit = rule.writeLimit {
      let cap =
        Double(limit) * (1 - alpha) * norm / ((innerProduct(u, u) * square).squareRoot() + 1e-6)
      eta = cap * (1 - exp(-eta / cap))
    }
    return min(eta, 2 * alpha / square)
  }
}

extension MemoryChunkTwin {
  /// The same chunk computed by the fast form.
  package func fast() -> (memory: ResidualMemory, reads: Tensor, trace: MemoryChunk.Trace) {
    var memory = ResidualMemory(running.weights, isResidual: isResidual)
    let result = MemoryChunk(rule).forward(&memory, snapshot: snapshot.weights, fastInputs)
    return (memory, result.reads!, result.trace)
  }

  package var fastInputs: MemoryChunk.Inputs {
    MemoryChunk.Inputs(
      keys: keys.tensor, values: values.tensor, rates: rates.tensor,
      logRetentions: logRetentions.tensor, queries: queries.tensor)
  }

  /// ⟨W₂, a⟩ + ⟨W₁, b⟩ + ⟨reads, c⟩ after the chunk.
  package func loss(_ a: Matrix, _ b: Matrix, _ c: Matrix) -> Double {
    let result = run()
    return innerProduct(result.end.inner.values, a.values)
      + innerProduct(result.end.outer.values, b.values)
      + innerProduct(result.reads.values, c.values)
  }
}
