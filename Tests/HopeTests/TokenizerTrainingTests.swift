import Hope
import Tensors
import Testing

@Suite("Byte-pair training")
struct TokenizerTrainingTests {
  @Test("training gives the vocabulary and merges that Python learns from the same texts")
  func parity() throws {
    let golden = try TokenizerGolden.load()
    let python = try TokenizerGolden.tokenizer()
    let trained = BytePairTrainer.train(golden.training, vocabularySize: python.vocabularySize)
    #expect(trained == python)
  }

  @Test("special tokens come first, then the 256 bytes")
  func smallest() {
    let tokenizer = BytePairTrainer.train(["aa aa"], vocabularySize: 260)
    #expect(tokenizer.vocabularySize == 260)
    #expect((0..<4).map { tokenizer.text(of: $0) } == SpecialTokens.spellings)
    #expect(Set((4..<260).map { tokenizer.bytes(of: $0) }) == Set((0...255).map { [$0] }))
    #expect(tokenizer.bytes(of: 4) == [UInt8(ascii: "!")])
  }

  @Test("the most frequent pair goes first, among equals the one with the smaller ids")
  func order() {
    let tokenizer = BytePairTrainer.train(
      ["xy", "cd", "ab", "xy", "cd", "ab"], vocabularySize: 300)
    #expect(
      (260..<TokenID(tokenizer.vocabularySize)).map { tokenizer.text(of: $0) } == [
        "ab", "cd", "xy",
      ])
  }

  @Test("a pair that occurs too seldom becomes no token", arguments: [2, 3, 4])
  func minimumFrequency(minimum: Int) {
    let texts = ["ab", "ab", "cd", "cd", "cd", "ef"]
    let tokenizer = BytePairTrainer.train(texts, vocabularySize: 300, minimumFrequency: minimum)
    #expect(tokenizer.vocabularySize == 260 + [2: 2, 3: 1, 4: 0][minimum, default: -1])
  }

  @Test("no text gives the smallest vocabulary", arguments: [[], [""], ["", " "]])
  func emptyTexts(texts: [String]) {
    let tokenizer = BytePairTrainer.train(texts, vocabularySize: 1000)
    #expect(tokenizer.vocabularySize == 260)
    #expect(tokenizer.decode(tokenizer.encode("hello 漢字")) == "hello 漢字")
  }

  @Test("step-by-step counts choose the pairs that counting anew chooses", arguments: 0..<12)
  func naiveTwin(seed: UInt64) {
    var source = RandomSource(seed: seed)
    let letters = Array(seed % 2 == 0 ? "ab" : "abcde")
    let words = (0..<64).map { _ in
      " " + String((0...source.integer(below: 12)).map { _ in source.element(of: letters) })
    }
    let tokenizer = BytePairTrainer.train([words.joined()], vocabularySize: 330)
    let learned = (260..<TokenID(tokenizer.vocabularySize)).map { tokenizer.bytes(of: $0) }
    #expect(learned == naiveTraining(words, tokenizer, wanted: 330 - 260))
  }

  @Test("the same texts give the same bytes, in one text or in many")
  func determinism() throws {
    let texts = try TokenizerGolden.load().training
    let whole = BytePairTrainer.train(texts, vocabularySize: 500)
    let lines = BytePairTrainer.train(texts.map { $0 }, vocabularySize: 500)
    #expect(TokenizerFile.render(whole) == TokenizerFile.render(lines))
  }

  @Test("progress tells of both phases and ends at the size reached")
  func progress() {
    var reports: [BytePairTrainer.Progress] = []
    let texts = Array(repeating: "a bc", count: 10_001)
    _ = BytePairTrainer.train(texts, vocabularySize: 262) { reports.append($0) }
    #expect(
      reports == [
        .counting(texts: 10_000, bytes: 40_000, words: 2),
        .counting(texts: 10_001, bytes: 40_004, words: 2), .merging(tokens: 262, of: 262),
      ])
  }

  @Test("a vocabulary without room for the bytes traps")
  func tooSmall() async {
    await #expect(processExitsWith: .failure) {
      _ = BytePairTrainer.train([], vocabularySize: 259)
    }
  }

  /// Counts all pairs anew before every merge.
  private func naiveTraining(_ words: [String], _ tokenizer: Tokenizer, wanted: Int) -> [[UInt8]] {
    var ids: [[UInt8]: Int] = [:]
    for id in 4..<260 { ids[tokenizer.bytes(of: TokenID(id))] = id }
    var texts = words.map { $0.utf8.map { [$0] } }
    var learned: [[UInt8]] = []
    while learned.count < wanted {
      var counts: [[[UInt8]]: Int] = [:]
      for text in texts {
        for (a, b) in zip(text, text.dropFirst()) { counts[[a, b], default: 0] += 1 }
      }
      let rank = { (pair: [[UInt8]]) in (ids[pair[0], default: -1], ids[pair[1], default: -1]) }
      guard
        let best = counts.min(by: {
          $0.value != $1.value ? $0.value > $1.value : rank($0.key) < rank($1.key)
        }), best.value >= 2
      else { break }
      let joined = best.key[0] + best.key[1]
      if ids[joined] == nil {
        ids[joined] = 260 + learned.count
        learned.append(joined)
      }
      texts = texts.map { join($0, best.key) }
    }
    return learned
  }

  private func join(_ text: [[UInt8]], _ pair: [[UInt8]]) -> [[UInt8]] {
    var result: [[UInt8]] = []
    var i = 0
    while i < text.count {
      let isPair = i + 1 < text.count && text[i] == pair[0] && text[i + 1] == pair[1]
      result.append(isPair ? pair[0] + pair[1] : text[i])
      i += isPair ? 2 : 1
    }
    return result
  }
}
