import Foundation
import Hope
import Testing

/// What the Python package `tokenizers` says; made by Golden/make_tokenizer_golden.py.
struct TokenizerGolden: Decodable {
  struct Sample: Decodable {
    let text: String
    let pieces: [String]
    let ids: [TokenID]
  }
  struct Sequence: Decodable {
    let ids: [TokenID]
    let text: String
    let textWithSpecial: String
  }
  let training: [String]
  let samples: [Sample]
  let specialSamples: [Sample]
  let sequences: [Sequence]
  let kindStarts: [UInt32]
  let kindLetters: String

  static func load() throws -> TokenizerGolden {
    let bytes = try goldenBytes("tokenizer_golden_encodings.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Self.self, from: Data(bytes))
  }

  /// The tokenizer that Python trained and wrote.
  static func tokenizer() throws -> Tokenizer {
    try TokenizerFile.parse(goldenBytes("tokenizer_golden.json"))
  }

  private static func goldenBytes(_ name: String) throws -> [UInt8] {
    let folder = try #require(Bundle.module.url(forResource: "Golden", withExtension: nil))
    return [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }
}
