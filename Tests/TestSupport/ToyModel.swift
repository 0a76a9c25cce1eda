package import Hope
package import Tensors

/// Models small enough for their naive twin, with no weight left at a value that hides mistakes.
package enum ToyModel {
  /// Two blocks of width 8 with two heads and levels of 4 and 8 tokens.
  /// - Parameter width: 32 where rounding is measured; the narrow heads of a width of 8 now and then
  ///   hold a row near zero, whose norm enlarges rounding errors tenfold and more.
  package static func configuration(
    _ arch: HopeConfiguration.Architecture = .hope, chunkSizes: [Int] = [4, 8],
    mixerChunkSize: Int = 4, width: Int = 8
  ) -> HopeConfiguration {
    var c = HopeConfiguration(
      vocabularySize: 13, width: width, blockCount: 2, headCount: 2,
      levels: chunkSizes.enumerated().map { i, size in
        HopeConfiguration.Level(
          name: "cms\(i + 1)", chunkSize: size, hiddenWidth: width - 2 - i,
          retention: i == 0 ? 0.5 : 0.875)
      })
    c.arch = arch
    c.mixerChunkSize = mixerChunkSize
    c.updateLimit = 100
    return c
  }

  /// Start weights with noise on everything that starts constant.
  package static func model(_ c: HopeConfiguration, seed: UInt64 = 3) -> HopeModel {
    var random = RandomSource(seed: seed)
    let values = c.parameterSpecs.map { spec in
      var value = spec.startValue(&random)
      if spec.shape.count == 1, spec.role != .retention {
        value.add(.normal(spec.shape, deviation: 0.3, &random))
      }
      // writes about as large as what they change: a stream that swings hides its mistakes
      if spec.name.hasSuffix("log_rate") { value.elements[0] -= 2 }
      return value
    }
    return HopeModel(configuration: c, parameters: HopeParameters(c, values: values))
  }

  /// Random tokens, outer weights in 0.5..<1.5; three of four tokens may be learned from.
  package static func sequence(
    _ c: HopeConfiguration, length: Int, seed: UInt64 = 5, breaks: [Int] = []
  ) -> TrainingSequence {
    var random = RandomSource(seed: seed)
    return TrainingSequence(
      tokens: (0...length).map { _ in TokenID(random.integer(below: c.vocabularySize)) },
      targetWeights: (0..<length).map { _ in random.uniform() + 0.5 },
      isWritable: (0..<length).map { _ in random.uniform() < 0.75 }, breaks: breaks)
  }
}

extension HopeModel {
  /// The same model with some parameters changed, by the end of their names.
  package func replacing(
    _ suffix: String, _ change: (inout Tensor) -> Void
  ) -> HopeModel {
    var values = parameters.flat
    let found = configuration.parameterSpecs.indices.filter {
      configuration.parameterSpecs[$0].name.hasSuffix(suffix)
    }
    precondition(!found.isEmpty, "no parameter named …\(suffix)")
    for i in found { change(&values[i]) }
    var model = HopeModel(
      configuration: configuration, parameters: HopeParameters(configuration, values: values))
    model.lanes = lanes
    return model
  }

  /// The same weights under another configuration of equal shapes.
  package func configured(_ change: (inout HopeConfiguration) -> Void) -> HopeModel {
    var c = configuration
    change(&c)
    var model = HopeModel(
      configuration: c, parameters: HopeParameters(c, values: parameters.flat))
    model.lanes = lanes
    return model
  }
}
