import Foundation
import Glibc

/// Another program, run to its end.
struct ChildProcess {
  private static let signals = [SIGPIPE, SIGINT, SIGQUIT, SIGTSTP, SIGTERM, SIGHUP]
  let arguments: [String]

  /// - Parameter arguments: the program, looked for in PATH, and what it is told.
  init(_ arguments: [String]) { self.arguments = arguments }

  /// Runs it on our own terminal and waits for its end.
  /// - Returns: its exit code; nil where it could not start or a signal ended it.
  func runOnTerminal() -> Int32? {
    guard let process = start(input: nil) else { return nil }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 { if errno != EINTR { return nil } }
    return Self.code(status)
  }

  /// Runs it without a terminal and writes `input` to it.
  /// - Parameter seconds: after which it counts as failed, and is ended.
  func run(input: String, within seconds: Double) -> Int32? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let process = start(input: ends[0])
    close(ends[0])
    guard let process else {
      close(ends[1])
      return nil
    }
    let deadline = ContinuousClock.now + .seconds(seconds)
    Self.write(Array(input.utf8), to: ends[1], until: deadline)
    close(ends[1])
    return Self.wait(process, until: deadline)
  }

  private static func wait(_ process: pid_t, until deadline: ContinuousClock.Instant) -> Int32? {
    var status: Int32 = 0
    while ContinuousClock.now < deadline {
      let ended = waitpid(process, &status, WNOHANG)
      if ended == process { return code(status) }
      if ended < 0, errno != EINTR { return nil }
      usleep(2000)
    }
    kill(process, SIGKILL)
    waitpid(process, &status, 0)
    return nil
  }

  private static func write(
    _ bytes: [UInt8], to pipe: Int32, until deadline: ContinuousClock.Instant
  ) {
    _ = fcntl(pipe, F_SETFL, O_NONBLOCK)
    var rest = bytes[...]
    while !rest.isEmpty, ContinuousClock.now < deadline {
      let count = rest.withUnsafeBytes { Glibc.write(pipe, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var wish = pollfd(fd: pipe, events: Int16(POLLOUT), revents: 0)
        poll(&wish, 1, 20)
      } else if errno != EINTR {
        return
      }
    }
  }

  /// - Parameter input: what it reads from instead of the terminal; its output then goes nowhere.
  private func start(input: Int32?) -> pid_t? {
    var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
      for stream in [STDOUT_FILENO, STDERR_FILENO] {
        posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0)
      }
    }
    Self.setSignals(&attributes)
    return spawn(&actions, &attributes)
  }

  /// What we do with signals is not its business.
  private static func setSignals(_ attributes: inout posix_spawnattr_t) {
    var (defaults, blocked) = (sigset_t(), sigset_t())
    sigemptyset(&defaults)
    sigemptyset(&blocked)
    for signal in signals { sigaddset(&defaults, signal) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setsigmask(&attributes, &blocked)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))
  }

  private func spawn(
    _ actions: inout posix_spawn_file_actions_t, _ attributes: inout posix_spawnattr_t
  ) -> pid_t? {
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    guard let program = words[0] else { return nil }
    var process = pid_t()
    let result = posix_spawnp(&process, program, &actions, &attributes, &words, environ)
    return result == 0 ? process : nil
  }

  private static func code(_ status: Int32) -> Int32? {
    status & 0x7F == 0 ? status >> 8 & 0xFF : nil
  }
}
