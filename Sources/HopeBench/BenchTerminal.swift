import Foundation
import Glibc

/// A pseudo-terminal with a program in it: keys in, bytes out.
final class BenchTerminal {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }
  private let main: Int32
  private(set) var process: pid_t = 0

  /// Starts a program whose terminal this is.
  init(
    _ program: String, _ arguments: [String], _ environment: [String: String], columns: Int,
    rows: Int
  ) throws(Failure) {
    // posix_openpt and its kin are not in Swift's Glibc; this is what they do.
    main = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (isLocked, number): (Int32, UInt32) = (0, 0)
    guard main >= 0, ioctl(main, 0x4004_5431, &isLocked) == 0,  // TIOCSPTLCK
      ioctl(main, 0x8004_5430, &number) == 0  // TIOCGPTN
    else { throw Failure(description: "no pseudo-terminal here") }
    var size = winsize(
      ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(main, UInt(TIOCSWINSZ), &size)
    try start(program, arguments, environment, "/dev/pts/\(number)")
  }

  deinit {
    if process > 0 {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    close(main)
  }

  private func start(
    _ program: String, _ arguments: [String], _ environment: [String: String], _ terminal: String
  ) throws(Failure) {
    var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
    for stream in Int32(1)...2 { posix_spawn_file_actions_adddup2(&actions, 0, stream) }
    posix_spawnattr_setflags(&attributes, 0x80)  // POSIX_SPAWN_SETSID, which Swift cannot see
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    var settings = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for word in words + settings { free(word) } }
    let result = posix_spawn(&process, program, &actions, &attributes, &words, &settings)
    guard result == 0 else {
      throw Failure(description: "\(program): \(String(cString: strerror(result)))")
    }
  }

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { write(main, $0.baseAddress, $0.count) }
  }

  /// Reads what comes within so many seconds.
  func drain(for seconds: Double) { _ = read(until: nil, within: seconds) }

  /// Reads until a text has come whole.
  /// - Returns: seconds from the call to its arrival; nil where it did not come in time.
  func read(until text: String?, within patience: Double) -> Double? {
    let start = DispatchTime.now().uptimeNanoseconds
    func passed() -> Double { Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9 }
    let wanted = text.map { Array($0.utf8) }
    var (seen, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
    while passed() < patience {
      var wish = pollfd(fd: main, events: Int16(POLLIN), revents: 0)
      guard poll(&wish, 1, Int32(max(1, (patience - passed()) * 1000))) > 0 else { continue }
      let count = Glibc.read(main, &chunk, chunk.count)
      guard count > 0 else { return nil }
      seen += chunk[..<count]
      if let wanted, seen.firstRange(of: wanted) != nil { return passed() }
    }
    return nil
  }

  /// Processor seconds of the program's first thread, and of all others.
  func processorSeconds() -> (first: Double, others: Double) {
    let folder = "/proc/\(process)/task"
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    var (first, others) = (0.0, 0.0)
    for thread in threads {
      let text = try? String(contentsOfFile: "\(folder)/\(thread)/schedstat", encoding: .utf8)
      let time = text?.split(separator: " ").first.flatMap { Double($0) } ?? 0
      if thread == "\(process)" { first += time / 1e9 } else { others += time / 1e9 }
    }
    return (first, others)
  }
}
