package import Tensors

/// Compares one tape operation with its naive twin: values, and the reverse rule with central
/// differences of the twin.
package struct RuleCheck {
  package typealias Operation = (inout Tape, [Variable]) -> [Variable]
  package typealias Twin = ([[Double]]) -> [[Double]]

  private let inputs: [Tensor]
  private let variables: [Variable]
  private let outputs: [Variable]
  private let tape: Tape
  private let twin: Twin
  private var random = RandomSource(seed: 1)

  private init(_ inputs: [Tensor], lanes: Int, _ operation: Operation, _ twin: @escaping Twin) {
    var tape = Tape(lanes: lanes)
    variables = inputs.map { tape.leaf($0) }
    outputs = operation(&tape, variables)
    self.tape = tape
    self.inputs = inputs
    self.twin = twin
  }

  /// nil when an operation does what its twin does; otherwise what disagrees, and where.
  package static func failure(
    _ inputs: [Tensor], lanes: Int = 1, _ operation: Operation, twin: @escaping Twin
  ) -> String? {
    var check = RuleCheck(inputs, lanes: lanes, operation, twin)
    return check.wrongValue() ?? check.wrongCotangent()
  }

  /// Standard normal inputs of these shapes; the same every time.
  package static func normals(_ shapes: [[Int]], deviation: Float = 1) -> [Tensor] {
    var random = RandomSource(seed: 2)
    return shapes.map { .normal($0, deviation: deviation, &random) }
  }

  private func wrongValue() -> String? {
    let expected = twin(inputs.map(\.doubles))
    for (k, (variable, wanted)) in zip(outputs, expected).enumerated() {
      let size = wanted.map(abs).max() ?? 0
      let wrong = mismatch(
        tape[variable].elements, wanted, relative: 1e-5, absolute: 1e-5 * max(1, size))
      if let wrong { return "output \(k): \(wrong)" }
    }
    return nil
  }

  private mutating func wrongCotangent() -> String? {
    let seeds = outputs.map { Tensor.normal(tape[$0].shape, deviation: 1, &random) }
    let all = Array(outputs.indices)
    let alone = outputs.count > 1 ? all.map { [$0] } : []
    for seeded in [all] + alone {
      if let wrong = wrongCotangent(seeds, seeded) { return wrong }
    }
    return wrongSum(seeds) ?? wrongFloor(seeds)
  }

  /// The reverse rule with cotangents on some of the outputs.
  private mutating func wrongCotangent(_ seeds: [Tensor], _ seeded: [Int]) -> String? {
    let gradients = tape.gradients(seeds: seeded.map { (outputs[$0], seeds[$0]) })
    for (i, variable) in variables.enumerated() {
      let found = gradients[variable] ?? .zeros(inputs[i].shape)
      guard found.shape == inputs[i].shape else {
        return "input \(i): a cotangent of shape \(found.shape) for \(inputs[i].shape)"
      }
      let twin = twin
      var point = inputs.map(\.doubles)
      let wrong = wrongGradient(found, at: inputs[i]) { x in
        point[i] = x
        let values = twin(point)
        return seeded.reduce(0) { $0 + Reference.dot(seeds[$1].doubles, values[$1]) }
      }
      if let wrong { return "input \(i), outputs \(seeded): \(wrong)" }
    }
    return nil
  }

  /// Small inputs element by element, large ones along random directions.
  private mutating func wrongGradient(
    _ gradient: Tensor, at point: Tensor, of function: ([Double]) -> Double
  ) -> String? {
    guard point.count > 64 else {
      let size = Double(gradient.absoluteMaximum)
      return GradientCheck.mismatch(
        gradient, at: point, absolute: 1e-5 * max(1, size), of: function)?.description
    }
    for _ in 0..<3 {
      let direction = Tensor.normal(point.shape, deviation: 1, &random).doubles
      let step = 1e-5
      let (up, down) = (Reference.scale(direction, by: step), Reference.scale(direction, by: -step))
      let wanted =
        (function(Reference.add(point.doubles, up)) - function(Reference.add(point.doubles, down)))
        / (2 * step)
      let slope = Reference.dot(gradient.doubles, direction)
      if !(abs(slope - wanted) <= 3e-5 * Double(gradient.norm) + 1e-5) {
        return "slope \(slope), expected \(wanted)"
      }
    }
    return nil
  }

  /// Cotangents add to what is already there.
  private mutating func wrongSum(_ seeds: [Tensor]) -> String? {
    let pairs = Array(zip(outputs, seeds))
    let before = inputs.map { Tensor.normal($0.shape, deviation: 1, &random) }
    let alone = tape.gradients(seeds: pairs)
    let added = tape.gradients(seeds: pairs + Array(zip(variables, before)))
    for (i, variable) in variables.enumerated() {
      var wanted = alone[variable] ?? .zeros(inputs[i].shape)
      wanted.add(before[i])
      guard let found = added[variable],
        mismatch(found, wanted, absolute: 1e-5 * max(1, Double(wanted.absoluteMaximum))) == nil
      else { return "input \(i): the cotangent replaces what was there" }
    }
    return nil
  }

  /// Inputs below the floor are constants, the others' cotangents keep their bits.
  private func wrongFloor(_ seeds: [Tensor]) -> String? {
    let pairs = Array(zip(outputs, seeds))
    let all = tape.gradients(seeds: pairs)
    for (i, first) in variables.enumerated() {
      let some = tape.gradients(seeds: pairs, floor: first.index)
      guard variables[..<i].allSatisfy({ some[$0] == nil }) else {
        return "floor \(i): a constant has a cotangent"
      }
      guard variables[i...].allSatisfy({ some[$0] == all[$0] }) else {
        return "floor \(i): a cotangent depends on what is constant"
      }
    }
    return nil
  }
}
