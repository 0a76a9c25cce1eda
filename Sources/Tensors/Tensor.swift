/// A dense, row-major block of Float32: a shape and its elements. A plain value; a copy is a snapshot
/// that shares storage until one side is written.
///
/// Notation everywhere: `[tokens, width]`, tokens are rows. The last extent is the fastest.
package struct Tensor: Sendable, Equatable {
  package private(set) var shape: [Int]
  package var elements: [Float] { didSet { halves = nil } }
  /// The elements once more as bfloat16; see `withHalves`.
  private(set) var halves: [UInt16]?

  package init(shape: [Int], elements: [Float]) {
    let wanted = shape.reduce(1, *)
    precondition(wanted == elements.count, "shape \(shape) holds \(wanted), not \(elements.count)")
    self.shape = shape
    self.elements = elements
  }

  package init(_ shape: [Int], filledWith value: Float) {
    self.shape = shape
    elements = [Float](repeating: value, count: shape.reduce(1, *))
  }

  package static func zeros(_ shape: [Int]) -> Tensor { Tensor(shape, filledWith: 0) }

  /// Memory a kernel is about to fill. Debug builds fill it with NaN, so that a kernel that leaves
  /// an element unwritten is caught by its test.
  package static func uninitialized(_ shape: [Int]) -> Tensor {
    let count = shape.reduce(1, *)
    #if DEBUG
      return Tensor(shape: shape, elements: [Float](repeating: .nan, count: count))
    #else
      let elements = [Float](unsafeUninitializedCapacity: count) { _, n in n = count }
      return Tensor(shape: shape, elements: elements)
    #endif
  }

  package static func == (a: Tensor, b: Tensor) -> Bool {
    a.shape == b.shape && a.elements == b.elements
  }

  /// The same tensor, which also keeps its elements as bfloat16 if every one is exactly such a number,
  /// until it is changed. Products of one row with it then read half the bytes, and give the same
  /// bits as without.
  package func withHalves() -> Tensor {
    let short = bfloat16
    var copy = self
    if Tensor(shape: shape, bfloat16: short) == self { copy.halves = short }
    return copy
  }

  /// The nearest tensor whose elements are bfloat16 numbers.
  package func roundedToBFloat16() -> Tensor { Tensor(shape: shape, bfloat16: bfloat16) }

  private var bfloat16: [UInt16] {
    var short = [UInt16](repeating: 0, count: count)
    withPointer { Kernels.toBFloat16($0, into: &short, count) }
    return short
  }

  private init(shape: [Int], bfloat16 short: [UInt16]) {
    self = .uninitialized(shape)
    let n = count
    withMutablePointer { Kernels.fromBFloat16(short, into: $0, n) }
  }

  package var count: Int { elements.count }
  /// The last extent.
  package var width: Int { shape.last ?? 1 }
  /// The product of all extents but the last.
  package var rowCount: Int { width == 0 ? 0 : count / width }

  /// The same elements under another shape of equal size.
  package func reshaped(_ shape: [Int]) -> Tensor { Tensor(shape: shape, elements: elements) }

  package subscript(_ row: Int, _ column: Int) -> Float {
    get { elements[row * width + column] }
    set { elements[row * width + column] = newValue }
  }

  /// Rows `range` of the matrix `[rowCount, width]`, copied.
  package func rows(_ range: Range<Int>) -> Tensor {
    Tensor(
      shape: [range.count, width],
      elements: Array(elements[range.lowerBound * width..<range.upperBound * width]))
  }

  package func withPointer<R>(_ body: (UnsafePointer<Float>) -> R) -> R {
    elements.withUnsafeBufferPointer { body($0.baseAddress ?? Tensor.nowhere) }
  }

  package mutating func withMutablePointer<R>(_ body: (UnsafeMutablePointer<Float>) -> R) -> R {
    elements.withUnsafeMutableBufferPointer { body($0.baseAddress ?? Tensor.nowhereMutable) }
  }

  /// A valid address for empty tensors, whose kernels touch nothing.
  private static var nowhere: UnsafePointer<Float> { UnsafePointer(nowhereMutable) }
  private static var nowhereMutable: UnsafeMutablePointer<Float> {
    UnsafeMutablePointer(bitPattern: MemoryLayout<Float>.alignment)!
  }
}

extension Tensor {
  /// The Frobenius norm √Σx².
  package var norm: Float { squaredNorm.squareRoot() }
  package var squaredNorm: Float { withPointer { Kernels.dot($0, $0, count) } }
  /// The largest |x|; NaN when any element is.
  package var absoluteMaximum: Float { withPointer { Kernels.absoluteMaximum($0, count) } }
  package var isFinite: Bool { absoluteMaximum.isFinite }

  /// self += scale · other.
  package mutating func add(_ other: Tensor, scaledBy scale: Float = 1) {
    precondition(count == other.count, "add: \(shape) and \(other.shape)")
    let n = count
    withMutablePointer { y in other.withPointer { Kernels.addScaled(scale, $0, to: y, n) } }
  }

  package mutating func scale(by factor: Float) {
    let n = count
    withMutablePointer { Kernels.scale($0, by: factor, n) }
  }
}

/// Addresses of several tensors' elements at once, valid inside `body`.
package func withPointers<R>(_ tensors: [Tensor], _ body: ([UnsafePointer<Float>]) -> R) -> R {
  func open(_ rest: ArraySlice<Tensor>, _ found: [UnsafePointer<Float>]) -> R {
    guard let first = rest.first else { return body(found) }
    return first.withPointer { open(rest.dropFirst(), found + [$0]) }
  }
  return open(tensors[...], [])
}

/// Addresses of several tensors' elements at once for writing, valid inside `body`.
package func withMutablePointers<R>(
  _ tensors: inout [Tensor], _ body: ([UnsafeMutablePointer<Float>]) -> R
) -> R {
  func open(_ index: Int, _ found: [UnsafeMutablePointer<Float>], _ rest: inout [Tensor]) -> R {
    guard index < rest.count else { return body(found) }
    var tensor = Tensor.zeros([0])
    swap(&tensor, &rest[index])
    let result = tensor.withMutablePointer { open(index + 1, found + [$0], &rest) }
    swap(&tensor, &rest[index])
    return result
  }
  return open(0, [], &tensors)
}
