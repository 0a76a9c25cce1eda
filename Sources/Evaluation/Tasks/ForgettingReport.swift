/// Loss matrices: what is known of two texts before and after learning each.
package struct ForgettingReport: Sendable, Equatable, Encodable {
  /// Nats a token, the mean over windows, and half its 95 % interval.
  package struct Loss: Sendable, Equatable, Encodable {
    package let nats: Double
    package let halfWidth: Double?

    init(_ values: [Double]) {
      let spread = Spread(values)
      (nats, halfWidth) = (spread.mean, spread.halfWidth)
    }
  }

  /// The losses of every held-out window at one time.
  package struct Stage: Sendable, Equatable, Encodable {
    package let after: String
    package let aWindows, bWindows: [Double]
    package var a: Loss { Loss(aWindows) }
    package var b: Loss { Loss(bWindows) }

    init(after: String, a: [Double], b: [Double]) {
      (self.after, aWindows, bWindows) = (after, a, b)
    }

    private enum CodingKeys: CodingKey { case after, a, b }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(after, forKey: .after)
      try container.encode(a, forKey: .a)
      try container.encode(b, forKey: .b)
    }
  }

  /// One way to learn. Differences are taken window by window.
  package struct Matrix: Sendable, Equatable, Encodable {
    package let name: String
    /// Before, after A, after B, after A again.
    package let stages: [Stage]
    /// What learning A saved on A, and learning B on B.
    package let gainA, gainB: Loss
    /// How much the loss on A rose while B was learned.
    package let forgetting: Loss

    init(name: String, stages: [Stage]) {
      precondition(stages.count == 4, "\(stages.count) stages")
      (self.name, self.stages) = (name, stages)
      func difference(_ x: [Double], _ y: [Double]) -> Loss { Loss(zip(x, y).map { $0 - $1 }) }
      gainA = difference(stages[0].aWindows, stages[1].aWindows)
      gainB = difference(stages[1].bWindows, stages[2].bWindows)
      forgetting = difference(stages[2].aWindows, stages[1].aWindows)
    }
  }

  package let task = "forgetting"
  package let a, b: String
  package let settings: ForgettingEvaluation.Settings
  package let fineTuning: Matrix
  /// With all levels, then without each; empty for a model without levels.
  package let levels: [Matrix]

  package var matrices: [Matrix] { [fineTuning] + levels }

  /// The losses from stage to stage, fine-tuned and by the model's own levels.
  package var plot: LinePlot {
    let series = ([fineTuning] + levels.prefix(1)).flatMap { matrix in
      [
        LinePlot.Series("\(a), \(matrix.name)", matrix.stages.map(\.a).points),
        LinePlot.Series("\(b), \(matrix.name)", matrix.stages.map(\.b).points),
      ]
    }
    return LinePlot(
      title: "learning one text, another, and the first again",
      x: .init("texts learned: \(a), \(b), \(a)", isWhole: true), y: .init("nats a token"),
      series: series)
  }
}

extension [ForgettingReport.Loss] {
  fileprivate var points: [LinePlot.Point] {
    enumerated().map { i, loss in
      LinePlot.Point(
        Double(i), loss.nats, low: loss.halfWidth.map { loss.nats - $0 },
        high: loss.halfWidth.map { loss.nats + $0 })
    }
  }
}
