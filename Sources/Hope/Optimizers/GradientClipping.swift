package import Tensors

/// The global norm of a list of gradients, and what clipping to it means.
package struct GradientClipping: Sendable, Equatable {
  /// √Σg² over all gradients of parameters that are not frozen.
  package let norm: Float

  /// Measures gradients; partial sums have a fixed order, so `lanes` does not change a bit.
  /// - Returns: the norm, or the index of the first gradient that is not finite.
  package static func measure(
    _ gradients: [Tensor], options: [ParameterOptions], lanes: Int
  ) -> Result<GradientClipping, NonFiniteGradient> {
    var total = 0.0
    for (index, gradient) in gradients.enumerated() where !options[index].isFrozen {
      let square = squaredNorm(gradient, lanes: lanes)
      guard square.isFinite else { return .failure(NonFiniteGradient(parameter: index)) }
      total += square
    }
    return .success(GradientClipping(norm: Float(total.squareRoot())))
  }

  /// The factor that brings a gradient list of this norm down to `limit`; 1 when it is below.
  package func scale(limit: Float?) -> Float {
    guard let limit, norm > limit else { return 1 }
    return limit / norm
  }

  private static func squaredNorm(_ tensor: Tensor, lanes: Int) -> Double {
    let blocks = ElementBlocks(count: tensor.count)
    return tensor.withPointer { x in
      Lanes.map(blocks.blockCount, lanes: lanes) { block in
        let range = blocks[block]
        let start = x + range.lowerBound
        return Double(Kernels.dot(start, start, range.count))
      }.reduce(0, +)
    }
  }
}

/// A gradient list was refused; `parameter` is the first bad one.
package struct NonFiniteGradient: Error, Equatable {
  package let parameter: Int
}

/// Elements cut into blocks of one size, the unit of work between lanes. The cut depends on the
/// count only, so that sums come out the same on any number of lanes.
struct ElementBlocks {
  private static let size = 1 << 15
  let count: Int

  var blockCount: Int { (count + Self.size - 1) / Self.size }

  subscript(block: Int) -> Range<Int> {
    let start = block * Self.size
    return start..<min(count, start + Self.size)
  }
}
