import Foundation
import REPL
import Testing

@Suite("Lines in", .timeLimit(.minutes(15)))
struct LineInputTests {
  /// What arrives from these bytes until the end.
  private func arrivals(_ bytes: [UInt8]) -> [LineInput.Arrival] {
    let pipe = Pipe()
    let thread = Thread {
      pipe.fileHandleForWriting.write(Data(bytes))
      pipe.fileHandleForWriting.closeFile()
    }
    thread.start()
    var input = LineInput(descriptor: pipe.fileHandleForReading.fileDescriptor, bell: Bell())
    var arrivals: [LineInput.Arrival] = []
    while arrivals.last != .end { arrivals.append(input.next()) }
    return arrivals
  }

  @Test("lines lose their end; the last needs none")
  func lines() {
    #expect(
      arrivals(Array("a\n\nb c\r\nd".utf8)) == [
        .line("a"), .line(""), .line("b c"), .line("d"), .end,
      ])
    #expect(arrivals([]) == [.end])
    #expect(arrivals(Array("x\n".utf8)) == [.line("x"), .end])
  }

  @Test("what is no UTF-8 shows as replacements")
  func bytes() { #expect(arrivals([0x61, 0xFF, 0x0A]) == [.line("a\u{FFFD}"), .end]) }

  @Test("lines longer than the limit are skipped and counted, those at it are read")
  func long() {
    let limit = LineInput.longestLine
    func letters(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x61, count: count) }
    for count in [limit + 1, 3 * limit + 7] {
      #expect(
        arrivals(letters(count) + [0x0A] + letters(2)) == [
          .tooLong(byteCount: count), .line("aa"), .end,
        ])
    }
    #expect(arrivals(letters(limit)) == [.line(String(repeating: "a", count: limit)), .end])
    #expect(arrivals(letters(limit + 1)) == [.tooLong(byteCount: limit + 1), .end])
  }

  @Test("a bell wakes the reader, once")
  func bell() {
    let (pipe, bell) = (Pipe(), Bell())
    var input = LineInput(descriptor: pipe.fileHandleForReading.fileDescriptor, bell: bell)
    bell.ring()
    bell.ring()
    #expect(input.next() == .bell)
    pipe.fileHandleForWriting.write(Data("a\n".utf8))
    #expect(input.next() == .line("a"))
  }
}
