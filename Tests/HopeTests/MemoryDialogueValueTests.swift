import Hope
import Tensors
import Testing

@Suite("Values of memory dialogues")
struct MemoryDialogueValueTests {
  private let tokenizer = WordTokenizer()

  private func values(_ kind: ValueKind, _ split: ValueSplit, _ count: Int) -> [String] {
    let source = ValueSource(split: split, encode: tokenizer.encode)
    var random = RandomSource(seed: 3)
    return (0..<count).map { _ in source.value(of: kind, using: &random) }
  }

  @Test("values people try first are kept for evaluation, however they are spelled")
  func reservedValues() {
    for value in ["Biscuit", "biscuit", "BISCUIT", "Biscuit Street", "Ziggy", "Lisbon"] {
      #expect(ValueSplit.of(value) == .evaluation)
    }
    #expect(ValueSplit.of("Skipper") == .training)
  }

  @Test("the split is the same in every run: golden members of both sides")
  func stableSplit() {
    let names = ["Rex", "Oslo", "purple", "guitar", "417", "vorrin", "Lamora", "Skipper", "March"]
    let kept = names.filter { ValueSplit.of($0) == .evaluation }
    #expect(kept == Self.keptNames)
  }
  private static let keptNames = ["Rex", "Oslo"]

  @Test("about one word in eight is kept for evaluation")
  func splitShare() {
    let words = (0..<10_000).map { "word\($0)" }
    let share = words.count { ValueSplit.of($0) == .evaluation }
    #expect(1_050...1_350 ~= share, "\(share) of 10000")
  }

  @Test("every kind yields only values of its split, many of them", arguments: ValueKind.allCases)
  func drawsFromItsSplit(kind: ValueKind) {
    for split in ValueSplit.allCases {
      let drawn = values(kind, split, 400)
      #expect(drawn.allSatisfy { ValueSplit.of($0) == split })
      #expect(Set(drawn).count > 100, "\(kind) \(split): \(Set(drawn).count) of 400 differ")
    }
  }

  @Test("every kind has thousands of values", arguments: ValueKind.allCases)
  func manyValues(kind: ValueKind) {
    #expect(kind.distinctCount >= 4_000, "\(kind) has \(kind.distinctCount)")
  }

  @Test("a value that is taken is not drawn again")
  func avoidsTaken() {
    let source = ValueSource(split: .training, encode: tokenizer.encode)
    let taken = Set(values(.month, .training, 300).map { $0.lowercased() })
    var random = RandomSource(seed: 3)
    for _ in 0..<100 {
      let value = source.value(of: .month, notIn: taken, using: &random)
      #expect(!taken.contains(value.lowercased()))
    }
  }

  @Test("made-up words keep their share in both splits", arguments: ValueSplit.allCases)
  func madeUpShare(split: ValueSplit) {
    let months = ["january", "february", "march", "april", "may", "june", "july", "august"]
    let others = ["september", "october", "november", "december"]
    let invented = values(.month, split, 1_000).count { value in
      !(months + others).contains { value.lowercased().hasSuffix($0) }
    }
    #expect(invented > 400, "\(invented) of 1000 \(split)")
  }

  @Test("short values are preferred")
  func shortValues() {
    let letters: TextEncoding = { text in text.map { _ in 1 } }
    let source = ValueSource(split: .training, encode: letters, maximumTokens: 8)
    var random = RandomSource(seed: 9)
    let long = (0..<300).count { _ in source.value(of: .person, using: &random).count > 7 }
    #expect(long <= 3)
  }
}

@Suite("Phrasings of memory dialogues")
struct MemoryDialoguePhrasingTests {
  private static let attributes = MemoryCatalogue.attributes

  @Test("there are many attributes, each with many ways to tell and to ask")
  func enoughPhrasings() {
    #expect(Self.attributes.count >= 20)
    #expect(Set(Self.attributes.map(\.key)).count == Self.attributes.count)
    for attribute in Self.attributes {
      #expect(attribute.statements.training.count >= 8, "\(attribute.key)")
      #expect(attribute.statements.heldOut.count >= 2, "\(attribute.key)")
      #expect(attribute.questions.training.count >= 6, "\(attribute.key)")
      #expect(attribute.questions.heldOut.count >= 2, "\(attribute.key)")
    }
  }

  @Test("held-out phrasings are not among the training ones")
  func disjointPhrasings() {
    for attribute in Self.attributes {
      for phrasings in [attribute.statements, attribute.questions] {
        #expect(Set(phrasings.training).isDisjoint(with: phrasings.heldOut), "\(attribute.key)")
        #expect(Set(phrasings.training).count == phrasings.training.count, "\(attribute.key)")
      }
    }
  }

  @Test("a statement holds the value once, a question never, an answer ends with it")
  func wellFormedTemplates() {
    for attribute in Self.attributes {
      for set in PhrasingSet.allCases {
        for statement in attribute.statements[set] {
          #expect(statement.split(separator: "{v}", omittingEmptySubsequences: false).count == 2)
        }
        #expect(attribute.questions[set].allSatisfy { !$0.contains("{v}") })
      }
      #expect(attribute.answers.allSatisfy { $0.hasSuffix("{v}") })
    }
  }

  @Test("the first thing people try is told and asked in training words")
  func catPhrasings() throws {
    let cat = try #require(MemoryCatalogue.attribute("cat"))
    #expect(cat.statements.training.contains("my {n} is called {v}"))
    #expect(cat.questions.training.contains("what is my {n} called?"))
    #expect(cat.answers[0] == "your {n} is called {v}")
  }
}
