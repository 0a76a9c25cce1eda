import Foundation
import Glibc

/// Takes the signals that end or interrupt a program on a thread of its own, where anything may be
/// done; other threads never see them.
package enum Signals {
  /// Watches INT, TERM and HUP, as far as whoever started the program does not want them ignored.
  /// To be called before other threads are started: they inherit what is blocked.
  package static func watch(_ handle: @escaping @Sendable (Int32) -> Void) {
    signal(SIGPIPE, SIG_IGN)
    let watched = [SIGINT, SIGTERM, SIGHUP].filter { !isIgnored($0) }
    var set = sigset_t()
    sigemptyset(&set)
    for number in watched { sigaddset(&set, number) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    let blocked = set
    let thread = Thread {
      var (set, number) = (blocked, Int32(0))
      while sigwait(&set, &number) == 0 { handle(number) }
    }
    thread.name = "hope signals"
    thread.start()
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
