import CNcurses
import Glibc

extension CursesScreen {
  /// Why there is no screen.
  package enum Obstacle: Error, Equatable, CustomStringConvertible {
    /// No terminal at standard input or output.
    case noTerminal
    /// TERM is empty, unknown, or of a terminal whose cursor cannot be moved.
    case unusable(term: String)
    /// ncurses would not start.
    case refused

    package var description: String {
      switch self {
      case .noTerminal: "the full screen needs a terminal; hope repl works without one"
      case .unusable(""): "TERM is not set, so nothing is known of this terminal; hope repl works"
      case .unusable(let term):
        "the terminal database cannot place a cursor on \(term) (TERM); hope repl works without"
      case .refused: "the terminal could not be taken over; hope repl works without"
      }
    }
  }

  /// What stands in the way of a screen; nil where there can be one. Writes nothing.
  package static func obstacle() -> Obstacle? {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return .noTerminal }
    let term = getenv("TERM").map { String(cString: $0) } ?? ""
    guard !term.isEmpty, curses_knows_terminal(STDOUT_FILENO) else {
      return .unusable(term: term)
    }
    return nil
  }
}
