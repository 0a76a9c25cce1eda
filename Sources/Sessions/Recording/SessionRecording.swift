import Hope

/// A session's file, read whole: the header and every line with its event, in order. What is wrong
/// with it is told, not hidden; nothing in it can make reading trap.
///
/// This is what a replay is fed from: `lines[k].line.event` at `lines[k].time`.
package struct SessionRecording: Sendable {
  /// One line that could be read.
  package struct Line: Sendable {
    /// Lines before it, as the line itself says.
    package let number: Int
    /// Seconds since the session began.
    package let time: Double
    package let line: SessionLine
  }

  /// A line that is none.
  package struct Damage: Sendable, Equatable {
    /// Counts from 1, the header included, as editors do.
    package let line: Int
    package let reason: String
  }

  /// Of the file.
  package let path: String
  package let header: SessionHeader
  package let lines: [Line]
  package let damage: [Damage]
  /// Lines (as editors count) whose running hash is not that of the file before them.
  package let brokenSeals: [Int]
  /// Bytes after the last line's end: a line that was being written when the program died.
  package let tornBytes: Int
  /// Of the file without the torn bytes.
  package let byteCount: Int

  /// The name it goes by now.
  package var name: String {
    for line in lines.reversed() { if case .renamed(let name) = line.line { return name } }
    return header.name
  }

  package var sessionName: SessionName {
    SessionName(id: header.id, name: name, path: SessionFiles.folder(of: path))
  }

  /// Whether the program ended it, and how; nil where it did not live to do so.
  package var exitCode: Int? {
    if case .exit(let code)? = lines.last?.line { code } else { nil }
  }

  /// All that is wrong, one sentence each.
  package var problems: [String] {
    damage.map { "line \($0.line): \($0.reason)" }
      + (brokenSeals.first.map {
        [
          "line \($0): the hash over the file does not fit; something before it was changed"
            + (brokenSeals.count > 1 ? " (\(brokenSeals.count) such lines)" : "")
        ]
      } ?? [])
      + (tornBytes > 0 ? ["\(tornBytes) bytes of an unfinished line at the end"] : [])
  }
}

extension SessionRecording {
  /// The largest file that is read.
  private static let sizeLimit = 1 << 31

  /// Reads `session.jsonl`, named itself or by its folder.
  package static func read(_ path: String) throws(SessionFault) -> SessionRecording {
    try readBytes(path).recording
  }

  static func readBytes(
    _ path: String
  ) throws(SessionFault) -> (recording: SessionRecording, bytes: [UInt8]) {
    let path = SessionFiles.recordingPath(path)
    let bytes = try SessionFault.wrapping { () throws(FileError) in
      try ReadOnlyFile(path: path).bytes(limit: sizeLimit)
    }
    return (try SessionRecording(bytes, path: path), bytes)
  }

  /// Whether the conversation cannot be computed without this state: it begins with it, took it in place
  /// of another, or keeps it under a name.
  func needs(_ digest: SHA256Digest) -> Bool {
    var isStart = true
    for line in lines {
      switch line.line {
      case .user: isStart = false
      case .snapshot(let facts) where isStart && facts.digest == digest: return true
      case .load(let facts, _) where facts.digest == digest: return true
      case .mark(let marker) where marker.state == digest:
        return SessionFiles.hasSnapshot(digest, in: SessionFiles.folder(of: path))
      default: continue
      }
    }
    return false
  }

  /// The turn that began and did not end.
  var unfinishedTurn: TurnStart? {
    for line in lines.reversed() {
      switch line.line {
      case .user(let turn): return turn
      case .end, .jump, .load: return nil
      default: continue
      }
    }
    return nil
  }

  init(_ bytes: [UInt8], path: String) throws(SessionFault) {
    var scan = LineScan(bytes)
    guard let first = scan.next() else {
      throw .notASession(path: path, reason: "it has no first line")
    }
    header = try Self.header(first, path: path)
    var reading = Reading()
    while let line = scan.next() {
      reading.take(line) { scan.hash(to: $0) }
    }
    self.path = path
    lines = reading.lines
    damage = reading.damage
    brokenSeals = reading.brokenSeals
    tornBytes = scan.rest
    byteCount = bytes.count - scan.rest
  }

  private static func header(
    _ line: ArraySlice<UInt8>, path: String
  ) throws(SessionFault) -> SessionHeader {
    do {
      return try SessionHeader(JSONParser.parse(line))
    } catch let fault as HeaderFault {
      if let version = fault.version { throw .futureVersion(path: path, version: version) }
      throw .notASession(path: path, reason: fault.reason)
    } catch {
      throw .notASession(path: path, reason: "its first line is no header")
    }
  }
}

/// Takes lines in, good and bad.
private struct Reading {
  var lines: [SessionRecording.Line] = []
  var damage: [SessionRecording.Damage] = []
  var brokenSeals: [Int] = []
  private var time = 0.0
  /// As editors count.
  private var fileLine = 1

  mutating func take(_ bytes: ArraySlice<UInt8>, seal: (Int) -> SHA256Digest) {
    fileLine += 1
    let json: JSON
    do throws(JSONFault) {
      json = try JSONParser.parse(bytes)
    } catch {
      return damaged("byte \(error.byte + 1): \(error.reason)")
    }
    guard let number = json["n"]?.integer, (0..<1 << 48).contains(number) else {
      return damaged("it has no number")
    }
    let interval = json["t"]?.double ?? 0
    time += interval.isFinite ? min(max(0, interval), 1e9) : 0
    guard let line = SessionLine(json) else {
      return damaged("a \"\(json["e"]?.text?.printable(limit: 20) ?? "?")\" without what it needs")
    }
    let recorded = json["h"]?.text
    if line.isSealed, recorded == nil { damaged("it has no hash") }
    // as it is spelled: nothing else would find a changed byte in the last one
    if let recorded, "\(seal(Self.sealedCount(bytes)))" != recorded { brokenSeals.append(fileLine) }
    let expected = (lines.last?.number ?? 0) + 1
    if number != expected {
      damaged("its number is \(number), not \(expected)")
    }
    lines.append(SessionRecording.Line(number: number, time: time, line: line))
  }

  private mutating func damaged(_ reason: String) {
    damage.append(SessionRecording.Damage(line: fileLine, reason: reason))
  }

  /// Bytes of a line that its own hash covers: those before `,"h":"…"}`.
  private static func sealedCount(_ line: ArraySlice<UInt8>) -> Int {
    max(0, line.count - SessionSeal.byteCount)
  }
}

/// Cuts a file into lines and hashes it on the way.
private struct LineScan: ~Copyable {
  private let bytes: [UInt8]
  private var at = 0
  private var start = 0
  private var hashed = 0
  private var hasher = SHA256Hasher()

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Bytes after the last line's end.
  var rest: Int { bytes.count - at }

  /// The next line without its end.
  mutating func next() -> ArraySlice<UInt8>? {
    let end = bytes.withUnsafeBufferPointer { buffer in
      buffer[at...].firstIndex(of: UInt8(ascii: "\n"))
    }
    guard let end else { return nil }
    start = at
    at = end + 1
    return bytes[start..<end]
  }

  /// The hash over the file up to so many bytes into the present line.
  mutating func hash(to count: Int) -> SHA256Digest {
    let end = start + count
    bytes.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[hashed..<end])) }
    hashed = end
    return hasher.digestSoFar()
  }
}
