package import Foundation

/// Keeps a corpus' tokens in a file, so that the next run need not tokenise again.
///
/// The file holds a version, a key (tokenizer, names, sizes and times of the files), the sources and a
/// check sum. Whatever does not fit is not used, and the corpus is read anew.
package struct CorpusCache: Sendable {
  private let folder: URL
  private let tokenizerDigest: String

  /// - Parameter tokenizerDigest: differs for tokenizers that give different tokens.
  package init(folder: URL, tokenizerDigest: String) {
    self.folder = folder
    self.tokenizerDigest = tokenizerDigest
  }

  /// The kept sources, or nil if there are none for these files as they are now.
  func sources(of files: [URL]) throws(CorpusError) -> [CorpusSource]? {
    let key = try key(of: files)
    guard let content = try? Data(contentsOf: place(of: files)) else { return nil }
    return CorpusCacheFile.sources(in: content, key: key)
  }

  func keep(_ sources: [CorpusSource], of files: [URL]) throws(CorpusError) {
    let key = try key(of: files)
    let file = place(of: files)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try CorpusCacheFile.content(of: sources, key: key).write(to: file, options: .atomic)
    } catch {
      throw .unwritable(file.path, reason: CorpusReader.reason(error))
    }
  }

  /// One cache file per tokenizer and list of files: newer tokens replace older ones.
  private func place(of files: [URL]) -> URL {
    let subject = ([tokenizerDigest] + files.map(\.path)).joined(separator: "\n")
    let name = String(ValueSplit.fnv1a(subject.utf8), radix: 16)
    return folder.appendingPathComponent("corpus-\(name).tokens")
  }

  private func key(of files: [URL]) throws(CorpusError) -> String {
    var parts = [CorpusCacheFile.version, tokenizerDigest]
    for file in files {
      do {
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        let time = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
        parts.append("\(file.path) \(attributes[.size] ?? 0) \(time)")
      } catch {
        throw .unreadable(file.path, reason: CorpusReader.reason(error))
      }
    }
    return parts.joined(separator: "\n")
  }
}

/// The bytes of a cache file: words of eight bytes, little-endian, and padded runs of bytes.
enum CorpusCacheFile {
  /// Changes with the file's form and with anything in how documents become tokens.
  static let version = "hope corpus tokens 1"

  static func content(of sources: [CorpusSource], key: String) -> Data {
    var data = Data()
    append(Array(key.utf8), to: &data)
    append(UInt64(sources.count), to: &data)
    for source in sources {
      append(Array(source.name.utf8), to: &data)
      append(UInt64(source.kind.rawValue), to: &data)
      append(source.tokens, to: &data)
      append(source.starts, to: &data)
    }
    append(ValueSplit.fnv1a(data), to: &data)
    return data
  }

  /// The sources, or nil if the content is damaged or belongs to another key.
  static func sources(in content: Data, key: String) -> [CorpusSource]? {
    guard content.count > 8 else { return nil }
    let body = content.dropLast(8)
    var tail = Reader(content.suffix(8))
    guard tail.word() == ValueSplit.fnv1a(body) else { return nil }
    var reader = Reader(body)
    guard reader.text() == key, let count = reader.word() else { return nil }
    var sources: [CorpusSource] = []
    for _ in 0..<count {
      guard let name = reader.text(), let number = reader.word(),
        let kind = UInt8(exactly: number).flatMap(CorpusSource.Kind.init(rawValue:)),
        let tokens = reader.integers(UInt16.self), let starts = reader.integers(UInt32.self)
      else { return nil }
      sources.append(CorpusSource(name: name, kind: kind, tokens: tokens, starts: starts))
    }
    return sources
  }

  private static func append(_ word: UInt64, to data: inout Data) {
    withUnsafeBytes(of: word.littleEndian) { data.append(contentsOf: $0) }
  }

  private static func append<T: FixedWidthInteger>(_ values: [T], to data: inout Data) {
    append(UInt64(values.count), to: &data)
    values.map(\.littleEndian).withUnsafeBytes { data.append(contentsOf: $0) }
  }

  /// Takes values off the front; nil once they do not fit.
  private struct Reader {
    private var rest: Data

    init(_ data: Data) { rest = data }

    mutating func word() -> UInt64? { values(UInt64.self, count: 1)?.first }

    mutating func text() -> String? {
      integers(UInt8.self).flatMap { String(validating: $0, as: UTF8.self) }
    }

    mutating func integers<T: FixedWidthInteger>(_ type: T.Type) -> [T]? {
      word().flatMap { Int(exactly: $0) }.flatMap { values(type, count: $0) }
    }

    private mutating func values<T: FixedWidthInteger>(_ type: T.Type, count: Int) -> [T]? {
      let (size, isTooLarge) = count.multipliedReportingOverflow(by: MemoryLayout<T>.size)
      guard !isTooLarge, size <= rest.count else { return nil }
      defer { rest = rest.dropFirst(size) }
      var values = [T](repeating: 0, count: count)
      _ = values.withUnsafeMutableBytes { rest.prefix(size).copyBytes(to: $0) }
      return values.map { T(littleEndian: $0) }
    }
  }
}
