import Foundation
import Hope

// Commands about recorded sessions: finding them, going on with one, keeping and exporting this one.

extension CommandDesk {
  func showSessions(saying text: String?) throws(SessionError) {
    guard let shelf else { throw .notRecorded }
    do throws(SessionFault) {
      emit(.sessions(try shelf.library.sessions(saying: text)))
    } catch {
      throw .fault(error)
    }
  }

  /// Goes on with another session; this one is closed and stays as it is. Where that one cannot be
  /// brought back as it was, nothing changes.
  mutating func resume(_ name: String) throws(SessionError) {
    guard let shelf else { throw .notRecorded }
    let opened: OpenedRecording
    let restored: (conversation: Conversation, restoration: Restoration)
    do throws(SessionFault) {
      opened = try OpenedRecording(try shelf.library.find(name).path)
    } catch {
      throw .fault(error)
    }
    if opened.recording.header.id == recorder?.session?.id { throw .alreadyHere(name) }
    do throws(SessionFault) {
      restored = try Conversation.restore(opened.recording, loaded)
      try record(opened)
    } catch {
      throw .fault(error)
    }
    conversation = restored.conversation
    emit(.recalled(Recall(opened.recording)))
    emit(.restored(restored.restoration))
    dropUnfinished()
  }

  /// From here on this session is recorded.
  private func record(_ opened: OpenedRecording) throws(SessionFault) {
    guard let recorder else { return }
    guard opened.file != nil else { throw .inUse(path: opened.recording.path) }
    recorder.close(code: 0)
    try SessionFault.wrapping { () throws(FileError) in _ = try recorder.resume(opened) }
  }

  /// Puts the memory on disk as it is, never to be given up.
  mutating func save(_ name: String?) throws(SessionError) {
    guard let recorder, recorder.session != nil else { throw .notRecorded }
    if let name { try rename(name) }
    let state = conversation.state
    guard recorder.snapshot(state, base: loaded.summary.digest, isKept: true),
      let session = recorder.session
    else { throw .notSaved("what was said is safe; make room and try /save again") }
    conversation.log.closeRun()
    emit(
      .saved(
        session,
        SnapshotFacts(
          position: state.position, digest: state.digest, byteCount: state.byteCount)))
  }

  /// - Returns: the file of this name; one that is there is not overwritten.
  func newFile(_ path: String) throws(SessionError) -> String {
    do throws(SessionFault) {
      return try OutputPlace.file(path)
    } catch {
      throw .fault(error)
    }
  }

  /// - Parameter path: of a new file.
  func export(_ form: ExportForm, to path: String) throws(SessionError) {
    guard let shelf, let session = recorder?.session else { throw .notRecorded }
    let path = try newFile(path)
    do {
      let text = try shelf.text(of: try SessionRecording.read(session.path), as: form)
      try AtomicFile.write(Array(text.utf8), to: path)
      emit(.exported(ExportFacts(form: form, path: path, byteCount: text.utf8.count)))
    } catch let error as FileError {
      throw .fault(.file(error))
    } catch let fault as SessionFault {
      throw .fault(fault)
    } catch {
      throw .fault(.notASession(path: session.path, reason: "\(error)"))
    }
  }
}
