package import Hope

/// Loss while training, of every entry, the mean over its seeds.
package struct ComparisonCurves: Sendable {
  package typealias Curve = [MeasuredModel.CurvePoint]
  package let plot: LinePlot

  /// - Parameter curves: [entry][seed]; empty: not trained yet.
  package init(_ plan: ComparisonPlan, curves: [[Curve]]) {
    plot = LinePlot(
      title: "loss of text while training", x: .init("tokens read", isLogarithmic: true),
      y: .init("nats a token"),
      series: zip(plan.entries, curves).compactMap { entry, curves in
        let points = Self.mean(curves.filter { !$0.isEmpty })
        return points.isEmpty ? nil : LinePlot.Series(entry.name, points)
      })
  }

  private static let updatesPerPoint = 20

  /// A training log, the mean over every 20 updates.
  package static func smoothed(_ lines: [TrainingLogLine]) -> Curve {
    stride(from: 0, to: lines.count - updatesPerPoint + 1, by: updatesPerPoint).map { first in
      let part = lines[first..<first + updatesPerPoint]
      return MeasuredModel.CurvePoint(
        tokens: part.last?.tokens ?? 0,
        loss: part.reduce(0) { $0 + $1.loss } / Double(updatesPerPoint))
    }
  }

  /// Point by point, as far as all curves go.
  private static func mean(_ curves: [Curve]) -> [LinePlot.Point] {
    let length = curves.map(\.count).min() ?? 0
    return (0..<length).map { i in
      let sum = curves.reduce(0) { $0 + $1[i].loss }
      return LinePlot.Point(Double(curves[0][i].tokens), sum / Double(curves.count))
    }
  }
}
