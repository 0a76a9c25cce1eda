import Foundation
import Hope
import Tensors
import Testing

/// A corpus folder of a few lines in a temporary place; removed at the end of the test.
final class SampleCorpus {
  let folder: URL
  let tokenizer = WordTokenizer()

  init(dialogues: String? = SampleCorpus.dialogues, stories: [String: String] = ["tales": tales])
    throws
  {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "hope-corpus-\(UUID().uuidString)")
    let narrative = folder.appendingPathComponent("narrative")
    try FileManager.default.createDirectory(at: narrative, withIntermediateDirectories: true)
    try dialogues.map(write(to: "dialogues.jsonl"))
    for (name, text) in stories { try write(to: "narrative/\(name).txt")(text) }
  }
  deinit { try? FileManager.default.removeItem(at: folder) }

  func write(to name: String) -> (String) throws -> Void {
    { [folder] in
      try Data($0.utf8).write(to: folder.appendingPathComponent(name))
    }
  }

  func read(mix: CorpusMix? = nil, cache: CorpusCache? = nil, lanes: Int = 2) throws(CorpusError)
    -> Corpus
  {
    try Corpus.read(
      folder, mix: mix, encode: tokenizer.encode, roles: WordTokenizer.roles, cache: cache,
      lanes: lanes)
  }

  func source(_ name: String, of corpus: Corpus) -> CorpusSource? {
    corpus.sources.first { $0.name == name }
  }

  func text(of source: CorpusSource?) -> String {
    tokenizer.text(of: (source?.tokens ?? []).map { TokenID($0) })
  }

  static let dialogues = """
    {"source": "self_dialogue", "turns": [{"role": "user", "text": "Hi."}, \
    {"role": "assistant", "text": "Hello you."}, {"role": "user", "text": "How are you?"}, \
    {"role": "assistant", "text": "Fine."}]}
    {"source": "sgd", "turns": [{"role": "user", "text": "A table please."}, \
    {"role": "assistant", "text": "For how many?"}]}

    {"source": "self_dialogue", "turns": [{"role": "user", "text": "Snow!"}, \
    {"role": "assistant", "text": "At last."}]}

    """
  static let tales = "Once there was a hen.\nShe was red.\n\n\nA fox came by.\n"
}

@Suite("Reading a corpus")
struct CorpusReadingTests {
  @Test("documents become turns with role tokens, by source")
  func documents() throws {
    let sample = try SampleCorpus()
    let corpus = try sample.read()
    #expect(corpus.sources.map(\.name) == ["self_dialogue", "sgd", "tales"])
    #expect(
      sample.text(of: sample.source("self_dialogue", of: corpus))
        == "<end><user> Hi.<bot> Hello you.<user> How are you?<bot> Fine."
        + "<end><user> Snow!<bot> At last.")
    #expect(
      sample.text(of: sample.source("tales", of: corpus))
        == "<end>Once there was a hen.\nShe was red.<end>A fox came by.")
    #expect(sample.source("tales", of: corpus)?.starts.count == 2)
  }

  @Test("one lane reads the same as three")
  func lanes() throws {
    let lines = (0..<1_300).map { index in
      """
      {"source": "s\(index % 3)", "turns": [{"role": "user", "text": "word\(index)"}]}
      """
    }
    let sample = try SampleCorpus(dialogues: lines.joined(separator: "\n"))
    let first = try sample.read(lanes: 1)
    #expect(try sample.read(lanes: 3).sources == first.sources)
    #expect(first.sources.map(\.starts.count) == [434, 433, 433, 2])
  }

  @Test("long stories can be entered at sentences, and lose nothing by it")
  func longStories() throws {
    let story = (0..<400).map { "The hen number \($0) went home." }.joined(separator: " ")
    let sample = try SampleCorpus(dialogues: nil, stories: ["long": story])
    let corpus = try sample.read()
    let source = try #require(corpus.sources.first)
    #expect(sample.text(of: source) == "<end>" + story)
    #expect(source.starts.count > 3)
    for start in source.starts.dropFirst() {
      let before = sample.tokenizer.text(of: [TokenID(source.tokens[Int(start) - 1])])
      #expect(before == ".")
    }
    #expect(Array(source.tokens[1...].map { TokenID($0) }) == sample.tokenizer.tokens(of: story))
  }

  @Test("fact dialogues with names of the evaluation split are left out")
  func leaks() throws {
    let line = { (source: String, name: String) in
      """
      {"source": "\(source)", "turns": [{"role": "user", "text": "My cat is called \(name)."}]}
      """
    }
    let sample = try SampleCorpus(
      dialogues: [
        line("synthetic_basic", "Biscuit"), line("synthetic_basic", "Skipper"),
        line("other", "Biscuit"),
      ].joined(separator: "\n"))
    let corpus = try sample.read()
    #expect(
      sample.text(of: sample.source("synthetic_basic", of: corpus))
        == "<end><user> My cat is called Skipper.")
    #expect(sample.source("other", of: corpus) != nil)
  }
}

@Suite("Errors of a corpus")
struct CorpusErrorTests {
  private func error(_ dialogues: String?, stories: [String: String] = [:]) throws -> CorpusError? {
    let sample = try SampleCorpus(dialogues: dialogues, stories: stories)
    do {
      _ = try sample.read()
      return nil
    } catch {
      return error
    }
  }

  @Test("a line that is no dialogue is named")
  func badLine() throws {
    let good = #"{"source": "a", "turns": [{"role": "user", "text": "Hi."}]}"#
    for (bad, word) in [
      ("{", "JSON"), ("[]", ""), (#"{"source": "a"}"#, "turns"),
      (#"{"source": "a", "turns": []}"#, "no turns"),
    ] {
      guard case .badLine(let file, let line, let reason)? = try error(good + "\n\n" + bad) else {
        Issue.record("\(bad) was read")
        continue
      }
      #expect(file.hasSuffix("dialogues.jsonl"))
      #expect(line == 3)
      #expect(word.isEmpty || reason.contains(word), "\(reason)")
    }
  }

  @Test("an unknown role is named with its line")
  func unknownRole() throws {
    let line = #"{"source": "a", "turns": [{"role": "robot", "text": "Hi."}]}"#
    guard case .unknownRole(_, 1, "robot")? = try error(line) else {
      Issue.record("a robot may speak")
      return
    }
  }

  @Test("missing and empty folders are told apart")
  func nothingThere() throws {
    guard case .empty? = try error(nil) else {
      Issue.record("an empty folder is a corpus")
      return
    }
    guard case .empty? = try error("\n\n") else {
      Issue.record("empty lines are a corpus")
      return
    }
    let nowhere = URL(fileURLWithPath: "/nonexistent/train")
    #expect(throws: CorpusError.missingFolder("/nonexistent/train")) {
      _ = try Corpus.read(nowhere, encode: { _ in [] }, roles: WordTokenizer.roles)
    }
  }

  @Test("a mix that cannot be used says why")
  func badMix() throws {
    let sample = try SampleCorpus()
    let file = sample.folder.appendingPathComponent("mix.json")
    #expect(throws: CorpusError.missingFile(file.path)) { _ = try CorpusMix(contentsOf: file) }
    try sample.write(to: "mix.json")(#"{"single": {"sgd": 1}, "stage1": {}}"#)
    #expect(throws: CorpusError.badMix(file.path, reason: "no \"stage2\"")) {
      _ = try CorpusMix(contentsOf: file)
    }
    try sample.write(to: "mix.json")(#"{"single": {"sgd": -1}, "stage1": {}, "stage2": {}}"#)
    #expect(throws: CorpusError.badMix(file.path, reason: "single gives sgd -1.0")) {
      _ = try CorpusMix(contentsOf: file)
    }
  }
}

@Suite("Drawing from a corpus")
struct CorpusSamplingTests {
  @Test("absent sources are left out and the other shares renormalised")
  func shares() throws {
    let sample = try SampleCorpus()
    try sample.write(to: "mix.json")(
      """
      {"_note": "x", "single": {"self_dialogue": 0.3, "tales": 0.1, "absent": 0.6},
       "stage1": {"tales": 0.2}, "stage2": {"absent": 1.0}}
      """)
    let mix = try CorpusMix(contentsOf: sample.folder.appendingPathComponent("mix.json"))
    let corpus = try sample.read(mix: mix)
    let single = try corpus.shares(in: .single)
    #expect(zip(single, [0.75, 0, 0.25]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(try corpus.shares(in: .stage1) == [0, 0, 1])
    #expect(throws: CorpusError.self) { _ = try corpus.shares(in: .stage2) }
  }

  @Test("sources are drawn by their shares")
  func drawnShares() throws {
    let sample = try SampleCorpus()
    let mix = CorpusMix(shares: [.single: ["self_dialogue": 0.3, "sgd": 0.5, "tales": 0.2]])
    let corpus = try sample.read(mix: mix)
    var random = RandomSource(seed: 4)
    var tables = 0
    for _ in 0..<2_000 {
      let sequence = try corpus.sequence(length: 8, stage: .single, using: &random)
      if sample.tokenizer.text(of: sequence.tokens).contains("table") { tables += 1 }
    }
    #expect(920...1_080 ~= tables, "\(tables) of 2000")
  }

  @Test(
    "a sequence is full, starts a document and goes on with the next", arguments: [1, 63, 64, 100])
  func fullSequences(length: Int) throws {
    let sample = try SampleCorpus()
    let corpus = try sample.read()
    var random = RandomSource(seed: 4)
    for _ in 0..<20 {
      let sequence = try corpus.sequence(length: length, stage: .single, using: &random)
      #expect(sequence.tokens.count == length + 1)
      #expect(sequence.tokens[0] == WordTokenizer.roles.endOfText)
      #expect(sequence.answers.isEmpty && sequence.breaks.isEmpty)
      #expect(sequence.targetWeights == [Float](repeating: 1, count: length))
    }
  }

  @Test("a sequence that starts inside a story gets an end of text in front")
  func insideStories() throws {
    let story = (0..<400).map { "The hen number \($0) went home." }.joined(separator: " ")
    let sample = try SampleCorpus(dialogues: nil, stories: ["long": story])
    let corpus = try sample.read()
    for (_, sequence) in corpus.validationSequences(ofEach: 4, length: 30) {
      let text = sample.tokenizer.text(of: sequence.tokens)
      #expect(text.hasPrefix("<end>The hen") || text.hasPrefix("<end> The hen"))
      #expect(text.count { $0 == "<" } == 1)
    }
  }

  @Test("stories and the user's words are writable, the assistant's are not")
  func writableWords() throws {
    let sample = try SampleCorpus()
    let corpus = try sample.read()
    var random = RandomSource(seed: 4)
    for _ in 0..<20 {
      let sequence = try corpus.sequence(
        length: 60, stage: .single, mode: .userOnly, using: &random)
      var author: TokenID = -1
      for (position, isWritable) in sequence.isWritable.enumerated() {
        let token = sequence.tokens[position + 1]
        let isStory = author == -1 && token > 2
        if token <= 2 { author = token == 0 ? -1 : token }
        #expect(isWritable == (isStory || author == WordTokenizer.roles.user))
      }
    }
  }

  @Test("filler runs are whole turns of one talkative dialogue, the user's first")
  func fillerRuns() throws {
    let sample = try SampleCorpus()
    let filler = try CorpusFiller(try sample.read())
    var random = RandomSource(seed: 8)
    var seen: Set<String> = []
    for _ in 0..<100 {
      let turns = filler.run(using: &random)
      #expect(turns.map(\.author).prefix(2) == [.user, .assistant])
      #expect(turns.count.isMultiple(of: 2) && turns.count <= 8)
      seen.insert(sample.tokenizer.text(of: turns.flatMap(\.tokens)))
    }
    #expect(
      seen == [
        "<user> Hi.<bot> Hello you.", "<user> How are you?<bot> Fine.",
        "<user> Snow!<bot> At last.",
        "<user> Hi.<bot> Hello you.<user> How are you?<bot> Fine.",
      ])
  }

  @Test("a corpus without small talk has no filler")
  func noFiller() throws {
    let corpus = try SampleCorpus(dialogues: nil).read()
    #expect(throws: CorpusError.noFiller(present: ["tales"])) { _ = try CorpusFiller(corpus) }
  }
}

@Suite("The token cache of a corpus")
struct CorpusCacheTests {
  private let never: TextEncoding = { _ in [9] }

  private func cached(_ sample: SampleCorpus, digest: String = "t1") throws -> Corpus {
    let cache = CorpusCache(
      folder: sample.folder.appendingPathComponent("cache"), tokenizerDigest: digest)
    return try sample.read(cache: cache)
  }

  private func readAgain(_ sample: SampleCorpus, digest: String = "t1") throws -> Corpus {
    let cache = CorpusCache(
      folder: sample.folder.appendingPathComponent("cache"), tokenizerDigest: digest)
    return try Corpus.read(
      sample.folder, encode: never, roles: WordTokenizer.roles, cache: cache)
  }

  @Test("the second run takes the tokens from the cache")
  func hit() throws {
    let sample = try SampleCorpus()
    let corpus = try cached(sample)
    #expect(try readAgain(sample).sources == corpus.sources)
  }

  @Test("another tokenizer or a changed file reads anew")
  func miss() throws {
    let sample = try SampleCorpus()
    let corpus = try cached(sample)
    #expect(try readAgain(sample, digest: "t2").sources != corpus.sources)
    try sample.write(to: "narrative/tales.txt")("A longer tale than the one before, about geese.")
    #expect(try readAgain(sample).sources != corpus.sources)
  }

  @Test("a damaged cache is not used", arguments: [0, 1, 40, 100])
  func damaged(byte: Int) throws {
    let sample = try SampleCorpus()
    let corpus = try cached(sample)
    let folder = sample.folder.appendingPathComponent("cache")
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path).first)
    let file = folder.appendingPathComponent(name)
    var content = try Data(contentsOf: file)
    content[byte] ^= 1
    try content.write(to: file)
    #expect(try readAgain(sample).sources != corpus.sources)
  }

  @Test("a cache cut off anywhere is not used")
  func cutOff() throws {
    let sample = try SampleCorpus()
    let corpus = try cached(sample)
    let folder = sample.folder.appendingPathComponent("cache")
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path).first)
    let file = folder.appendingPathComponent(name)
    let content = try Data(contentsOf: file)
    for count in [0, 7, 8, 9, 63, 64, 100, content.count - 1] {
      try content.prefix(count).write(to: file)
      #expect(try readAgain(sample).sources != corpus.sources)
    }
  }
}
