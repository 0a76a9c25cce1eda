import Foundation
import Tensors

/// Prints figures as they come: a table for people, one JSON object a line for programs.
struct BenchReport {
  let json: Bool
  /// Measure the cases whose name holds this; nil: all.
  let only: String?

  func wants(_ name: String) -> Bool { only.map { name.contains($0) } ?? true }

  private struct Figure: Encodable {
    let name: String
    let value: Double
    let unit: String
    /// The figure as a multiple of the reference named in `detail`.
    let ratio: Double?
    let detail: String
    let blasCore: String
    let instructionSet: String
  }

  func begin() {
    guard !json else { return }
    print("OpenBLAS core \(BLAS.coreName), kernels \(Kernels.instructionSet)")
    print("width 256, 4 blocks, 4 heads, levels 64/256/1024, vocabulary 4,096, random weights")
  }

  func note(_ name: String, _ value: Double, unit: String, reference: Double?, detail: String) {
    let ratio = reference.map { value / $0 }
    if json {
      let figure = Figure(
        name: name, value: value, unit: unit, ratio: ratio, detail: detail,
        blasCore: BLAS.coreName, instructionSet: Kernels.instructionSet)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      if let line = try? encoder.encode(figure) { print(String(decoding: line, as: UTF8.self)) }
      return
    }
    let share = ratio.map { String(format: "%6.2f×", $0) } ?? "       "
    print(
      name.padding(toLength: 44, withPad: " ", startingAt: 0)
        + String(format: "%10.1f ", value)
        + unit.padding(toLength: 10, withPad: " ", startingAt: 0) + share + "  " + detail)
  }
}
