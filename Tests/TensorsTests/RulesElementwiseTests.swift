import Tensors
import TestSupport
import Testing

@Suite("Tape: element-wise and row rules")
struct RulesElementwiseTests {
  @Test("sums and differences", arguments: ruleSizes)
  func sums(size: Int) {
    let failure = RuleCheck.failure(RuleCheck.normals([[2, size], [2, size]])) { tape, v in
      [
        tape.add(v[0], v[1]), tape.subtract(v[0], v[1]), tape.add(v[0], v[1], scaledBy: 0.75),
        tape.add(v[0], v[0]),
      ]
    } twin: {
      [
        Reference.add($0[0], $0[1]), Reference.add($0[0], Reference.scale($0[1], by: -1)),
        Reference.add($0[0], Reference.scale($0[1], by: 0.75)), Reference.scale($0[0], by: 2),
      ]
    }
    #expect(failure == nil)
  }

  @Test("factors per row and per sequence, zero among them", arguments: ruleSizes)
  func factors(size: Int) {
    let factors: [Float] = [2, 0, -0.5]
    let failure = RuleCheck.failure(RuleCheck.normals([[3, size], [3, 2, size]])) { tape, v in
      [tape.scaleRows(v[0], by: factors), tape.scaleSequences(v[1], by: factors)]
    } twin: {
      [
        Reference.scaleRows($0[0], by: factors.doubles, width: size),
        Reference.scaleRows($0[1], by: factors.doubles, width: 2 * size),
      ]
    }
    #expect(failure == nil)
  }

  @Test("RMS norm of rows, and of heads side by side in a row", arguments: ruleSizes)
  func rmsNorm(size: Int) {
    for shape in [[1, size], [3, size], [2, 2 * size]] {
      let failure = RuleCheck.failure(RuleCheck.normals([shape, [size]])) { tape, v in
        [tape.rmsNorm(v[0], v[1])]
      } twin: {
        [Reference.rmsNorm($0[0], weight: $0[1], epsilon: Double(Tensor.normEpsilon)).y]
      }
      #expect(failure == nil)
    }
  }

  @Test("rows of unit length", arguments: ruleSizes)
  func unitRows(size: Int) {
    for shape in [[1, size], [2, 3 * size]] {
      let failure = RuleCheck.failure(RuleCheck.normals([shape])) { tape, v in
        [tape.unitRows(v[0], width: size)]
      } twin: {
        [Reference.unitRows($0[0], width: size, epsilon: Double(Tensor.normEpsilon)).y]
      }
      #expect(failure == nil)
    }
  }

  @Test("SiLU and the two gated forms", arguments: ruleSizes)
  func gatedUnits(size: Int) {
    let inputs = RuleCheck.normals([[2, 2 * size], [2, 2 * size]], deviation: 2)
    let failure = RuleCheck.failure(inputs) { tape, v in
      [tape.silu(v[0]), tape.swiglu(v[0]), tape.siluGate(v[0], v[1])]
    } twin: {
      [
        $0[0].map(Reference.silu), Reference.swiglu($0[0], width: size),
        Reference.siluGate($0[0], $0[1]),
      ]
    }
    #expect(failure == nil)
  }

  @Test("the convolution and what it hands to the next chunk", arguments: ruleSizes, [1, 3])
  func convolution(size: Int, sequences: Int) {
    for (tokens, width) in [(size, 2), (1, size), (2, size), (3, size), (5, 3)] {
      let shapes = [[sequences * tokens, width], [sequences, 3, width], [4, width]]
      let failure = RuleCheck.failure(RuleCheck.normals(shapes)) { tape, v in
        [
          tape.convolution(v[0], past: v[1], weight: v[2]),
          tape.convolutionTail(v[0], past: v[1]),
        ]
      } twin: { x in
        let parts = zip(Reference.parts(x[0], sequences), Reference.parts(x[1], sequences))
        return [
          parts.flatMap { Reference.convolution(past: $1, $0, weight: x[2], width: width) },
          parts.flatMap { ($1 + $0).suffix(3 * width) },
        ]
      }
      #expect(failure == nil)
    }
  }

  @Test("rows of a table, some of them twice", arguments: ruleSizes)
  func embed(size: Int) {
    let ids = (0..<size).map { Int32($0 * $0 % 7) }
    let failure = RuleCheck.failure(RuleCheck.normals([[7, 3]])) { tape, v in
      [tape.embed(ids, table: v[0], scaledBy: 1.5)]
    } twin: { x in
      [ids.flatMap { Reference.scale(Reference.rows(x[0], 3)[Int($0)], by: 1.5) }]
    }
    #expect(failure == nil)
  }
}
