/// One value on a tape.
package struct Variable: Hashable, Sendable, Comparable {
  package let index: Int
  package static func < (a: Variable, b: Variable) -> Bool { a.index < b.index }
}

/// A flat list of coarse operations, each with its hand-written reverse rule beside its forward.
///
/// Values are appended in the order they are computed, so a reverse pass walks the list backwards.
/// Every variable below a `floor` counts as a constant: that one number gives both the whole-sequence
/// gradient of training (floor 0) and the chunk-local teach signal (floor = the chunk's first variable).
package struct Tape {
  package typealias Reverse = (inout Gradients) -> Void
  private var values: [Tensor] = []
  private var steps: [(end: Int, reverse: Reverse)] = []
  /// Threads that large matrix products are split over.
  package let lanes: Int

  package init(lanes: Int = 1) { self.lanes = lanes }

  package subscript(_ variable: Variable) -> Tensor { values[variable.index] }
  /// The index the next variable will get.
  package var nextIndex: Int { values.count }

  /// Puts a value on the tape: an input, a parameter or a constant.
  package mutating func leaf(_ value: Tensor) -> Variable {
    values.append(value)
    return Variable(index: values.count - 1)
  }

  /// Notes how the variables appended since the last step pass their cotangents on.
  package mutating func record(_ reverse: @escaping Reverse) {
    steps.append((values.count, reverse))
  }

  /// Cotangents of Σ seeds, walking back to `floor`; those of `kept` survive, others of inner
  /// variables are consumed on the way.
  package func gradients(
    seeds: [(Variable, Tensor)], floor: Int = 0, keeping kept: [Variable] = []
  ) -> Gradients {
    var gradients = Gradients(count: values.count, floor: floor, kept: Set(kept))
    for (variable, seed) in seeds { gradients.accumulate(into: variable, seed) }
    for step in steps.reversed() {
      if step.end <= floor { break }
      step.reverse(&gradients)
    }
    return gradients
  }
}

/// Cotangents by variable while a reverse pass runs.
package struct Gradients {
  private var store: [Tensor?]
  private let floor: Int
  private let kept: Set<Variable>

  init(count: Int, floor: Int, kept: Set<Variable>) {
    store = Array(repeating: nil, count: count)
    self.floor = floor
    self.kept = kept
  }

  /// Whether a cotangent of `variable` is wanted at all.
  package func wants(_ variable: Variable) -> Bool { variable.index >= floor }

  /// The cotangent of an operation's result, removed unless it is to be kept. nil: nothing reached it.
  package mutating func take(_ variable: Variable) -> Tensor? {
    if kept.contains(variable) { return store[variable.index] }
    let value = store[variable.index]
    store[variable.index] = nil
    return value
  }

  package subscript(_ variable: Variable) -> Tensor? { store[variable.index] }

  package mutating func accumulate(into variable: Variable, _ value: Tensor) {
    guard wants(variable) else { return }
    if store[variable.index] == nil {
      store[variable.index] = value
    } else {
      store[variable.index]!.add(value)
    }
  }

  /// Adds to a cotangent in place: `body` gets the buffer and whether it already holds something
  /// (`beta` 1) or must be overwritten (`beta` 0, the buffer's content is undefined).
  package mutating func overwriteOrAdd(
    into variable: Variable, shape: [Int], _ body: (UnsafeMutablePointer<Float>, Float) -> Void
  ) {
    guard wants(variable) else { return }
    let isNew = store[variable.index] == nil
    if isNew { store[variable.index] = .uninitialized(shape) }
    store[variable.index]!.withMutablePointer { body($0, isNew ? 0 : 1) }
  }

  /// Adds to a cotangent in place; the buffer starts at zero.
  package mutating func add(
    into variable: Variable, shape: [Int], _ body: (UnsafeMutablePointer<Float>) -> Void
  ) {
    guard wants(variable) else { return }
    if store[variable.index] == nil { store[variable.index] = .zeros(shape) }
    store[variable.index]!.withMutablePointer(body)
  }
}
