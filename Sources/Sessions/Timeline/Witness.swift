import Hope

/// A moment between two turns whose digest was taken live: where the conversation begins, after
/// memory was dropped, where a marker was set. A position alone would not find it: memory may be
/// dropped several times without a token in between.
struct Witness {
  let moment: StreamLog.Moment
  /// nil for markers of files that do not record it.
  let digest: SHA256Digest?
  /// Counts and measures at that moment.
  let meter: LevelMeter
  /// Of the marker that was set there.
  var marker: String?
}

extension Conversation {
  /// Takes down the present moment.
  mutating func witness(_ digest: SHA256Digest?, marker: String? = nil) {
    log.closeRun()
    witnesses.append(Witness(moment: log.now, digest: digest, meter: meter, marker: marker))
  }

  /// Sets a marker at the present moment; one taken over from another session marks none here.
  mutating func set(_ marker: Marker) {
    markers.append(marker)
    let isTakenOver = marker.state != nil && marker.digest == nil && log.now == .start
    if !isTakenOver { witness(marker.digest, marker: marker.text) }
  }

  /// The moment of the marker that was set last under this text.
  func witness(ofMarker text: String) throws(SessionError) -> Witness {
    guard let found = witnesses.last(where: { $0.marker == text }) else {
      if markers.contains(where: { $0.text == text }) { throw .markerOfOtherMemory(text) }
      throw .noSuchMarker(text, known: witnesses.compactMap(\.marker))
    }
    return found
  }

  /// The first digest that was taken live from a moment on, and can tell something of the state
  /// there: what is dropped on the way could be anything.
  func nextDigest(from moment: StreamLog.Moment) -> (
    moment: StreamLog.Moment, digest: SHA256Digest
  )? {
    let taken =
      turns.compactMap(\.end).map { (moment: $0.moment, digest: $0.digest) }
      + witnesses.compactMap { witness in
        witness.digest.map { (moment: witness.moment, digest: $0) }
      }
    let next =
      taken.filter { $0.moment >= moment }.min { $0.moment < $1.moment } ?? (log.now, state.digest)
    return log.drops(from: moment, to: next.moment) == 0 ? next : nil
  }

  /// Forgets what was witnessed, and marked, after a moment of the log.
  mutating func forgetWitnesses(after moment: StreamLog.Moment) {
    let gone = witnesses.filter { $0.moment > moment }.compactMap(\.marker)
    witnesses.removeAll { $0.moment > moment }
    for text in gone {
      if let index = markers.lastIndex(where: { $0.text == text && $0.state == nil }) {
        markers.remove(at: index)
      }
    }
  }
}
