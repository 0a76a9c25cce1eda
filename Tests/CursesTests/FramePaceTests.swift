import Curses
import Testing

@Suite("The pace of frames")
struct FramePaceTests {
  /// Frames drawn as early as allowed for so many seconds.
  private static func frames(_ seconds: Double, isUrgent: Bool) -> [Double] {
    var (pace, times) = (FramePace(), [Double]())
    var now = 0.0
    while now < seconds {
      pace.note(frameAt: now, cost: 0)
      times.append(now)
      now = max(now + 0.001, pace.next(isUrgent: isUrgent))
    }
    return times
  }

  @Test("events alone draw twenty frames a second, keys thirty and a few")
  func rates() {
    #expect((200...201).contains(Self.frames(10, isUrgent: false).count))
    #expect((300...305).contains(Self.frames(10, isUrgent: true).count))
  }

  @Test("a key among events is echoed at once")
  func echo() {
    var pace = FramePace()
    for i in 0..<100 { pace.note(frameAt: Double(i) / 20, cost: 0) }
    #expect(pace.next(isUrgent: true) <= 4.95)
    #expect(pace.next(isUrgent: false) == 5)
  }

  @Test(
    "dear frames come less often, but not for a key", arguments: [(0.0012, 0.1), (0.05, 1.0 / 7)])
  func dear(_ cost: Double, _ pause: Double) {
    var pace = FramePace()
    for i in 0..<100 { pace.note(frameAt: Double(i), cost: cost) }
    #expect(abs(pace.next(isUrgent: false) - 99 - pause) < 1e-6)
    #expect(pace.next(isUrgent: true) <= 99)
  }
}
