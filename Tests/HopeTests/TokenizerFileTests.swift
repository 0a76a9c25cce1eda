import Foundation
import Hope
import Tensors
import Testing

@Suite("Tokenizer file")
struct TokenizerFileTests {
  let tokenizer: Tokenizer
  /// The golden tokenizer as this program writes it.
  let file: String

  init() throws {
    tokenizer = try TokenizerGolden.tokenizer()
    file = String(decoding: TokenizerFile.render(tokenizer), as: UTF8.self)
  }

  private func parse(_ text: String) throws(TokenizerError) -> Tokenizer {
    try TokenizerFile.parse(Array(text.utf8))
  }

  /// The error of the file with one passage replaced; the passage must be there.
  private func error(replacing old: String, by new: String) throws -> TokenizerError? {
    try #require(file.contains(old), "\(old)")
    return parseError(file.replacing(old, with: new, maxReplacements: 1))
  }

  @Test("a written tokenizer reads as the same")
  func roundTrip() throws {
    #expect(try parse(file) == tokenizer)
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).json").path()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try TokenizerFile.write(tokenizer, to: path)
    #expect(try TokenizerFile.read(path) == tokenizer)
  }

  @Test("merges are read as pairs and as one text")
  func mergeSpellings() throws {
    let old = file.replacing(/\["(\S+?)","(\S+?)"\]/) { "\"\($0.output.1) \($0.output.2)\"" }
    #expect(old != file)
    #expect(try parse(old) == tokenizer)
  }

  @Test("special tokens are found by their spelling, wherever their ids are")
  func movedSpecials() throws {
    var moved = file
    for (old, new) in [
      ("\"<|user|>\":1,", "\"<|user|>\":3,"), ("\"<|system|>\":3,", "\"<|system|>\":1,"),
    ] {
      moved = moved.replacing(old, with: new)
    }
    moved = moved.replacing(
      "\"id\":1,\"content\":\"<|user|>\"", with: "\"id\":3,\"content\":\"<|user|>\""
    )
    .replacing("\"id\":3,\"content\":\"<|system|>\"", with: "\"id\":1,\"content\":\"<|system|>\"")
    let special = try parse(moved).special
    #expect([special.endOfText, special.user, special.assistant, special.system] == [0, 3, 2, 1])
  }

  @Test("an added token behind the vocabulary is a token too, its spelling escaped")
  func addedBehind() throws {
    let extra =
      "{\"id\":\(tokenizer.vocabularySize),\"content\":\"<\\\"\\\\\\u0001é>\",\"special\":true},"
    let more = try parse(file.replacing("\"added_tokens\":[", with: "\"added_tokens\":[" + extra))
    let id = TokenID(tokenizer.vocabularySize)
    #expect(more.vocabularySize == tokenizer.vocabularySize + 1)
    #expect(more.text(of: id) == "<\"\\\u{1}é>")
    #expect(more.encode("a<\"\\\u{1}é>", allowingSpecial: true).last == id)
    #expect(try TokenizerFile.parse(TokenizerFile.render(more)) == more)
  }

  @Test(
    "whatever would cut or join text differently is refused by name",
    arguments: [
      ("\"type\":\"BPE\"", "\"type\":\"Unigram\"", "model.type"),
      ("\"dropout\":null", "\"dropout\":0.1", "model.dropout"),
      ("\"unk_token\":null", "\"unk_token\":\"?\"", "model.unk_token"),
      (
        "\"continuing_subword_prefix\":null", "\"continuing_subword_prefix\":\"##\"",
        "model.continuing_subword_prefix"
      ),
      ("\"end_of_word_suffix\":null", "\"end_of_word_suffix\":\"_\"", "model.end_of_word_suffix"),
      ("\"byte_fallback\":false", "\"byte_fallback\":true", "model.byte_fallback"),
      ("\"ignore_merges\":false", "\"ignore_merges\":true", "model.ignore_merges"),
      ("\"normalizer\":null", "\"normalizer\":{\"type\":\"NFC\"}", "normalizer"),
      ("\"truncation\":null", "\"truncation\":{}", "truncation"),
      ("\"padding\":null", "\"padding\":{}", "padding"),
      ("\"post_processor\":null", "\"post_processor\":{\"type\":\"X\"}", "post_processor.type"),
      (
        "\"pre_tokenizer\":{\"type\":\"ByteLevel\"", "\"pre_tokenizer\":{\"type\":\"W\"",
        "pre_tokenizer.type"
      ),
      ("\"add_prefix_space\":false", "\"add_prefix_space\":true", "pre_tokenizer.add_prefix_space"),
      ("\"use_regex\":true", "\"use_regex\":false", "pre_tokenizer.use_regex"),
      ("\"decoder\":{\"type\":\"ByteLevel\"", "\"decoder\":{\"type\":\"W\"", "decoder.type"),
      ("\"special\":true", "\"special\":false", "added_tokens[0].special"),
      ("\"lstrip\":false", "\"lstrip\":true", "added_tokens[0]"),
    ])
  func unsupported(old: String, new: String, place: String) throws {
    guard case .unsupported(place, _)? = try error(replacing: old, by: new) else {
      Issue.record("\(place): \(String(describing: try error(replacing: old, by: new)))")
      return
    }
  }

  @Test("what does not fit together is named")
  func inconsistent() throws {
    #expect(try error(replacing: "\"\\\"\":5,", by: "\"\\\"\":4,") == .duplicateID(4, "!", "\""))
    #expect(
      try error(replacing: "\"\\\"\":5,", by: "\"\\\"\":5000,")
        == .missingID(5, next: 6, "#"))
    #expect(try error(replacing: "\"!\":4,", by: "\"!\":-4,") == .missingID(0, next: -4, "!"))
    #expect(try error(replacing: "\"Ā\":", by: "\"ĀĀĀ\":") == .missingByte(0))
    #expect(try error(replacing: "\"!\":4,", by: "\"! !\":4,") == .notBytes("! !", id: 4))
    #expect(try error(replacing: "\"!\":4,", by: "\"\":4,") == .notBytes("", id: 4))
    #expect(
      try error(replacing: "\"content\":\"<|user|>\"", by: "\"content\":\"<|system|>\"")
        == .conflictingID("<|system|>", inVocabulary: 3, inAddedTokens: 1))
    #expect(
      parseError(file.replacing("<|user|>", with: "<|you|>"))
        == .missingSpecialToken("<|user|>"))
  }

  private func parseError(_ text: String) -> TokenizerError? {
    do { _ = try parse(text) } catch { return error }
    return nil
  }

  @Test("a merge that cannot be is named by its number")
  func badMerges() throws {
    let start = "\"merges\":[\n"
    func reason(_ merge: String) throws -> String? {
      guard case .badMerge(0, let reason)? = try error(replacing: start, by: start + merge + ",")
      else { return nil }
      return reason
    }
    #expect(try reason("[\"a\",\"漢\"]")?.contains("漢") == true)
    #expect(try reason("[\"!\",\"~\"]")?.contains("!~") == true)
    #expect(try reason("[\"a\",\"b\",\"c\"]") != nil)
    #expect(try reason("\"a  b\"") != nil)
    #expect(try reason("[\"<|user|>\",\"a\"]")?.contains("<|user|>") == true)
    let first = try #require(
      file.split(separator: start, maxSplits: 1)[1].split(separator: "\n").first)
    guard case .badMerge(1, _)? = try error(replacing: start, by: start + first) else {
      Issue.record("a pair twice was accepted")
      return
    }
  }

  @Test("what is not JSON, or lacks a field, is damaged, and says where")
  func damaged() throws {
    for text in ["", "{", "[]", "nothing", "{\"model\":", String(file.prefix(file.count / 2))] {
      guard case .damaged? = parseError(text) else {
        Issue.record("\(text.prefix(20)) was accepted")
        continue
      }
    }
    #expect(
      try error(replacing: "\"vocab\":", by: "\"words\":")
        == .damaged(place: "model.vocab", reason: "missing"))
    for id in ["1.5", "\"4\"", "1e400", "99999999999999999999", "null"] {
      guard case .damaged("model.vocab.!", _)? = try error(replacing: "\"!\":4", by: "\"!\":" + id)
      else {
        Issue.record("id \(id)")
        continue
      }
    }
  }

  @Test("deep nesting is an error, not a full stack")
  func deepNesting() throws {
    let nested = String(repeating: "[", count: 1_000_000)
    guard
      case .damaged? = try error(replacing: "\"normalizer\":null", by: "\"normalizer\":" + nested)
    else {
      Issue.record("accepted")
      return
    }
  }

  @Test("files that are too large, missing or no files are refused")
  func unreadable() throws {
    let folder = FileManager.default.temporaryDirectory
    #expect(throws: TokenizerError.self) { try TokenizerFile.read(folder.path()) }
    #expect(throws: TokenizerError.self) { try TokenizerFile.read("/dev/zero") }
    #expect(throws: TokenizerError.self) { try TokenizerFile.read("/no/such/tokenizer.json") }
    #expect(throws: TokenizerError.self) {
      try TokenizerFile.write(tokenizer, to: "/no/such/tokenizer.json")
    }
    let size = TokenizerFile.byteLimit + 1
    #expect(throws: TokenizerError.tooLarge(byteCount: size, limit: size - 1)) {
      try TokenizerFile.parse([UInt8](repeating: 32, count: size))
    }
  }

  @Test("messages are one line that names the file's place, and short")
  func messages() {
    let long = String(repeating: "x", count: 1 << 20)
    for error: TokenizerError in [
      .unreadable(path: "a", reason: "b"), .tooLarge(byteCount: 1, limit: 0),
      .damaged(place: "a", reason: "b"), .duplicateID(1, long, long), .notBytes(long, id: 1),
      .missingID(1, next: 2, long), .missingByte(0), .tooManyTokens(2, limit: 1),
      .badMerge(index: 1, reason: "b"),
    ] {
      #expect(error.description.hasPrefix("tokenizer.json: "))
      #expect(error.description.count < 200)
      #expect(!error.description.contains("\n"))
    }
  }

  @Test("corrupted files load or are refused, and what loads works", arguments: [500])
  func corruption(count: Int) {
    let bytes = TokenizerFile.render(tokenizer)
    var source = RandomSource(seed: 1)
    var refused = 0
    for round in 0..<count {
      var damaged = bytes
      if round % 4 == 0 { damaged.removeSubrange(source.integer(below: bytes.count)...) }
      for _ in 0...(round % 3) where !damaged.isEmpty {
        damaged[source.integer(below: damaged.count)] ^= 1 << UInt8(source.integer(below: 8))
      }
      do throws(TokenizerError) {
        let survivor = try TokenizerFile.parse(damaged)
        let text = "The ferry's 12 boats 漢字 <|user|>\n"
        #expect(survivor.decode(survivor.encode(text)) == text)
      } catch {
        refused += 1
        #expect(!error.description.isEmpty)
      }
    }
    #expect(refused > count / 2 && refused < count)
  }
}
