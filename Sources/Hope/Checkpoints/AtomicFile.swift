import Glibc

/// A file that appears whole or not at all: written under a temporary name in the same folder,
/// synced, renamed. Dropping one that was not committed removes the temporary file.
package struct AtomicFile: ~Copyable {
  /// The file that will be there.
  package let path: String
  private let temporaryPath: String
  private let descriptor: Int32
  private var isCommitted = false

  /// `permissions` are narrowed by the process's umask. A folder, device or pipe of that name is not
  /// replaced but an error; a link is replaced, not followed.
  package init(path: String, permissions: UInt32 = 0o666) throws(FileError) {
    if let kind = Self.special(path) { throw .notRegular(path: path, kind: kind) }
    let created = try Self.create(path, permissions)
    self.path = path
    (temporaryPath, descriptor) = (created.path, created.descriptor)
  }

  deinit {
    close(descriptor)
    if !isCommitted { unlink(temporaryPath) }
  }

  package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    try Self.write(bytes, descriptor, path)
  }

  package mutating func write(_ bytes: [UInt8]) throws(FileError) {
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(FileError) in try write(bytes) }
    }
    try result.get()
  }

  /// Makes the file durable and gives it its name.
  package consuming func commit() throws(FileError) {
    try Self.check(fsync(descriptor), "sync", path)
    try Self.check(rename(temporaryPath, path), "rename into place", path)
    isCommitted = true
    try Self.syncFolder(of: path)
  }
}

extension AtomicFile {
  /// Writes one whole file.
  package static func write(
    _ bytes: [UInt8], to path: String, permissions: UInt32 = 0o666
  ) throws(FileError) {
    var file = try AtomicFile(path: path, permissions: permissions)
    try file.write(bytes)
    try file.commit()
  }

  /// Writes to a place that a person named: links are followed, and a device or pipe, such as
  /// `/dev/stdout`, takes the bytes as they come.
  package static func writeOutput(_ bytes: [UInt8], to path: String) throws(FileError) {
    guard isStream(path) else { return try write(bytes, to: followingLinks(path)) }
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    try check(descriptor, "open", path)
    defer { close(descriptor) }
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(FileError) in try write(bytes, descriptor, path) }
    }
    try result.get()
  }

  private static func write(
    _ bytes: UnsafeRawBufferPointer, _ descriptor: Int32, _ path: String
  ) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        throw .refused(path: path, operation: "write", code: errno)
      }
    }
  }

  /// Whether bytes go through the path to something that cannot be replaced: a device or pipe, or a
  /// file that has no name any more. A pipe behind `/dev/stdout` has none either, so that the link
  /// itself would be replaced.
  private static func isStream(_ path: String) -> Bool {
    var status = stat()
    guard !path.utf8.contains(0), stat(path, &status) == 0 else { return false }
    if status.st_mode & S_IFMT == S_IFDIR { return false }
    return status.st_mode & S_IFMT != S_IFREG || realpath(path, nil).map { free($0) } == nil
  }

  /// The file that a chain of links ends at; the path itself where there is no such file yet.
  package static func followingLinks(_ path: String) -> String {
    guard !path.utf8.contains(0), let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// What stands at the path, links not followed, if it is neither a regular file nor a link.
  private static func special(_ path: String) -> String? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG, S_IFLNK: return nil
    case let type: return FileError.kind(type)
    }
  }

  private static func create(
    _ path: String, _ permissions: UInt32
  ) throws(FileError) -> (path: String, descriptor: Int32) {
    guard !path.utf8.contains(0) else { throw .impossiblePath(path) }
    var descriptor: Int32 = -1
    let temporaryPath = try uniqueSibling(of: path, operation: "create") {
      descriptor = open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions)
      return descriptor >= 0
    }
    return (temporaryPath, descriptor)
  }

  /// Makes a rename within the folder of `path` durable.
  static func syncFolder(of path: String) throws(FileError) {
    let folder = folder(of: path)
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    try check(descriptor, "open", folder)
    defer { close(descriptor) }
    try check(fsync(descriptor), "sync", folder)
  }

  /// Asks `create` for names beside `path` until it makes one that was not there.
  static func uniqueSibling(
    of path: String, operation: String, create: (String) -> Bool
  ) throws(FileError) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    for attempt in 0..<1000 {
      let candidate = "\(folder(of: path))/.\(name).\(getpid()).\(attempt).tmp"
      if create(candidate) { return candidate }
      guard errno == EEXIST else { break }
    }
    throw .refused(path: path, operation: operation, code: errno)
  }

  static func check(_ status: Int32, _ operation: String, _ path: String) throws(FileError) {
    if status < 0 { throw .refused(path: path, operation: operation, code: errno) }
  }

  /// `a/b` for `a/b/c` and `a/b/c/`, `.` for `c`.
  static func folder(of path: String) -> String {
    var parts = path.split(separator: "/", omittingEmptySubsequences: true)
    _ = parts.popLast()
    let joined = parts.joined(separator: "/")
    if path.hasPrefix("/") { return "/" + joined }
    return joined.isEmpty ? "." : joined
  }
}
