import Glibc
import Tensors
import TestSupport
import Testing

@Suite("Tape: gates, rates and writes")
struct RulesGateTests {
  @Test("a scalar per head", arguments: ruleSizes)
  func headDots(size: Int) {
    for (heads, rows, width) in [(1, size, 2), (3, 2, size), (2, 1, size)] {
      let shapes = [[rows, heads * width], [heads, width], [heads]]
      let failure = RuleCheck.failure(RuleCheck.normals(shapes)) { tape, v in
        [tape.headDots(v[0], v[1], bias: v[2])]
      } twin: {
        [Reference.headDots($0[0], $0[1], bias: $0[2])]
      }
      #expect(failure == nil)
    }
  }

  @Test("σ and ln σ", arguments: ruleSizes)
  func sigmoids(size: Int) {
    let failure = RuleCheck.failure(RuleCheck.normals([[size, 2]], deviation: 4)) { tape, v in
      [tape.sigmoid(v[0]), tape.logSigmoid(v[0])]
    } twin: {
      [$0[0].map(Reference.sigmoid), $0[0].map { log(Reference.sigmoid($0)) }]
    }
    #expect(failure == nil)
  }

  @Test("ln σ stays finite, and its slope right, far from zero")
  func farLogSigmoid() throws {
    var tape = Tape()
    let x = tape.leaf(Tensor(shape: [4], elements: [-200, -90, 90, 200]))
    let y = tape.logSigmoid(x)
    #expect(mismatch(tape[y].elements, [-200, -90, 0, 0] as [Double]) == nil)
    let slopes = try #require(tape.gradients(seeds: [(y, Tensor([4], filledWith: 1))])[x])
    #expect(mismatch(slopes.elements, [1, 1, 0, 0] as [Double]) == nil)
  }

  @Test("a level's step sizes", arguments: ruleSizes)
  func writeRates(size: Int) {
    for (rows, width) in [(size, 2), (3, size)] {
      let inputs = RuleCheck.normals([[rows, width], [width], [1], [1]], deviation: 0.5)
      let failure = RuleCheck.failure(inputs) { tape, v in
        [tape.writeRates(v[0], weight: v[1], bias: v[2], logRate: v[3])]
      } twin: { x in
        [
          Reference.rows(x[0], width).map {
            exp(x[3][0]) * Reference.sigmoid(Reference.dot($0, x[1]) + x[2][0])
          }
        ]
      }
      #expect(failure == nil)
    }
  }

  @Test("a learned scalar times a tensor", arguments: ruleSizes)
  func scale(size: Int) {
    let failure = RuleCheck.failure(RuleCheck.normals([[2, size], [3]])) { tape, v in
      [tape.scale(v[0], by: v[1], element: 0), tape.scale(v[0], by: v[1], element: 2)]
    } twin: {
      [Reference.scale($0[0], by: $0[1][0]), Reference.scale($0[0], by: $0[1][2])]
    }
    #expect(failure == nil)
  }

  @Test("one write, of the sequences that write", arguments: ruleSizes)
  func retain(size: Int) {
    for writes in [[true], [false], [true, false, true]] {
      let n = writes.count
      for count in [2, 3] {
        let inputs = Array(RuleCheck.normals([[n, 2, size], [1], [n, 2, size]])[..<count])
        let failure = RuleCheck.failure(inputs) { tape, v in
          [
            tape.retain(
              count == 3 ? v[2] : nil, minus: v[0], retention: v[1], writes: writes)
          ]
        } twin: { x in
          let before = count == 3 ? x[2] : [Double](zeros: x[0].count)
          return [
            (0..<n).flatMap { s in
              let (learned, step) = (Reference.parts(before, n)[s], Reference.parts(x[0], n)[s])
              guard writes[s] else { return learned }
              return Reference.add(
                Reference.scale(learned, by: x[1][0]), Reference.scale(step, by: -1))
            }
          ]
        }
        #expect(failure == nil)
      }
    }
  }

  /// Zero times an infinity is NaN: masking a refused write by multiplication destroyed what the
  /// level had learned.
  @Test(
    "a write that is not finite leaves no trace where it is refused",
    arguments: [.nan, .infinity] as [Float])
  func refusedWrite(value: Float) throws {
    var tape = Tape()
    let before = tape.leaf(Tensor([2, 1, 2], filledWith: 3))
    let step = tape.leaf(Tensor(shape: [2, 1, 2], elements: [1, 1, value, 1]))
    let retention = tape.leaf(Tensor([1], filledWith: 0.5))
    let after = tape.retain(before, minus: step, retention: retention, writes: [true, false])
    #expect(tape[after].elements == [0.5, 0.5, 3, 3])
    let first = tape.retain(nil, minus: step, retention: retention, writes: [true, false])
    #expect(tape[first].elements == [-1, -1, 0, 0])
    let gradients = tape.gradients(seeds: [(after, Tensor([2, 1, 2], filledWith: 1))])
    #expect(gradients[before]?.elements == [0.5, 0.5, 1, 1])
    #expect(gradients[step]?.elements == [-1, -1, 0, 0])
    #expect(gradients[retention]?.elements == [6])
  }
}
