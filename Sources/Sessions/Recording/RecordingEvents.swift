package import Hope

/// What became of the recording; part of `SessionEvent`.
package enum RecordingEvent: Sendable, Equatable {
  /// A new session takes down what happens from here on.
  case started(SessionName)
  /// This session goes on in a new file; the one it came from is closed and stays as it is.
  case forked(SessionName, from: SessionName)
  case renamed(String)
  case snapshot(SnapshotFacts)
  /// A file that had not been closed was put in order.
  case repaired(Repair)
  /// A line could not be written. It is kept, and tried again with every later one.
  case failed(FileError, pendingBytes: Int)
  /// A snapshot could not be written; the next one will be tried.
  case snapshotFailed(String)
  /// What had been kept is written.
  case recovered
  /// Too much had to be kept: nothing is recorded any more.
  case stopped
  /// Another program writes this session; nothing is recorded here.
  case readOnly(SessionName)
}

/// A state on disk.
package struct SnapshotFacts: Sendable, Equatable {
  package let position: Int
  package let digest: SHA256Digest
  package let byteCount: Int

  package init(position: Int, digest: SHA256Digest, byteCount: Int) {
    (self.position, self.digest, self.byteCount) = (position, digest, byteCount)
  }
}

/// What was found and done when a session was opened that had not been closed.
package struct Repair: Sendable, Equatable {
  /// Bytes of an unfinished line, moved to `session.torn`.
  package let tornBytes: Int
  /// Lines that are none, left where they are.
  package let badLines: Int

  package init(tornBytes: Int, badLines: Int) {
    (self.tornBytes, self.badLines) = (tornBytes, badLines)
  }
}

/// A note in time.
package struct Marker: Sendable, Equatable {
  /// Tokens read before it.
  package let position: Int
  package let text: String
  /// The memory that was kept with it; nil for a mere note.
  package let state: SHA256Digest?
  /// Of the memory at that moment; nil where it was taken over from another session, or not
  /// recorded.
  package let digest: SHA256Digest?

  package init(
    position: Int, text: String, state: SHA256Digest? = nil, digest: SHA256Digest? = nil
  ) {
    (self.position, self.text, self.state, self.digest) = (position, text, state, digest)
  }
}

/// The conversation went back to an earlier moment, as if the rest had not been said.
package struct Jump: Sendable, Equatable {
  package enum Target: Sendable, Equatable {
    /// After so many tokens: right before the token of this position was run.
    case token(Int)
    /// Before the words of this turn, which counts from 1.
    case turn(Int)
  }
  package enum Reason: String, Sendable {
    case rewind, undo
    /// To answer the same words with other random numbers.
    case again
    /// A turn the program did not live to finish.
    case unfinished
  }
  package let reason: Reason
  package let target: Target
  /// Tokens read at that moment.
  package let position: Int
  /// How often memory was dropped there, with no token in between, before that moment.
  package let dropsBefore: Int
  /// How often it was dropped there after that moment, which is taken back.
  package let dropsTakenBack: Int
  package let digest: SHA256Digest
  /// Where the random numbers stand.
  package let randomState: UInt64
  /// Tensors of the state.
  package let tensorCount: Int
  /// Position of the digest that was recorded live and met again on the way from here; nil where
  /// nothing has been recorded after that moment, or only after memory was dropped.
  package let checkedAt: Int?
  /// What was said in the turn that was undone.
  package let words: String?

  package init(
    reason: Reason, target: Target, position: Int, dropsBefore: Int = 0, dropsTakenBack: Int = 0,
    digest: SHA256Digest, randomState: UInt64, tensorCount: Int, checkedAt: Int?,
    words: String? = nil
  ) {
    self.reason = reason
    self.target = target
    self.position = position
    (self.dropsBefore, self.dropsTakenBack) = (dropsBefore, dropsTakenBack)
    self.digest = digest
    self.randomState = randomState
    self.tensorCount = tensorCount
    self.checkedAt = checkedAt
    self.words = words
  }
}

/// A recorded session goes on: its memory is back, and is what it was.
package struct Restoration: Sendable, Equatable {
  package let session: SessionName
  package let position: Int
  package let turnCount: Int
  package let tensorCount: Int
  /// Of the state, found equal to the recorded one.
  package let digest: SHA256Digest
  /// Tokens computed again after the snapshot.
  package let recomputedTokens: Int
  /// What was said last, where the program did not live to finish the answer.
  package let unanswered: String?
  /// What was wrong and could be done without: damaged snapshots, lines.
  package let problems: [String]

  package init(
    session: SessionName, position: Int, turnCount: Int, tensorCount: Int, digest: SHA256Digest,
    recomputedTokens: Int, unanswered: String? = nil, problems: [String] = []
  ) {
    self.session = session
    self.position = position
    self.turnCount = turnCount
    self.tensorCount = tensorCount
    self.digest = digest
    self.recomputedTokens = recomputedTokens
    self.unanswered = unanswered
    self.problems = problems
  }
}
