import Tensors
import TestSupport
import Testing

@Suite("Tape: attention rules")
struct RulesAttentionTests {
  @Test("rotary positions", arguments: ruleSizes, [1, 3])
  func rotate(tokens: Int, sequences: Int) {
    let failure = RuleCheck.failure(RuleCheck.normals([[sequences * tokens, 8]])) { tape, v in
      [tape.rotate(v[0], width: 4, sequences: sequences, firstPosition: 5)]
    } twin: {
      [
        Reference.rotate(
          $0[0], width: 4, rowWidth: 8, sequences: sequences, firstPosition: 5)
      ]
    }
    #expect(failure == nil)
  }

  @Test("rows appended to a past, and to none", arguments: ruleSizes, [1, 3])
  func appendRows(tokens: Int, sequences: Int) {
    for past in [0, 1, 5] {
      let shapes = [[sequences * tokens, 3], [sequences, past, 3]]
      let inputs = Array(RuleCheck.normals(shapes)[..<(past == 0 ? 1 : 2)])
      let failure = RuleCheck.failure(inputs) { tape, v in
        [tape.appendRows(v[0], to: past == 0 ? nil : v[1], sequences: sequences)]
      } twin: { x in
        let rows = Reference.parts(x[0], sequences)
        guard past > 0 else { return [x[0]] }
        return [zip(Reference.parts(x[1], sequences), rows).flatMap(+)]
      }
      #expect(failure == nil)
    }
  }

  @Test("softmax attention with a past", arguments: ruleSizes)
  func attend(size: Int) {
    for (sequences, heads, width, tokens, past) in [
      (1, 1, 2, size, 0), (1, 2, 3, 2, size), (2, 2, 2, 3, 4), (1, 1, size, 2, 2),
    ] {
      let failure = failure(sequences, heads, width, tokens, past)
      #expect(failure == nil)
    }
  }

  @Test("read gains weigh the past against a row's own token", arguments: [0, 0.5, 2] as [Float])
  func readGains(gain: Float) {
    #expect(failure(2, 2, 3, 4, 5, gains: (0..<8).map { $0 % 3 == 0 ? 1 : gain }) == nil)
  }

  @Test("hidden positions are seen by their own token alone")
  func hidden() {
    let hidden = (0..<2 * 9).map { [6, 8, 14, 15].contains($0) }
    #expect(failure(2, 2, 3, 4, 5, hidden: hidden) == nil)
    #expect(failure(2, 2, 3, 4, 5, gains: (0..<8).map { Float($0) / 4 }, hidden: hidden) == nil)
  }

  /// The largest score of what nobody may see was subtracted too, so that all weights vanished and
  /// their sum divided by zero.
  @Test("a large score of what is not seen changes nothing", arguments: [true, false])
  func unseenScores(isHidden: Bool) {
    var k = Tensor.zeros([1, 2, 2])
    k.elements = [300, 0, 1, 0]
    let call = AttentionCall(
      q: Tensor(shape: [1, 2], elements: [1, 0]), k: k,
      v: Tensor(shape: [1, 2, 2], elements: [5, 6, 7, 8]), heads: 1,
      readGains: isHidden ? nil : [0], hidden: isHidden ? [true, false] : nil)
    let (heard, weights) = call.forward()
    #expect(weights.elements == [0, 1])
    #expect(heard.elements == [7, 8])
  }

  private func failure(
    _ sequences: Int, _ heads: Int, _ width: Int, _ tokens: Int, _ past: Int,
    gains: [Float]? = nil, hidden: [Bool]? = nil
  ) -> String? {
    let (d, all) = (heads * width, past + tokens)
    let shapes = [[sequences * tokens, d], [sequences, all, d], [sequences, all, d]]
    return RuleCheck.failure(RuleCheck.normals(shapes)) { tape, v in
      [
        tape.attend(
          v[0], keys: v[1], values: v[2], heads: heads, readGains: gains, hidden: hidden)
      ]
    } twin: {
      [
        Reference.attend(
          $0[0], $0[1], $0[2], heads: heads, width: width, sequences: sequences,
          gains: gains?.doubles, hidden: hidden)
      ]
    }
  }
}
