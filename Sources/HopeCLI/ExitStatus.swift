import ArgumentParser
import Curses
import Evaluation
import Foundation
import Hope
import Preferences
import REPL
import Sessions

/// What the program tells its caller when it ends; the numbers of the manual.
enum ExitStatus: Error, Equatable {
  case failed
  case usage
  case model
  /// A session or memory file is damaged, or belongs to another base.
  case damaged
  case refused
  case terminal
  case signal(Int32)
  /// As the screen wants it.
  case chosen(Int32)

  var code: Int32 {
    switch self {
    case .failed: 1
    case .usage: 2
    case .model: 3
    case .damaged: 4
    case .refused: 5
    case .terminal: 6
    case .signal(let number): 128 + number
    case .chosen(let code): code
    }
  }

  /// What an error means for the caller.
  init(_ error: any Error) {
    switch error {
    case let status as ExitStatus: self = status
    case let error as SessionError: self = Self.status(of: error)
    case let fault as SessionFault: self = Self.status(of: fault)
    case let error as StateFileError: self = Self.status(of: .state(error))
    case is ModelError: self = .model
    case is CommandError, is SettingError, is ConfigError, is UnknownVerb: self = .usage
    case is OutputError: self = .refused
    case is CursesScreen.Obstacle: self = .terminal
    case let error as FileError: self = Self.status(of: error)
    case CheckpointError.file(let error), EvaluationError.file(let error):
      self = Self.status(of: error)
    default: self = HopeCommand.exitCode(for: error) == .validationFailure ? .usage : .failed
    }
  }

  private static func status(of error: SessionError) -> ExitStatus {
    switch error {
    case .model: .model
    case .unknownLevel, .setting, .emptyMessage, .noSuchToken, .noSuchTurn, .noSuchMoment,
      .noSuchMarker, .markerOfOtherMemory, .noSuchMemory, .notRecorded, .mixerGraft, .alreadyHere:
      .usage
    case .sampling: .failed
    case .notSaved, .notForked: .refused
    case .fault(let fault): status(of: fault)
    }
  }

  private static func status(of fault: SessionFault) -> ExitStatus {
    switch fault {
    case .file(let error): status(of: error)
    case .state(let error): error.fileError.map { status(of: $0) } ?? .damaged
    case .missingState, .notASession, .futureVersion, .damaged, .otherModel, .differs: .damaged
    case .noSuchSession, .ambiguous, .noSession, .alreadyThere, .notReplaced: .usage
    case .inUse, .notRemoved: .failed
    }
  }

  /// No space, or no permission.
  private static func status(of error: FileError) -> ExitStatus {
    let refusals = [ENOSPC, EDQUOT, EACCES, EPERM, EROFS]
    guard case .refused(_, _, let code) = error, refusals.contains(code) else { return .failed }
    return .refused
  }

  /// The chat is over and part of it could not be recorded, which is said here once more.
  static func unsaved() -> ExitStatus {
    try? StandardStreams.notes().writeText(
      "error: what was said last is not in the session's file; make room, and go on with hope resume -l\n"
    )
    return .refused
  }

  /// Says what went wrong and ends the program. Asking for help is no error; a reader that has gone
  /// is none either.
  static func end(with error: any Error) -> Never {
    if let error = error as? OutputError, error.isReaderGone { exit(0) }
    if HopeCommand.exitCode(for: error) == .success { printHelp(error) }
    let status = ExitStatus(error)
    if !(error is ExitStatus) { try? StandardStreams.notes().writeText(sentence(error)) }
    exit(status.code)
  }

  private static func printHelp(_ request: any Error) -> Never {
    do throws(OutputError) {
      try StandardStreams.output().write(HopeCommand.fullMessage(for: request) + "\n")
    } catch {
      end(with: error)
    }
    exit(0)
  }

  private static func sentence(_ error: any Error) -> String {
    switch error {
    case is ModelError, is SessionError, is SessionFault, is StateFileError, is CommandError,
      is SettingError, is OutputError, is ConfigError, is UnknownVerb, is EvaluationError,
      is CorpusError,
      is CursesScreen.Obstacle:
      "error: \(error)\n"
    default: HopeCommand.fullMessage(for: error) + "\n"
    }
  }
}
