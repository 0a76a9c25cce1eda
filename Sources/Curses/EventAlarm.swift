import Synchronization

/// Wakes the loop at the first event after it was armed, and leaves it alone at the others: a wake-up
/// costs the engine's thread more than the event does.
package final class EventAlarm: Sendable {
  private let isArmed = Atomic(true)

  package init() {}

  /// From the next event on the loop is to be woken. To be called before it looks for events.
  func arm() { isArmed.store(true, ordering: .sequentiallyConsistent) }

  /// There is an event in the box.
  package func ring() {
    if isArmed.exchange(false, ordering: .sequentiallyConsistent) { TerminalGuard.wake() }
  }
}
