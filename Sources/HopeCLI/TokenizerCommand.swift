import ArgumentParser
import Foundation
import Hope
import Synchronization

struct TokenizerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenizer", abstract: "Learn a vocabulary from text.",
    subcommands: [Train.self])

  struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Learn a byte-level vocabulary and write tokenizer.json.")

    @Option(help: "A folder with dialogues.jsonl and narrative/*.txt.")
    var data: String
    @Option(help: "How many tokens, the special ones and the 256 bytes included.")
    var vocabulary: Int = 4096
    @Option(name: [.short, .long], help: "The file to write.")
    var output: String = "tokenizer.json"
    @Option(help: "Read every n-th dialogue and document only.")
    var every: Int = 1

    func validate() throws {
      guard (Tokenizer.smallestVocabulary...1 << 16).contains(vocabulary) else {
        throw ValidationError(
          "--vocabulary \(vocabulary) is not in \(Tokenizer.smallestVocabulary)...65536")
      }
      guard every > 0 else { throw ValidationError("--every \(every) is not positive") }
    }

    func run() throws {
      let texts = try TextCollector().texts(in: URL(fileURLWithPath: data), every: every)
      let line = ProgressLine()
      let tokenizer = BytePairTrainer.train(texts, vocabularySize: vocabulary) { progress in
        switch progress {
        case .counting(let texts, let bytes, let words):
          line.show("reading  \(texts) texts, \(bytes >> 20) MB, \(words) words")
        case .merging(let tokens, let all): line.show("merging  \(tokens) of \(all) tokens")
        }
      }
      line.end()
      try TokenizerFile.write(tokenizer, to: output)
      print("\(output): \(tokenizer.vocabularySize) tokens")
    }
  }
}

/// Takes the texts of a corpus as its reader would tokenise them.
private final class TextCollector: Sendable {
  private let collected = Mutex<[String]>([])
  private let count = Atomic<Int>(0)

  func texts(in folder: URL, every step: Int) throws -> [String] {
    _ = try Corpus.read(
      folder,
      encode: { [self] text in
        if count.add(1, ordering: .relaxed).oldValue % step == 0 {
          collected.withLock { $0.append(text) }
        }
        return [3]
      }, roles: RoleTokens(endOfText: 0, user: 1, assistant: 2), lanes: 1)
    return collected.withLock { $0 }
  }
}
