import Tensors
import TestSupport
import Testing

/// Sizes around a vector's length and a chunk's.
let ruleSizes = [1, 63, 64, 100]

@Suite("Tape: matrix rules")
struct RulesMatrixTests {
  @Test("a dense layer", arguments: ruleSizes)
  func linear(size: Int) {
    for (rows, out) in [(1, 3), (3, 1), (size, 2), (2, size)] {
      let failure = RuleCheck.failure(RuleCheck.normals([[rows, size], [out, size]])) { tape, v in
        [tape.linear(v[0], v[1])]
      } twin: {
        [Reference.linear($0[0], $0[1], inWidth: size)]
      }
      #expect(failure == nil)
    }
  }

  @Test("a dense layer whose products are split over two lanes")
  func lanes() {
    let inputs = RuleCheck.normals([[100, 64], [100, 64]])
    let failure = RuleCheck.failure(inputs, lanes: 2) { tape, v in
      [tape.linear(v[0], v[1])]
    } twin: {
      [Reference.linear($0[0], $0[1], inWidth: 64)]
    }
    #expect(failure == nil)
  }

  @Test("a layer per head", arguments: ruleSizes)
  func headLinear(size: Int) {
    for (heads, rows, inWidth, out) in [(1, size, 2, 3), (3, 2, size, 2), (2, 3, 2, size)] {
      let inputs = RuleCheck.normals([[rows, heads * inWidth], [heads, out, inWidth]])
      let failure = RuleCheck.failure(inputs) { tape, v in
        [tape.headLinear(v[0], v[1])]
      } twin: {
        [Reference.headLinear($0[0], $0[1], heads: heads, inWidth: inWidth)]
      }
      #expect(failure == nil)
    }
  }

  @Test("reading a learned part, with and without gains", arguments: ruleSizes, [1, 3])
  func fastRead(size: Int, sequences: Int) {
    let (rows, out) = (sequences * 2, 3)
    let shapes = [[rows, out], [rows, size], [sequences, out, size]]
    for gains in [nil, (0..<rows).map { Float($0) * 0.5 }] as [[Float]?] {
      let failure = RuleCheck.failure(RuleCheck.normals(shapes)) { tape, v in
        [tape.fastRead(v[0], key: v[1], delta: v[2], gains: gains)]
      } twin: {
        [
          Reference.fastRead(
            $0[0], key: $0[1], $0[2], gains: gains?.doubles, sequences: sequences, inWidth: size)
        ]
      }
      #expect(failure == nil)
    }
  }

  @Test("the sum a level writes, with and without an earlier sum", arguments: ruleSizes, [1, 3])
  func outerProductSum(size: Int, sequences: Int) {
    for (tokens, out, inWidth) in [(size, 2, 3), (2, size, 3), (2, 3, size)] {
      let rows = sequences * tokens
      let signal = RuleCheck.normals([[rows, out]])[0]
      let shapes = [[rows], [rows, inWidth], [sequences, out, inWidth]]
      for count in [2, 3] {
        let inputs = Array(RuleCheck.normals(shapes)[..<count])
        let none = [Double](zeros: sequences * out * inWidth)
        let failure = RuleCheck.failure(inputs) { tape, v in
          [
            tape.outerProductSum(
              pending: count == 3 ? v[2] : nil, teachSignal: signal, rates: v[0], key: v[1],
              sequences: sequences)
          ]
        } twin: {
          [
            Reference.outerProductSum(
              count == 3 ? $0[2] : none, left: signal.doubles, rates: $0[0], key: $0[1],
              sequences: sequences, inWidth: inWidth)
          ]
        }
        #expect(failure == nil)
      }
    }
  }
}
