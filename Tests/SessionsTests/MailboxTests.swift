import Foundation
import Sessions
import Testing

@Suite("Mailbox")
struct MailboxTests {
  @Test("what is put in comes out in order, and nil after the end", .timeLimit(.minutes(15)))
  func order() {
    let box = Mailbox<Int>()
    for i in 0..<3 { box.put(i) }
    box.close()
    box.put(3)
    #expect([box.take(), box.take(), box.take(), box.take()] == [0, 1, 2, nil])
  }

  @Test("nothing is lost between two threads", .timeLimit(.minutes(15)))
  func threads() {
    let box = Mailbox<Int>()
    let count = 10_000
    let thread = Thread {
      for i in 0..<count { box.put(i) }
      box.close()
    }
    thread.start()
    var taken: [Int] = []
    while let value = box.take() { taken.append(value) }
    #expect(taken == Array(0..<count))
  }

  @Test("taking all does not wait")
  func all() {
    let box = Mailbox<String>()
    #expect(box.takeAll() == [])
    box.put("a")
    box.put("b")
    #expect(box.takeAll() == ["a", "b"])
    #expect(box.takeAll() == [])
  }
}
