import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Slopes of the memories' activations")
struct MemoryKernelTests {
  @Test("equal their formulas in Double", arguments: [1, 63, 64, 100, 2000])
  func slopes(count: Int) {
    var source = RandomSource(seed: 41)
    var x = Tensor.normal([count], deviation: 3, &source)
    if count > 100 { (x.elements[0], x.elements[1], x.elements[2]) = (0, -60, 60) }
    let formulas:
      [((Double) -> Double, (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void)] = [
        ({ sigmoid($0) * (1 + $0 * (1 - sigmoid($0))) }, { Kernels.siluSlope($0, into: $1, $2) }),
        (
          { sigmoid($0) * (1 - sigmoid($0)) * (2 + $0 * (1 - 2 * sigmoid($0))) },
          { Kernels.siluCurvature($0, into: $1, $2) }
        ),
        (
          {
            0.5 * erfc(-$0 / 2.0.squareRoot()) + $0 * exp(-$0 * $0 / 2)
              / (2 * Double.pi).squareRoot()
          },
          { Kernels.geluSlope($0, into: $1, $2) }
        ),
        ({ max($0, 0) + log1p(exp(-abs($0))) }, { Kernels.softplus($0, into: $1, $2) }),
      ]
    for (formula, kernel) in formulas {
      var y = Tensor.uninitialized([count])
      y.withMutablePointer { y in x.withPointer { kernel($0, y, count) } }
      let wanted = Matrix(count, 1, x.elements.map { formula(Double($0)) })
      #expect(distance(y, wanted) < 1e-6)
    }
  }
}
