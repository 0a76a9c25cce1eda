/// Curves over an axis: a value that turns into lines of braille for a terminal, or into SVG.
package struct LinePlot: Sendable, Equatable {
  package struct Point: Sendable, Equatable {
    package let x, y: Double
    /// The ends of an interval around y, if it is known.
    package let low, high: Double?

    package init(_ x: Double, _ y: Double, low: Double? = nil, high: Double? = nil) {
      (self.x, self.y, self.low, self.high) = (x, y, low, high)
    }
  }

  package struct Series: Sendable, Equatable {
    package let name: String
    /// By ascending x.
    package let points: [Point]

    package init(_ name: String, _ points: [Point]) { (self.name, self.points) = (name, points) }
  }

  package struct Axis: Sendable, Equatable {
    package let label: String
    package let isLogarithmic: Bool
    /// What is shown; nil: what the points need.
    package let range: ClosedRange<Double>?
    package let includesZero: Bool
    /// Nothing lies between two whole numbers.
    package let isWhole: Bool

    package init(
      _ label: String, isLogarithmic: Bool = false, range: ClosedRange<Double>? = nil,
      includesZero: Bool = false, isWhole: Bool = false
    ) {
      self.isWhole = isWhole
      self.label = label
      self.isLogarithmic = isLogarithmic
      self.range = range
      self.includesZero = includesZero
    }
  }

  package let title: String
  package let x, y: Axis
  package let series: [Series]

  package init(title: String, x: Axis, y: Axis, series: [Series]) {
    (self.title, self.x, self.y, self.series) = (title, x, y, series)
  }

  /// More points than this in a series are a curve; fewer are marked one by one.
  static let markedPoints = 24

  var xScale: PlotScale { PlotScale(x, series.flatMap { $0.points.map(\.x) }, padding: 0) }

  var yScale: PlotScale {
    let points = series.flatMap(\.points)
    let ends = points.flatMap { [$0.y, $0.low, $0.high].compactMap { $0 } }
    return PlotScale(y, ends, padding: 0.05)
  }
}
