import Synchronization

/// Something that one thread makes and another needs, perhaps before it exists.
final class Handoff<Value: Sendable>: Sendable {
  private let contents = Mutex<Value?>(nil)

  var value: Value? {
    get { contents.withLock { $0 } }
    set { contents.withLock { $0 = newValue } }
  }
}
