// The delta chunk called with plain tensors.
import Hope
import Tensors
import TestSupport

/// Memory with an address that stays put.
final class Buffer {
  let base: UnsafeMutablePointer<Float>
  let shape: [Int]

  init(_ tensor: Tensor) {
    base = .allocate(capacity: max(1, tensor.count))
    shape = tensor.shape
    tensor.withPointer { base.update(from: $0, count: tensor.count) }
  }
  convenience init(_ shape: [Int], filledWith value: Float) {
    self.init(Tensor(shape, filledWith: value))
  }
  deinit { base.deallocate() }

  var view: MatrixView { MatrixView(base, stride: shape[1]) }
  var mutableView: MutableMatrixView { MutableMatrixView(base, stride: shape[1]) }
  var tensor: Tensor {
    Tensor(shape: shape, elements: (0..<shape.reduce(1, *)).map { base[$0] })
  }
}

/// A delta chunk with its inputs X_0, Φ, U, η, ln α, Q.
struct DeltaCall {
  let chunk: DeltaChunk
  let values: [Buffer]
  let state: Buffer
  let reads: Buffer

  init(_ chunk: DeltaChunk, _ values: [Tensor]) {
    self.chunk = chunk
    self.values = values.map(Buffer.init)
    state = Buffer([chunk.outputWidth, chunk.inputWidth], filledWith: .nan)
    reads = Buffer([chunk.tokenCount, chunk.outputWidth], filledWith: .nan)
  }

  var inputs: DeltaChunk.Inputs {
    DeltaChunk.Inputs(
      state: values[0].base, keys: values[1].view, errors: values[2].view, rates: values[3].view,
      logRetentions: values[4].view, queries: values[5].view)
  }

  func forward() -> (state: Tensor, reads: Tensor) {
    chunk.forward(inputs, state: state.base, reads: reads.mutableView)
    return (state.tensor, reads.tensor)
  }

  func forwardWithMomentum(
    _ momentum: Tensor, _ momenta: Tensor
  ) -> (state: Tensor, reads: Tensor, momentum: Tensor) {
    let (momentum, momenta) = (Buffer(momentum), Buffer(momenta))
    chunk.forwardWithMomentum(
      inputs, momenta: momenta.view, state: state.base, momentum: momentum.base,
      reads: reads.mutableView)
    return (state.tensor, reads.tensor, momentum.tensor)
  }

  /// Cotangents in the order of `values`.
  func reverse(state stateB: Tensor, reads readsB: Tensor) -> [Tensor] {
    let found = values.map { Buffer($0.shape, filledWith: 0) }
    let (stateB, readsB) = (Buffer(stateB), Buffer(readsB))
    var trace = chunk.forward(inputs, state: state.base, reads: reads.mutableView)
    chunk.reverse(
      inputs, &trace, state: stateB.base, reads: readsB.view,
      into: DeltaChunk.Cotangents(
        state: found[0].base, keys: found[1].mutableView, errors: found[2].mutableView,
        rates: found[3].mutableView, logRetentions: found[4].mutableView,
        queries: found[5].mutableView))
    return found.map(\.tensor)
  }
}

extension DeltaTwin {
  func fast(_ read: DeltaChunk.Read) -> DeltaCall {
    let chunk = DeltaChunk(
      tokenCount: keys.rows, outputWidth: state.rows, inputWidth: state.columns,
      erase: Float(erase), read: read)
    return DeltaCall(chunk, inputs.map { self[keyPath: $0].tensor })
  }
}
