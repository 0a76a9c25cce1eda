package import Tensors

/// Compares hand-written gradients with central differences of the function in Double.
package enum GradientCheck {
  /// (f(x + h eᵢ) − f(x − h eᵢ)) / 2h for every i.
  package static func centralDifferences(
    at x: [Double], step: Double = 1e-5, of function: ([Double]) -> Double
  ) -> [Double] {
    x.indices.map { i in
      var (up, down) = (x, x)
      up[i] += step
      down[i] -= step
      return (function(up) - function(down)) / (up[i] - down[i])
    }
  }

  /// nil when a gradient agrees with central differences of `function` at `point`; otherwise the
  /// worst element. Gradients from a Float32 tape need the default tolerances.
  package static func mismatch(
    _ gradient: Tensor, at point: Tensor, step: Double = 1e-5, relative: Double = 1e-4,
    absolute: Double = 1e-5, of function: ([Double]) -> Double
  ) -> Mismatch? {
    precondition(gradient.shape == point.shape, "\(gradient.shape) and \(point.shape)")
    let expected = centralDifferences(at: point.doubles, step: step, of: function)
    return TestSupport.mismatch(
      gradient.elements, expected, relative: relative, absolute: absolute)
  }
}
