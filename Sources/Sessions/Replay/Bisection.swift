import Hope

/// Finds out what a difference comes from. From the last state on disk before it, the recorded tokens are
/// read again, up to the next state on disk, and every number on the way and every tensor at its end
/// compared: a computation that differs shows there, words or settings that were changed do not.
struct Bisection {
  private let recording: SessionRecording
  private let loaded: LoadedModel
  private let report: VerificationReport
  private let folder: String

  init(_ recording: SessionRecording, _ loaded: LoadedModel, _ report: VerificationReport) {
    (self.recording, self.loaded) = (recording, loaded)
    self.report = VerificationReport(
      mode: report.mode, recordedOn: report.recordedOn, computedOn: report.computedOn, problems: [])
    folder = SessionFiles.folder(of: recording.path)
  }

  /// Where the reading begins and where it ends.
  private struct Segment {
    /// Index of the first line that is compared, and of the line after the last.
    var first: Int
    var end: Int
    var conversation: Conversation
    /// The state on disk at its end.
    var saved: SnapshotFacts?
  }

  /// - Parameter index: of the difference's line.
  func explained(_ divergence: Divergence, at index: Int) -> Divergence {
    var result = divergence
    guard let segment = try? segment(around: index, agreed: divergence.agreed) else {
      return result
    }
    var check = ExactCheck(
      recording, loaded, report, from: segment.first, segment.conversation)
    guard let isSame = try? check.run(to: segment.end) else { return result }
    result.cause = isSame ? .otherInput : .otherComputation
    guard let first = check.report.divergence else { return result }
    if result.level == nil {
      let write = check.changedWrite
      (result.level, result.block) = (first.level ?? write?.level, first.block ?? write?.block)
    }
    guard let saved = segment.saved else { return result }
    let path = SessionFiles.snapshotPath(saved.digest, in: folder)
    guard
      let tensor = StateFile.differences(path, from: check.conversation.state, loaded.model).first
    else { return result }
    result.tensor = tensor.name
    result.state = Divergence.Saved(
      position: saved.position, level: tensor.level, block: tensor.block)
    return result
  }

  private func segment(
    around index: Int, agreed: Divergence.Moment?
  ) throws(SessionFault) -> Segment {
    var rebuilding = Rebuilding(recording, loaded) { facts throws(SessionFault) in
      try facts.state(in: folder, loaded)
    }
    var segment = Segment(first: 0, end: 0, conversation: rebuilding.conversation)
    for i in 0..<index {
      try rebuilding.take(i)
      guard recording.lines[i].number <= agreed?.line ?? -1, let state = state(at: i) else {
        continue
      }
      segment.conversation = rebuilding.conversation
      segment.conversation.startAgain(from: state)
      segment.first = i + 1
    }
    (segment.end, segment.saved) = end(after: index)
    return segment
  }

  /// The state on disk that a line tells of, if it can be read.
  private func state(at index: Int) -> HopeState? {
    switch recording.lines[index].line {
    case .snapshot(let facts), .load(let facts, _): try? facts.state(in: folder, loaded)
    default: nil
    }
  }

  /// The line after the next state on disk; where there is none on the way, after the next digest.
  private func end(after index: Int) -> (Int, SnapshotFacts?) {
    var digest: Int?
    for i in index..<recording.lines.count {
      switch recording.lines[i].line {
      case .snapshot(let facts) where state(at: i) != nil: return (i + 1, facts)
      case .end, .reset: digest = digest ?? i + 1
      case .jump where i > index, .load where i > index: return (digest ?? i, nil)
      default: continue
      }
    }
    return (digest ?? recording.lines.count, nil)
  }
}

extension Conversation {
  /// Its memory is this one, which was read from disk; what was said before stays known.
  fileprivate mutating func startAgain(from state: HopeState) {
    self.state = state
    log.keep(state)
  }
}
