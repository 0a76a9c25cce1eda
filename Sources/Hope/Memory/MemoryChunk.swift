package import Tensors

/// One chunk of writes to a two-layer memory, and reads from it, in matrix form (spec §3.5). All
/// gradients are taken at the chunk's start, the snapshot; the running weights move token by token.
/// The tokens may be part of a chunk, so that a stream may be cut anywhere.
package struct MemoryChunk: Sendable, Equatable {
  package let rule: MemoryRule

  package init(_ rule: MemoryRule) { self.rule = rule }

  package struct Inputs: Sendable {
    /// K and V `[tokens, inputWidth]`; the target of k is the memory's own read of v.
    package var keys: Tensor, values: Tensor
    /// η and ln α `[tokens]`.
    package var rates: Tensor, logRetentions: Tensor
    /// Q `[tokens, inputWidth]`; nil: write only.
    package var queries: Tensor?

    package init(
      keys: Tensor, values: Tensor, rates: Tensor, logRetentions: Tensor, queries: Tensor? = nil
    ) {
      precondition(keys.shape == values.shape, "keys \(keys.shape) and values \(values.shape)")
      precondition(
        rates.count == keys.rowCount && logRetentions.count == keys.rowCount,
        "\(rates.count) and \(logRetentions.count) gates for \(keys.rowCount) tokens")
      self.keys = keys
      self.values = values
      self.rates = rates
      self.logRetentions = logRetentions
      self.queries = queries
    }
  }

  /// What a chunk's start says about its tokens.
  package struct Signals: Sendable {
    /// s K and s V.
    let keys: Tensor, values: Tensor
    /// A = s K W₂ᵀ and B = s V W₂ᵀ, σ of both `[tokens, hiddenWidth]`.
    let keyPreactivations: Tensor, valuePreactivations: Tensor
    let keyHidden: Tensor, valueHidden: Tensor
    /// E `[tokens, outputWidth]`: M(k) − v̂, or −v̂ for the alignment objective.
    package let errors: Tensor
    /// E W₁, and Δ = (E W₁)⊙σ'(A): the error of the hidden layer `[tokens, hiddenWidth]`.
    let backprojected: Tensor
    package let hiddenErrors: Tensor
  }

  /// The intermediates of a forward call that `reverse` needs again.
  package struct Trace: Sendable {
    let inputs: Inputs
    let snapshot: MemoryWeights
    let start: ResidualMemory
    package let signals: Signals
    let inner: LayerChunk, outer: LayerChunk
    /// nil where the rule has momentum, which has no reverse pass.
    let innerTrace: DeltaChunkTrace?, outerTrace: DeltaChunkTrace?
    /// W₂ s q as the token finds it.
    let queryPreactivations: Tensor?

    /// η_l after the step rule `[tokens]`, of the inner and the outer layer.
    package var innerRates: Tensor { inner.rates }
    package var outerRates: Tensor { outer.rates }
  }
}

extension MemoryChunk {
  /// Writes the tokens into `memory`.
  /// - Parameter snapshot: the weights at the chunk's start.
  /// - Returns: M of the queries `[tokens, outputWidth]`, and what `reverse` needs.
  @discardableResult
  package func forward(
    _ memory: inout ResidualMemory, snapshot: MemoryWeights, _ inputs: Inputs
  ) -> (reads: Tensor?, trace: Trace) {
    let start = memory
    let signals = signals(snapshot, inputs, isResidual: memory.isResidual)
    let queries = rule.reading == .snapshot ? nil : inputs.queries
    let inner = layer(
      signals.keys, signals.hiddenErrors, inputs, erase: rule.innerErase, norm: memory.innerNorm,
      queries: queries?.scaled(by: rule.inputGain))
    let (preactivations, innerTrace) = write(
      inner, &memory.weights.inner, &memory.momentum.inner)
    let outer = layer(
      signals.keyHidden, signals.errors, inputs, erase: rule.outerErase, norm: memory.outerNorm,
      queries: preactivations.map(rule.activation.value))
    var (reads, outerTrace) = write(outer, &memory.weights.outer, &memory.momentum.outer)
    if let skipReads = writeSkip(&memory, signals.errors, inputs, queries) { reads?.add(skipReads) }
    if memory.isResidual, let queries { reads?.add(queries) }
    if rule.reading == .snapshot, let queries = inputs.queries {
      reads = snapshot.read(queries, rule, isResidual: memory.isResidual).0
    }
    let trace = Trace(
      inputs: inputs, snapshot: snapshot, start: start, signals: signals, inner: inner,
      outer: outer, innerTrace: innerTrace, outerTrace: outerTrace,
      queryPreactivations: preactivations)
    return (reads, trace)
  }

  /// Errors of all tokens at the chunk's start; per-token gradients e hᵀ and δ kᵀ are never formed.
  private func signals(
    _ weights: MemoryWeights, _ inputs: Inputs, isResidual: Bool
  ) -> Signals {
    let (k, v) = (inputs.keys.scaled(by: rule.inputGain), inputs.values.scaled(by: rule.inputGain))
    let (a, b) = (k.timesTransposed(weights.inner), v.timesTransposed(weights.inner))
    let (hk, hv) = (rule.activation.value(a), rule.activation.value(b))
    // M(k) − M(v), or −M(v): the memory is linear above the hidden layer
    let isRegression = rule.objective == .regression
    let hidden = isRegression ? hk.minus(hv) : hv.scaled(by: -1)
    let source = isRegression ? inputs.keys.minus(inputs.values) : inputs.values.scaled(by: -1)
    var e = hidden.timesTransposed(weights.outer)
    if isResidual { e.add(source) }
    if let skip = weights.skip { e.add(source.timesTransposed(skip)) }
    e.scale(by: rule.lossFactor)
    let j = e.times(weights.outer)
    var errors = rule.activation.slope(a)
    errors.multiply(by: j)
    return Signals(
      keys: k, values: v, keyPreactivations: a, valuePreactivations: b, keyHidden: hk,
      valueHidden: hv, errors: e, backprojected: j, hiddenErrors: errors)
  }

  /// A matrix with its own layer input as erase key and its own step size.
  private func layer(
    _ keys: Tensor, _ errors: Tensor, _ inputs: Inputs, erase: Float, norm: Float, queries: Tensor?
  ) -> LayerChunk {
    let rates = steps(keys, errors, inputs, norm: norm)?.forward() ?? inputs.rates
    return LayerChunk(
      keys: keys, errors: errors, rates: rates, logRetentions: inputs.logRetentions,
      queries: queries, erase: erase, isInclusive: rule.reading == .inclusive)
  }

  func steps(
    _ keys: Tensor, _ errors: Tensor, _ inputs: Inputs, norm: Float
  ) -> BoundedSteps? {
    guard rule.hasBoundedSteps else { return nil }
    return BoundedSteps(
      keys: keys, errors: errors, rates: inputs.rates, logRetentions: inputs.logRetentions,
      writeLimit: rule.writeLimit.map { $0 * norm })
  }

  private func write(
    _ layer: LayerChunk, _ matrix: inout Tensor, _ momentum: inout Tensor?
  ) -> (Tensor?, DeltaChunkTrace?) {
    guard let rule = rule.momentum else { return layer.write(&matrix) }
    return (layer.write(&matrix, momentum: &momentum, rule), nil)
  }

  /// A projected skip learns like a layer of its own, with k as its input.
  private func writeSkip(
    _ memory: inout ResidualMemory, _ errors: Tensor, _ inputs: Inputs, _ queries: Tensor?
  ) -> Tensor? {
    guard var skip = memory.weights.skip else { return nil }
    memory.weights.skip = nil
    let layer = layer(
      inputs.keys, errors, inputs, erase: rule.innerErase, norm: skip.norm, queries: queries)
    let reads = write(layer, &skip, &memory.momentum.skip).0
    memory.weights.skip = skip
    return reads
  }
}
