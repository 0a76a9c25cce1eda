import Glibc
package import Hope

/// Why a recorded session, or a memory, cannot be used. `description` is one sentence, safe to print.
package enum SessionFault: Error, Sendable, Equatable, CustomStringConvertible {
  case file(FileError)
  /// The folder or file is no session.
  case notASession(path: String, reason: String)
  /// A newer program wrote it.
  case futureVersion(path: String, version: Int)
  /// A line that the session needs is missing or contradicts the others.
  case damaged(path: String, line: Int, reason: String)
  /// It was recorded with other weights, or another tokenizer.
  case otherModel(path: String, recorded: String, model: String)
  case state(StateFileError)
  /// A memory in `snap/` that is needed is simply not there.
  case missingState(path: String)
  /// What was computed again is not what was recorded.
  case differs(position: Int, recorded: SHA256Digest, found: SHA256Digest, note: String)
  case noSuchSession(String, folder: String)
  case ambiguous(String, candidates: [String])
  case noSession(folder: String)
  /// A file of this name is there, and would be lost.
  case alreadyThere(path: String)
  /// A file that is part of something else is not written over, whatever is asked.
  case notReplaced(path: String, owner: String)
  /// A session's folder holds what is not the session's own, or is reached through a link.
  case notRemoved(path: String, entry: String?, reason: String)
  /// Another program is writing it.
  case inUse(path: String)

  package var description: String {
    switch self {
    case .file(let error): error.description
    case .notASession(let path, let reason):
      "\(Self.quoted(path)): \(reason); name a session's folder or its session.jsonl"
    case .futureVersion(let path, let version):
      "\(Self.quoted(path)): is a session of form \(version), this program reads form "
        + "\(SessionHeader.version); use a newer hope"
    case .damaged(let path, let line, let reason):
      "\(Self.quoted(path)), line \(line + 1): \(reason.printable(limit: 200))"
    case .otherModel(let path, let recorded, let model):
      "\(Self.quoted(path)): was recorded with \(recorded.printable(limit: 100)), this is "
        + "\(model.printable(limit: 100)); name the right model with --model"
    case .state(let error): error.description
    case .missingState(let path):
      "\(Self.quoted(path)): is missing, and nothing that is needed can be computed without it; "
        + "bring it back, or take another copy of the session"
    case .differs(let position, let recorded, let found, let note):
      "the state at @\(position) has the digest \("\(found)".prefix(12)), recorded was "
        + "\("\(recorded)".prefix(12))\(note)"
    case .noSuchSession(let name, let folder):
      "no session \(Self.quoted(name)) in \(Self.quoted(folder)); hope ls lists them"
    case .ambiguous(let name, let candidates):
      "\(Self.quoted(name)) may be "
        + candidates.prefix(5).map { $0.printable() }.joined(separator: " or ")
        + "; name more of it"
    case .noSession(let folder):
      "no session in \(Self.quoted(folder)) yet; hope records one as soon as you say something"
    case .alreadyThere(let path):
      "\(Self.quoted(path)): is there already; choose another name, or remove it first "
        + "(hope export and hope mem export: --force replaces it)"
    case .notReplaced(let path, let owner):
      "\(Self.quoted(path)): is a file of \(owner), which is never written over; "
        + "choose another name"
    case .notRemoved(let path, let entry, let reason):
      "\(Self.quoted(path)): nothing was removed: "
        + (entry.map { "\(Self.quoted($0)) in it " } ?? "it ") + reason.printable(limit: 200)
    case .inUse(let path):
      "\(Self.quoted(path)): another program is writing it; end that one first"
    }
  }

  private static func quoted(_ text: String) -> String { "\"\(text.printable(limit: 200))\"" }

  /// Does `body`; its error becomes `.file`.
  static func wrapping<Value>(
    _ body: () throws(FileError) -> Value
  ) throws(SessionFault) -> Value {
    do throws(FileError) {
      return try body()
    } catch {
      throw .file(error)
    }
  }
}

extension SessionFault {
  /// Whether a file that is needed is simply not there.
  var isMissing: Bool { if case .missingState = self { true } else { false } }
}
