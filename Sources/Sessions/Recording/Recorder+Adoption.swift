import Glibc
import Hope

extension Recorder {
  /// Takes over memories that another session keeps under a name. Their files are shared by link, or
  /// copied where that cannot be; the other session's folder stays as it is.
  /// - Returns: those that are here now.
  func adopt(_ kept: [Marker], from folder: String) -> [Marker] {
    kept.compactMap { marker in
      guard let digest = marker.state, share(digest, from: folder) else { return nil }
      let marker = Marker(position: marker.position, text: marker.text, state: digest)
      keep(SnapshotFacts(position: marker.position, digest: digest, byteCount: 0))
      take(.marked(marker))
      return marker
    }
  }

  /// - Returns: whether the state lies in this session's folder now.
  func share(_ digest: SHA256Digest, from folder: String) -> Bool {
    guard let own = session?.path else { return false }
    let source = SessionFiles.snapshotPath(digest, in: folder)
    let target = SessionFiles.snapshotPath(digest, in: own)
    plan.beforeChange()
    if link(source, target) == 0 || errno == EEXIST { return true }
    guard let bytes = try? ReadOnlyFile(path: source).bytes(limit: 1 << 31) else { return false }
    return (try? AtomicFile.write(bytes, to: target, permissions: 0o600)) != nil
  }
}
