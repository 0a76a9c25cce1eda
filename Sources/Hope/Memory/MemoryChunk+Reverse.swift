package import Tensors

extension MemoryChunk {
  package struct Cotangents: Sendable {
    package var keys: Tensor, values: Tensor
    package var rates: Tensor, logRetentions: Tensor
    /// nil where nothing was read.
    package var queries: Tensor?
  }

  /// The reverse pass of `forward` (spec §3.6) for SiLU memories with a regression objective, without
  /// momentum and projected skip.
  /// - Parameters:
  ///   - readsB: cotangent of the reads; nil: zeros.
  ///   - running: on entry the cotangent of the written weights, on return that of the weights
  ///     before; `snapshot` is added to. Where both were the same weights, their sum counts.
  package func reverse(
    _ trace: Trace, reads readsB: Tensor?, running: inout MemoryWeights,
    snapshot: inout MemoryWeights
  ) -> Cotangents {
    precondition(
      rule.objective == .regression && rule.momentum == nil && trace.start.weights.skip == nil,
      "only the regression objective without momentum and projected skip has a reverse pass")
    guard let innerTrace = trace.innerTrace, let outerTrace = trace.outerTrace else {
      preconditionFailure("a chunk with momentum has no reverse pass")
    }
    let isRunningRead = rule.reading != .snapshot
    let outer = reverse(
      trace.outer, trace.start.weights.outer, outerTrace, norm: trace.start.outerNorm,
      trace.inputs, end: &running.outer, reads: isRunningRead ? readsB : nil)
    var preactivationsB = outer.queries
    if let a = trace.queryPreactivations { preactivationsB?.multiply(by: rule.activation.slope(a)) }
    let inner = reverse(
      trace.inner, trace.start.weights.inner, innerTrace, norm: trace.start.innerNorm,
      trace.inputs, end: &running.inner, reads: preactivationsB)
    var bars = reverseSignals(trace, inner: inner, outer: outer, into: &snapshot)
    bars.rates = outer.rates
    bars.rates.add(inner.rates)
    bars.logRetentions = outer.logRetentions
    bars.logRetentions.add(inner.logRetentions)
    if isRunningRead {
      bars.queries = inner.queries?.scaled(by: rule.inputGain)
      if trace.start.isResidual, let readsB { bars.queries?.add(readsB) }
    } else if let queries = trace.inputs.queries, let readsB {
      bars.queries = reverseSnapshotRead(trace, queries, readsB, &snapshot)
    }
    return bars
  }

  /// One layer's writes and its step rule.
  private func reverse(
    _ layer: LayerChunk, _ matrix: Tensor, _ trace: DeltaChunkTrace, norm: Float, _ inputs: Inputs,
    end: inout Tensor, reads: Tensor?
  ) -> LayerChunk.Cotangents {
    var startB = Tensor.zeros(matrix.shape)
    var bars = layer.reverse(matrix, trace, end: end, reads: reads, into: &startB)
    end = startB
    if let steps = steps(layer.keys, layer.errors, inputs, norm: norm) {
      let stepsB = steps.reverse(bars.rates)
      bars.keys.add(stepsB.keys)
      bars.errors.add(stepsB.errors)
      bars.logRetentions.add(stepsB.logRetentions)
      bars.rates = stepsB.rates
    }
    return bars
  }

  /// From the cotangents of Φ and U of both layers back to K, V and the snapshot's weights.
  private func reverseSignals(
    _ trace: Trace, inner: LayerChunk.Cotangents, outer: LayerChunk.Cotangents,
    into snapshotB: inout MemoryWeights
  ) -> Cotangents {
    let (signals, weights) = (trace.signals, trace.snapshot)
    let slope = rule.activation.slope(signals.keyPreactivations)
    var jB = inner.errors  // of J = E W₁, Δ = J⊙σ'(A)
    jB.multiply(by: slope)
    var aB = rule.activation.curvature(signals.keyPreactivations)
    aB.multiply(by: inner.errors)
    aB.multiply(by: signals.backprojected)
    var eB = outer.errors
    eB.add(jB.timesTransposed(weights.outer))
    snapshotB.outer.addOuterProducts(signals.errors, jB)
    eB.scale(by: rule.lossFactor)
    snapshotB.outer.addOuterProducts(eB, signals.keyHidden.minus(signals.valueHidden))
    let hB = eB.times(weights.outer)  // through both hidden rows, with opposite signs
    var throughKeys = hB
    throughKeys.add(outer.keys)
    throughKeys.multiply(by: slope)
    aB.add(throughKeys)
    var bB = rule.activation.slope(signals.valuePreactivations)
    bB.multiply(by: hB)
    bB.scale(by: -1)
    snapshotB.inner.addOuterProducts(aB, signals.keys)
    snapshotB.inner.addOuterProducts(bB, signals.values)
    var keysB = inner.keys
    keysB.addProduct(aB, weights.inner)
    keysB.scale(by: rule.inputGain)
    var valuesB = bB.times(weights.inner, scaledBy: rule.inputGain)
    if trace.start.isResidual {
      keysB.add(eB)
      valuesB.add(eB, scaledBy: -1)
    }
    return Cotangents(keys: keysB, values: valuesB, rates: inner.rates, logRetentions: inner.rates)
  }

  private func reverseSnapshotRead(
    _ trace: Trace, _ queries: Tensor, _ readsB: Tensor, _ snapshotB: inout MemoryWeights
  ) -> Tensor {
    let (weights, isResidual) = (trace.snapshot, trace.start.isResidual)
    let readTrace = weights.read(queries, rule, isResidual: isResidual).1
    return weights.reverseRead(
      queries, readTrace, rule, isResidual: isResidual, output: readsB, into: &snapshotB)
  }
}
