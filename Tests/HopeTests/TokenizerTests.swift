import Hope
import Tensors
import Testing

@Suite("Tokenizer")
struct TokenizerTests {
  let tokenizer: Tokenizer
  let golden: TokenizerGolden

  init() throws {
    tokenizer = try TokenizerGolden.tokenizer()
    golden = try TokenizerGolden.load()
  }

  @Test("text is cut where Python cuts it")
  func pieces() {
    for sample in golden.samples {
      #expect(
        cut(sample.text) == sample.pieces.map { Array($0.utf8) }, "\(sample.text.debugDescription)")
    }
  }

  @Test("every Unicode character is a letter, number, space or symbol as in Python")
  func characterKinds() {
    let ends = golden.kindStarts.dropFirst() + [0x110000]
    #expect(golden.kindStarts.count > 1000)
    var wrongRuns: [String] = []
    for ((start, end), letter) in zip(zip(golden.kindStarts, ends), golden.kindLetters) {
      let opening = ["l": "a", "n": "1", "o": "!", "w": "  "][letter] ?? ""
      var text = String(opening).unicodeScalars
      text.append(contentsOf: (start..<end).lazy.compactMap(Unicode.Scalar.init))
      if cut(String(text)).count != 1 { wrongRuns.append(String(start, radix: 16)) }
    }
    #expect(wrongRuns == [])
  }

  @Test("text becomes the tokens that Python gives")
  func encoding() {
    for sample in golden.samples {
      #expect(tokenizer.encode(sample.text) == sample.ids, "\(sample.text.debugDescription)")
      #expect(tokenizer.encode(sample.text, allowingSpecial: true) == sample.ids)
    }
  }

  @Test("spelled special tokens become tokens where allowed, as in Python")
  func allowedSpecials() {
    for sample in golden.specialSamples {
      #expect(tokenizer.encode(sample.text, allowingSpecial: true) == sample.ids, "\(sample.text)")
    }
  }

  @Test("text never becomes a special token by itself")
  func forbiddenSpecials() {
    for sample in golden.specialSamples {
      let ids = tokenizer.encode(sample.text)
      #expect(!ids.contains { tokenizer.isSpecial($0) })
      #expect(tokenizer.decode(ids) == sample.text)
    }
  }

  @Test("tokens become the text that Python gives, broken UTF-8 included")
  func decoding() {
    for sequence in golden.sequences {
      #expect(utf8(tokenizer.decode(sequence.ids)) == utf8(sequence.text))
      let withSpecial = tokenizer.decode(sequence.ids, includingSpecial: true)
      #expect(utf8(withSpecial) == utf8(sequence.textWithSpecial))
    }
  }

  @Test("decoding an encoded text gives its bytes", arguments: [1, 63, 64, 100, 5000])
  func roundTrip(length: Int) {
    var source = RandomSource(seed: UInt64(length))
    let text = randomText(length, &source)
    let ids = tokenizer.encode(text)
    #expect(utf8(tokenizer.decode(ids)) == utf8(text))
    #expect(ids.flatMap { tokenizer.bytes(of: $0) } == utf8(text))
  }

  @Test("a repeated word gets the same tokens each time, however full the cache is")
  func repetition() {
    var source = RandomSource(seed: 5)
    let words = (0..<3000).map { _ in " w" + randomText(6, &source).filter(\.isLetter) }
    let expected = words.flatMap { tokenizer.encode($0) }
    #expect(tokenizer.encode(words.joined()) == expected)
    #expect(tokenizer.encode((words + words).joined()) == expected + expected)
  }

  @Test("a word without spaces is merged in the same way at every length", arguments: 28...36)
  func longWords(length: Int) {
    // 32 bytes is where the search for the next merge changes; a prefix cut at a token stays a prefix.
    let word = String("theferrymanrememberedeverybodythebakertheteacher".prefix(length))
    let ids = tokenizer.encode(word)
    #expect(tokenizer.decode(ids) == word)
    #expect(ids == naiveEncoding(word))
  }

  @Test("two texts that Swift calls equal keep their bytes")
  func canonicalEquivalence() {
    let composed = tokenizer.encode("\u{E9}")
    let decomposed = tokenizer.encode("e\u{301}")
    #expect("\u{E9}" == "e\u{301}")
    #expect(composed != decomposed)
    #expect(tokenizer.encode("e\u{301} \u{E9}") == decomposed + tokenizer.encode(" \u{E9}"))
  }

  @Test("the display text of a token shows what it has")
  func displayText() {
    #expect(tokenizer.text(of: tokenizer.special.user) == "<|user|>")
    #expect(tokenizer.text(of: tokenizer.encode("a")[0]) == "a")
    #expect(tokenizer.text(of: tokenizer.encode("😀")[0]).unicodeScalars.contains("\u{FFFD}"))
  }

  @Test("an id outside the vocabulary traps")
  func unknownID() async {
    await #expect(processExitsWith: .failure) {
      let tokenizer = BytePairTrainer.train([], vocabularySize: Tokenizer.smallestVocabulary)
      _ = tokenizer.bytes(of: TokenID(tokenizer.vocabularySize))
    }
  }

  private func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func cut(_ text: String) -> [[UInt8]] {
    let bytes = Array(text.utf8)
    var cutter = PreTokenizer()
    var pieces: [[UInt8]] = []
    while let piece = cutter.next(in: bytes.span) { pieces.append(Array(bytes[piece])) }
    return pieces
  }

  /// Tokens of the training order are ranks too: joins the neighbours whose joined bytes are the
  /// token with the smallest id, until none is left.
  private func naiveEncoding(_ word: String) -> [TokenID] {
    var ids: [[UInt8]: TokenID] = [:]
    for id in 4..<TokenID(tokenizer.vocabularySize) { ids[tokenizer.bytes(of: id)] = id }
    var parts = word.utf8.map { [$0] }
    while let best = parts.indices.dropLast().min(by: {
      ids[parts[$0] + parts[$0 + 1], default: .max] < ids[parts[$1] + parts[$1 + 1], default: .max]
    }), ids[parts[best] + parts[best + 1]] != nil {
      parts[best] += parts.remove(at: best + 1)
    }
    return parts.compactMap { ids[$0] }
  }
}

/// Text of many kinds of characters.
func randomText(_ length: Int, _ source: inout RandomSource) -> String {
  let alphabet = Array("abcdetheéü漢字😀👍🏽1234 \n\t.,!?'s\u{A0}\u{301}".unicodeScalars)
  return String(String.UnicodeScalarView((0..<length).map { _ in source.element(of: alphabet) }))
}
