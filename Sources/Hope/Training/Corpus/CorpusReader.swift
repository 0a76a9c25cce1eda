import Foundation
import Tensors

/// Reads and tokenises the files of a corpus folder on several lanes.
struct CorpusReader: Sendable {
  let encode: TextEncoding
  let roles: RoleTokens
  let lanes: Int

  // MARK: - Files

  /// The corpus files of a folder in a fixed order: `dialogues.jsonl`, `narrative.txt` and
  /// `narrative/*.txt`, as far as present.
  static func files(in folder: URL) throws(CorpusError) -> [URL] {
    guard isPresent(folder) else { throw .missingFolder(folder.path) }
    let stories = folder.appendingPathComponent("narrative")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: stories.path)) ?? []
    let files =
      ["dialogues.jsonl", "narrative.txt"].map { folder.appendingPathComponent($0) }
      + names.filter { $0.hasSuffix(".txt") }.sorted().map { stories.appendingPathComponent($0) }
    let present = files.filter(isPresent)
    if present.isEmpty { throw .empty(folder.path) }
    return present
  }

  static func isPresent(_ file: URL) -> Bool { FileManager.default.fileExists(atPath: file.path) }

  static func bytes(of file: URL) throws(CorpusError) -> Data {
    guard isPresent(file) else { throw .missingFile(file.path) }
    do {
      return try Data(contentsOf: file, options: .mappedIfSafe)
    } catch {
      throw .unreadable(file.path, reason: reason(error))
    }
  }

  func sources(of files: [URL]) throws(CorpusError) -> [CorpusSource] {
    var sources: [String: CorpusSource] = [:]
    for file in files {
      for document in try documents(of: file) {
        sources[document.source, default: .init(name: document.source, kind: document.kind)]
          .append(document)
      }
    }
    return sources.values.sorted { $0.name < $1.name }
  }

  private func documents(of file: URL) throws(CorpusError) -> [CorpusDocument] {
    file.pathExtension == "jsonl" ? try dialogues(of: file) : try stories(of: file)
  }

  // MARK: - Dialogues

  private struct Dialogue: Decodable {
    struct Turn: Decodable { let role, text: String }
    let source: String
    let turns: [Turn]
  }

  private func dialogues(of file: URL) throws(CorpusError) -> [CorpusDocument] {
    let content = try Self.bytes(of: file)
    let lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let parts = (lines.count + Self.linesPerPart - 1) / Self.linesPerPart
    let results = Lanes.map(parts, lanes: lanes) { part in
      let start = part * Self.linesPerPart
      return Result { () throws(CorpusError) in
        try dialogues(lines[start..<min(lines.count, start + Self.linesPerPart)], file.path)
      }
    }
    var documents: [CorpusDocument] = []
    for result in results { documents += try result.get() }
    return documents
  }
  private static let linesPerPart = 500

  private func dialogues(_ lines: ArraySlice<Data>, _ path: String) throws(CorpusError)
    -> [CorpusDocument]
  {
    let decoder = JSONDecoder()
    var documents: [CorpusDocument] = []
    for (index, line) in zip(lines.indices, lines) where !line.isEmpty {
      let dialogue: Dialogue
      do {
        dialogue = try decoder.decode(Dialogue.self, from: line)
      } catch {
        throw .badLine(file: path, line: index + 1, reason: Self.reason(error))
      }
      let document = try document(of: dialogue, path, line: index + 1)
      if !EvaluationLeak.isIn(dialogue.source, dialogue.turns.map(\.text)) {
        documents.append(document)
      }
    }
    return documents
  }

  private func document(of dialogue: Dialogue, _ path: String, line: Int) throws(CorpusError)
    -> CorpusDocument
  {
    guard !dialogue.turns.isEmpty else {
      throw .badLine(file: path, line: line, reason: "no turns")
    }
    var document = CorpusDocument(source: dialogue.source, kind: .dialogue, roles: roles)
    for turn in dialogue.turns {
      guard let author = TurnAuthor(rawValue: turn.role) else {
        throw .unknownRole(file: path, line: line, role: turn.role)
      }
      document.append([roles.token(of: author)] + encode(" " + turn.text))
    }
    return document
  }

  // MARK: - Stories

  private func stories(of file: URL) throws(CorpusError) -> [CorpusDocument] {
    let content = try Self.bytes(of: file)
    guard let text = String(validating: content, as: UTF8.self) else {
      throw .unreadable(file.path, reason: "not UTF-8")
    }
    let blocks = StoryBlocks.blocks(of: text)
    let source = file.deletingPathExtension().lastPathComponent
    return Lanes.map(blocks.count, lanes: lanes) { story(blocks[$0], source) }
  }

  private func story(_ text: Substring, _ source: String) -> CorpusDocument {
    var document = CorpusDocument(source: source, kind: .narrative, roles: roles)
    for piece in StoryBlocks.pieces(of: text) {
      document.allowStart()
      document.append(encode(String(piece)))
    }
    return document
  }

  /// What a thrown error says, on one line.
  static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.dataCorrupted(let context): context.debugDescription
    case DecodingError.keyNotFound(let key, _): "no \"\(key.stringValue)\""
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      context.codingPath.map(\.stringValue).joined(separator: ".") + ": " + context.debugDescription
    default: error.localizedDescription
    }
  }
}

/// Cuts stories: blank lines divide documents, long documents are cut at sentences.
enum StoryBlocks {
  static func blocks(of text: String) -> [Substring] {
    var blocks: [Substring] = []
    var start: String.Index?
    var end = text.startIndex
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.allSatisfy(\.isWhitespace) {
        if let first = start { blocks.append(text[first..<end]) }
        start = nil
      } else {
        start = start ?? line.startIndex
        end = line.endIndex
      }
    }
    if let first = start { blocks.append(text[first..<end]) }
    return blocks
  }

  /// Pieces of a few hundred characters that end after a line or before the space after a sentence:
  /// tokenizers split there, too, so the pieces' tokens are the text's.
  static func pieces(of text: Substring) -> [Substring] {
    let bytes = text.utf8
    var pieces: [Substring] = []
    var start = bytes.startIndex
    var size = 0
    var previous: UInt8 = 0
    for place in bytes.indices {
      let byte = bytes[place]
      if size >= minimumSize,
        previous == newline || byte == space && sentenceEnds.contains(previous)
      {
        pieces.append(text[start..<place])
        start = place
        size = 0
      }
      previous = byte
      size += 1
    }
    pieces.append(text[start...])
    return pieces
  }
  private static let minimumSize = 400
  private static let newline = UInt8(ascii: "\n"), space = UInt8(ascii: " ")
  private static let sentenceEnds = Set(".!?\"".utf8)
}

/// Finds dialogues that would show a model values which are kept for evaluation.
enum EvaluationLeak {
  /// The corpus' own fact dialogues use real names as values; those of the evaluation split must go.
  static func isIn(_ source: String, _ texts: [String]) -> Bool {
    source == "synthetic_basic" && texts.contains { names(in: $0).contains(where: isHeldBack) }
  }

  private static func isHeldBack(_ word: Substring) -> Bool {
    ValueSplit.of(String(word)) == .evaluation
  }

  /// Capitalised words, except at the start of sentences.
  private static func names(in text: String) -> [Substring] {
    text.split { ".!?".contains($0) }.flatMap { sentence in
      sentence.split { !$0.isLetter }.dropFirst().filter {
        $0.count > 1 && $0.first?.isUppercase == true
      }
    }
  }
}
