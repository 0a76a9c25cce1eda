/// Things side by side in what was measured of them: a row each, a panel a measure, a dot a run and a
/// bar at the runs' mean.
package struct DotPlot: Sendable, Equatable {
  package struct Panel: Sendable, Equatable {
    package let title: String
    /// [row][run]; a row without runs stays empty.
    package let values: [[Double]]
    package let includesZero: Bool

    package init(_ title: String, _ values: [[Double]], includesZero: Bool = false) {
      (self.title, self.values, self.includesZero) = (title, values, includesZero)
    }

    fileprivate var scale: PlotScale {
      PlotScale(
        LinePlot.Axis(title, includesZero: includesZero), values.flatMap { $0 }, padding: 0.08)
    }
  }

  package let title: String
  package let rows: [String]
  package let panels: [Panel]
  /// The row that the others are held against; it has a colour of its own.
  package let reference: String?

  package init(title: String, rows: [String], panels: [Panel], reference: String? = nil) {
    precondition(panels.allSatisfy { $0.values.count == rows.count }, "a value for every row")
    (self.title, self.rows, self.panels) = (title, rows, panels)
    self.reference = reference
  }

  private static let (top, rowHeight, bottom) = (72.0, 26.0, 36.0)

  /// An SVG document as high as its rows.
  package func svg(width: Int = 760) -> String {
    let left = 24 + 7.5 * Double(rows.map(\.count).max() ?? 0)
    let height = Self.top + Self.rowHeight * Double(rows.count) + Self.bottom
    let share = (Double(width) - left) / Double(max(1, panels.count))
    let names = rows.enumerated().map { SVG.text($1, left - 12, Self.y($0) + 4, "", anchor: "end") }
    let drawn = panels.enumerated().flatMap { i, panel in
      let start = left + share * Double(i)
      return draw(panel, from: start + 12, to: start + share - 20)
    }
    return SVG.document(
      title, width: width, height: Int(height),
      [SVG.text(title, 12, 24, "title")] + names + drawn)
  }

  private static func y(_ row: Int) -> Double { top + rowHeight * (Double(row) + 0.5) }

  private func draw(_ panel: Panel, from left: Double, to right: Double) -> [String] {
    let scale = panel.scale
    let (end, floor) = (right - left, Self.y(rows.count) - Self.rowHeight / 2)
    var parts = [SVG.text(panel.title, left, Self.top - 14, "")]
    for tick in scale.ticks(4) {
      guard let place = scale.place(tick.value) else { continue }
      let x = left + place * end
      parts.append(SVG.line(x, Self.top, x, floor, "grid"))
      parts.append(SVG.text(tick.label, x, floor + 18, "", anchor: "middle"))
    }
    parts.append(SVG.line(left, floor, right, floor, "axis"))
    for (row, values) in panel.values.enumerated() {
      let color = rows[row] == reference ? 1 : 0
      let places = values.compactMap(scale.place)
      parts += places.map { SVG.dot(left + $0 * end, Self.y(row), "m\(color)") }
      guard values.count > 1, let mean = scale.place(Scatter(values).mean) else { continue }
      let x = left + mean * end
      parts.append(SVG.line(x, Self.y(row) - 8, x, Self.y(row) + 8, "curve s\(color)"))
    }
    return parts
  }
}
