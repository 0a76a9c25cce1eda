package import Foundation
import Hope

/// How sessions are recorded.
package struct RecordingPlan: Sendable {
  /// The folder of all sessions.
  package var folder: String
  /// Version of the program.
  package var app: String
  /// What the session is called; nil: after its first words.
  package var name: String?
  /// Tokens between two snapshots, at the ends of turns.
  package var snapshotInterval = 512
  /// Snapshots kept on disk; of older ones every second goes.
  package var snapshotLimit = 8
  /// Called before every change on disk: a test sees there what a program that is killed would leave.
  package var beforeChange: @Sendable () -> Void = {}

  package init(folder: String, app: String, name: String? = nil) {
    (self.folder, self.app, self.name) = (folder, app, name)
  }
}

/// Takes down what happens in one session after the other, on the engine's thread. A session's file is
/// made when the first words are said. What cannot be written is told, kept and tried again.
package final class Recorder {
  /// The file being written.
  private struct Open {
    let file: RecordingFile
    var name: SessionName
    var seal = SessionSeal()
    var number = 0
    var last = ContinuousClock.now
    var snapshots = SnapshotShelf()
    var isFailing = false
  }

  package let plan: RecordingPlan
  /// Tells of an event without recording it.
  let tell: (SessionEvent) -> Void
  private var open: Open?

  package init(_ plan: RecordingPlan, tell: @escaping (SessionEvent) -> Void) {
    (self.plan, self.tell) = (plan, tell)
  }

  /// The session being recorded; nil before its first words.
  package var session: SessionName? { open?.name }

  // MARK: Beginning and ending

  /// Makes a new session's folder and file.
  /// - Parameters:
  ///   - title: what it is called, unless the plan or `name` says otherwise.
  ///   - header: made from the new name and the time.
  package func begin(
    title: String, named name: String? = nil, _ header: (SessionName, Date) -> SessionHeader
  ) {
    let now = Date()
    do throws(FileError) {
      var name = SessionName.new(in: plan.folder, title: name ?? plan.name ?? title, at: now)
      let folder = try SessionFiles.makeNewFolder(name.path)
      name = SessionName(id: name.id, name: name.name, path: folder)
      try SessionFiles.makeFolder("\(folder)/\(SessionFiles.snapshotFolderName)")
      let file = try RecordingFile.create("\(folder)/\(SessionFiles.recordingName)")
      let new = Open(file: file, name: name)
      let line = header(name, now).line + [UInt8(ascii: "\n")]
      new.seal.take(line)
      open = new
      plan.beforeChange()
      report(file.append(line, synced: true))
      syncFolder(folder)
      syncFolder(plan.folder)
      tell(.recording(.started(name)))
    } catch {
      tell(.recording(.failed(error, pendingBytes: 0)))
    }
  }

  /// Goes on with a session's file, which is put in order first.
  /// - Returns: whether it can be written; else another program does.
  func resume(_ opened: OpenedRecording) throws(FileError) -> Bool {
    let recording = opened.recording
    guard let file = opened.file else {
      tell(.recording(.readOnly(recording.sessionName)))
      return false
    }
    var new = Open(file: file, name: recording.sessionName)
    if recording.tornBytes > 0 {
      try keepTorn(opened.bytes.suffix(recording.tornBytes), in: new.name.path)
      try file.truncate(to: recording.byteCount)
    }
    SessionFiles.removeLeftovers(of: new.name.path)
    new.seal.take(Array(opened.bytes.prefix(recording.byteCount)))
    new.number = recording.lines.last?.number ?? 0
    new.snapshots = SnapshotShelf(recording)
    open = new
    if recording.tornBytes > 0 {
      emit(
        .recording(
          .repaired(Repair(tornBytes: recording.tornBytes, badLines: recording.damage.count))))
    }
    return true
  }

  private func keepTorn(_ bytes: ArraySlice<UInt8>, in folder: String) throws(FileError) {
    let path = "\(folder)/\(SessionFiles.tornName)"
    let before = (try? ReadOnlyFile(path: path).bytes(limit: 1 << 24)) ?? []
    try AtomicFile.write(before + bytes + [UInt8(ascii: "\n")], to: path, permissions: 0o600)
  }

  /// Ends the session that is being recorded.
  /// - Parameter code: what the program ends with; nil: the session was not begun here, and has not
  ///   ended by itself.
  package func close(code: Int?) {
    guard open != nil else { return }
    if let code { write(.exit(code: code)) }
    if let rest = open?.file.pending.count, rest > 0 { tell(.recording(.stopped)) }
    open = nil
  }

  /// Goes on with another session's file, which `make` begins. The present one is closed only when the
  /// new one stands, whole and on disk; where it does not, nothing has changed.
  /// - Returns: whether it stands.
  func replace(_ make: () -> Void) -> Bool {
    let old = open
    open = nil
    make()
    guard let new = open, !new.isFailing else {
      dropFile()
      open = old
      if old?.isFailing == false { tell(.recording(.recovered)) }
      return false
    }
    open = old
    close(code: 0)
    open = new
    return true
  }

  // MARK: Lines

  /// Begins the file with all that another session's holds, but its end. The states on disk are
  /// shared by link, or copied.
  func copy(_ parent: SessionRecording) {
    let lines = parent.lines.filter(\.line.isOfTheConversation)
    var time = 0.0
    for line in lines {
      write(line.line, after: line.time - time, synced: line.number == lines.last?.number)
      time = line.time
    }
    let folder = SessionFiles.folder(of: parent.path)
    for digest in Set(lines.compactMap(\.line.state)) where !share(digest, from: folder) {
      guard parent.needs(digest) else { continue }  // it is computed again
      giveUp("the state \("\(digest)".prefix(12)) of \(parent.name) cannot be shared")
    }
    guard let path = open?.name.path, let own = try? SessionRecording.read(path) else { return }
    open?.snapshots = SnapshotShelf(own)
  }

  /// Records an event that something else tells of.
  package func take(_ event: SessionEvent) {
    if case .recording(.renamed(let name)) = event { open?.name.name = name }
    if case .jumped(let jump) = event { open?.snapshots.goBack(to: jump.position) }
    guard open != nil, let line = SessionLine(event) else { return }
    write(line)
  }

  /// Records an event and tells of it.
  private func emit(_ event: SessionEvent) {
    take(event)
    tell(event)
  }

  private func write(_ line: SessionLine) {
    guard let last = open?.last else { return }
    let clock = ContinuousClock.now
    write(line, after: (clock - last) / .seconds(1), synced: line.isSynced)
    open?.last = clock
  }

  private func write(_ line: SessionLine, after interval: Double, synced: Bool) {
    guard var now = open else { return }
    open = nil  // keep `now` the only owner
    let bytes = line.bytes(number: now.number + 1, interval: interval)
    plan.beforeChange()
    now.number += 1
    let error = now.file.append(
      now.seal.close(bytes, sealed: line.isSealed), synced: synced)
    open = now
    report(error)
  }

  /// Tells when writing begins to fail, goes on failing at the end of a turn, and works again.
  private func report(_ error: FileError?) {
    guard let now = open else { return }
    if let error, !now.isFailing {
      tell(.recording(.failed(error, pendingBytes: now.file.pending.count)))
    }
    if error == nil, now.isFailing { tell(.recording(.recovered)) }
    open?.isFailing = error != nil
    if now.file.pending.count > RecordingFile.pendingLimit {
      open = nil
      tell(.recording(.stopped))
    }
  }

  // MARK: States

  /// Saves the state where the last snapshot is long ago.
  func turnEnded(_ state: HopeState, base: SHA256Digest) {
    if open?.isFailing == true { report(open?.file.flush()) }
    guard let now = open,
      state.position - now.snapshots.lastPosition >= plan.snapshotInterval
    else { return }
    snapshot(state, base: base)
  }

  /// Saves the state and says so in the file.
  /// - Parameter isKept: it is never given up: the session begins with it.
  /// - Returns: whether it is saved.
  @discardableResult
  func snapshot(_ state: HopeState, base: SHA256Digest, isKept: Bool = false) -> Bool {
    guard let facts = save(state, base: base), let folder = open?.name.path else { return false }
    let given = open?.snapshots.add(facts, isKept: isKept, limit: plan.snapshotLimit) ?? []
    emit(.recording(.snapshot(facts)))
    for digest in given {
      plan.beforeChange()
      unlink(SessionFiles.snapshotPath(digest, in: folder))
    }
    return true
  }

  /// Saves what a new session begins with. Without it nothing could be computed again: where that
  /// fails the new file goes, and the next words try anew.
  func snapshotStart(_ state: HopeState, base: SHA256Digest) {
    if !snapshot(state, base: base, isKept: true) { dropFile() }
  }

  private func giveUp(_ reason: String) {
    guard open != nil else { return }
    tell(.recording(.snapshotFailed(reason)))
    dropFile()
  }

  private func dropFile() {
    guard let folder = open?.name.path else { return }
    open = nil
    try? SessionFiles.removeSession(folder)
  }

  /// Saves a state that a line of its own will tell of; nil, and an event, where that fails.
  func save(_ state: HopeState, base: SHA256Digest) -> SnapshotFacts? {
    guard let folder = open?.name.path else { return nil }
    let path = SessionFiles.snapshotPath(state.digest, in: folder)
    plan.beforeChange()
    do throws(StateFileError) {
      let facts = try StateFile.write(state, base: base, to: path)
      return SnapshotFacts(
        position: facts.position, digest: facts.digest, byteCount: facts.byteCount)
    } catch {
      tell(.recording(.snapshotFailed(error.description)))
      return nil
    }
  }

  /// Marks a saved state as one that is never given up.
  func keep(_ facts: SnapshotFacts) { _ = open?.snapshots.add(facts, isKept: true) }
}
