extension SessionRecording {
  /// A recording of events, as if it had been read from a file.
  /// - Parameter events: with the seconds since the beginning; those that are never recorded are left
  ///   out.
  package init(
    header: SessionHeader, events: [(time: Double, event: SessionEvent)], folder: String = "."
  ) {
    let lines = events.compactMap { time, event in SessionLine(event).map { (time, $0) } }
    self.init(
      path: "\(folder)/\(SessionFiles.recordingName)", header: header,
      lines: lines.enumerated().map { i, line in
        SessionRecording.Line(number: i + 1, time: line.0, line: line.1)
      }, damage: [], brokenSeals: [], tornBytes: 0, byteCount: 0)
  }
}
