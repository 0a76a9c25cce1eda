import Foundation
import Glibc
import REPL
import Sessions
import TerminalUI

/// The three streams every program is given.
enum StandardStreams {
  /// Where one was closed by whoever started us, takes its place, so that no file we open gets its
  /// number; reading from and writing to it fails as before.
  static func protect() {
    signal(SIGPIPE, SIG_IGN)
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) == -1 {
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Answers.
  static func output(_ options: RunOptions? = nil) -> TextStream {
    stream(STDOUT_FILENO, options)
  }

  /// Everything else.
  static func notes(_ options: RunOptions? = nil) -> TextStream {
    stream(STDERR_FILENO, options)
  }

  /// The same for verbs that chat with nobody and read no config.
  static func output(_ options: DisplayOptions) -> TextStream {
    stream(STDOUT_FILENO, options.color, options.ascii)
  }
  static func notes(_ options: DisplayOptions) -> TextStream {
    stream(STDERR_FILENO, options.color, options.ascii)
  }

  private static func stream(_ descriptor: Int32, _ options: RunOptions?) -> TextStream {
    stream(descriptor, options?.color, options?.display.isASCII)
  }

  private static func stream(
    _ descriptor: Int32, _ color: ColorMode?, _ isASCII: Bool?
  ) -> TextStream {
    TextStream(
      descriptor: descriptor,
      style: ReportStyle(
        color: color ?? .auto, isASCII: isASCII ?? false, isTerminal: isatty(descriptor) == 1,
        environment: ProcessInfo.processInfo.environment))
  }

  /// All of standard input.
  static func readAll() throws(InputError) -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= InputError.limit {
      let count = read(STDIN_FILENO, &chunk, chunk.count)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      if count < 0, errno != EINTR { throw .unreadable(code: errno) }
      if count > 0 { bytes += chunk[..<count] }
    }
    throw .tooLong
  }
}

/// Standard input could not be read.
enum InputError: Error, Equatable, CustomStringConvertible {
  case unreadable(code: Int32)
  case tooLong

  static let limit = 1 << 20

  var description: String {
    switch self {
    case .unreadable(let code): "cannot read the standard input: \(String(cString: strerror(code)))"
    case .tooLong: "the standard input has more than \(Self.limit) bytes; ask something shorter"
    }
  }
}
