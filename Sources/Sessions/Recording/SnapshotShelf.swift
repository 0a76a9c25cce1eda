import Foundation
import Hope

/// Which snapshots lie on disk; their number does not grow with the session.
struct SnapshotShelf {
  private var entries: [(facts: SnapshotFacts, isKept: Bool)] = []
  /// Position of the last snapshot on the way to the present.
  private(set) var lastPosition = 0

  init() {}

  /// Those of a recorded session that are still there.
  init(_ recording: SessionRecording) {
    let kept = Set(recording.lines.compactMap(\.line.keptState))
    let folder = SessionFiles.folder(of: recording.path)
    var isStart = true
    for line in recording.lines {
      switch line.line {
      case .user: isStart = false
      case .snapshot(let facts):
        take(facts, isKept: isStart || kept.contains(facts.digest), in: folder)
      case .load(let facts, _): take(facts, isKept: true, in: folder)
      case .jump(let jump): goBack(to: jump.position)
      default: break
      }
    }
  }

  private mutating func take(_ facts: SnapshotFacts, isKept: Bool, in folder: String) {
    let path = SessionFiles.snapshotPath(facts.digest, in: folder)
    if FileManager.default.fileExists(atPath: path) { add(facts, isKept: isKept) }
  }

  /// The conversation went back: what was saved after this position is not on its way any more.
  mutating func goBack(to position: Int) { lastPosition = min(lastPosition, position) }

  /// - Returns: those that are to go.
  @discardableResult
  mutating func add(
    _ facts: SnapshotFacts, isKept: Bool = false, limit: Int = .max
  ) -> [SHA256Digest] {
    entries.append((facts, isKept))
    lastPosition = facts.position
    let free = entries.indices.filter { !entries[$0].isKept }
    guard free.count > limit else { return [] }
    // of the older half every second goes
    let going = free.prefix(limit / 2 + 1).enumerated().filter { $0.offset % 2 == 0 }
      .map(\.element)
    let digests = going.map { entries[$0].facts.digest }
    entries = entries.enumerated().filter { !going.contains($0.offset) }.map(\.element)
    let left = Set(entries.map(\.facts.digest))
    return digests.filter { !left.contains($0) }
  }
}

extension SessionLine {
  /// The memory that was kept under a name.
  fileprivate var keptState: SHA256Digest? {
    if case .mark(let marker) = self { marker.state } else { nil }
  }
}
