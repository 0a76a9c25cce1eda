/// When frames may be drawn: thirty a second at most, save for a few at once; for events alone twenty,
/// which leaves room to echo a key without any delay, and fewer where frames are dear, because the
/// model wants the processor too.
package struct FramePace {
  package init() {}

  private static let perSecond = 30.0
  private static let burst = 4.0
  /// Seconds between two frames that only events ask for: at least, and at most.
  private static let eventSeconds = 1.0 / 20...1.0 / 7
  /// Of the time, what such frames may take.
  private static let share = 0.012

  /// Frames that may be drawn now, as of the last one.
  private var credit = burst
  private var last = -Self.eventSeconds.upperBound
  /// Processor seconds of a frame, as of late.
  private var cost = 0.0

  /// The earliest time for the next frame.
  package func next(isUrgent: Bool) -> Double {
    let free = last + max(0, 1 - credit) / Self.perSecond
    let limits = Self.eventSeconds
    let pause = min(limits.upperBound, max(limits.lowerBound, cost / Self.share))
    return isUrgent ? free : max(free, last + pause)
  }

  /// - Parameter cost: processor seconds it took.
  package mutating func note(frameAt now: Double, cost: Double) {
    credit = min(Self.burst, credit + max(0, now - last) * Self.perSecond) - 1
    last = now
    self.cost += (cost - self.cost) / 4
  }
}
