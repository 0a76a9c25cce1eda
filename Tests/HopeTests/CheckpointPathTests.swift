import Foundation
import Glibc
import Hope
import Testing

@Suite("Files that are not model files", .timeLimit(.minutes(15)))
struct CheckpointPathTests {
  private func problem(_ path: String) -> SafetensorsError.Problem? {
    do throws(SafetensorsError) {
      _ = try SafetensorsFile(path: path)
      return nil
    } catch {
      return error.problem
    }
  }

  @Test("a file that is not there says so")
  func missing() {
    #expect(
      problem("/nowhere/x") == .file(.refused(path: "/nowhere/x", operation: "open", code: ENOENT)))
    let error = FileError.refused(path: "/nowhere/x", operation: "open", code: ENOENT)
    #expect(
      error.description
        == "\"/nowhere/x\": cannot open: No such file or directory; check the path")
  }

  @Test("a folder, a pipe without a writer and a device are refused at once")
  func special() {
    let folder = TestFolder()
    let pipe = folder.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(problem(folder.path) == .file(.notRegular(path: folder.path, kind: "a folder")))
    #expect(problem(pipe) == .file(.notRegular(path: pipe, kind: "a named pipe")))
    #expect(problem("/dev/zero") == .file(.notRegular(path: "/dev/zero", kind: "a device")))
  }

  @Test("writing replaces no folder, pipe or device; what a person named is written through")
  func writing() throws {
    let folder = TestFolder()
    let pipe = folder.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    for (path, kind) in [
      (pipe, "a named pipe"), ("/dev/null", "a device"), (folder.path, "a folder"),
    ] {
      #expect(throws: FileError.notRegular(path: path, kind: kind)) {
        try AtomicFile.write([1], to: path)
      }
    }
    try AtomicFile.writeOutput([1, 2], to: "/dev/null")
    // a device once became a regular file here
    #expect(throws: FileError.notRegular(path: "/dev/null", kind: "a device")) {
      try ReadOnlyFile(path: "/dev/null")
    }
    let (real, link) = (folder.file("real"), folder.file("link"))
    try AtomicFile.write([1], to: real)
    #expect(symlink(real, link) == 0)
    try AtomicFile.writeOutput([7, 8], to: link)
    #expect(try ReadOnlyFile(path: real).bytes(limit: 9) == [7, 8])
    try AtomicFile.write([9], to: link)
    #expect(try ReadOnlyFile(path: real).bytes(limit: 9) == [7, 8])
  }

  @Test("a path with a NUL byte is not cut there")
  func nul() {
    #expect(problem("/dev/null\0.safetensors") == .file(.impossiblePath("/dev/null\0.safetensors")))
  }

  @Test("no permission and no space tell what to do")
  func permission() {
    let denied = FileError.refused(path: "m", operation: "open", code: EACCES)
    #expect(denied.description.hasSuffix("check the permissions of the file and its folder"))
    let full = FileError.refused(path: "m", operation: "write", code: ENOSPC)
    #expect(full.description.hasSuffix("free some space and try again"))
  }

  @Test("an unreadable file is refused by the system", .enabled(if: geteuid() != 0))
  func unreadable() {
    let folder = TestFolder()
    let path = folder.write([1], to: "secret")
    chmod(path, 0)
    #expect(problem(path) == .file(.refused(path: path, operation: "open", code: EACCES)))
  }

  @Test("what could drive a terminal is escaped and cut in every message")
  func sanitised() {
    let evil = "\u{1B}]52;c;x\u{07}\r\u{202E}\u{9B}2J\0" + String(repeating: "é", count: 300)
    let text = SafetensorsError(path: evil, problem: .noSuchTensor(evil)).description
    #expect(text.hasPrefix("\"\\u{1B}]52;c;x\\u{7}\\u{D}\\u{202E}\\u{9B}2J\\u{0}ééé"))
    #expect(text.unicodeScalars.allSatisfy { $0.value >= 32 && !(0x7F...0x9F).contains($0.value) })
    #expect(text.count < 420)
    #expect("a\nb".printable(limit: 3) == "a…")
    #expect("abc".printable(limit: 3) == "abc")
  }

  @Test("a write that is given up leaves the old file and no other")
  func abandoned() throws {
    #expect(throws: FileError.refused(path: "/dev/nowhere/x", operation: "create", code: ENOENT)) {
      try AtomicFile.write([1], to: "/dev/nowhere/x")
    }
    let folder = TestFolder()
    folder.write("old", to: "file")
    func abandon() throws {
      var file = try AtomicFile(path: folder.file("file"))
      try file.write([1, 2])
      #expect(folder.names().count == 2)
    }
    try abandon()
    #expect(folder.names() == ["file"])
    #expect(bytes(ofFile: folder.file("file")) == Array("old".utf8))
  }
}
