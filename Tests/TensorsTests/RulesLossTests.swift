import Tensors
import TestSupport
import Testing

@Suite("Tape: token losses")
struct RulesLossTests {
  @Test("projection, softmax and loss in one", arguments: ruleSizes)
  func tokenLosses(size: Int) {
    for (rows, vocabulary, width) in [(size, 5, 2), (3, size, 2), (2, 5, size)] {
      let targets = (0..<rows).map { Int32($0 % vocabulary) }
      let inputs = RuleCheck.normals([[rows, width], [vocabulary, width]])
      let failure = RuleCheck.failure(inputs) { tape, v in
        [tape.tokenLosses(v[0], table: v[1], targets: targets).losses]
      } twin: {
        [
          Reference.softmaxLoss(
            Reference.linear($0[0], $0[1], inWidth: width), targets: targets, width: vocabulary
          ).loss
        ]
      }
      #expect(failure == nil)
    }
  }

  @Test("a row without a target has no loss and passes nothing on")
  func missingTarget() {
    let failure = RuleCheck.failure(RuleCheck.normals([[3, 4], [5, 4]])) { tape, v in
      [tape.tokenLosses(v[0], table: v[1], targets: [2, -1, 0]).losses]
    } twin: {
      [
        Reference.softmaxLoss(
          Reference.linear($0[0], $0[1], inWidth: 4), targets: [2, -1, 0], width: 5
        ).loss
      ]
    }
    #expect(failure == nil)
  }

  @Test("the most probable token, the first of equals", arguments: ruleSizes)
  func mostProbable(vocabulary: Int) {
    var tape = Tape()
    var rows = Tensor.zeros([2, 1])
    rows.elements = [1, -1]
    var table = Tensor([vocabulary, 1], filledWith: 0)
    table.elements[vocabulary - 1] = 1
    let losses = tape.tokenLosses(tape.leaf(rows), table: tape.leaf(table), targets: [0, 0])
    #expect(losses.mostProbable(0) == vocabulary - 1)
    #expect(losses.mostProbable(1) == 0)
  }
}
