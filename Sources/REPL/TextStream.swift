import Glibc
import Sessions

/// A place for text: a terminal, a pipe or a file. Nothing is buffered.
package struct TextStream: Sendable {
  private let descriptor: Int32
  package let isTerminal: Bool
  package var style: ReportStyle

  package init(descriptor: Int32, style: ReportStyle) {
    (self.descriptor, self.style) = (descriptor, style)
    isTerminal = isatty(descriptor) == 1
  }

  /// Writes text as it is to a pipe or file, and through the filter to a terminal.
  package func write(_ text: String) throws(OutputError) {
    try write(bytes: Array((isTerminal ? TerminalText.filtered(text) : text).utf8))
  }

  /// Writes a line that was made for people: filtered wherever it goes.
  package func writeLine(_ line: StyledText) throws(OutputError) {
    try write(bytes: Array((line.terminalText(style) + "\n").utf8))
  }

  /// Writes text for people that has its own line ends: filtered wherever it goes.
  package func writeText(_ text: String) throws(OutputError) {
    try write(bytes: Array(TerminalText.filtered(text).utf8))
  }

  /// The same without the line's end.
  package func writePrompt(_ text: String) throws(OutputError) {
    let isBold = style.hasColor
    try write(bytes: Array((isBold ? "\u{1B}[1m\(text)\u{1B}[0m" : text).utf8))
  }

  private func write(bytes: [UInt8]) throws(OutputError) {
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count >= 0 {
        done += count
      } else if errno == EAGAIN {
        var wish = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&wish, 1, -1)
      } else if errno != EINTR {
        throw OutputError(code: errno)
      }
    }
  }
}

extension StyledText {
  /// The filtered text with the codes for its looks, where there are colours.
  func terminalText(_ style: ReportStyle) -> String {
    spans.map { span in
      let text = TerminalText.filtered(span.text)
      guard style.hasColor, let code = span.look.code else { return text }
      return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }.joined()
  }
}

extension StyledText.Look {
  /// The terminal's number for it.
  fileprivate var code: Int? {
    switch self {
    case .plain: nil
    case .quiet: 2
    case .strong: 1
    case .accent: 36
    case .alarm: 31
    }
  }
}

/// Output could not be written.
package struct OutputError: Error, Equatable, CustomStringConvertible {
  package let code: Int32

  /// Whether the reader has gone, which is no error of ours: `hope … | head -1`.
  package var isReaderGone: Bool { code == EPIPE }

  /// Whether the line to the terminal is cut.
  package var isTerminalGone: Bool { code == EIO }

  package var description: String {
    "cannot write the output: \(String(cString: strerror(code))); "
      + (code == ENOSPC || code == EDQUOT ? "free some space" : "send it elsewhere")
  }
}
