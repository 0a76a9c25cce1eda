import Hope

/// Reads the recorded tokens again, where other hardware would draw others sooner or later, and compares
/// surprises and the sizes of writes.
struct RoundedCheck {
  private let recording: SessionRecording
  private let loaded: LoadedModel
  private var report: VerificationReport
  /// Largest |a − b| / (1 + |a|) of surprises, and |a − b| / |a| of writes, that counts as equal.
  private let tolerance: Float
  private var rebuilding: Rebuilding
  private var state: HopeState
  private var done = StreamLog.Moment.start
  /// Lines that tell of the computation and are not compared yet.
  private var waiting: [SessionRecording.Line] = []

  init(
    _ recording: SessionRecording, _ loaded: LoadedModel, _ report: VerificationReport,
    tolerance: Float
  ) {
    (self.recording, self.loaded, self.report) = (recording, loaded, report)
    self.tolerance = tolerance
    let folder = SessionFiles.folder(of: recording.path)
    rebuilding = Rebuilding(recording, loaded) { facts throws(SessionFault) in
      try facts.state(in: folder, loaded)
    }
    state = rebuilding.conversation.state
  }

  mutating func run(_ progress: (Int) -> Void) throws(SessionFault) -> VerificationReport {
    for index in recording.lines.indices {
      // a turn that is taken back unfinished was computed all the same
      if case .jump = recording.lines[index].line, !waiting.isEmpty { advanceToCut() }
      compareWords(recording.lines[index])
      try rebuilding.take(index)
      take(recording.lines[index])
      guard report.divergence == nil else { break }
      progress(index + 1)
    }
    return report
  }

  private mutating func take(_ line: SessionRecording.Line) {
    let log = rebuilding.conversation.log
    switch line.line {
    case .user: report.turns += 1
    case .token, .write: waiting.append(line)
    case .reset: advance()
    case .end(let end):
      advance()
      check(end, line)
    case .mark(let marker):
      if let fault = marker.fault(in: SessionFiles.folder(of: recording.path), loaded) {
        differs(line, "memory \(marker.state?.short ?? "")", fault)
      }
    case .jump:
      (state, done) = (log.state(at: log.now, model: loaded.model).state, log.now)
    case .load, .snapshot:
      // a session that begins with a memory has it from here
      if log.now == .start {
        (state, done) = (rebuilding.conversation.state, log.now)
      }
      if case .snapshot(let facts) = line.line, waiting.isEmpty { check(facts, line) }
    default: break
    }
  }

  /// What was said must be what was read; that is no matter of rounding.
  private mutating func compareWords(_ line: SessionRecording.Line) {
    guard case .user(let turn) = line.line else { return }
    let c = rebuilding.conversation
    let words = c.prompt.tokens(
      turn.text, isFirst: turn.position == 0, system: c.settings.system)
    guard words.map(\.id) != turn.tokens.map(\.id) else { return }
    differs(line, line.line.essence, "\(words.count) other tokens")
  }

  /// How far every level has moved must be close to what the answer's end says.
  private mutating func check(_ end: AnswerEnd, _ line: SessionRecording.Line) {
    guard report.divergence == nil else { return }
    for (index, change) in end.changes.enumerated()
    where index < rebuilding.conversation.levels.count {
      let found = state.drift(ofLevel: index, in: loaded.model)
      guard !isClose(size: change.status.driftRelative, found) else { continue }
      let name = change.status.name
      return differs(
        line, "\(name) drift \(change.status.driftRelative)", "\(name) drift \(found)", level: name)
    }
  }

  /// A state on disk must be what it says it is, and close to the one computed here. Which bit of a
  /// damaged one is wrong cannot be told where every tensor is rounded otherwise: the one furthest off
  /// is named.
  private mutating func check(_ facts: SnapshotFacts, _ line: SessionRecording.Line) {
    let folder = SessionFiles.folder(of: recording.path)
    var problem: SessionFault?
    do throws(SessionFault) {
      _ = try facts.state(in: folder, loaded)
    } catch {
      guard !error.isMissing else { return }  // given up for newer ones
      problem = error
    }
    report.snapshots += 1
    let path = SessionFiles.snapshotPath(facts.digest, in: folder)
    let worst = StateFile.differences(path, from: state, loaded.model)
      .max { $0.largest < $1.largest }
    let isFar = worst.map { $0.largest > tolerance * (1 + $0.magnitude) } ?? false
    guard problem != nil || isFar else { return }
    differs(
      line, "snap/\(facts.digest.short)",
      problem.map { "\($0)" } ?? "off by \(worst?.largest ?? 0)", level: worst?.level,
      block: worst?.block)
    report.divergence?.tensor = isFar ? worst?.name : nil
    report.divergence?.cause = .changedSnapshot
  }

  /// The same where the program died: writes at the very end belong to a token that is not there.
  private mutating func advanceToCut() {
    while case .write? = waiting.last?.line { waiting.removeLast() }
    advance()
  }

  /// Computes up to the present and compares the lines that wait.
  private mutating func advance() {
    let log = rebuilding.conversation.log
    var found: [TokenEventNumbers] = []
    var writes: [LevelWriteEvent] = []
    var meter = LevelMeter(loaded.model)
    log.advance(&state, from: done, to: log.now, model: loaded.model) { step in
      switch step {
      case .token(let report, let settings):
        writes += meter.record(report, settings: settings)
        found.append(TokenEventNumbers(position: report.position, bits: report.surpriseBits))
      case .writes(let some, let position): writes += meter.record(some, position: position)
      }
    }
    done = log.now
    compare(found, writes)
    waiting = []
  }

  private struct TokenEventNumbers {
    let position: Int
    let bits: Float?
  }

  private mutating func compare(_ tokens: [TokenEventNumbers], _ writes: [LevelWriteEvent]) {
    var (tokens, writes) = (tokens[...], writes[...])
    for line in waiting where report.divergence == nil {
      switch line.line {
      case .token(let token):
        report.tokens += 1
        let found = tokens.popFirst()?.bits
        guard !isClose(token.surpriseBits, found) else { continue }
        differs(line, "\(token.surpriseBits ?? 0) bits", "\(found ?? 0) bits")
      case .write(let write):
        report.updates += 1
        let found = writes.popFirst()
        let block = zip(write.blocks, found?.blocks ?? []).first {
          !isClose(size: $0.updateRelative, $1.updateRelative)
        }
        let isSame =
          found?.name == write.name && found?.blocks.count == write.blocks.count && block == nil
          && isClose(size: write.updateRelative, found?.updateRelative ?? 0)
        guard !isSame else { continue }
        differs(
          line, line.line.essence, found.map { SessionLine.write($0).essence } ?? "nothing",
          level: write.name, block: block?.0.block)
      default: continue
      }
    }
  }

  private func isClose(_ a: Float?, _ b: Float?) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    return abs(a - b) <= tolerance * (1 + abs(a)) || !a.isFinite && !b.isFinite
  }

  /// Sizes of writes are small: a share of them counts.
  private func isClose(size a: Float, _ b: Float) -> Bool {
    abs(a - b) <= tolerance * max(abs(a), abs(b)) + 1e-7 || !a.isFinite && !b.isFinite
  }

  private mutating func differs(
    _ line: SessionRecording.Line, _ recorded: String, _ found: String, level: String? = nil,
    block: Int? = nil
  ) {
    report.divergence = Divergence(
      subject: line.line.subject, line: line.number, turn: report.turns,
      position: line.line.position, level: level, block: block, recorded: recorded, found: found)
  }
}
