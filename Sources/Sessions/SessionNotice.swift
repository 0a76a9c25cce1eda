/// What became of the session, in one plain sentence: for screens that have no better form for it.
package struct SessionNotice: Sendable, Equatable {
  package let sentence: String
  /// Whether something is going wrong, or is not as a person may expect.
  package let isAlarm: Bool
  /// Whether that is as it should be, but worth a look.
  package let isWarning: Bool

  private init(_ sentence: String, isAlarm: Bool = false, isWarning: Bool = false) {
    (self.sentence, self.isAlarm, self.isWarning) = (sentence, isAlarm || isWarning, isWarning)
  }

  /// nil for events that say nothing about the session, or nothing worth a sentence.
  package init?(_ event: SessionEvent) {
    switch event {
    case .restored(let r):
      self.init(
        "\(r.session.name): memory restored and checked (\(r.tensorCount) tensors, digest identical "
          + "\("\(r.digest)".prefix(12)))" + r.problems.map { "; \($0)" }.joined())
    case .jumped(let jump): self.init(Self.sentence(jump))
    case .marked(let marker): self.init(Self.sentence(marker))
    case .memoryLoaded(let load):
      self.init(
        "\(load.what): memory loaded and checked, digest \("\(load.snapshot.digest)".prefix(12))")
    case .memoryExported(let facts, let path):
      self.init("memory at @\(facts.position) written to \(path)")
    case .memoryLog(let kept):
      self.init(
        kept.isEmpty
          ? "no memory was kept; /mem commit NAME keeps one"
          : kept.map { "\($0.text) @\($0.position)" }.joined(separator: ", "))
    case .memoryCompared(let c):
      self.init(
        c.isSame
          ? "\(c.a) and \(c.b) are the same memory, bit for bit"
          : "\(c.a) and \(c.b): the next token differs by \(thousandths(c.meanDivergenceBits)) bits (KL)"
      )
    case .compared(let lanes):
      self.init(
        "\(lanes.a.name): \(lanes.a.text)\n\(lanes.b.name): \(lanes.b.text)\n"
          + (lanes.fork.map { "they part at token \($0 + 1) of the answer" } ?? "the same answer")
          + ", KL \(thousandths(lanes.meanDivergenceBits)) bits a token until then")
    case .saved(let name, let facts):
      self.init(
        "\(name.name) is saved in \(name.path), its memory at @\(facts.position) too "
          + "(digest \("\(facts.digest)".prefix(12)))")
    case .exported(let facts):
      self.init("\(facts.path): the session as \(facts.form.rawValue), \(facts.byteCount) bytes")
    case .model(let facts): self.init(Self.sentence(facts))
    case .session(let facts): self.init(Self.sentence(facts))
    case .recording(let event): self.init(event)
    default: return nil
    }
  }

  private static func sentence(_ model: ModelFacts) -> String {
    let levels = model.levels.map {
      "\($0.name) every \($0.period == 1 ? "token" : "\($0.period)")"
    }
    return "\(model.name): \(model.architecture), \(model.parameterCount) parameters, vocabulary "
      + "\(model.vocabularySize); levels \(levels.joined(separator: ", ")); weights "
      + "\("\(model.digest)".prefix(12)), in \(model.path)"
  }

  private static func sentence(_ marker: Marker) -> String {
    guard let state = marker.state else { return "marked @\(marker.position): \(marker.text)" }
    return
      "the memory at @\(marker.position) is kept as \"\(marker.text)\", digest \(state.short); "
      + "/mem checkout \(marker.text) goes on with it"
  }

  private static func sentence(_ facts: SessionFacts) -> String {
    let turns = "\(facts.turnCount) \(facts.turnCount == 1 ? "turn" : "turns")"
    let marks = facts.markers.map { "\($0.text) @\($0.position)" }.joined(separator: ", ")
    return (facts.session?.name ?? "not recorded")
      + " (\(turns), \(facts.position) tokens, digest \("\(facts.digest)".prefix(12)))"
      + (marks.isEmpty ? "" : "; marked: \(marks)")
      + (facts.reasonForBeginning.map { "; \($0)" } ?? "")
      + (facts.session.map { "; in \($0.path)" } ?? "")
  }

  private static func sentence(_ jump: Jump) -> String {
    if jump.reason == .unfinished {
      return "the program ended before the last answer did; its turn is taken back, you had said: "
        + (jump.words ?? "")
    }
    let check = jump.checkedAt.map {
      " and checked (\(jump.tensorCount) tensors; read on to @\($0), it is the memory recorded there)"
    }
    return "back at @\(jump.position)\(moment(jump)): memory computed again"
      + (check ?? ", not checked: its digest was not recorded before memory was dropped")
  }

  /// Which of the moments of one position this is, where memory was dropped between two tokens.
  private static func moment(_ jump: Jump) -> String {
    switch (jump.dropsBefore > 0, jump.dropsTakenBack > 0) {
    case (false, false): ""
    case (false, true): ", before memory was dropped there"
    case (true, false): ", after memory was dropped there"
    case (true, true): ", between the times memory was dropped there"
    }
  }

  private init?(_ event: RecordingEvent) {
    switch event {
    case .started, .snapshot: return nil
    case .forked(let name, let parent):
      self.init("this is now \(name.name); \(parent.name) stays as it was")
    case .renamed(let name): self.init("the session is called \(name)")
    case .repaired(let repair):
      self.init("an unfinished line of \(repair.tornBytes) bytes was moved to session.torn")
    case .failed(let problem, let count):
      self.init(
        "the session is not being saved: \(problem)"
          + (count > 0 ? " (\(count) bytes are kept and tried again)" : ""), isAlarm: true)
    case .snapshotFailed(let reason):
      self.init("the memory is not being saved: \(reason)", isAlarm: true)
    case .recovered: self.init("the session is being saved again, nothing is missing")
    case .stopped:
      self.init("too much could not be saved; the session is no longer recorded", isAlarm: true)
    case .readOnly(let name):
      self.init(
        "another program records \(name.name); nothing said here is saved", isWarning: true)
    }
  }
}

/// Three decimals.
private func thousandths(_ value: Float) -> Float { (value * 1000).rounded() / 1000 }
