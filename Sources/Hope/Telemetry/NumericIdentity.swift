import Tensors

/// What decides the bits of a computation besides model and input. Two runs of the same identity give
/// the same bits; others agree only to rounding.
package struct NumericIdentity: Sendable, Equatable {
  /// The processor core OpenBLAS chose its kernels for.
  package let core: String
  /// The instruction set of our own kernels.
  package let kernels: String
  /// Threads that large products are split over.
  package let lanes: Int

  package init(core: String, kernels: String, lanes: Int) {
    (self.core, self.kernels, self.lanes) = (core, kernels, lanes)
  }

  /// That of this process.
  package static func current(lanes: Int) -> NumericIdentity {
    NumericIdentity(core: BLAS.coreName, kernels: Kernels.instructionSet, lanes: lanes)
  }
}

extension NumericIdentity: CustomStringConvertible {
  /// `SkylakeX/avx512, 1 lane`.
  package var description: String {
    "\(core.printable())/\(kernels.printable()), \(lanes) \(lanes == 1 ? "lane" : "lanes")"
  }
}

extension HopeModel {
  /// What decides the bits this model computes here.
  package var numericIdentity: NumericIdentity { .current(lanes: lanes) }
}
