import Foundation
import Glibc
import TerminalUI

/// What the screen costs by itself, in processor time of its thread.
struct ScreenCases {
  let report: BenchReport
  /// Tokens of a long chat.
  static let many = 100_000
  /// Microseconds a frame may take, and tokens that come between two frames.
  private static let allowed = 2_000.0
  private static let tokensPerFrame = 4
  private static let frames = 400

  func run() {
    guard report.wants("screen") else { return }
    var chat = ScreenChat()
    chat.goOn(until: 1_000)
    noteFrames("after 1,000 tokens", &chat)
    let before = residentKilobytes()
    let start = threadSeconds()
    chat.goOn(until: Self.many)
    let seconds = threadSeconds() - start
    report.note(
      "screen: events taken in", Double(Self.many) / seconds, unit: "events/s", reference: nil,
      detail: "tokens with their writes and turns; no frame drawn")
    report.note(
      "screen: memory grown over 100,000 tokens", residentKilobytes() - before, unit: "kB",
      reference: nil, detail: "resident; histories fill up to their limits")
    noteFrames("after 100,000 tokens", &chat)
    noteKey(&chat)
    noteMore(&chat)
  }

  /// A second long chat on top: nothing may grow any more.
  private func noteMore(_ chat: inout ScreenChat) {
    let before = residentKilobytes()
    chat.goOn(until: 2 * Self.many)
    report.note(
      "screen: memory grown over the next 100,000", residentKilobytes() - before, unit: "kB",
      reference: nil, detail: "resident")
  }

  private func noteFrames(_ when: String, _ chat: inout ScreenChat) {
    var times: [Double] = []
    for _ in 0..<Self.frames {
      for _ in 0..<Self.tokensPerFrame { chat.token() }
      times.append(1e6 * seconds { _ = chat.drawFrame() })
    }
    note("screen: frame at 200×60, \(when)", times, allowed: Self.allowed, "of 2 ms")
  }

  private func noteKey(_ chat: inout ScreenChat) {
    let times = (0..<Self.frames).map { i in
      chat.token()
      return 1e6 * seconds { chat.take(.key(i % 40 == 39 ? .control("u") : .character("x"))) }
    }
    note("screen: key taken in", times, allowed: Self.allowed, "of 2 ms")
  }

  /// The median and the 99th percentile.
  private func note(_ name: String, _ times: [Double], allowed: Double, _ detail: String) {
    report.note(name, times.percentile(50), unit: "µs", reference: allowed, detail: detail)
    report.note(
      "  99th percentile", times.percentile(99), unit: "µs", reference: allowed, detail: detail)
  }

  private func seconds(_ body: () -> Void) -> Double {
    let start = threadSeconds()
    body()
    return threadSeconds() - start
  }
}

extension [Double] {
  /// The value below or at which so many of a hundred lie.
  func percentile(_ share: Int) -> Double {
    isEmpty ? .nan : sorted()[Swift.min(count - 1, count * share / 100)]
  }
}

/// Processor time of the calling thread.
func threadSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// What of the process is in memory now.
private func residentKilobytes() -> Double {
  let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
    .split(separator: " ").dropFirst().first.flatMap { Double($0) }
  return (pages ?? .nan) * Double(sysconf(Int32(_SC_PAGESIZE))) / 1024
}
