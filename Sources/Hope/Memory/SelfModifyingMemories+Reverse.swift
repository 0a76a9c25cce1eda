package import Tensors

extension SelfModifyingMemories {
  package struct Cotangents: Sendable {
    /// `[tokens, width]`; queries are nil where a memory generated them.
    package var tokens: Tensor
    package var queries: Tensor?
    package var etaBias: Float = 0, alphaBias: Float = 0
  }

  /// The reverse pass of `run`.
  /// - Parameters:
  ///   - outputs: cotangent of o.
  ///   - states: on entry cotangents of every memory after the run (missing: zeros), on return of
  ///     every memory before it.
  package func reverse(
    _ trace: Trace, outputs: Tensor, states: inout [Role: StreamedMemory.Cotangents]
  ) -> Cotangents {
    for (role, memory) in memories where states[role] == nil {
      states[role] = .zeros(like: memory.snapshot)
    }
    var bars = SignalBars(trace, width: trace.tokens.rows.width)
    reverseMain(trace, outputs, &states, &bars)
    let queriesB = trace.queries.reverse(bars.queries)
    var result = Cotangents(
      tokens: .zeros(trace.tokens.rows.shape), queries: trace.isQueryGenerated ? nil : queriesB)
    for generated in trace.generated.reversed() {
      reverseWrites(generated, &states, &bars)
      let rows = reverseReads(trace, generated, bars, queriesB, &states, &result)
      result.tokens.addRows(rows, at: generated.range.lowerBound)
    }
    result.tokens = trace.tokens.reverse(result.tokens)
    return result
  }

  /// Cotangents of the signals of all tokens.
  private struct SignalBars {
    var keys: Tensor, values: Tensor, queries: Tensor
    var rates: Tensor, logRetentions: Tensor

    init(_ trace: Trace, width: Int) {
      let count = trace.tokens.rows.rowCount
      keys = .zeros([count, width])
      (values, queries) = (keys, keys)
      rates = .zeros([count, 1])
      logRetentions = rates
    }

    mutating func add(_ bars: MemoryChunk.Cotangents, at first: Int) {
      keys.addRows(bars.keys, at: first)
      values.addRows(bars.values, at: first)
      rates.addRows(bars.rates, at: first)
      logRetentions.addRows(bars.logRetentions, at: first)
      if let part = bars.queries { queries.addRows(part, at: first) }
    }
  }

  private func reverseMain(
    _ trace: Trace, _ outputs: Tensor, _ states: inout [Role: StreamedMemory.Cotangents],
    _ bars: inout SignalBars
  ) {
    for (range, write) in trace.main.reversed() {
      if let part = states[.main]?.reverse(write, rule.memory, reads: outputs.rows(range)) {
        bars.add(part, at: range.lowerBound)
      }
    }
  }

  private func reverseWrites(
    _ generated: Generated, _ states: inout [Role: StreamedMemory.Cotangents],
    _ bars: inout SignalBars
  ) {
    for role in generators {
      guard let write = generated.writes[role],
        let part = states[role]?.reverse(write, rule.memory, reads: nil)
      else { continue }
      bars.add(part, at: generated.range.lowerBound)
    }
  }

  /// From the signals of one segment back through the snapshots that generated them.
  /// - Returns: the cotangent of the segment's x.
  private func reverseReads(
    _ trace: Trace, _ generated: Generated, _ bars: SignalBars, _ queriesB: Tensor,
    _ states: inout [Role: StreamedMemory.Cotangents], _ result: inout Cotangents
  ) -> Tensor {
    let range = generated.range
    let (etaB, alphaB) = generated.gates.reverse(
      rates: bars.rates.rows(range), logRetentions: bars.logRetentions.rows(range))
    result.etaBias += etaB.elements.reduce(0, +)
    result.alphaBias += alphaB?.elements.reduce(0, +) ?? 0
    let rawB: [Role: Tensor?] = [
      .key: generated.keys.reverse(bars.keys.rows(range)),
      .value: generated.values.reverse(bars.values.rows(range)), .eta: etaB, .alpha: alphaB,
      .query: trace.isQueryGenerated ? queriesB.rows(range) : nil,
    ]
    let x = trace.tokens.rows.rows(range)
    var sum = Tensor.zeros(x.shape)
    for role in generators {
      guard let outputB = rawB[role] ?? nil, let read = generated.reads[role],
        let write = generated.writes[role]?.chunk, var snapshotB = states[role]?.snapshot
      else { continue }
      sum.add(
        write.snapshot.reverseRead(
          x, read.trace, rule.memory, isResidual: write.start.isResidual, output: outputB,
          into: &snapshotB))
      states[role]?.snapshot = snapshotB
    }
    return sum
  }
}

extension Tensor {
  /// Adds `part` to the rows from `first` on.
  fileprivate mutating func addRows(_ part: Tensor, at first: Int) {
    precondition(first * width + part.count <= count, "rows \(part.shape) at \(first) of \(shape)")
    let offset = first * width
    withMutablePointer { y in
      part.withPointer { Kernels.addScaled(1, $0, to: y + offset, part.count) }
    }
  }
}
