extension LinePlot {
  /// The plot as an SVG document without a background, whose colours fit light and dark pages.
  package func svg(width: Int = 640, height: Int = 400) -> String {
    let names = legendPlaces(from: 64, to: Double(width) - 16)
    let lines = names.last.map { $0.line + 1 } ?? 1
    let frame = Frame(
      left: 64, right: Double(width) - 16, top: 44,
      bottom: Double(height) - 54 - 18 * Double(lines))
    let parts =
      [SVG.text(title, frame.left, 24, "title")] + grid(frame) + curves(frame)
      + legend(names, below: Double(height) - 12 - 18 * Double(lines - 1))
    return SVG.document(title, width: width, height: height, parts)
  }

  /// Several plots below each other in one document.
  package static func svg(_ plots: [LinePlot], width: Int = 640, height: Int = 400) -> String {
    let parts = plots.enumerated().map { index, plot in
      #"<g transform="translate(0 \#(index * height))">"# + "\n"
        + plot.svg(width: width, height: height) + "</g>"
    }
    return SVG.picture(width: width, height: plots.count * height, parts)
  }

  private struct Frame {
    let left, right, top, bottom: Double
    func x(_ place: Double) -> Double { left + place * (right - left) }
    func y(_ place: Double) -> Double { bottom - place * (bottom - top) }
  }

  private func grid(_ frame: Frame) -> [String] {
    var lines: [String] = []
    for tick in yScale.ticks(6) {
      guard let place = yScale.place(tick.value) else { continue }
      let y = frame.y(place)
      lines.append(SVG.line(frame.left, y, frame.right, y, "grid"))
      lines.append(SVG.text(tick.label, frame.left - 8, y + 4, "", anchor: "end"))
    }
    for tick in xScale.ticks(8) {
      guard let place = xScale.place(tick.value) else { continue }
      let x = frame.x(place)
      lines.append(SVG.line(x, frame.bottom, x, frame.bottom + 5, "axis"))
      lines.append(SVG.text(tick.label, x, frame.bottom + 20, "", anchor: "middle"))
    }
    lines.append(SVG.line(frame.left, frame.bottom, frame.right, frame.bottom, "axis"))
    lines.append(SVG.text(y.label, frame.left, frame.top - 6, ""))
    let middle = (frame.left + frame.right) / 2
    lines.append(SVG.text(x.label, middle, frame.bottom + 40, "", anchor: "middle"))
    return lines
  }

  private func curves(_ frame: Frame) -> [String] {
    series.enumerated().flatMap { index, one in
      let color = index % SVG.colorCount
      let runs = runs(of: one)
      var lines = runs.filter { $0.count > 1 }.map { run in
        let path = run.map { "\(frame.x($0.x).short),\(frame.y($0.y).short)" }
        return #"<polyline class="\#(Self.curve(index))" "#
          + #"points="\#(path.joined(separator: " "))"/>"#
      }
      guard one.points.count <= Self.markedPoints else { return lines }
      for point in runs.joined() {
        let (x, y) = (frame.x(point.x), frame.y(point.y))
        if let low = point.low, let high = point.high {
          lines.append(SVG.line(x, frame.y(low), x, frame.y(high), "bar s\(color)"))
        }
        lines.append(SVG.dot(x, y, "m\(color)"))
      }
      return lines
    }
  }

  /// Points by place on both axes, cut where one cannot be shown.
  private func runs(of series: Series) -> [[Point]] {
    let (xs, ys) = (xScale, yScale)
    var runs: [[Point]] = [[]]
    for point in series.points {
      guard let x = xs.place(point.x), let y = ys.place(point.y) else {
        runs.append([])
        continue
      }
      runs[runs.count - 1].append(
        Point(x, y, low: point.low.flatMap(ys.place), high: point.high.flatMap(ys.place)))
    }
    return runs
  }

  /// Where every name goes: as many lines as they need.
  private func legendPlaces(
    from left: Double, to right: Double
  ) -> [(x: Double, line: Int)] {
    var (x, line) = (left, 0)
    return series.map { one in
      let room = 34 + 7.5 * Double(one.name.count)
      if x > left, x + room > right { (x, line) = (left, line + 1) }
      defer { x += room }
      return (x, line)
    }
  }

  private func legend(_ places: [(x: Double, line: Int)], below top: Double) -> [String] {
    zip(series, places).enumerated().flatMap { index, named in
      let (x, y) = (named.1.x, top + 18 * Double(named.1.line))
      return [
        SVG.line(x, y - 4, x + 16, y - 4, Self.curve(index)),
        SVG.text(named.0.name, x + 22, y, ""),
      ]
    }
  }

  /// Colours come again, dashed and then dotted.
  private static func curve(_ index: Int) -> String {
    let dashes = ["", " dashed", " dotted"]
    return "curve s\(index % SVG.colorCount)" + dashes[index / SVG.colorCount % dashes.count]
  }
}
