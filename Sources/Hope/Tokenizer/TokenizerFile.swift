import Foundation

/// Reads and writes `tokenizer.json`, the format of the Hugging Face package `tokenizers`, as far as
/// it describes a byte-level byte-pair tokenizer. Whatever else a file asks for is an error: text
/// cut in another way would be other tokens, and the model would not know them.
package enum TokenizerFile {
  /// Larger files are refused before they are read.
  package static let byteLimit = 64 << 20
  static let specialTokenLimit = 1024

  package static func read(_ path: String) throws(TokenizerError) -> Tokenizer {
    try parse(bytes(of: path))
  }

  /// Writes the file as a whole or not at all.
  package static func write(_ tokenizer: Tokenizer, to path: String) throws(TokenizerError) {
    do throws(FileError) {
      try AtomicFile.writeOutput(render(tokenizer), to: path)
    } catch {
      throw .unwritable(path: path, reason: error.description)
    }
  }

  private static func bytes(of path: String) throws(TokenizerError) -> [UInt8] {
    do {
      let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
      let facts = try url.resourceValues(forKeys: [.isRegularFileKey, .fileSizeKey])
      guard facts.isRegularFile == true, let size = facts.fileSize else {
        throw TokenizerError.unreadable(path: path, reason: "not a regular file")
      }
      guard size <= byteLimit else {
        throw TokenizerError.tooLarge(byteCount: size, limit: byteLimit)
      }
      return [UInt8](try Data(contentsOf: url))
    } catch let error as TokenizerError {
      throw error
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
  }
}

// MARK: Reading

extension TokenizerFile {
  /// The tokenizer that the bytes of a file describe.
  package static func parse(_ bytes: [UInt8]) throws(TokenizerError) -> Tokenizer {
    guard bytes.count <= byteLimit else {
      throw .tooLarge(byteCount: bytes.count, limit: byteLimit)
    }
    let contents = try TokenizerContents(json: bytes)
    try contents.requireSupported()
    let vocabulary = try VocabularyReader(contents)
    return Tokenizer(
      pieces: vocabulary.pieces, merges: try vocabulary.merges(contents.model.merges),
      special: try SpecialTokens(find: vocabulary.specialID), byteIDs: try vocabulary.byteIDs())
  }
}

// MARK: Writing

extension TokenizerFile {
  /// The bytes of the file: the same tokenizer always gives the same ones.
  package static func render(_ tokenizer: Tokenizer) -> [UInt8] {
    let spellings = tokenizer.pieces.map {
      quoted(
        $0.isSpecial
          ? String(decoding: $0.bytes, as: UTF8.self) : ByteAlphabet.spelling(of: $0.bytes))
    }
    let special = tokenizer.pieces.indices.filter { tokenizer.pieces[$0].isSpecial }.map {
      #"{"id":\#($0),"content":\#(spellings[$0]),"single_word":false,"lstrip":false,"#
        + #""rstrip":false,"normalized":false,"special":true}"#
    }
    let merges = tokenizer.merges.rules.map { rule in
      "[\(spellings[Int(rule.pair.left)]),\(spellings[Int(rule.pair.right)])]"
    }
    let vocabulary = spellings.enumerated().map { "\($1):\($0)" }
    let byteLevel =
      #"{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}"#
    return Array(
      """
      {"version":"1.0","truncation":null,"padding":null,"added_tokens":[
      \(special.joined(separator: ",\n"))
      ],"normalizer":null,"pre_tokenizer":\(byteLevel),"post_processor":null,"decoder":\(byteLevel),
      "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,
      "end_of_word_suffix":null,"fuse_unk":false,"byte_fallback":false,"ignore_merges":false,"vocab":{
      \(vocabulary.joined(separator: ",\n"))
      },"merges":[
      \(merges.joined(separator: ",\n"))
      ]}}

      """.utf8)
  }

  /// A JSON string. Only special tokens can need more than quotes and backslashes escaped.
  private static func quoted(_ text: String) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": json.unicodeScalars.append(contentsOf: ["\\", scalar])
      case "\0"..<" ":
        json += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: json.unicodeScalars.append(scalar)
      }
    }
    return json + "\""
  }
}
