import Foundation
import Glibc

/// What the screen keeps between two runs, readable by its owner alone: the draft, and what was sent.
package struct StateFiles {
  private let folder: String
  private static let longestDraft = 1 << 20
  /// Bytes of history that are read: the newest.
  private static let longestHistory = 8 << 20
  /// Entries of history that are read; when twice as many are there, the older half goes.
  private static let entries = 1000

  /// The files could not be written; `description` says which and why.
  package struct Failure: Error, CustomStringConvertible {
    let path: String
    let code: Int32
    package var description: String {
      "cannot write \(path): \(String(cString: strerror(code)))"
    }
  }

  package init(folder: String) { self.folder = folder }

  /// `$XDG_STATE_HOME/hope`, or its place in the home folder; nil where there is no home either.
  package init?(environment: [String: String]) {
    func folder(_ name: String) -> String? {
      environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    let state = folder("XDG_STATE_HOME") ?? folder("HOME").map { $0 + "/.local/state" }
    guard let state else { return nil }
    self.folder = state + "/hope"
  }

  package var draftPath: String { folder + "/draft" }
  package var historyPath: String { folder + "/history" }

  // MARK: The draft

  /// What was being written when the last run ended.
  package func draft() -> String {
    guard let bytes = read(draftPath, last: Self.longestDraft + 1),
      bytes.count <= Self.longestDraft
    else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Keeps the draft; removes it where it is empty.
  package func save(draft: String) throws(Failure) {
    guard !draft.isEmpty else {
      if unlink(draftPath) != 0, errno != ENOENT { throw failure(draftPath) }
      return
    }
    try replace(draftPath, with: Array(draft.utf8))
  }

  // MARK: History

  /// What was sent before, oldest first. Lines that are damaged are passed over.
  package func history() -> [String] {
    let bytes = read(historyPath, last: Self.longestHistory) ?? []
    // where not all was read, the first line may be the end of one, and is no JSON then
    let lines = bytes.split(separator: 0x0A)
    if lines.count > 2 * Self.entries {
      try? replace(
        historyPath, with: Array(lines.suffix(Self.entries).map { $0 + [0x0A] }.joined()))
    }
    return lines.suffix(Self.entries).compactMap {
      try? JSONDecoder().decode(String.self, from: Data($0))
    }
  }

  /// Adds one entry: a JSON string on a line of its own, since an entry may have several lines.
  package func append(history entry: String) throws(Failure) {
    guard let line = try? JSONEncoder().encode(entry) else { return }
    makeFolder()
    try write(Array(line) + [0x0A], to: historyPath, flags: O_APPEND)
  }

  // MARK: Files

  /// The last bytes of a file, at most so many, whatever its size and whoever writes to it meanwhile.
  private func read(_ path: String, last limit: Int) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let size = lseek(file, 0, SEEK_END)
    guard size >= 0, lseek(file, max(0, size - limit), SEEK_SET) >= 0 else { return nil }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < limit {
      let count = Glibc.read(file, &chunk, min(chunk.count, limit - bytes.count))
      if count <= 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }

  /// The old contents stay until the new ones are all there. Two programs that do so at once do not
  /// write into one another's: the later one's contents stay.
  private func replace(_ path: String, with bytes: [UInt8]) throws(Failure) {
    makeFolder()
    let new = "\(path).new.\(getpid())"
    do throws(Failure) {
      try write(bytes, to: new, flags: O_TRUNC)
      if rename(new, path) != 0 { throw failure(path) }
    } catch {
      unlink(new)
      throw error
    }
  }

  private func write(_ bytes: [UInt8], to path: String, flags: Int32) throws(Failure) {
    let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0o600)
    guard file >= 0 else { throw failure(path) }
    defer { close(file) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { throw failure(path) }
      rest = rest.dropFirst(max(0, count))
    }
  }

  private func makeFolder() {
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  private func failure(_ path: String) -> Failure { Failure(path: path, code: errno) }
}
