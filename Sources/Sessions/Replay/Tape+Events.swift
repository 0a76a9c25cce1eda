extension Tape {
  /// A tape of events, as if they had been recorded.
  /// - Parameter events: with the seconds since the beginning; those that are never recorded are left
  ///   out.
  package init(
    header: SessionHeader, events: [(time: Double, event: SessionEvent)], path: String = ".",
    idleLimit: Double = .infinity, isPresent: Bool = false
  ) {
    let lines = events.compactMap { time, event in SessionLine(event).map { (time, $0) } }
    let recording = SessionRecording(
      path: "\(path)/\(SessionFiles.recordingName)", header: header,
      lines: lines.enumerated().map { i, line in
        SessionRecording.Line(number: i + 1, time: line.0, line: line.1)
      }, damage: [], brokenSeals: [], tornBytes: 0, byteCount: 0)
    self.init(recording, idleLimit: idleLimit, isPresent: isPresent)
  }
}
