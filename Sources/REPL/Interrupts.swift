/// Decides what Ctrl+C means: stop the answer, or, twice within two seconds, end the program.
package struct Interrupts: Sendable {
  package enum Meaning: Sendable, Equatable { case stopAnswer, warn, quit }

  package static let patience = Duration.seconds(2)
  private var last: ContinuousClock.Instant?
  private let isInteractive: Bool

  /// - Parameter isInteractive: whether a person types the lines. Else nobody waits at a prompt, and
  ///   one interruption between two answers ends the program.
  package init(isInteractive: Bool) { self.isInteractive = isInteractive }

  package mutating func interrupted(
    isAnswering: Bool, now: ContinuousClock.Instant
  ) -> Meaning {
    let isSecond = last.map { now - $0 <= Self.patience } ?? false
    last = now
    if isAnswering { return isSecond && !isInteractive ? .quit : .stopAnswer }
    return isSecond || !isInteractive ? .quit : .warn
  }
}
