import Foundation
import Glibc
import Testing

/// A terminal with a program in it, seen from outside: bytes in, bytes out, and what is left behind.
final class Terminal {
  struct End: CustomStringConvertible {
    /// Exit code, or nil where a signal ended it.
    var code: Int32?
    var signal: Int32?
    /// From the call of `end` on.
    var seconds: Double
    var description: String {
      "\(code.map { "exit \($0)" } ?? "signal \(signal ?? 0)") in \(seconds) s"
    }
  }
  /// A second is what is wanted, on an idle machine; tests fail at thirty.
  static let patience = 30.0

  private let main: Int32
  private let sub: Int32
  private let before: termios
  private var process: pid_t = 0
  private(set) var output: [UInt8] = []
  private var isClosed = false

  init(columns: Int = 80, rows: Int = 24) throws {
    // posix_openpt and its kin are not in Swift's Glibc; this is what they do.
    main = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var isLocked: Int32 = 0
    try #require(main >= 0 && ioctl(main, 0x4004_5431, &isLocked) == 0)  // TIOCSPTLCK
    sub = open(Self.name(main), O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(sub >= 0)
    before = Self.modes(sub)
    resize(columns: columns, rows: rows)
  }

  deinit {
    if process > 0 {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    if !isClosed { close(main) }
    close(sub)
  }

  private static func name(_ main: Int32) -> String {
    var number: UInt32 = 0
    _ = ioctl(main, 0x8004_5430, &number)  // TIOCGPTN
    return "/dev/pts/\(number)"
  }

  private static func modes(_ descriptor: Int32) -> termios {
    var modes = termios()
    tcgetattr(descriptor, &modes)
    return modes
  }

  // MARK: The program

  /// Beside the tests, where the build has put it.
  static func program(_ name: String) -> String {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent(name).path
  }

  /// Starts a program whose terminal this is.
  func start(_ program: String, _ arguments: [String], _ environment: [String: String]) throws {
    var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, Self.name(main), O_RDWR, 0)
    for stream in Int32(1)...2 { posix_spawn_file_actions_adddup2(&actions, 0, stream) }
    var (defaults, blocked) = (sigset_t(), sigset_t())
    sigfillset(&defaults)
    sigemptyset(&blocked)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setsigmask(&attributes, &blocked)
    let newSession: Int32 = 0x80  // POSIX_SPAWN_SETSID, which Swift cannot see
    posix_spawnattr_setflags(
      &attributes, Int16(newSession | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    var settings = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for word in words + settings { free(word) } }
    let result = posix_spawn(&process, program, &actions, &attributes, &words, &settings)
    try #require(result == 0, "\(program): \(String(cString: strerror(result)))")
  }

  func send(signal: Int32) { kill(process, signal) }

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { write(main, $0.baseAddress, $0.count) }
  }

  func resize(columns: Int, rows: Int) {
    var size = winsize(
      ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(main, UInt(TIOCSWINSZ), &size)
  }

  /// The line is cut.
  func hangUp() {
    close(main)
    isClosed = true
  }

  // MARK: Looking

  /// Reads for so long, or until the text has come since `from`.
  /// - Returns: whether it has.
  @discardableResult
  func read(for seconds: Double, until text: String? = nil, from: Int = 0) -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    let wanted = text.map { Array($0.utf8) }
    func isThere() -> Bool { wanted.map { output[from...].firstRange(of: $0) != nil } ?? false }
    while ContinuousClock.now < end {
      if isThere() { return true }
      readSome(milliseconds: 20)
    }
    return isThere()
  }

  /// Waits until the program has drawn something.
  func awaitScreen() throws {
    try #require(read(for: 20, until: "\u{1B}[?2004h"), "\(text)")
    read(for: 0.3)
  }

  /// Waits until the program has written something new.
  func awaitMore(than count: Int) throws {
    for _ in 0..<400 where output.count <= count { readSome(milliseconds: 50) }
    try #require(output.count > count)
  }

  /// - Returns: whether there was something.
  @discardableResult
  private func readSome(milliseconds: Int32) -> Bool {
    guard !isClosed else {
      usleep(UInt32(milliseconds) * 1000)
      return false
    }
    var wish = pollfd(fd: main, events: Int16(POLLIN), revents: 0)
    guard poll(&wish, 1, milliseconds) > 0 else { return false }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = Glibc.read(main, &bytes, bytes.count)
    if count > 0 { output += bytes[..<count] }
    return count > 0
  }

  /// What a program wrote last reaches the other side a little after its end.
  private func readUntilQuiet() {
    for _ in 0..<100 where !readSome(milliseconds: 50) { return }
  }

  /// Waits for the program's end.
  func end(within patience: Double = patience) throws -> End {
    let start = ContinuousClock.now
    var status: Int32 = 0
    while waitpid(process, &status, WNOHANG) == 0 {
      readSome(milliseconds: 5)
      let waited = (ContinuousClock.now - start) / .seconds(1)
      try #require(waited < patience, "still there after \(waited) s")
    }
    process = 0
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    readUntilQuiet()
    let signal = status & 0x7F
    return End(
      code: signal == 0 ? status >> 8 & 0xFF : nil, signal: signal == 0 ? nil : signal,
      seconds: seconds)
  }

  var text: String { String(decoding: output, as: UTF8.self) }

  /// What was written after the other screen was left.
  var afterScreen: Substring {
    let leaving = text.range(of: "\u{1B}[?47l", options: .backwards)
    return leaving.map { text[$0.upperBound...] } ?? ""
  }

  /// Private modes that are not as a shell expects them.
  var modesLeft: [Int] {
    var isOn: [Int: Bool] = [25: true]
    for match in text.matches(of: #/\x1B\[\?([0-9;]+)([hl])/#) {
      for number in match.1.split(separator: ";").compactMap({ Int($0) }) {
        isOn[number] = match.2 == "h"
      }
    }
    let watched = [1, 25, 47, 1049, 2004, 2026] + Array(1000...1006)
    return watched.filter { isOn[$0, default: false] != ($0 == 25) }
  }

  /// Whether the terminal is set as before.
  var isAsBefore: Bool {
    let now = Self.modes(sub)
    return now.c_iflag == before.c_iflag && now.c_oflag == before.c_oflag
      && now.c_cflag == before.c_cflag && now.c_lflag == before.c_lflag
      && withUnsafeBytes(of: now.c_cc) { a in
        withUnsafeBytes(of: before.c_cc) { a.elementsEqual($0) }
      }
  }

  var isCanonical: Bool { Self.modes(sub).c_lflag & UInt32(ICANON) != 0 }
}
