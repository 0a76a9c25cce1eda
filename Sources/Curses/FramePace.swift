/// When frames may be drawn: thirty a second at most, save for a few at once; for events alone twenty,
/// which leaves room to echo a key without any delay.
package struct FramePace {
  package init() {}

  private static let perSecond = 30.0
  private static let burst = 4.0
  private static let eventSeconds = 1.0 / 20

  /// Frames that may be drawn now, as of the last one.
  private var credit = burst
  private var last = -Self.eventSeconds

  /// The earliest time for the next frame.
  package func next(isUrgent: Bool) -> Double {
    let free = last + max(0, 1 - credit) / Self.perSecond
    return isUrgent ? free : max(free, last + Self.eventSeconds)
  }

  package mutating func note(frameAt now: Double) {
    credit = min(Self.burst, credit + max(0, now - last) * Self.perSecond) - 1
    last = now
  }
}
