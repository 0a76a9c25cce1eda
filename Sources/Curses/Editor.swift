import Foundation
import Glibc

/// The editor a person prefers, for drafts.
struct Editor {
  /// As a shell understands it: "emacs -nw".
  let command: String

  init(environment: [String: String]) {
    let named = ["VISUAL", "EDITOR"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    command = named ?? "vi"
  }

  /// Lets the person edit a text; the terminal must have been given back.
  /// - Returns: the text; nil where the editor failed or the file could not be made.
  func edit(_ text: String) -> String? {
    var path = Array((NSTemporaryDirectory() + "/hope-draft-XXXXXX.md").utf8CString)
    let file = mkstemps(&path, 3)  // mode 0600
    guard file >= 0 else { return nil }
    let name = String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
    defer { unlink(name) }
    guard (try? handle.write(contentsOf: Data(text.utf8))) != nil else { return nil }
    let shell = ChildProcess(["/bin/sh", "-c", command + " \"$1\"", "sh", name])
    guard TerminalGuard.lend(shell.runOnTerminal) == 0 else { return nil }
    guard let edited = FileManager.default.contents(atPath: name) else { return nil }
    return Self.withoutLastLineEnd(String(decoding: edited, as: UTF8.self))
  }

  /// Editors end a file with a line end that the person did not type.
  private static func withoutLastLineEnd(_ text: String) -> String {
    text.hasSuffix("\n") ? String(text.dropLast()) : text
  }
}
