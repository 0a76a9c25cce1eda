import Foundation
package import Hope

/// A recorded session in a list.
package struct SessionSummary: Sendable, Equatable {
  package let id: String
  package let name: String
  /// Its folder.
  package let path: String
  package let created: String
  package let model: String
  package let modelDigest: SHA256Digest
  package let turnCount: Int
  /// Tokens read in the conversation.
  package let tokenCount: Int
  package let byteCount: Int
  /// nil while it is being recorded, or where the program did not live to end it.
  package let exitCode: Int?
  package let isDamaged: Bool
  /// The session it was forked from.
  package let parent: String?
  /// After the last turn.
  package let stateDigest: SHA256Digest?
}

extension SessionSummary {
  package init(_ recording: SessionRecording) {
    let header = recording.header
    id = header.id
    name = recording.name
    path = SessionFiles.folder(of: recording.path)
    created = header.created
    model = header.model.name
    modelDigest = header.model.digest
    let transcript = recording.transcript
    turnCount = transcript.count
    tokenCount = recording.position
    byteCount = recording.byteCount
    exitCode = recording.exitCode
    isDamaged = !recording.damage.isEmpty || !recording.brokenSeals.isEmpty
    parent = header.parent?.id
    stateDigest = recording.lastDigest
  }
}

/// The folder of all sessions.
package struct SessionLibrary: Sendable {
  package let folder: String
  package init(folder: String) { self.folder = folder }

  /// All sessions, the newest first; what is no session is left out.
  /// - Parameter text: only those in which this was said, by either side, or named so.
  package func sessions(saying text: String? = nil) throws(SessionFault) -> [SessionSummary] {
    recordings().filter { recording in
      guard let text = text?.lowercased() else { return true }
      return recording.name.lowercased().contains(text)
        || recording.transcript.contains {
          $0.words.lowercased().contains(text) || $0.answer.lowercased().contains(text)
        }
    }
    .map { SessionSummary($0) }
    .sorted { ($1.created, $1.id) < ($0.created, $0.id) }
  }

  private func recordings() -> [SessionRecording] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let examples =
      (try? FileManager.default.contentsOfDirectory(atPath: folder + "/examples")) ?? []
    let paths =
      names.filter { $0 != "examples" }.map { "\(folder)/\($0)" }
      + examples.map { "\(folder)/examples/\($0)" }
    return paths.compactMap { path in
      let file = "\(path)/\(SessionFiles.recordingName)"
      guard FileManager.default.fileExists(atPath: file) else { return nil }
      return try? SessionRecording.read(file)
    }
  }

  package func newest() throws(SessionFault) -> SessionSummary {
    guard let newest = try sessions().first(where: { !$0.path.contains("/examples/") }) else {
      throw .noSession(folder: folder)
    }
    return newest
  }

  /// The session of this folder, id or name, or of the only id or name that begins or, for an id,
  /// ends so. Of several of one name the newest.
  package func find(_ word: String) throws(SessionFault) -> SessionSummary {
    if word.contains("/") || FileManager.default.fileExists(atPath: "\(word)/session.jsonl") {
      return SessionSummary(try SessionRecording.read(word))
    }
    let all = try sessions()
    if let exact = all.first(where: { $0.id == word || $0.name == word }) { return exact }
    let lower = word.lowercased()
    let close = all.filter { session in
      let id = session.id.lowercased()
      let folderName = session.path.split(separator: "/").last.map(String.init) ?? ""
      return id.hasPrefix(lower) || id.hasSuffix(lower) || folderName == word
        || session.name.lowercased().hasPrefix(lower)
    }
    guard let only = close.first, !word.isEmpty else {
      throw .noSuchSession(word, folder: folder)
    }
    guard close.count == 1 else {
      throw .ambiguous(word, candidates: close.map { "\($0.name) (\($0.id))" })
    }
    return only
  }

  /// - Returns: the name as it is now.
  package func rename(
    _ session: SessionSummary, to name: String
  ) throws(SessionFault) -> String {
    let opened = try OpenedRecording(session.path)
    let recorder = Recorder(RecordingPlan(folder: folder, app: opened.recording.header.app)) { _ in
    }
    let isWritable = try SessionFault.wrapping { () throws(FileError) in
      try recorder.resume(opened)
    }
    guard isWritable else { throw .inUse(path: session.path) }
    let name = name.asSessionName
    recorder.take(.recording(.renamed(name)))
    recorder.close(code: opened.recording.exitCode)
    return name
  }

  /// Removes sessions' own files; snapshots that other sessions share by link stay theirs. All are
  /// looked at before the first one goes.
  package func remove(
    _ sessions: [SessionSummary], told: (SessionSummary) throws -> Void = { _ in }
  ) throws {
    for session in sessions { _ = try SessionRemoval(session.path) }
    for session in sessions {
      try remove(session)
      try told(session)
    }
  }

  package func remove(_ session: SessionSummary) throws(SessionFault) {
    let removal = try SessionRemoval(session.path)
    let file = try SessionFault.wrapping { () throws(FileError) in
      try RecordingFile.open(SessionFiles.recordingPath(session.path))
    }
    guard let file else { throw .inUse(path: session.path) }
    try removal.carryOut()
    withExtendedLifetime(file) {}  // nobody else may write it until it is gone
  }
}
