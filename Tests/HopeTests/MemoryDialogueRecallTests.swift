import Hope
import Tensors
import Testing

@Suite("Recall questions")
struct MemoryDialogueRecallTests {
  private let tokenizer = WordTokenizer()

  private func contexts(_ count: Int, distance: Int, grid: Int = 64, seed: UInt64 = 2)
    -> [RecallContext]
  {
    let roles = WordTokenizer.roles
    let questions = RecallQuestions(
      encode: tokenizer.encode, roles: roles,
      filler: SmallTalk(encode: tokenizer.encode, roles: roles))
    return questions.contexts(count, distance: distance, grid: grid, seed: seed)
  }

  @Test(
    "the last fact was told exactly at the distance, the others a little before",
    arguments: [1, 63, 64, 100, 256, 1024, 4096])
  func distances(distance: Int) {
    for context in contexts(8, distance: distance) {
      #expect(context.questions.count == 4)
      #expect(context.questions.map(\.distance).min() == distance)
      #expect((context.questions.map(\.distance).max() ?? 0) <= distance + 100)
      for question in context.questions {
        let end = context.tokens.count - question.distance
        let told = context.tokens[(end - question.value.count)..<end]
        #expect(tokenizer.text(of: told) == " " + question.valueText)
        #expect(Array(told) == question.value)
      }
    }
  }

  @Test("a context fills whole chunks", arguments: [1, 16, 63, 64, 100])
  func wholeChunks(grid: Int) {
    for context in contexts(5, distance: 256, grid: grid) {
      #expect(context.tokens.count.isMultiple(of: grid))
      #expect(context.isWritable.count == context.tokens.count)
      #expect(context.isWritable.last == true)
    }
  }

  @Test("the prompt is a question without the value and the answer up to it")
  func prompts() {
    for question in contexts(20, distance: 64).flatMap(\.questions) {
      let prompt = tokenizer.text(of: question.prompt)
      #expect(prompt.hasPrefix("<user> "))
      #expect(prompt.split(separator: "<bot>").count == 2)
      #expect(!prompt.contains(" " + question.valueText + " "))
      #expect(prompt.last?.isLetter == true)
    }
  }

  @Test("values come from the evaluation split, attributes of a context differ")
  func evaluationValues() {
    for context in contexts(20, distance: 64) {
      #expect(context.questions.allSatisfy { ValueSplit.of($0.valueText) == .evaluation })
      #expect(Set(context.questions.map(\.attribute)).count == 4)
      #expect(Set(context.questions.map { $0.valueText.lowercased() }).count == 4)
    }
  }

  @Test("the same seed asks the same, however many contexts are made")
  func seeds() {
    #expect(contexts(2, distance: 64) == Array(contexts(5, distance: 64).prefix(2)))
    #expect(contexts(1, distance: 64, seed: 2) != contexts(1, distance: 64, seed: 3))
  }
}
