import Foundation
import Glibc

/// What the screen keeps between two runs, readable by its owner alone: the draft, and what was sent.
package struct StateFiles {
  private let folder: String
  private static let longestDraft = 1 << 20
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
    guard let bytes = read(draftPath), bytes.count <= Self.longestDraft else { return "" }
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
    let lines = (read(historyPath) ?? []).split(separator: 0x0A)
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

  private func read(_ path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(file, &chunk, chunk.count)
      if count <= 0 { return bytes }
      bytes += chunk[..<count]
    }
  }

  /// The old contents stay until the new ones are all there.
  private func replace(_ path: String, with bytes: [UInt8]) throws(Failure) {
    makeFolder()
    try write(bytes, to: path + ".new", flags: O_TRUNC)
    if rename(path + ".new", path) != 0 { throw failure(path) }
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
