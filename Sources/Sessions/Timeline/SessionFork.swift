import Foundation
package import Hope

/// A session made from a moment of another one, which is only read.
package struct SessionFork: Sendable {
  package let session: SessionName
  package let position: Int
  package let tensorCount: Int
  package let digest: SHA256Digest
  /// Whether a digest recorded live was met again on the way.
  package let isChecked: Bool

  /// - Parameter position: tokens of the parent that are kept; nil: all.
  package static func make(
    of path: String, at position: Int?, _ loaded: LoadedModel, _ plan: RecordingPlan
  ) throws -> SessionFork {
    let recording = try SessionRecording.read(path)
    var (conversation, _) = try Conversation.restore(recording, loaded)
    let jump = try position.map { try conversation.jump(to: .token($0), .rewind) }
    var failure: RecordingEvent?
    let recorder = Recorder(plan) { event in
      if case .recording(let event) = event, event.isFailure { failure = event }
    }
    recorder.beginFork(
      of: recording, conversation, loaded, name: plan.name, jump: jump)
    let digest = conversation.state.digest
    guard let session = recorder.session, failure == nil else {
      if let half = recorder.session { try? SessionFiles.removeSession(half.path) }
      if case .failed(let error, _)? = failure { throw SessionFault.file(error) }
      if case .snapshotFailed(let reason)? = failure { throw SessionError.notSaved(reason) }
      throw SessionError.notRecorded
    }
    recorder.close(code: 0)
    return SessionFork(
      session: session, position: conversation.state.position,
      tensorCount: conversation.state.tensorCount, digest: digest,
      isChecked: jump.map { $0.checkedAt != nil } ?? true)
  }
}

extension RecordingEvent {
  fileprivate var isFailure: Bool {
    switch self {
    case .failed, .snapshotFailed, .stopped: true
    default: false
    }
  }
}

extension Recorder {
  /// Makes a new session's file for a conversation. Where something was read before, it begins with the
  /// memory.
  func begin(
    _ conversation: Conversation, _ loaded: LoadedModel, title: String, named name: String? = nil,
    parent: SessionHeader.Parent? = nil
  ) {
    guard session == nil, let tokenizer = try? loaded.tokenizerDigest() else { return }
    begin(title: title, named: name) { name, date in
      SessionHeader(
        id: name.id, name: name.name, created: date.formatted(.iso8601), app: plan.app,
        model: ModelFacts(loaded, conversation), tokenizer: tokenizer,
        identity: conversation.model.numericIdentity, settings: conversation.settings,
        switches: (0..<conversation.levels.count).map { conversation.setting(ofLevel: $0) },
        randomState: conversation.sampler.randomState, parent: parent)
    }
    guard parent != nil || conversation.state.position > 0 else { return }
    snapshotStart(conversation.state, base: loaded.summary.digest)
  }

  /// Makes a fork's file. It holds all that the parent's does, so that it can be shown, gone back in and
  /// verified without it. Where that would not verify, because the parent is damaged or was recorded on
  /// other arithmetic, it begins with the memory instead.
  /// - Parameters:
  ///   - conversation: at the moment of the fork.
  ///   - jump: how it came there from the parent's end.
  /// - Returns: whether the file holds what came before.
  @discardableResult
  func beginFork(
    of recording: SessionRecording, _ conversation: Conversation, _ loaded: LoadedModel,
    name: String?, jump: Jump?
  ) -> Bool {
    let name = name ?? SessionName.fork(of: recording.name, in: plan.folder)
    let parent = SessionHeader.Parent(
      id: recording.header.id, name: recording.name, position: conversation.state.position,
      digest: conversation.state.digest)
    guard recording.problems.isEmpty,
      recording.header.identity == conversation.model.numericIdentity
    else {
      begin(conversation, loaded, title: name, named: name, parent: parent)
      _ = adopt(
        conversation.markers.filter { $0.state != nil },
        from: SessionFiles.folder(of: recording.path))
      return false
    }
    begin(title: name, named: name) { name, date in
      recording.header.fork(
        name, created: date.formatted(.iso8601), app: plan.app, parent: parent)
    }
    copy(recording)
    if let jump { take(.jumped(jump)) }
    return true
  }
}

extension SessionHeader {
  /// The same beginning under another name.
  fileprivate func fork(
    _ name: SessionName, created: String, app: String, parent: Parent
  ) -> SessionHeader {
    SessionHeader(
      id: name.id, name: name.name, created: created, app: app, model: model,
      tokenizer: tokenizer, identity: identity, settings: settings, switches: switches,
      randomState: randomState, parent: parent)
  }
}
