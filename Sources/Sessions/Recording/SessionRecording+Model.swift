import Glibc
import Hope

// A recording beside the model it is to be computed with.

extension SessionRecording {
  /// Whether the model is the one the session was recorded with, and every line can be one of it.
  func check(_ loaded: LoadedModel) throws(SessionFault) {
    guard header.model.digest == loaded.summary.digest else {
      throw .otherModel(
        path: path, recorded: "model \(header.model.name) \(header.model.digest.short)",
        model: "\(loaded.summary.digest.short)")
    }
    let tokenizer = try SessionFault.wrapping { () throws(FileError) in
      try loaded.tokenizerDigest()
    }
    guard header.tokenizer == tokenizer else {
      throw .otherModel(
        path: path, recorded: "tokenizer \(header.tokenizer.short)", model: tokenizer.short)
    }
    for line in lines {
      guard let reason = line.line.fault(vocabularySize: loaded.tokenizer.vocabularySize) else {
        continue
      }
      throw .damaged(path: path, line: line.number, reason: reason)
    }
  }

  /// Why a state computed here may differ from the recorded one.
  func note(on identity: NumericIdentity) -> String {
    if identity != header.identity {
      return "; it was recorded on \(header.identity), this is \(identity), which rounds otherwise"
    }
    return damage.isEmpty && brokenSeals.isEmpty
      ? "; it was changed, or recorded by another program" : "; it is damaged: \(problems[0])"
  }
}

extension SessionLine {
  /// A token the model does not have.
  fileprivate func fault(vocabularySize: Int) -> String? {
    let ids: [TokenID]
    switch self {
    case .token(let token): ids = [token.id]
    case .user(let turn): ids = turn.tokens.map(\.id)
    default: return nil
    }
    let wrong = ids.first { $0 < 0 || Int($0) >= vocabularySize }
    return wrong.map { "token \($0) of a vocabulary of \(vocabularySize)" }
  }
}

extension SnapshotFacts {
  /// Reads the state from a session's folder.
  func state(in folder: String, _ loaded: LoadedModel) throws(SessionFault) -> HopeState {
    let path = SessionFiles.snapshotPath(digest, in: folder)
    do throws(StateFileError) {
      let read = try StateFile.read(path, model: loaded.model, base: loaded.summary.digest)
      guard read.facts.digest == digest else {
        throw .digest(path: path, recorded: digest, found: read.facts.digest)
      }
      return read.state
    } catch {
      if case .refused(_, _, ENOENT)? = error.fileError { throw .missingState(path: path) }
      throw .state(error)
    }
  }
}

extension SHA256Digest {
  /// Enough to tell two apart.
  var short: String { String("\(self)".prefix(12)) }
}
