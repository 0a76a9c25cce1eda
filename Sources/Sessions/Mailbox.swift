import Foundation
import Synchronization

/// A queue between two threads. Putting never waits; taking does, until there is something.
package final class Mailbox<Element: Sendable>: Sendable {
  private struct Contents {
    var arriving: [Element] = []
    /// What came before those, oldest first: taken from the front at no cost.
    var leaving: ArraySlice<Element> = []
    var isClosed = false

    mutating func takeFirst() -> Element? {
      if leaving.isEmpty { (leaving, arriving) = (arriving[...], []) }
      return leaving.popFirst()
    }
  }
  private let contents = Mutex(Contents())
  /// Held only to wait for, or tell of, a change of the contents.
  private let change = NSCondition()

  package init() {}

  /// Adds an element; after `close` it is dropped.
  package func put(_ element: Element) {
    contents.withLock { if !$0.isClosed { $0.arriving.append(element) } }
    tell()
  }

  /// Nothing comes in any more; what is in can still be taken.
  package func close() {
    contents.withLock { $0.isClosed = true }
    tell()
  }

  /// The oldest element, waiting for one; nil when the box is closed and empty.
  package func take() -> Element? {
    change.lock()
    defer { change.unlock() }
    while true {
      let (element, isClosed) = contents.withLock { ($0.takeFirst(), $0.isClosed) }
      if element != nil || isClosed { return element }
      change.wait()
    }
  }

  /// All there is, without waiting.
  package func takeAll() -> [Element] {
    contents.withLock { contents in
      defer { (contents.leaving, contents.arriving) = ([], []) }
      return contents.leaving + contents.arriving
    }
  }

  private func tell() {
    change.lock()
    change.broadcast()
    change.unlock()
  }
}
