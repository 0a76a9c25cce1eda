package import Tensors

/// A memory with its clock: the weights at the chunk's start, from which all of the chunk's gradients
/// are taken, and the running ones, which move with every token.
package struct StreamedMemory: Sendable, Equatable {
  package private(set) var memory: ResidualMemory
  package private(set) var snapshot: MemoryWeights
  /// Tokens of the open chunk, in 0..<chunkSize.
  package private(set) var pendingTokens = 0
  package let chunkSize: Int

  package init(_ memory: ResidualMemory, chunkSize: Int) {
    self.init(memory, snapshot: memory.weights, chunkSize: chunkSize)
  }

  /// A memory in a chunk that began with the weights `snapshot`.
  package init(_ memory: ResidualMemory, snapshot: MemoryWeights, chunkSize: Int) {
    precondition(chunkSize > 0, "a chunk of \(chunkSize) tokens")
    self.memory = memory
    self.snapshot = snapshot
    self.chunkSize = chunkSize
  }

  /// Cuts `count` coming tokens where chunks end.
  package func segments(_ count: Int) -> [Range<Int>] {
    var (result, start) = ([Range<Int>](), 0)
    var room = chunkSize - pendingTokens
    while start < count {
      let end = min(count, start + room)
      result.append(start..<end)
      (start, room) = (end, chunkSize)
    }
    return result
  }

  /// Writes and reads tokens of one chunk; the snapshot follows when they fill it.
  package mutating func run(
    _ inputs: MemoryChunk.Inputs, _ rule: MemoryRule
  ) -> (reads: Tensor?, trace: Trace) {
    pendingTokens += inputs.keys.rowCount
    precondition(
      pendingTokens <= chunkSize, "\(pendingTokens) tokens in a chunk of \(chunkSize)")
    let (reads, chunk) = MemoryChunk(rule).forward(&memory, snapshot: snapshot, inputs)
    let isFull = pendingTokens == chunkSize
    if isFull { (snapshot, pendingTokens) = (memory.weights, 0) }
    return (reads, Trace(chunk: chunk, isFull: isFull))
  }

  /// M(z) at the chunk's start.
  func recall(_ z: Tensor, _ rule: MemoryRule) -> (Tensor, MemoryWeights.ReadTrace) {
    snapshot.read(z, rule, isResidual: memory.isResidual)
  }

  package struct Trace: Sendable {
    package let chunk: MemoryChunk.Trace
    /// Whether these tokens filled the chunk.
    let isFull: Bool
  }

  /// Cotangents of a streamed memory's two sets of weights.
  package struct Cotangents: Sendable {
    package var running: MemoryWeights
    package var snapshot: MemoryWeights

    package init(running: MemoryWeights, snapshot: MemoryWeights) {
      self.running = running
      self.snapshot = snapshot
    }

    package static func zeros(like weights: MemoryWeights) -> Cotangents {
      Cotangents(running: .zeros(like: weights), snapshot: .zeros(like: weights))
    }

    /// Where both are the same weights, as at a chunk's start.
    package var sum: MemoryWeights {
      var result = running
      result.add(snapshot)
      return result
    }

    /// The reverse of `run`: from the cotangents after it to those before it.
    mutating func reverse(
      _ trace: Trace, _ rule: MemoryRule, reads: Tensor?
    ) -> MemoryChunk.Cotangents {
      if trace.isFull {
        running.add(snapshot)
        snapshot = .zeros(like: snapshot)
      }
      return MemoryChunk(rule).reverse(
        trace.chunk, reads: reads, running: &running, snapshot: &snapshot)
    }
  }
}
