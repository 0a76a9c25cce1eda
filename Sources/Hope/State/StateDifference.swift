import Tensors

/// One tensor in which two states differ.
package struct TensorDifference: Sendable, Equatable {
  /// As in a state's file: `level.0.1.learned`.
  package let name: String
  /// The level's name and the block; nil for the logits.
  package let level: String?
  package let block: Int?
  /// The largest |a − b|; infinite where shapes differ or one side has no such tensor.
  package let largest: Float
  /// The largest element of this state's tensor; 0 where it has none.
  package let magnitude: Float
}

extension HopeState {
  /// Every tensor in which this state and another differ by a bit, in the order of a state's file.
  package func differences(
    from other: HopeState, _ configuration: HopeConfiguration
  ) -> [TensorDifference] {
    let theirs = Dictionary(uniqueKeysWithValues: other.namedTensors)
    let mine = namedTensors
    let names = Set(mine.map(\.0))
    return mine.compactMap { name, tensor in
      TensorDifference(name, tensor, theirs[name], configuration)
    }
      + other.namedTensors.filter { !names.contains($0.0) }.compactMap { name, tensor in
        TensorDifference(name, nil, tensor, configuration)
      }
  }
}

extension TensorDifference {
  /// nil where the two are equal.
  init?(_ name: String, _ a: Tensor?, _ b: Tensor?, _ configuration: HopeConfiguration) {
    if a == b { return nil }
    self.name = name
    (level, block) = Self.place(name, configuration)
    magnitude = a?.elements.reduce(0) { max($0, abs($1)) } ?? 0
    guard let a, let b, a.shape == b.shape else {
      largest = .infinity
      return
    }
    largest = zip(a.elements, b.elements).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  private static func place(
    _ name: String, _ configuration: HopeConfiguration
  ) -> (level: String?, block: Int?) {
    let parts = name.split(separator: ".")
    guard parts.count > 2, let block = Int(parts[1]) else { return (nil, nil) }
    guard parts[0] == "level" else { return (configuration.mixerLevelName, block) }
    let index = Int(parts[2]) ?? -1
    return (
      configuration.levels.indices.contains(index) ? configuration.levels[index].name : nil, block
    )
  }
}
