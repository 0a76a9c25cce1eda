import CKernels
import Tensors
import Testing

/// The kernels of one instruction set that this processor can run.
struct KernelTable: Sendable, CustomTestStringConvertible {
  let name: String
  let kernels: k_table

  var testDescription: String { name }

  static let all: [KernelTable] = ["base", "avx2", "avx512"].compactMap { name in
    k_named(name).map { KernelTable(name: name, kernels: $0.pointee) }
  }
}

/// Test sizes: one, just below and exactly a block, and an odd number of blocks.
let sizes = [1, 63, 64, 100]

extension RandomSource {
  /// Normal elements of deviation 1.
  mutating func vector(_ count: Int) -> [Float] {
    (0..<count).map { _ in normal() }
  }
}

@Suite("Kernel tables")
struct KernelTableTests {
  @Test("the base table always exists and unknown names have none")
  func names() {
    #expect(KernelTable.all.first?.name == "base")
    #expect(k_named("abacus") == nil)
  }

  @Test("a table knows its name, and the one in use is the last available")
  func chosen() {
    for table in KernelTable.all { #expect(String(cString: table.kernels.isa) == table.name) }
    #expect(Kernels.instructionSet == KernelTable.all.last?.name)
  }
}
