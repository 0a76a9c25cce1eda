import Foundation
import Glibc
import Hope

/// A file that a person wants something written to, looked at before anything is.
package enum OutputPlace {
  /// Finds the file to write: `~` is the home folder, links are followed.
  /// - Parameters:
  ///   - isForced: whether a file that is there may be replaced. Files of a model, and a session's
  ///     own, may not in any case.
  ///   - mayBeStream: whether it may be a device or a pipe, such as the standard output.
  package static func file(
    _ path: String, isForced: Bool = false, mayBeStream: Bool = false
  ) throws(SessionFault) -> String {
    let path = expandingTilde(path)
    let file = AtomicFile.followingLinks(path)
    guard isRegular(file) else {
      guard mayBeStream || access(path, F_OK) != 0 else {
        throw .file(.notRegular(path: path, kind: "a folder, a device or a pipe"))
      }
      return file
    }
    if let owner = owner(of: file) { throw .notReplaced(path: path, owner: owner) }
    // the standard output may be a file, which is there before we are
    guard isForced || path.hasPrefix("/dev/") else { throw .alreadyThere(path: path) }
    return file
  }

  private static func expandingTilde(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"),
      let home = ProcessInfo.processInfo.environment["HOME"], !home.isEmpty
    else { return NSString(string: path).expandingTildeInPath }
    return home + path.dropFirst()
  }

  private static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// What a file belongs to that must stay as it is; nil for any other.
  private static func owner(of file: String) -> String? {
    if ModelFolder.isFile(ofModel: file) { return "a model" }
    let folder = SessionFiles.folder(of: file)
    let isSnapshot = folder.hasSuffix("/" + SessionFiles.snapshotFolderName)
    let session = isSnapshot ? SessionFiles.folder(of: folder) : folder
    let isSession = isRegular("\(session)/\(SessionFiles.recordingName)")
    let name = file.dropFirst(folder.count + 1)
    let isOwn = [SessionFiles.recordingName, SessionFiles.tornName].contains(String(name))
    return isSession && (isSnapshot || isOwn) ? "a recorded session" : nil
  }
}
