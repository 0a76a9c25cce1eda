import Hope

/// What is asked of the memory as a thing of its own.
package enum MemoryRequest: Sendable, Equatable {
  /// Keeps the memory as it is under a name.
  case commit(String)
  case log
  /// Goes on with a memory that was kept.
  case checkout(String)
  case export(path: String)
  /// Goes on with another memory: a file's, or a session's.
  case load(path: String)
  /// Takes one level's memory from elsewhere.
  case graft(LevelReference, path: String)
  /// How the present memory stands to another.
  case compare(path: String)
}

extension Conversation {
  /// What memories were kept under.
  var keptMemories: [String] { markers.filter { $0.state != nil }.map(\.text) }
}

extension CommandDesk {
  mutating func obey(_ request: MemoryRequest) throws(SessionError) {
    switch request {
    case .commit(let name): try commit(name)
    case .log: emit(.memoryLog(conversation.markers.filter { $0.state != nil }))
    case .checkout(let name): try checkout(name)
    case .export(let path): try export(path)
    case .load(let path):
      let memory = try memory(path)
      try replaceMemory(memory.state, "memory of \(memory.origin)")
    case .graft(let level, let path): try graft(level, path)
    case .compare(let path):
      let now = MemoryFile(state: conversation.state, origin: "now")
      emit(.memoryCompared(MemoryComparison(now, try memory(path), probe: nil, loaded)))
    }
  }

  private func memory(_ path: String) throws(SessionError) -> MemoryFile {
    do throws(SessionFault) {
      let library = recorder.map { SessionLibrary(folder: $0.plan.folder) }
      let isName = !path.contains("/") && !path.hasSuffix(".safetensors")
      guard isName, let found = try library?.find(path) else {
        return try MemoryFile.read(path, loaded)
      }
      return try MemoryFile.read(found.path, loaded)
    } catch {
      throw .fault(error)
    }
  }

  private mutating func commit(_ name: String) throws(SessionError) {
    beginRecording(title: name)
    guard let recorder, recorder.session != nil,
      recorder.snapshot(conversation.state, base: loaded.summary.digest, isKept: true)
    else { throw .notRecorded }
    let digest = conversation.state.digest
    let marker = Marker(
      position: conversation.state.position, text: name, state: digest, digest: digest)
    conversation.set(marker)
    emit(.marked(marker))
  }

  private mutating func checkout(_ name: String) throws(SessionError) {
    guard let session = recorder?.session else { throw .notRecorded }
    let kept = conversation.markers.last { $0.text == name && $0.state != nil }
    guard let kept, let digest = kept.state else {
      throw .noSuchMemory(name, known: conversation.keptMemories)
    }
    let facts = SnapshotFacts(position: kept.position, digest: digest, byteCount: 0)
    let state: HopeState
    do throws(SessionFault) {
      state = try facts.state(in: session.path, loaded)
    } catch {
      throw .fault(error)
    }
    try replaceMemory(state, "checkout of \(name)")
  }

  private func export(_ path: String) throws(SessionError) {
    let path = try newFile(path)
    do throws(StateFileError) {
      let facts = try StateFile.write(
        conversation.state, base: loaded.summary.digest, to: path)
      emit(
        .memoryExported(
          SnapshotFacts(
            position: facts.position, digest: facts.digest, byteCount: facts.byteCount),
          path: path))
    } catch {
      throw .fault(.state(error))
    }
  }

  private mutating func graft(
    _ level: LevelReference, _ path: String
  ) throws(SessionError) {
    let names = conversation.levelNames
    let indices = try level.graftable(in: names)
    let other = try memory(path)
    let state = indices.reduce(conversation.state) { $0.grafting(level: $1, from: other.state) }
    let what = indices.map { names[$0] }.joined(separator: ", ")
    try replaceMemory(state, "\(what) of \(other.origin)")
  }

  /// Another memory takes the place of the present one; it is on disk before the line that says so.
  private mutating func replaceMemory(
    _ state: HopeState, _ what: String
  ) throws(SessionError) {
    beginRecording(title: what)
    var facts = SnapshotFacts(
      position: state.position, digest: state.digest, byteCount: state.byteCount)
    if let recorder, recorder.session != nil {
      guard let saved = recorder.save(state, base: loaded.summary.digest) else {
        throw .notSaved("it was not replaced")
      }
      recorder.keep(saved)
      facts = saved
    }
    let markers = conversation.markers.filter { $0.state != nil }
    conversation.replaceMemory(state, .memory(what))
    conversation.markers = markers
    emit(.memoryLoaded(MemoryLoad(what: what, facts)))
  }
}

extension LevelReference {
  /// The levels whose memory can be taken from elsewhere: all that learn, with what they have gathered
  /// and their momentum. The mixer is none.
  package func graftable(in names: [String]) throws(SessionError) -> [Int] {
    let indices = indices(in: names)
    guard !indices.isEmpty else { throw .unknownLevel("\(self)", known: Array(names.dropFirst())) }
    if indices == [0] { throw .mixerGraft(names[0]) }
    return indices.filter { $0 > 0 }
  }
}
