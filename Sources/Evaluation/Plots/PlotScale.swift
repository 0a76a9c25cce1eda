import Foundation

/// Places values on an axis, and finds round numbers to label it with.
struct PlotScale: Sendable, Equatable {
  let isLogarithmic: Bool
  /// The ends, in the axis' own measure: logarithms where it is logarithmic.
  private let low, high: Double
  /// All values are powers of two, and so are the labels.
  private let isBinary: Bool
  private let isWhole: Bool

  /// - Parameter padding: room at both ends of a range that is not given, as a share of it.
  init(_ axis: LinePlot.Axis, _ values: [Double], padding: Double) {
    let isLogarithmic = axis.isLogarithmic
    func measure(_ value: Double) -> Double? {
      let measured = isLogarithmic ? log(value) : value
      return measured.isFinite && (!isLogarithmic || value > 0) ? measured : nil
    }
    self.isLogarithmic = isLogarithmic
    isWhole = axis.isWhole
    let all = values + (axis.includesZero ? [0] : [])
    let given = axis.range.map { [$0.lowerBound, $0.upperBound] }
    let found = (given ?? all).compactMap(measure)
    var (low, high) = (found.min() ?? 0, found.max() ?? 1)
    if high <= low { (low, high) = (low - 0.5, low + 0.5) }
    let room = given == nil ? padding * (high - low) : 0
    self.low = axis.includesZero && low == 0 ? 0 : low - room
    self.high = high + room
    isBinary = isLogarithmic && !values.isEmpty && values.allSatisfy(Self.isPowerOfTwo)
  }

  /// Where a value lies, 0 at the low end and 1 at the high one; nil where it cannot be shown.
  func place(_ value: Double) -> Double? {
    guard value.isFinite, !isLogarithmic || value > 0 else { return nil }
    let measured = isLogarithmic ? log(value) : value
    return min(1, max(0, (measured - low) / (high - low)))
  }

  /// At most `count` round numbers within the range, ascending.
  func ticks(_ count: Int) -> [(value: Double, label: String)] {
    let values = isLogarithmic ? logarithmicTicks(count) : linearTicks(count)
    return values.map { ($0, label($0)) }
  }

  private func linearTicks(_ count: Int) -> [Double] {
    let raw = (high - low) / Double(max(1, count))
    let power = pow(10, floor(log10(raw)))
    let step = [1, 2, 5, 10, 20, 50].map { $0 * power }.first {
      multiples(of: $0).count <= count && (!isWhole || $0 >= 1)
    }
    return step.map { multiples(of: $0) } ?? []
  }

  private func multiples(of step: Double) -> [Double] {
    let slack = (high - low) * 1e-9
    let (first, last) = (
      ((low - slack) / step).rounded(.up), ((high + slack) / step).rounded(.down)
    )
    return first > last ? [] : stride(from: first, through: last, by: 1).map { $0 * step }
  }

  private func logarithmicTicks(_ count: Int) -> [Double] {
    if isBinary {
      let powers = (Int((low / M_LN2).rounded())...Int((high / M_LN2).rounded())).map { $0 }
      return thinned(powers.map { pow(2, Double($0)) }, count)
    }
    let decades = Int(floor(low / M_LN10))...Int(ceil(high / M_LN10))
    let slack = (high - low) * 1e-9
    func within(_ digits: [Double]) -> [Double] {
      decades.flatMap { d in digits.map { $0 * pow(10, Double(d)) } }
        .filter { log($0) >= low - slack && log($0) <= high + slack }
    }
    let fine = within([1, 2, 5])
    return fine.count <= count ? fine : thinned(within([1]), count)
  }

  /// Every n-th, so that no more than `count` are left.
  private func thinned(_ values: [Double], _ count: Int) -> [Double] {
    let step = (values.count + count - 1) / max(1, count)
    return values.enumerated().filter { $0.offset % max(1, step) == 0 }.map(\.element)
  }

  private func label(_ value: Double) -> String {
    if isBinary, value >= 1024 { return "\(Int(value / 1024))k" }
    switch abs(value) {
    case 1e6...: return Self.short(value / 1e6) + "M"
    case 1e4...: return Self.short(value / 1e3) + "k"
    default: return Self.short(value)
    }
  }

  private static func short(_ value: Double) -> String {
    abs(value) < 1e-12 ? "0" : String(format: "%.4g", value)
  }

  private static func isPowerOfTwo(_ value: Double) -> Bool {
    value >= 1 && value < 1e15 && value == value.rounded()
      && Int(value).nonzeroBitCount == 1
  }
}
