/// A recorded session as something to watch: its lines in time, and the places one can go to.
///
/// A place is a number of lines that are done, from 0 to `lineCount`.
package struct Tape: Sendable {
  /// Something on the way that a picture of the whole shows.
  package struct Mark: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
      /// The words of a turn come in.
      case turn(answerAfter: Int)
      /// A level wrote; how much, as a share of the largest write of that level.
      case write(level: Int, share: Float)
      case marker(String)
      case snapshot
      /// The conversation went back, or on with another memory.
      case jump
    }
    package let kind: Kind
    /// The line that tells of it.
    package let line: Int
    /// Token lines before it.
    package let token: Int
  }

  package let header: SessionHeader
  package let name: String
  package let session: SessionName
  /// What is wrong with the file.
  package let problems: [String]
  package let marks: [Mark]
  private let lines: [SessionRecording.Line]
  /// Seconds from the beginning at which a line is shown, long pauses cut short.
  private let times: [Double]
  /// The lines that are tokens, of them the positions.
  private let tokenLines: [Int]

  /// - Parameters:
  ///   - idleLimit: the longest pause, in seconds.
  ///   - isPresent: whether what was taken back is left out.
  package init(
    _ recording: SessionRecording, idleLimit: Double = .infinity, isPresent: Bool = false
  ) {
    header = recording.header
    (name, session, problems) = (recording.name, recording.sessionName, recording.problems)
    let lines = isPresent ? recording.presentLines : recording.lines
    tokenLines = lines.indices.filter { lines[$0].line.isToken }
    var (last, time) = (0.0, 0.0)
    times = lines.map { line in
      time += min(idleLimit, max(0, line.time - last))
      last = line.time
      return time
    }
    marks = Self.marks(lines)
    self.lines = lines
  }

  private static func marks(_ lines: [SessionRecording.Line]) -> [Mark] {
    var marks: [Mark] = []
    var largest: [Int: Float] = [:]
    for case .write(let write) in lines.lazy.map(\.line) where write.updateRelative.isFinite {
      largest[write.level] = max(largest[write.level] ?? 0, write.updateRelative)
    }
    var token = 0
    for (i, line) in lines.enumerated() {
      if line.line.isToken { token += 1 }
      guard let kind = Mark.Kind(line.line, largest) else { continue }
      marks.append(Mark(kind: kind, line: i, token: token))
    }
    return marks
  }
}

extension Tape.Mark.Kind {
  /// nil for lines of no note.
  fileprivate init?(_ line: SessionLine, _ largest: [Int: Float]) {
    switch line {
    case .user(let turn): self = .turn(answerAfter: turn.tokens.count)
    case .write(let write):
      let most = largest[write.level] ?? 0
      self = .write(
        level: write.level,
        share: most > 0 && write.updateRelative.isFinite ? write.updateRelative / most : 0)
    case .mark(let marker): self = .marker(marker.text)
    case .snapshot: self = .snapshot
    case .jump, .load: self = .jump
    default: return nil
    }
  }
}

extension SessionLine {
  fileprivate var isToken: Bool { if case .token = self { true } else { false } }
}

// MARK: What is on it

extension Tape {
  package var lineCount: Int { lines.count }
  package var tokenCount: Int { tokenLines.count }
  /// Tokens that were read before the first line, where the file begins with a memory.
  package var startPosition: Int {
    for line in lines {
      switch line.line {
      case .snapshot(let facts), .load(let facts, _): return facts.position
      case .user(let turn): return turn.position
      default: continue
      }
    }
    return 0
  }
  package var turnCount: Int { marks.count { $0.isTurn } }
  /// Seconds, long pauses cut short.
  package var duration: Double { times.last ?? 0 }

  /// What a screen is told by a line; nil for lines that only the file needs.
  package func event(ofLine line: Int) -> SessionEvent? { lines[line].line.event }

  /// When a line was recorded, in seconds since the session began.
  package func recordedTime(ofLine line: Int) -> Double { lines[line].time }

  /// When a line is shown.
  package func time(ofLine line: Int) -> Double { times[line] }

  /// Lines that are shown at a time.
  package func place(atTime time: Double) -> Int {
    times.partitioningIndex { $0 > time }
  }

  /// Token lines before a place.
  package func tokens(before place: Int) -> Int {
    tokenLines.partitioningIndex { $0 >= place }
  }

  /// The turn that a place lies in, from 1; 0 before the first.
  package func turn(at place: Int) -> Int { marks.prefix { $0.line < place }.count { $0.isTurn } }
}

extension Tape.Mark {
  package var isTurn: Bool { if case .turn = kind { true } else { false } }
  /// Whether `[` and `]` stop here.
  package var isWriteOrMarker: Bool {
    switch kind {
    case .write, .marker: true
    case .turn, .snapshot, .jump: false
    }
  }
}

// MARK: Going

extension Tape {
  /// After so many more tokens, or less; past the last token lies the end.
  package func place(_ place: Int, movedByTokens step: Int) -> Int {
    let next = tokens(before: place) + step
    guard next > 0 else { return 0 }
    return next <= tokenCount && !(step > 0 && next == tokenCount)
      ? tokenLines[next - 1] + 1 : lineCount
  }

  /// To where the words of this turn, of the one before, or of the next have come in.
  package func place(_ place: Int, movedByTurns step: Int) -> Int {
    goal(from: place, step) { $0.isTurn } ?? (step < 0 ? 0 : lineCount)
  }

  /// To the write or marker before or after; nil where there is none.
  package func place(_ place: Int, movedByMarks step: Int) -> Int? {
    goal(from: place, step) { $0.isWriteOrMarker }
  }

  /// A mark is reached when its line is done.
  private func goal(from place: Int, _ step: Int, _ isGoal: (Mark) -> Bool) -> Int? {
    let found =
      step < 0
      ? marks.last { $0.line + 1 < place && isGoal($0) }
      : marks.first { $0.line + 1 > place && isGoal($0) }
    return found.map { $0.line + 1 }
  }

  /// Just before the token of a position, or of a later one.
  package func place(ofPosition position: Int) -> Int {
    let found = tokenLines.first {
      if case .token(let token) = lines[$0].line { token.position >= position } else { false }
    }
    return found ?? lineCount
  }
}

extension Array {
  /// The first index from which on a condition holds, of an array in which it holds from somewhere on.
  fileprivate func partitioningIndex(_ isBehind: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension Tape: Equatable {
  /// Two readings of one file, equally long.
  package static func == (a: Tape, b: Tape) -> Bool {
    a.session == b.session && a.lines.count == b.lines.count && a.duration == b.duration
  }
}
