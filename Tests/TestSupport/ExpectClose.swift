package import Tensors

/// The worst disagreement of two lists, for `#expect(mismatch(actual, expected) == nil)`.
package struct Mismatch: Equatable, CustomStringConvertible {
  package let index: Int
  package let actual: Double
  package let expected: Double
  /// |actual − expected| over what was allowed there.
  package let excess: Double
  package let count: Int

  package var description: String {
    "element \(index) of \(count): \(actual), expected \(expected), "
      + "\(excess) times the tolerance"
  }
}

/// nil when every |actual − expected| ≤ absolute + relative · |expected|, and NaN stands where NaN is
/// expected; otherwise the worst element. Lists of different lengths are a caller's mistake.
package func mismatch(
  _ actual: [Double], _ expected: [Double], relative: Double = 1e-5, absolute: Double = 1e-6
) -> Mismatch? {
  precondition(actual.count == expected.count, "\(actual.count) and \(expected.count) elements")
  var worst: Mismatch?
  for (i, (a, e)) in zip(actual, expected).enumerated() where !(a == e || a.isNaN && e.isNaN) {
    let ratio = abs(a - e) / (absolute + relative * abs(e))
    let excess = ratio.isNaN ? .infinity : ratio
    if excess > max(1, worst?.excess ?? 0) {
      worst = Mismatch(index: i, actual: a, expected: e, excess: excess, count: actual.count)
    }
  }
  return worst
}

package func mismatch(
  _ actual: [Float], _ expected: [Double], relative: Double = 1e-5, absolute: Double = 1e-6
) -> Mismatch? {
  mismatch(actual.doubles, expected, relative: relative, absolute: absolute)
}

package func mismatch(
  _ actual: [Float], _ expected: [Float], relative: Double = 1e-5, absolute: Double = 1e-6
) -> Mismatch? {
  mismatch(actual.doubles, expected.doubles, relative: relative, absolute: absolute)
}

package func mismatch(
  _ actual: Tensor, _ expected: Tensor, relative: Double = 1e-5, absolute: Double = 1e-6
) -> Mismatch? {
  precondition(actual.shape == expected.shape, "\(actual.shape) and \(expected.shape)")
  return mismatch(actual.elements, expected.elements, relative: relative, absolute: absolute)
}

extension [Float] {
  package var doubles: [Double] { map(Double.init) }
}

extension Tensor {
  /// The elements in double precision, for the naive twins.
  package var doubles: [Double] { elements.doubles }

  /// Whether every element has the same bits, NaN and the sign of zero included.
  package func hasSameBits(as other: Tensor) -> Bool {
    shape == other.shape
      && elements.map(\.bitPattern) == other.elements.map(\.bitPattern)
  }
}
