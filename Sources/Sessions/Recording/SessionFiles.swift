import Foundation
import Glibc
package import Hope

/// What lies where in a session's folder, and how it is opened.
package enum SessionFiles {
  static let recordingName = "session.jsonl"
  static let tornName = "session.torn"
  static let snapshotFolderName = "snap"

  /// The recording, named itself or by its folder.
  package static func recordingPath(_ path: String) -> String {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return exists && isFolder.boolValue ? path + "/" + recordingName : path
  }

  /// The folder a recording lies in.
  package static func folder(of recordingPath: String) -> String {
    let parts = recordingPath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }

  package static func snapshotPath(_ digest: SHA256Digest, in folder: String) -> String {
    "\(folder)/\(snapshotFolderName)/\(digest).safetensors"
  }

  static func hasSnapshot(_ digest: SHA256Digest, in folder: String) -> Bool {
    access(snapshotPath(digest, in: folder), F_OK) == 0
  }

  /// Makes a folder that others may not look into, and those above it.
  static func makeFolder(_ path: String) throws(FileError) {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT else {
      throw .refused(path: path, operation: "create the folder", code: errno)
    }
    let above = folder(of: path)
    guard above != path, !above.isEmpty else {
      throw .refused(path: path, operation: "create the folder", code: ENOENT)
    }
    try makeFolder(above)
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw .refused(path: path, operation: "create the folder", code: errno)
    }
  }

  /// Makes a folder that was not there, under this name or a similar one.
  static func makeNewFolder(_ path: String) throws(FileError) -> String {
    try makeFolder(folder(of: path))
    for attempt in 1...1000 {
      let candidate = attempt == 1 ? path : "\(path)-\(attempt)"
      if mkdir(candidate, 0o700) == 0 { return candidate }
      guard errno == EEXIST else { break }
    }
    throw .refused(path: path, operation: "create the folder", code: errno)
  }

  /// Removes a session's own files; snapshots that other sessions share by link stay theirs.
  static func removeSession(_ path: String) throws(SessionFault) {
    try SessionRemoval(path).carryOut()
  }

  /// Removes states that were being written when a program was killed.
  static func removeLeftovers(of session: String) {
    let folder = "\(session)/\(snapshotFolderName)"
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where name.hasPrefix(".") && name.hasSuffix(".tmp") {
      unlink("\(folder)/\(name)")
    }
  }
}

/// A recorded session with the right to add to it: it is locked first and read then, so that nothing
/// another program wrote in between is missed.
struct OpenedRecording {
  /// nil where another program is adding to it.
  let file: RecordingFile?
  let recording: SessionRecording
  let bytes: [UInt8]

  /// - Parameter path: the recording's, or its folder's.
  init(_ path: String) throws(SessionFault) {
    let path = SessionFiles.recordingPath(path)
    file = try SessionFault.wrapping { () throws(FileError) in try RecordingFile.open(path) }
    (recording, bytes) = try SessionRecording.readBytes(path)
  }
}

/// A recording that lines are added to: one `write` a line. As long as this object lives no other
/// program can add to it.
final class RecordingFile {
  let path: String
  private let descriptor: Int32
  /// Bytes that could not be written yet.
  private(set) var pending: [UInt8] = []
  /// Lines were written that could not be made durable.
  private var isUnsynced = false

  /// Pending bytes beyond which nothing more is kept.
  static let pendingLimit = 8 << 20

  private init(path: String, descriptor: Int32) {
    (self.path, self.descriptor) = (path, descriptor)
  }

  deinit { close(descriptor) }

  /// Makes a new, empty recording.
  static func create(_ path: String) throws(FileError) -> RecordingFile {
    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .refused(path: path, operation: "create", code: errno) }
    let file = RecordingFile(path: path, descriptor: descriptor)
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
    return file
  }

  /// Opens one that is there; nil where another program is adding to it.
  static func open(_ path: String) throws(FileError) -> RecordingFile? {
    let descriptor = Glibc.open(
      path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard descriptor >= 0 else { throw .refused(path: path, operation: "open", code: errno) }
    let file = RecordingFile(path: path, descriptor: descriptor)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
    return file
  }

  /// Adds a line, after what is still pending.
  /// - Returns: why not all is written yet; nil when it is.
  func append(_ line: [UInt8], synced: Bool) -> FileError? {
    guard pending.isEmpty else {
      pending += line
      return flush()
    }
    let (count, error) = write(line[...])
    if let error {
      pending = Array(line[count...])
      return error
    }
    return synced || isUnsynced ? sync() : nil
  }

  /// Tries again to write what is pending.
  func flush() -> FileError? {
    guard !pending.isEmpty else { return nil }
    let (count, error) = write(pending[...])
    pending.removeFirst(count)
    return error ?? sync()
  }

  private func write(_ bytes: ArraySlice<UInt8>) -> (count: Int, error: FileError?) {
    var done = 0
    while done < bytes.count {
      let count = bytes.dropFirst(done).withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        return (done, .refused(path: path, operation: "write", code: errno))
      }
    }
    return (done, nil)
  }

  private func sync() -> FileError? {
    isUnsynced = fsync(descriptor) != 0
    return isUnsynced ? .refused(path: path, operation: "sync", code: errno) : nil
  }

  /// Cuts the file after so many bytes.
  func truncate(to byteCount: Int) throws(FileError) {
    guard ftruncate(descriptor, off_t(byteCount)) == 0, fsync(descriptor) == 0 else {
      throw .refused(path: path, operation: "cut", code: errno)
    }
  }
}

/// Makes the names in a folder durable.
func syncFolder(_ path: String) {
  let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { return }
  fsync(descriptor)
  close(descriptor)
}
