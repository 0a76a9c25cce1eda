import CTerminalGuard
import Glibc

/// Gives the terminal back, whatever happens: on a normal end, on signals and on crashes of any
/// thread. The work is done in C, in `CTerminalGuard`.
package enum TerminalGuard {
  /// What came from outside the program's own threads.
  enum Call: Equatable {
    case wake
    /// TERM, HUP, INT or QUIT: the program is to end, within a second.
    case end(signal: Int32)
    case stop
    case goOn
    case resize
  }

  /// Takes the signals and remembers how the terminal is set. Before curses starts.
  /// - Returns: whether standard input is a terminal.
  package static func open() -> Bool { terminal_guard_open(STDIN_FILENO, STDOUT_FILENO) }

  /// From here on the screen is the program's.
  package static func arm(alternate: Bool) { terminal_guard_arm(alternate) }

  /// Gives the terminal back now.
  package static func disarm() { terminal_guard_disarm() }

  /// Lets the calling thread survive the end of its stack long enough to give the terminal back.
  package static func protectThread() { terminal_guard_protect_thread() }

  /// Wakes the loop; from any thread.
  package static func wake() { terminal_guard_wake() }

  /// Ends the process with this code after so many seconds, if it does not get there by itself.
  package static func endAtLast(code: Int32, after seconds: Double) {
    terminal_guard_last_resort(code, Int32(seconds * 1000))
  }

  /// Stops the program until somebody continues it. The screen must have been given back.
  static func stop() { terminal_guard_stop() }

  /// While another program has the terminal.
  static func lend<Result>(_ body: () -> Result) -> Result {
    terminal_guard_lend(true)
    defer { terminal_guard_lend(false) }
    return body()
  }

  /// Writes around ncurses, which must have sent all it has.
  static func write(_ text: String) {
    let bytes = text.utf8.map { CChar(bitPattern: $0) }
    _ = terminal_guard_write(bytes, bytes.count, patience)
  }
  private static let patience: Int32 = 500

  static var descriptor: Int32 { terminal_guard_descriptor() }

  /// All calls that have come, without waiting.
  static func calls() -> [Call] {
    var calls: [Call] = []
    while true {
      let number = terminal_guard_take()
      switch number {
      case ..<0: return calls
      case 0: calls.append(.wake)
      case SIGTSTP: calls.append(.stop)
      case SIGCONT: calls.append(.goOn)
      case SIGWINCH: calls.append(.resize)
      default: calls.append(.end(signal: number))
      }
    }
  }
}
