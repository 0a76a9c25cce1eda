import Foundation
package import Hope

/// A memory by itself: the state of a session at its end, of a snapshot, or in a file of its own.
package struct MemoryFile: Sendable {
  package let state: HopeState
  /// What it came from, in words.
  package let origin: String

  /// Reads a memory: a safetensors file, or a session by its folder.
  package static func read(
    _ path: String, _ loaded: LoadedModel
  ) throws(SessionFault) -> MemoryFile {
    guard path.hasSuffix(".safetensors") else {
      let recording = try SessionRecording.read(path)
      let restored = try Conversation.restore(recording, loaded)
      return MemoryFile(state: restored.conversation.state, origin: recording.name)
    }
    do throws(StateFileError) {
      let found = try StateFile.read(path, model: loaded.model, base: loaded.summary.digest)
      return MemoryFile(
        state: found.state, origin: path.split(separator: "/").last.map(String.init) ?? path)
    } catch {
      throw .state(error)
    }
  }

  /// Makes a new session that begins with a memory.
  package static func begin(
    _ state: HopeState, settings: ChatSettings, what: String, _ loaded: LoadedModel,
    _ plan: RecordingPlan
  ) throws(SessionFault) -> SessionName {
    let conversation = Conversation(loaded, settings: settings)
    var failure: SessionFault?
    let recorder = Recorder(plan) { event in
      if case .recording(.failed(let error, _)) = event { failure = .file(error) }
    }
    recorder.begin(conversation, loaded, title: plan.name ?? what)
    guard let session = recorder.session,
      let facts = recorder.save(state, base: loaded.summary.digest)
    else {
      throw failure ?? .noSession(folder: plan.folder)
    }
    recorder.keep(facts)
    recorder.take(.memoryLoaded(MemoryLoad(what: what, facts)))
    recorder.close(code: 0)
    if let failure { throw failure }
    return session
  }
}
