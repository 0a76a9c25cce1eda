package import Sessions

/// Shows a recorded session again in plain lines, as the chat showed it. Needs no model.
package struct LineReplay {
  private let recording: SessionRecording
  private let script: EventScript
  private let style: ReportStyle

  package init(_ recording: SessionRecording, style: ReportStyle) {
    (self.recording, self.style) = (recording, style)
    script = EventScript(style)
  }

  /// One moment of the replay.
  package struct Frame: Sendable, Equatable {
    /// Seconds since the frame before.
    package let interval: Double
    package let pieces: [EventScript.Piece]
  }

  /// Everything there is to show, in order.
  /// - Parameters:
  ///   - start: leaves out what came before so many tokens were read.
  ///   - idleLimit: the longest interval.
  package func frames(from start: Int = 0, idleLimit: Double = .infinity) -> [Frame] {
    var frames: [Frame] = []
    var last = 0.0
    var isShown = start == 0
    for line in recording.lines {
      if case .token(let token) = line.line, token.position >= start { isShown = true }
      guard isShown else {
        last = line.time
        continue
      }
      let pieces = pieces(line.line)
      guard !pieces.isEmpty else { continue }
      frames.append(Frame(interval: min(idleLimit, max(0, line.time - last)), pieces: pieces))
      last = line.time
    }
    return frames
  }

  private func pieces(_ line: SessionLine) -> [EventScript.Piece] {
    if case .user(let turn) = line {
      var words = StyledText(style.isASCII ? "> " : "› ", .strong)
      words.append(turn.text)
      return [.note(words)]
    }
    return line.event.map { script.pieces($0) } ?? []
  }
}

/// A replay as an asciicast, version 2: players show it without model or program.
package struct CastFilm {
  private let recording: SessionRecording
  package static let size = (columns: 100, rows: 30)

  package init(_ recording: SessionRecording) { self.recording = recording }

  /// The file, line by line.
  package func lines(idleLimit: Double = 2) -> [String] {
    let style = ReportStyle(isASCII: false, hasColor: true)
    var lines = [header]
    var time = 0.0
    for frame in LineReplay(recording, style: style).frames(idleLimit: idleLimit) {
      time += frame.interval
      let text = frame.pieces.map { $0.terminalText(style) }.joined()
      lines.append(JSONLine.array(time, "o", text.replacing("\n", with: "\r\n")))
    }
    return lines
  }

  private var header: String {
    JSONLine.object([
      ("version", "2"), ("width", "\(Self.size.columns)"), ("height", "\(Self.size.rows)"),
      ("title", JSONLine.quoted(recording.name)),
    ])
  }
}

extension EventScript.Piece {
  /// With the codes that a terminal understands, everything else filtered.
  fileprivate func terminalText(_ style: ReportStyle) -> String {
    switch self {
    case .answer(let text): TerminalText.filtered(text)
    case .note(let line): line.terminalText(style) + "\n"
    }
  }
}
