import Foundation

/// One line on stderr that shows how far a long piece of work is: rewritten in place on a terminal, a
/// plain line now and then otherwise.
final class ProgressLine {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  /// Seconds between two plain lines.
  private let interval: TimeInterval
  private var last = Date.distantPast

  init(interval: TimeInterval = 10) { self.interval = interval }

  func show(_ text: String, always: Bool = false) {
    if isTerminal {
      write("\r\u{1B}[2K" + text)
    } else if always || Date().timeIntervalSince(last) >= interval {
      last = Date()
      write(text + "\n")
    }
  }

  func end() { if isTerminal { write("\n") } }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
