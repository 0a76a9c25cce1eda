import Foundation
import Glibc

/// Takes the signals that end or interrupt a program to a thread of its own, where anything may be
/// done.
///
/// A handler and a pipe, not `sigwait`: libraries start threads before us that block no signals.
package enum Signals {
  /// Where the handler puts the numbers of signals; it may run on any thread at any time.
  private static let pipe = SignalPipe()

  /// Watches INT, TERM, HUP and QUIT, which Swift would take for a crash, as far as whoever started
  /// the program does not want them ignored. To be called once.
  package static func watch(_ handle: @escaping @Sendable (Int32) -> Void) {
    let reader = pipe.reader
    let thread = Thread {
      var number: UInt8 = 0
      while true {
        let count = read(reader, &number, 1)
        if count == 1 { handle(Int32(number)) } else if count == 0 || errno != EINTR { return }
      }
    }
    thread.name = "hope signals"
    thread.start()
    let wanted = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].filter { !isIgnored($0) }
    for number in wanted { take(number) }
    unblock(wanted)
  }

  /// A program may be started with signals blocked, by accident: threads of many libraries block them.
  private static func unblock(_ numbers: [Int32]) {
    var set = sigset_t()
    sigemptyset(&set)
    for number in numbers { sigaddset(&set, number) }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  private static func take(_ number: Int32) {
    var action = sigaction()
    action.sa_flags = SA_RESTART
    action.__sigaction_handler.sa_handler = { number in
      let before = errno
      var byte = UInt8(truncatingIfNeeded: number)
      write(Signals.pipe.writer, &byte, 1)
      errno = before
    }
    sigaction(number, &action, nil)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}

/// A pipe for the life of the program.
private struct SignalPipe {
  let reader: Int32
  let writer: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    precondition(pipe(&ends) == 0, "no pipe: errno \(errno)")
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    (reader, writer) = (ends[0], ends[1])
  }
}
