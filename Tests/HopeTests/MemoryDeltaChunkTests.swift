import Foundation
import Hope
import Tensors
import TestSupport
import Testing

@Suite("The delta chunk")
struct MemoryDeltaChunkTests {
  @Test(
    "equals the token loop", arguments: [1, 7, 63, 64, 100], [0, 1, 2] as [Float])
  func loop(tokens: Int, erase: Float) {
    for read in [DeltaChunk.Read.strict, .inclusive] {
      var twin = DeltaTwin(tokens: tokens, outputs: 7, inputs: 11, seed: 1)
      twin.erase = Double(erase)
      twin.isInclusive = read == .inclusive
      let wanted = twin.run()
      let (state, reads) = twin.fast(read).forward()
      #expect(distance(state, wanted.state) < 1e-5)
      #expect(distance(reads, wanted.reads) < 1e-5)
    }
  }

  @Test("equals the token loop with momentum", arguments: [1, 7, 63, 64, 100], [0, 1] as [Float])
  func momentum(tokens: Int, erase: Float) {
    for read in [DeltaChunk.Read.strict, .inclusive] {
      var (twin, source) = (
        DeltaTwin(tokens: tokens, outputs: 5, inputs: 9, seed: 2), RandomSource(seed: 3)
      )
      twin.erase = Double(erase)
      twin.isInclusive = read == .inclusive
      twin.momentum = Matrix(5, 9, in: -0.3...0.3, &source)
      twin.momenta = Matrix(tokens, 1, in: 0.2...0.95, &source)
      let wanted = twin.run()
      let (state, reads, momentum) = twin.fast(read)
        .forwardWithMomentum(twin.momentum!.tensor, twin.momenta!.tensor)
      #expect(distance(state, wanted.state) < 2e-5)
      #expect(distance(reads, wanted.reads) < 2e-5)
      #expect(distance(momentum, wanted.momentum!) < 2e-5)
    }
  }

  @Test("gives the same state and reads when the tokens are split into chunks with a short tail")
  func chunks() {
    let twin = DeltaTwin(tokens: 100, outputs: 6, inputs: 8, seed: 4)
    let wanted = twin.run()
    var (state, reads) = (twin.state.tensor, [Float]())
    for first in stride(from: 0, to: 100, by: 32) {
      var part = twin
      let range = first..<min(first + 32, 100)
      part.state = Matrix(state)
      for input in twin.inputs.dropFirst() {
        part[keyPath: input] = twin[keyPath: input].rows(range)
      }
      let result = part.fast(.strict).forward()
      state = result.state
      reads += result.reads.elements
    }
    #expect(distance(state, wanted.state) < 1e-5)
    #expect(distance(Tensor(shape: [100, 6], elements: reads), wanted.reads) < 1e-5)
  }

  @Test("stays finite over a long chunk of small retentions")
  func smallRetentions() {
    // dividing running products instead of multiplying ratios gave infinity here
    var twin = DeltaTwin(tokens: 512, outputs: 4, inputs: 6, seed: 5)
    var source = RandomSource(seed: 6)
    twin.logRetentions = Matrix(512, 1, in: -1.2 ... -0.01, &source)
    let wanted = twin.run()
    let (state, reads) = twin.fast(.strict).forward()
    #expect(distance(state, wanted.state) < 1e-5)
    #expect(distance(reads, wanted.reads) < 1e-5)
  }

  @Test(
    "reverses to the central differences of the loop", arguments: [1, 9], [0, 1, 2] as [Float])
  func reverse(tokens: Int, erase: Float) {
    for read in [DeltaChunk.Read.strict, .inclusive] {
      var (twin, source) = (
        DeltaTwin(tokens: tokens, outputs: 5, inputs: 6, seed: 7), RandomSource(seed: 8)
      )
      twin.erase = Double(erase)
      twin.isInclusive = read == .inclusive
      let a = Matrix(5, 6, in: -1...1, &source)
      let b = Matrix(tokens, 5, in: -1...1, &source)
      let found = twin.fast(read).reverse(state: a.tensor, reads: b.tensor)
      for (gradient, input) in zip(found, twin.inputs) {
        let wanted = differences(of: twin, input) { $0.loss(a, b) }
        #expect(distance(gradient, wanted) < 1e-4, "\(input)")
      }
    }
  }

  @Test("reverses along random directions in full-size chunks", arguments: [63, 64, 100])
  func reverseDirections(tokens: Int) {
    var (twin, source) = (
      DeltaTwin(tokens: tokens, outputs: 16, inputs: 16, seed: 9), RandomSource(seed: 10)
    )
    twin.isInclusive = tokens == 63
    let a = Matrix(16, 16, in: -1...1, &source)
    let b = Matrix(tokens, 16, in: -1...1, &source)
    let found = twin.fast(twin.isInclusive ? .inclusive : .strict)
      .reverse(state: a.tensor, reads: b.tensor)
    for (gradient, input) in zip(found, twin.inputs) {
      let value = twin[keyPath: input]
      let direction = Matrix(value.rows, value.columns, in: -1...1, &source)
      let losses = [1e-5, -1e-5].map { h in
        var moved = twin
        moved[keyPath: input] = value + h * direction
        return moved.loss(a, b)
      }
      let wanted = (losses[0] - losses[1]) / 2e-5
      let slope = innerProduct(Matrix(gradient).values, direction.values)
      #expect(abs(slope - wanted) < 1e-4 * max(1, abs(wanted)), "\(input)")
    }
  }

  @Test("gives the cotangent of α as that of ln α divided by α")
  func retentionCotangent() {
    var (twin, source) = (
      DeltaTwin(tokens: 7, outputs: 3, inputs: 4, seed: 11), RandomSource(seed: 12)
    )
    let a = Matrix(3, 4, in: -1...1, &source)
    let b = Matrix(7, 3, in: -1...1, &source)
    let logB = twin.fast(.strict).reverse(state: a.tensor, reads: b.tensor)[4]
    for t in 0..<7 {
      let alpha = exp(twin.logRetentions[t, 0])
      let losses = [1e-5, -1e-5].map { h in
        twin.logRetentions[t, 0] = log(alpha + h)
        return twin.loss(a, b)
      }
      twin.logRetentions[t, 0] = log(alpha)
      #expect(abs(Double(logB[t, 0]) / alpha - (losses[0] - losses[1]) / 2e-5) < 1e-4)
    }
  }

  @Test("works on the columns of heads side by side without touching the neighbours")
  func heads() {
    let twins = [13, 14].map { DeltaTwin(tokens: 13, outputs: 4, inputs: 4, seed: $0) }
    let wide = (1...5).map { input in
      Buffer(sideBySide(twins.map { $0[keyPath: $0.inputs[input]] }).tensor)
    }
    let reads = Buffer([13, 8], filledWith: .nan)
    for (h, twin) in twins.enumerated() {
      let state = Buffer(twin.state.tensor)
      func head(_ buffer: Buffer, _ width: Int) -> MatrixView {
        MatrixView(buffer.base + h * width, stride: buffer.shape[1])
      }
      DeltaChunk(tokenCount: 13, outputWidth: 4, inputWidth: 4).forward(
        DeltaChunk.Inputs(
          state: state.base, keys: head(wide[0], 4), errors: head(wide[1], 4),
          rates: head(wide[2], 1), logRetentions: head(wide[3], 1), queries: head(wide[4], 4)),
        state: state.base, reads: MutableMatrixView(reads.base + 4 * h, stride: 8))
      #expect(distance(state.tensor, twin.run().state) < 1e-5)
    }
    #expect(distance(reads.tensor, sideBySide(twins.map { $0.run().reads })) < 1e-5)
  }

  private func sideBySide(_ parts: [Matrix]) -> Matrix {
    let rows = (0..<parts[0].rows).flatMap { t in parts.flatMap { $0.row(t) } }
    return Matrix(parts[0].rows, parts.reduce(0) { $0 + $1.columns }, rows)
  }
}
