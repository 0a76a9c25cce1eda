import Glibc

/// Seeded random numbers: SplitMix64, the same bits on every machine. A value, so a copy replays.
package struct RandomSource: RandomNumberGenerator, Sendable, Equatable, Codable {
  package private(set) var state: UInt64

  package init(seed: UInt64) { state = seed &+ 0x9E37_79B9_7F4A_7C15 }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// An independent source derived from this one and a label.
  package func split(_ label: UInt64) -> RandomSource {
    var child = RandomSource(seed: state ^ (label &* 0xD1B5_4A32_D192_ED03))
    return RandomSource(seed: child.next())
  }

  /// Uniform in [0, 1).
  package mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  package mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "integer(below: \(bound))")
    return Int(((next() >> 32) &* UInt64(bound)) >> 32)
  }

  /// Standard normal (Box–Muller).
  package mutating func normal() -> Float {
    let u = Double(next() >> 11) * 0x1p-53
    let v = Double(next() >> 11) * 0x1p-53
    return Float((-2 * log(1 - u)).squareRoot() * cos(2 * Double.pi * v))
  }

  package mutating func element<T>(of array: [T]) -> T { array[integer(below: array.count)] }
}

extension Tensor {
  /// Independent normal elements of the given standard deviation.
  package static func normal(_ shape: [Int], deviation: Float, _ source: inout RandomSource)
    -> Tensor
  {
    var t = Tensor.zeros(shape)
    for i in t.elements.indices { t.elements[i] = source.normal() * deviation }
    return t
  }
}
