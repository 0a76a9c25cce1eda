package import Tensors

/// The memories of one self-modifying layer, for one sequence and one head: they generate their own
/// keys, values, rates and retentions, and each learns from them (spec §3.1, §3.3).
///
/// A value; `run` may be called with any number of tokens at a time and gives the same results.
package struct SelfModifyingMemories: Sendable, Equatable {
  package enum Role: Int, Sendable, CaseIterable {
    /// They generate k, v, the raw η, the raw α and, where it is not static, q.
    case key, value, eta, alpha, query
    /// It answers q.
    case main
  }

  package let rule: SelfModifyingRule
  package private(set) var memories: [Role: StreamedMemory]

  /// - Parameter start: key, value, eta and main are needed; without alpha nothing fades, without
  ///   query the queries come from outside.
  package init(_ rule: SelfModifyingRule, start: [Role: ResidualMemory]) {
    var memories: [Role: StreamedMemory] = [:]
    for (role, memory) in start {
      let chunkSize = role == .main ? rule.mainChunkSize : rule.otherChunkSize
      memories[role] = StreamedMemory(memory, chunkSize: chunkSize)
    }
    self.init(rule, continuing: memories)
  }

  /// The same from memories that may have learned.
  package init(_ rule: SelfModifyingRule, continuing memories: [Role: StreamedMemory]) {
    for role in [Role.key, .value, .eta, .main] {
      precondition(memories[role] != nil, "the layer has no \(role) memory")
    }
    self.rule = rule
    self.memories = memories
  }

  package subscript(_ role: Role) -> StreamedMemory {
    guard let memory = memories[role] else { preconditionFailure("no \(role) memory") }
    return memory
  }

  package struct Inputs: Sendable {
    /// x `[tokens, width]`.
    package var tokens: Tensor
    /// W_q x `[tokens, width]`; nil: a query memory generates them.
    package var queries: Tensor?
    /// b_η and b_α.
    package var etaBias: Float, alphaBias: Float
    /// 1 or 0, one per token: whether it is written (η and ln α are multiplied with it); nil: all.
    package var writes: [Float]?

    package init(
      tokens: Tensor, queries: Tensor?, etaBias: Float = 0, alphaBias: Float = 0,
      writes: [Float]? = nil
    ) {
      self.tokens = tokens
      self.queries = queries
      self.etaBias = etaBias
      self.alphaBias = alphaBias
      self.writes = writes
    }
  }

  package struct Trace: Sendable {
    let tokens: UnitRows
    let queries: UnitRows
    let isQueryGenerated: Bool
    let generated: [Generated]
    let main: [(range: Range<Int>, trace: StreamedMemory.Trace)]

    /// η and ln α of the tokens `[tokens]`.
    package var rates: [Float] { generated.flatMap(\.gates.rates.elements) }
    package var logRetentions: [Float] { generated.flatMap(\.gates.logRetentions.elements) }
  }

  /// What the generating memories make of some tokens of one chunk.
  struct Generated: Sendable {
    let range: Range<Int>
    let keys: UnitRows, values: UnitRows
    let gates: GateRows
    /// Raw reads of x; only of memories that exist.
    let reads: [Role: (rows: Tensor, trace: MemoryWeights.ReadTrace)]
    /// Set when the tokens are written.
    var writes: [Role: StreamedMemory.Trace] = [:]
  }

  /// The generating memories that exist, in a fixed order.
  var generators: [Role] { Role.allCases.filter { $0 != .main && memories[$0] != nil } }
}

extension SelfModifyingMemories {
  /// Reads and learns from the next tokens.
  /// - Returns: o `[tokens, width]`, and what `reverse` needs.
  package mutating func run(_ inputs: Inputs) -> (outputs: Tensor, trace: Trace) {
    let tokens = unit(inputs.tokens, rule.normalizesInputs)
    let count = tokens.rows.rowCount
    // two passes: what a layer puts out does not feed back into its keys, values and gates
    let generated = self[.key].segments(count).map { range in
      generateAndLearn(range, tokens.rows.rows(range), inputs)
    }
    let queries = unit(queries(inputs, generated), rule.normalizesKeysAndQueries)
    let chunk = MemoryChunk.Inputs(
      keys: .joined(generated.map(\.keys.rows)), values: .joined(generated.map(\.values.rows)),
      rates: .joined(generated.map(\.gates.rates)),
      logRetentions: .joined(generated.map(\.gates.logRetentions)), queries: queries.rows)
    var (outputs, main) = ([Tensor](), [(Range<Int>, StreamedMemory.Trace)]())
    for range in self[.main].segments(count) {
      guard let (reads, trace) = memories[.main]?.run(chunk.rows(range), rule.memory), let reads
      else { continue }
      outputs.append(reads)
      main.append((range, trace))
    }
    return (
      .joined(outputs),
      Trace(
        tokens: tokens, queries: queries, isQueryGenerated: inputs.queries == nil,
        generated: generated, main: main)
    )
  }

  private mutating func generateAndLearn(
    _ range: Range<Int>, _ x: Tensor, _ inputs: Inputs
  ) -> Generated {
    var generated = generate(range, x, inputs)
    let chunk = MemoryChunk.Inputs(
      keys: generated.keys.rows, values: generated.values.rows, rates: generated.gates.rates,
      logRetentions: generated.gates.logRetentions)
    for role in generators {
      generated.writes[role] = memories[role]?.run(chunk, rule.memory).trace
    }
    return generated
  }

  private func generate(_ range: Range<Int>, _ x: Tensor, _ inputs: Inputs) -> Generated {
    var reads: [Role: (rows: Tensor, trace: MemoryWeights.ReadTrace)] = [:]
    for role in generators { reads[role] = self[role].recall(x, rule.memory) }
    func rows(_ role: Role) -> Tensor { reads[role]?.rows ?? .zeros([x.rowCount, 1]) }
    return Generated(
      range: range, keys: unit(rows(.key), rule.normalizesKeysAndQueries),
      values: unit(rows(.value), rule.normalizesValues),
      gates: GateRows(
        rates: rows(.eta), bias: inputs.etaBias, scale: rule.rateScale,
        retentions: reads[.alpha]?.rows, bias: inputs.alphaBias,
        writes: inputs.writes.map { Array($0[range]) }),
      reads: reads)
  }

  private func queries(_ inputs: Inputs, _ generated: [Generated]) -> Tensor {
    if let queries = inputs.queries { return queries }
    precondition(memories[.query] != nil, "neither queries nor a query memory")
    return .joined(generated.compactMap { $0.reads[.query]?.rows })
  }

  private func unit(_ x: Tensor, _ normalizes: Bool) -> UnitRows {
    UnitRows(x, normalizes: normalizes, epsilon: rule.normEpsilon)
  }
}

extension MemoryChunk.Inputs {
  /// Some of the tokens; gates are `[tokens, 1]`.
  fileprivate func rows(_ range: Range<Int>) -> MemoryChunk.Inputs {
    MemoryChunk.Inputs(
      keys: keys.rows(range), values: values.rows(range), rates: rates.rows(range),
      logRetentions: logRetentions.rows(range), queries: queries?.rows(range))
  }
}

extension Tensor {
  /// Rows one below the other; no parts give no rows.
  fileprivate static func joined(_ parts: [Tensor]) -> Tensor {
    guard let first = parts.first else { return .zeros([0, 1]) }
    if parts.count == 1 { return first }
    return Tensor(
      shape: [parts.reduce(0) { $0 + $1.rowCount }, first.width],
      elements: parts.flatMap(\.elements))
  }
}
