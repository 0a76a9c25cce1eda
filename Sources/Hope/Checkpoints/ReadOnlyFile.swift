import Glibc

/// A regular file opened for reading only, for as long as this object lives. Later renames over its
/// path do not change what is read; no part of the file is mapped, so one that shrinks is an error
/// and not a signal.
package final class ReadOnlyFile: Sendable {
  package let path: String
  /// Bytes at the time of opening.
  package let byteCount: Int
  private let descriptor: Int32

  /// Never blocks: a named pipe is opened without waiting for its writer, and refused.
  package init(path: String) throws(FileError) {
    guard !path.utf8.contains(0) else { throw .impossiblePath(path) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw .refused(path: path, operation: "open", code: errno) }
    do throws(FileError) {
      byteCount = try Self.regularSize(descriptor, path)
    } catch {
      close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Fills `buffer` with the bytes from `offset` on, all of it or an error.
  package func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(FileError) {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      if count > 0 {
        done += count
      } else if count == 0 {
        throw .endedEarly(path: path, byte: offset + done, byteCount: byteCount)
      } else if errno != EINTR {
        throw .refused(path: path, operation: "read", code: errno)
      }
    }
  }

  /// The bytes of `range`, which lies within the file.
  package func bytes(_ range: Range<Int>) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    let result = bytes.withUnsafeMutableBytes { buffer in
      Result { () throws(FileError) in try read(into: buffer, at: range.lowerBound) }
    }
    try result.get()
    return bytes
  }

  /// The whole file, when it has at most `limit` bytes.
  package func bytes(limit: Int) throws(FileError) -> [UInt8] {
    guard byteCount <= limit else {
      throw .tooLarge(path: path, byteCount: byteCount, limit: limit)
    }
    return try bytes(0..<byteCount)
  }

  private static func regularSize(_ descriptor: Int32, _ path: String) throws(FileError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .refused(path: path, operation: "inspect", code: errno)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return Int(status.st_size)
    case let type: throw .notRegular(path: path, kind: FileError.kind(type))
    }
  }
}
