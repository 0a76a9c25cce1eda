import Glibc
import Hope

/// A session's own files, about to be removed. All is looked at before anything goes, and nothing
/// is reached through a link: a session's folder may have been made by somebody else.
struct SessionRemoval: ~Copyable {
  private let path: String
  private let folder: Int32
  /// -1 where there is none.
  private let snapshots: Int32
  private let names: [String]
  private let snapshotNames: [String]

  init(_ path: String) throws(SessionFault) {
    self.path = String(path.droppingLastSlashes)
    folder = open(self.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    let code = errno
    snapshots =
      folder < 0
      ? -1
      : openat(
        folder, SessionFiles.snapshotFolderName, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    names = Self.names(in: folder)
    snapshotNames = Self.names(in: snapshots)
    guard folder >= 0 else { throw Self.fault(self.path, code) }
    try check()
  }

  deinit {
    if snapshots >= 0 { close(snapshots) }
    if folder >= 0 { close(folder) }
  }

  private static func fault(_ path: String, _ code: Int32) -> SessionFault {
    code == ELOOP || code == ENOTDIR
      ? .notRemoved(
        path: path, entry: nil, reason: "is a link or no folder; name the folder itself")
      : .file(.refused(path: path, operation: "open", code: code))
  }

  private static func names(in folder: Int32) -> [String] {
    let copy = folder < 0 ? -1 : dup(folder)
    guard copy >= 0, let stream = fdopendir(copy) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  // MARK: Looking

  private func check() throws(SessionFault) {
    for name in names where name != SessionFiles.snapshotFolderName {
      try check(name, in: folder, isOwn: Self.isOfSession(name))
    }
    guard snapshots >= 0 || !names.contains(SessionFiles.snapshotFolderName) else {
      throw notRemoved(SessionFiles.snapshotFolderName, "is a link or no folder")
    }
    for name in snapshotNames { try check(name, in: snapshots, isOwn: Self.isSnapshot(name)) }
  }

  private func check(_ name: String, in folder: Int32, isOwn: Bool) throws(SessionFault) {
    var status = stat()
    guard isOwn else { throw notRemoved(name, "is no file of a session") }
    guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0,
      status.st_mode & S_IFMT == S_IFREG
    else { throw notRemoved(name, "is no regular file") }
  }

  private func notRemoved(_ name: String, _ reason: String) -> SessionFault {
    .notRemoved(path: path, entry: name, reason: reason + "; move it away first")
  }

  private static func isOfSession(_ name: String) -> Bool {
    let own = [SessionFiles.recordingName, SessionFiles.tornName]
    return own.contains(name) || own.contains { name.isLeftover(of: $0) }
  }

  private static func isSnapshot(_ name: String) -> Bool {
    let whole = name.isSnapshotName
    return whole
      || name.first == "." && name.dropFirst().prefix(76).description.isSnapshotName
        && name.isLeftover(of: String(name.dropFirst().prefix(76)))
  }

  // MARK: Removing

  consuming func carryOut() throws(SessionFault) {
    for name in snapshotNames { try unlink(name, in: snapshots) }
    if snapshots >= 0 {
      try unlink(SessionFiles.snapshotFolderName, in: folder, flags: AT_REMOVEDIR)
    }
    for name in names where name != SessionFiles.snapshotFolderName {
      try unlink(name, in: folder)
    }
    guard rmdir(path) == 0 || errno == ENOENT else {
      throw .file(.refused(path: path, operation: "remove the folder", code: errno))
    }
  }

  private func unlink(
    _ name: String, in folder: Int32, flags: Int32 = 0
  ) throws(SessionFault) {
    guard unlinkat(folder, name, flags) == 0 || errno == ENOENT else {
      throw .file(.refused(path: "\(path)/\(name)", operation: "remove", code: errno))
    }
  }
}

extension String {
  fileprivate var droppingLastSlashes: Substring {
    var rest = self[...]
    while rest.count > 1, rest.last == "/" { rest.removeLast() }
    return rest
  }

  /// `SHA-256.safetensors`.
  fileprivate var isSnapshotName: Bool {
    hasSuffix(".safetensors") && utf8.count == 76
      && utf8.prefix(64).allSatisfy { Unicode.Scalar($0).properties.isASCIIHexDigit }
  }

  /// What a program that was killed while writing a file leaves: `.NAME.123.0.tmp`.
  fileprivate func isLeftover(of name: String) -> Bool {
    guard hasPrefix(".\(name)."), hasSuffix(".tmp") else { return false }
    let numbers = dropFirst(name.count + 2).dropLast(4).split(separator: ".")
    return numbers.count == 2 && numbers.allSatisfy { $0.allSatisfy(\.isNumber) }
  }
}
