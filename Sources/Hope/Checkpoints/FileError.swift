import Glibc

/// What the file system refused, and for which path. `description` is one sentence, safe to print.
package enum FileError: Error, Equatable, CustomStringConvertible {
  /// `path` holds a NUL byte, which no file name can.
  case impossiblePath(String)
  /// The operation failed with this `errno`.
  case refused(path: String, operation: String, code: Int32)
  /// Something other than a regular file: a folder, a named pipe, a device.
  case notRegular(path: String, kind: String)
  /// More bytes than this kind of file may have.
  case tooLarge(path: String, byteCount: Int, limit: Int)
  /// The file ended early: it shrank while it was being read.
  case endedEarly(path: String, byte: Int, byteCount: Int)

  /// What a file that is not regular is, from the type bits of its mode.
  static func kind(_ type: UInt32) -> String {
    switch type {
    case S_IFDIR: "a folder"
    case S_IFIFO: "a named pipe"
    case S_IFCHR, S_IFBLK: "a device"
    default: "something special"
    }
  }

  package var description: String {
    switch self {
    case .impossiblePath(let path):
      "\(quoted(path)): the path holds a NUL byte; name an ordinary path"
    case .refused(let path, let operation, let code):
      "\(quoted(path)): cannot \(operation): \(Self.reason(code)); \(Self.advice(code))"
    case .notRegular(let path, let kind):
      "\(quoted(path)): is \(kind), not a regular file; name a file"
    case .tooLarge(let path, let byteCount, let limit):
      "\(quoted(path)): has \(byteCount) bytes, more than the \(limit) such a file may have; "
        + "is it the right file?"
    case .endedEarly(let path, let byte, let byteCount):
      "\(quoted(path)): ended at byte \(byte) of \(byteCount) while being read; "
        + "another program is writing it, try again when that is done"
    }
  }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }

  private static func advice(_ code: Int32) -> String {
    switch code {
    case ENOENT, ENOTDIR, ENAMETOOLONG: "check the path"
    case EACCES, EPERM: "check the permissions of the file and its folder"
    case ENOSPC, EDQUOT: "free some space and try again"
    case EROFS: "choose a folder that can be written"
    default: "check the file and its disk"
    }
  }
}

/// A path or name as an error message shows it.
func quoted(_ text: String, limit: Int = 200) -> String { "\"\(text.printable(limit: limit))\"" }
