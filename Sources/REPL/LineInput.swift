import Glibc

/// Lines from a file descriptor, and a bell that can be rung while waiting for one.
package struct LineInput: ~Copyable {
  package enum Arrival: Equatable {
    case line(String)
    /// Longer than `longestLine` bytes; it was skipped.
    case tooLong(byteCount: Int)
    case end
    /// Somebody rang.
    case bell
  }
  package static let longestLine = 1 << 20

  private let descriptor: Int32
  private let bell: Bell
  private var buffer: [UInt8] = []
  /// Bytes at the buffer's start in which no line ends.
  private var searched = 0
  private var hasEnded = false
  /// Bytes of a line that is too long to be kept.
  private var skipped = 0

  package init(descriptor: Int32, bell: Bell) {
    (self.descriptor, self.bell) = (descriptor, bell)
  }

  /// Waits for a line. Its end is left out; the last one may have none.
  package mutating func next() -> Arrival {
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        return takeLine(to: end)
      }
      searched = buffer.count
      if hasEnded { return buffer.isEmpty && skipped == 0 ? .end : takeLine(to: buffer.count) }
      if buffer.count > Self.longestLine {
        skipped += buffer.count
        (buffer, searched) = ([], 0)
      }
      if wait() { return .bell }
    }
  }

  private mutating func takeLine(to end: Int) -> Arrival {
    var line = buffer[..<end]
    let byteCount = skipped + line.count
    (skipped, searched) = (0, 0)
    defer { buffer.removeFirst(min(end + 1, buffer.count)) }
    guard byteCount <= Self.longestLine else { return .tooLong(byteCount: byteCount) }
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    return .line(String(decoding: line, as: UTF8.self))
  }

  /// Waits for bytes, which are taken, or for the bell.
  /// - Returns: whether it was the bell.
  private mutating func wait() -> Bool {
    var wishes = [
      pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&wishes, 2, -1) > 0 else { return false }
    if wishes[0].revents != 0 {
      bell.quieten()
      return true
    }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &chunk, chunk.count)
    if count > 0 {
      buffer += chunk[..<count]
    } else if count == 0 || errno != EINTR && errno != EAGAIN {
      hasEnded = true
    }
    return false
  }
}

/// Wakes a thread that waits in `LineInput`.
package final class Bell: Sendable {
  let descriptor: Int32
  private let ringer: Int32

  package init() {
    var ends: [Int32] = [-1, -1]
    precondition(pipe(&ends) == 0, "no pipe: errno \(errno)")
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    (descriptor, ringer) = (ends[0], ends[1])
  }

  deinit {
    close(descriptor)
    close(ringer)
  }

  package func ring() {
    var byte: UInt8 = 0
    write(ringer, &byte, 1)
  }

  func quieten() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(descriptor, &bytes, bytes.count) > 0 {}
  }
}
