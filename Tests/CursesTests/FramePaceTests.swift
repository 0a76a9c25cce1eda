import Curses
import Testing

@Suite("The pace of frames")
struct FramePaceTests {
  /// Frames drawn as early as allowed for so many seconds.
  private static func frames(_ seconds: Double, isUrgent: Bool) -> [Double] {
    var (pace, times) = (FramePace(), [Double]())
    var now = 0.0
    while now < seconds {
      pace.note(frameAt: now)
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
    for i in 0..<100 { pace.note(frameAt: Double(i) / 20) }
    #expect(pace.next(isUrgent: true) <= 4.95)
    #expect(pace.next(isUrgent: false) == 5)
  }
}
