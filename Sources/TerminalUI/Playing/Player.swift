import Sessions

/// Plays a tape, or goes along it: where it stands, how fast it runs, and the screens it has kept on
/// the way, so that every place is near one of them.
struct Player: Sendable {
  enum Purpose: Sendable {
    /// A recording is watched; nothing else is there.
    case replay
    /// A live chat looks back; its screen of now is put aside.
    case timeline(now: Scene)
  }

  let tape: Tape
  var purpose: Purpose
  /// Lines that are done.
  private(set) var place = 0
  private(set) var isPlaying = false
  private(set) var speed = 1.0
  /// Seconds on the tape, and when that was.
  private var time = 0.0
  private var timeAt = 0.0
  /// Screens by the number of lines that are done, ascending.
  private var kept: [(place: Int, scene: Scene)] = []
  private let stride: Int

  static let speeds = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64]
  /// Screens that are kept at most, and lines between two of them at least.
  private static let keptCount = 32
  private static let shortestStride = 1_000

  init(_ tape: Tape, purpose: Purpose, start: Scene) {
    (self.tape, self.purpose) = (tape, purpose)
    kept = [(0, start)]
    stride = max(Self.shortestStride, tape.lineCount / Self.keptCount)
  }

  var isTimeline: Bool { if case .timeline = purpose { true } else { false } }
  var isAtEnd: Bool { place == tape.lineCount }
  var keptPlaces: [Int] { kept.map(\.place) }

  // MARK: Folding

  /// A kept screen to begin from on the way to a place; nil where going on from here is nearest.
  func start(for goal: Int) -> (place: Int, scene: Scene)? {
    guard let near = kept.last(where: { $0.place <= goal }) else { return nil }
    return (near.place...goal).contains(place) ? nil : near
  }

  /// Whether the screen is worth keeping here.
  var wantsScene: Bool { place >= (kept.last?.place ?? 0) + stride }

  mutating func keep(_ scene: Scene) { kept.append((place, scene)) }

  /// Some lines are done, or undone.
  mutating func stand(at place: Int) { self.place = place }

  // MARK: Time

  /// Seconds on the tape.
  var shownTime: Double { time }

  /// The place that time has come to; nil while nothing plays.
  mutating func advance(to now: Double) -> Int? {
    guard isPlaying else { return nil }
    time += max(0, now - timeAt) * speed
    timeAt = now
    return max(place, tape.place(atTime: time))
  }

  /// When the next line is due.
  var deadline: Double? {
    guard isPlaying, !isAtEnd else { return nil }
    return timeAt + max(0, tape.time(ofLine: place) - time) / speed
  }

  mutating func play(at now: Double) { (isPlaying, timeAt) = (true, now) }
  mutating func pause() { isPlaying = false }

  /// The clock goes to where the tape stands.
  mutating func settleTime() {
    time = place == 0 ? 0 : tape.time(ofLine: place - 1)
  }

  mutating func change(speed: Double) { self.speed = speed }

  /// The next of the speeds; the same at the end of them.
  mutating func changeSpeed(by step: Int) {
    let next = step > 0 ? Self.speeds.first { $0 > speed } : Self.speeds.last { $0 < speed }
    speed = next ?? speed
  }
}
