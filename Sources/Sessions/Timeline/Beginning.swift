/// What a conversation that can be gone back in begins with. Earlier moments are not in its session.
enum Beginning: Equatable {
  /// Nothing had been read.
  case nothing
  /// A moment of another session.
  case fork(of: String)
  /// Another memory was put in place; which, in words.
  case memory(String)
  /// The first words were not recorded: the file could not be made, or the recording had been given up.
  case lateRecording

  /// Why earlier moments cannot be gone back to, and what can be done; nil where there are none.
  /// - Parameter position: where the conversation begins.
  func reason(_ position: Int) -> String? {
    switch self {
    case .nothing: nil
    case .fork(let parent):
      "it was forked at @\(position) from \(parent), which holds what came before: "
        + "hope fork NAME --at @TOKEN goes on from there"
    case .memory(let what):
      "at @\(position) the memory was replaced (\(what)), and a memory does not hold what was read; "
        + "/mem commit and /mem checkout go back and forth"
    case .lateRecording:
      "its recording began at @\(position), and what was read before is not in it"
    }
  }
}

extension SessionRecording {
  /// What a session that begins with a memory goes on from.
  var beginning: Beginning { header.parent.map { .fork(of: $0.name) } ?? .lateRecording }
}
