import Hope

// Commands about the session itself: what is recorded, going back, forking.

extension CommandDesk {
  /// A fresh conversation, or a recorded one taken up again.
  static func start(
    _ loaded: LoadedModel, _ settings: ChatSettings, resuming session: String?,
    _ recorder: Recorder?
  ) throws(SessionFault) -> (
    conversation: Conversation, recall: Recall?, restoration: Restoration?, recorder: Recorder?
  ) {
    guard let session else {
      return (Conversation(loaded, settings: settings), nil, nil, recorder)
    }
    guard let recorder else {
      let recording = try SessionRecording.read(session)
      let restored = try Conversation.restore(recording, loaded)
      return (restored.conversation, Recall(recording), restored.restoration, nil)
    }
    let opened = try OpenedRecording(session)
    let restored = try Conversation.restore(opened.recording, loaded)
    let isWritable = try SessionFault.wrapping { () throws(FileError) in
      try recorder.resume(opened)
    }
    return (
      restored.conversation, Recall(opened.recording), restored.restoration,
      isWritable ? recorder : nil
    )
  }

  /// Records that a turn the program did not live to finish is no longer part of the session.
  mutating func dropUnfinished() {
    guard let session = recorder?.session, let last = try? SessionRecording.read(session.path),
      let turn = last.unfinishedTurn
    else { return }
    emit(
      .jumped(
        Jump(
          reason: .unfinished, target: .turn(conversation.turns.count + 1),
          position: conversation.state.position, digest: conversation.state.digest,
          randomState: conversation.sampler.randomState,
          tensorCount: conversation.state.tensorCount, checkedAt: conversation.state.position,
          words: turn.text)))
  }

  /// Makes the session's file, if there is none yet. What was read before the file begins is not in
  /// it and cannot be gone back to.
  mutating func beginRecording(title: String) {
    guard let recorder, recorder.session == nil else { return }
    recorder.begin(conversation, loaded, title: title, named: nextName)
    if recorder.session != nil { nextName = nil }
    guard recorder.session != nil, conversation.state.position > 0 else { return }
    conversation.becomeStart(.lateRecording)
  }

  /// The session ends here; the next words begin another one.
  /// - Parameter name: what that one is called; nil: after those words.
  mutating func startOver(_ name: String?) {
    recorder?.close(code: 0)
    nextName = name
    emit(.stateReset(conversation.startOver()))
  }

  mutating func mark(_ text: String) {
    let marker = Marker(
      position: conversation.state.position, text: text, digest: conversation.state.digest)
    conversation.set(marker)
    emit(.marked(marker))
  }

  mutating func rename(_ name: String) throws(SessionError) {
    guard recorder?.session != nil else { throw .notRecorded }
    emit(.recording(.renamed(name.asSessionName)))
  }

  // MARK: Time travel

  mutating func rewind(to target: RewindTarget) throws(SessionError) {
    switch target {
    case .token(let position): try jump(to: .token(position), .rewind)
    case .turn(let number): try jump(to: .turn(number), .rewind)
    case .marker(let text):
      let place = conversation.log.place(of: try conversation.witness(ofMarker: text).moment)
      try jump(to: .token(place.position), after: place.drops, .rewind)
    }
  }

  mutating func undo(_ count: Int) throws(SessionError) {
    let turns = conversation.turns.count
    guard (1...max(1, turns)).contains(count), turns > 0 else {
      let first = turns.subtractingReportingOverflow(count).partialValue &+ 1
      throw .noSuchTurn(first, count: turns, reason: conversation.reasonForBeginning)
    }
    try jump(to: .turn(turns - count + 1), .undo)
  }

  /// Takes the last turn back, but for the random numbers.
  /// - Returns: its words.
  mutating func takeLastBack() throws(SessionError) -> String {
    guard let last = conversation.turns.last else {
      throw .noSuchTurn(1, count: 0, reason: conversation.reasonForBeginning)
    }
    try jump(to: .turn(conversation.turns.count), .again)
    return last.text
  }

  private mutating func jump(
    to target: Jump.Target, after drops: Int = 0, _ reason: Jump.Reason
  ) throws(SessionError) {
    emit(.jumped(try conversation.jump(to: target, after: drops, reason)))
  }

  /// Goes on in a new session; the present one is closed and stays as it is. Where the new one cannot
  /// be written, nothing changes.
  mutating func fork(_ name: String?, at position: Int?) throws(SessionError) {
    guard let recorder, let parent = recorder.session else { throw .notRecorded }
    let recording: SessionRecording
    do throws(SessionFault) {
      recording = try SessionRecording.read(parent.path)
    } catch {
      throw .fault(error)
    }
    var next = conversation
    let jump = try position.map { position throws(SessionError) in
      try next.jump(to: .token(position), .rewind)
    }
    var hasHistory = false
    let stands = recorder.replace {
      hasHistory = recorder.beginFork(of: recording, next, loaded, name: name, jump: jump)
    }
    guard stands, let session = recorder.session else {
      throw .notForked(parent.name)
    }
    conversation = next
    if !hasHistory {
      let kept = next.markers.filter { $0.state != nil }
      conversation.becomeStart(.fork(of: parent.name))
      conversation.markers = kept
    }
    if let jump { recorder.tell(.jumped(jump)) }  // its file has it already
    emit(.recording(.forked(session, from: parent)))
  }
}
