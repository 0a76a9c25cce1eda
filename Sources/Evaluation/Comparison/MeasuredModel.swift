/// What was measured of one trained model of a comparison.
package struct MeasuredModel: Codable, Sendable, Equatable {
  /// One number, and how many questions or tokens it comes from.
  package struct Measure: Codable, Sendable, Equatable {
    package let name: String
    package let value: Double
    package let count: Int

    package init(_ name: String, _ value: Double, count: Int) {
      (self.name, self.value, self.count) = (name, value, count)
    }
  }
  /// The loss of text, averaged over some updates, after so many tokens of training.
  package struct CurvePoint: Codable, Sendable, Equatable {
    package let tokens: Int
    /// Nats a token.
    package let loss: Double

    package init(tokens: Int, loss: Double) { (self.tokens, self.loss) = (tokens, loss) }
  }
  package let parameters: Int
  /// Without the token table.
  package let bodyParameters: Int
  package let trainedTokens: Int
  package let checkpointSHA256: String
  package var measures: [Measure]
  /// How the loss fell while it was trained.
  package let curve: [CurvePoint]

  package init(
    parameters: Int, bodyParameters: Int, trainedTokens: Int, checkpointSHA256: String,
    measures: [Measure], curve: [CurvePoint]
  ) {
    (self.parameters, self.bodyParameters) = (parameters, bodyParameters)
    (self.trainedTokens, self.checkpointSHA256) = (trainedTokens, checkpointSHA256)
    (self.measures, self.curve) = (measures, curve)
  }

  package subscript(name: String) -> Measure? { measures.first { $0.name == name } }
}

/// Values of several runs: the mean and how far the runs lie apart.
package struct Scatter: Sendable, Equatable {
  package let values: [Double]

  package init(_ values: [Double]) { self.values = values }

  package var mean: Double { values.reduce(0, +) / Double(max(1, values.count)) }

  /// The sample's standard deviation; nil for one run.
  package var deviation: Double? {
    guard values.count > 1 else { return nil }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }
}
