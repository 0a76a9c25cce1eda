import Hope
import Tensors
import TestSupport
import Testing

@Suite("AdamW")
struct AdamWTests {
  @Test("steps equal the formula in Double", arguments: [1, 63, 64, 100])
  func twin(count: Int) {
    var random = RandomSource(seed: UInt64(count))
    var parameters = [Tensor.normal([count], deviation: 1, &random)]
    var optimizer = AdamW(shapes: [[count]])
    var twin = ReferenceAdamW(weights: parameters[0].doubles)
    for age in 1...3 {
      let gradient = Tensor.normal([count], deviation: 0.3, &random)
      let outcome = optimizer.update(
        &parameters, gradients: [gradient], options: [ParameterOptions(rateMultiplier: 2)],
        learningRate: 0.005, clip: nil)
      #expect(outcome == .applied(gradientNorm: gradient.norm, gradientScale: 1))
      twin.step(
        gradient.doubles, age: age, rate: 0.01, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, decay: 0.1)
      #expect(mismatch(parameters[0].elements, twin.weights, relative: 1e-6, absolute: 1e-6) == nil)
    }
  }

  @Test("the first step of a decaying weight is the golden one")
  func golden() {
    // By hand: g/|g| = −1 after bias correction, so w = 2·(1 − 0.1·0.1) + 0.1.
    var parameters = [Tensor(shape: [1], elements: [2])]
    var optimizer = AdamW(shapes: [[1]])
    _ = optimizer.update(
      &parameters, gradients: [Tensor(shape: [1], elements: [-0.25])],
      options: [ParameterOptions()], learningRate: 0.1)
    #expect(mismatch(parameters[0].elements, [2.08], relative: 1e-6) == nil)
  }

  @Test("it finds the minimum of a quadratic")
  func quadratic() {
    let target: [Float] = [1, -2, 0.5, 30]
    var parameters = [Tensor.zeros([4])]
    var optimizer = AdamW(shapes: [[4]])
    let schedule = LearningRateSchedule(
      peak: 0.3, floorShare: 0, warmUpUpdates: 10, totalUpdates: 600)
    for index in 0..<600 {
      let gradient = Tensor(shape: [4], elements: zip(parameters[0].elements, target).map(-))
      _ = optimizer.update(
        &parameters, gradients: [gradient], options: [ParameterOptions(decays: false)],
        learningRate: schedule.rate(at: index))
    }
    #expect(mismatch(parameters[0].elements, target, relative: 1e-3, absolute: 1e-3) == nil)
  }

  @Test("two lanes give the bits of one")
  func lanes() {
    #expect(Self.trained(lanes: 1) == Self.trained(lanes: 2))
  }

  private static func trained(lanes: Int) -> [Tensor] {
    var random = RandomSource(seed: 5)
    let shapes = [[300, 401], [7], [3, 64, 100]]
    var parameters = shapes.map { Tensor.normal($0, deviation: 1, &random) }
    var optimizer = AdamW(shapes: shapes)
    for _ in 0..<3 {
      let gradients = shapes.map { Tensor.normal($0, deviation: 1, &random) }
      _ = optimizer.update(
        &parameters, gradients: gradients,
        options: Array(repeating: ParameterOptions(), count: shapes.count), learningRate: 0.01,
        lanes: lanes)
    }
    return parameters + optimizer.firstMoments + optimizer.secondMoments
  }

  @Test("a gradient that is not finite changes nothing", arguments: [Float.nan, .infinity, 3e38])
  func nonFinite(bad: Float) {
    var parameters = [Tensor([3], filledWith: 1), Tensor([3], filledWith: 2)]
    var optimizer = AdamW(shapes: [[3], [3]])
    let before = (parameters, optimizer)
    let outcome = optimizer.update(
      &parameters,
      gradients: [Tensor([3], filledWith: 1), Tensor(shape: [3], elements: [0, bad, 0])],
      options: [ParameterOptions(), ParameterOptions()], learningRate: 0.1)
    #expect(outcome == .skipped(parameter: 1))
    #expect(parameters == before.0)
    #expect(optimizer == before.1)
  }

  @Test("clipping brings the global norm down to the limit")
  func clipping() {
    // 3² + 4² = 5²; clipped to 1 the first moments are a tenth of (0.6, 0.8).
    var parameters = [Tensor.zeros([1]), Tensor.zeros([1])]
    var optimizer = AdamW(shapes: [[1], [1]])
    let outcome = optimizer.update(
      &parameters, gradients: [Tensor([1], filledWith: 3), Tensor([1], filledWith: 4)],
      options: [ParameterOptions(), ParameterOptions()], learningRate: 0.1, clip: 1)
    #expect(outcome == .applied(gradientNorm: 5, gradientScale: 0.2))
    #expect(mismatch(optimizer.firstMoments.flatMap(\.elements), [0.06, 0.08] as [Float]) == nil)
  }

  @Test("a frozen parameter keeps its bits, and its bad gradient is not looked at")
  func frozen() {
    var parameters = [Tensor([2], filledWith: 1), Tensor([2], filledWith: 1)]
    var optimizer = AdamW(shapes: [[2], [2]])
    let outcome = optimizer.update(
      &parameters, gradients: [Tensor([2], filledWith: .nan), Tensor([2], filledWith: 1)],
      options: [ParameterOptions(isFrozen: true), ParameterOptions()], learningRate: 0.1)
    #expect(outcome != .skipped(parameter: 0))
    #expect(parameters[0] == Tensor([2], filledWith: 1))
    #expect(parameters[1].elements[0] < 1)
    #expect(optimizer.updateCounts == [0, 1])
  }

  @Test("weight decay can be turned off for one parameter")
  func decay() {
    var parameters = [Tensor([1], filledWith: 4), Tensor([1], filledWith: 4)]
    var optimizer = AdamW(shapes: [[1], [1]])
    _ = optimizer.update(
      &parameters, gradients: [.zeros([1]), .zeros([1])],
      options: [ParameterOptions(decays: true), ParameterOptions(decays: false)],
      learningRate: 0.5)
    #expect(parameters.flatMap(\.elements) == [3.8, 4])
  }

  @Test("a restored state goes on with the same bits")
  func resume() throws {
    var random = RandomSource(seed: 9)
    var parameters = [Tensor.normal([64], deviation: 1, &random)]
    let options = [ParameterOptions()]
    var optimizer = AdamW(shapes: [[64]])
    let gradients = (0..<4).map { _ in [Tensor.normal([64], deviation: 1, &random)] }
    for i in 0..<2 {
      _ = optimizer.update(
        &parameters, gradients: gradients[i], options: options, learningRate: 0.1)
    }
    var (copied, restored) = (parameters, AdamW(shapes: [[64]]))
    let stored = optimizer.namedState(["w"])
    #expect(stored.map(\.name) == ["adamw.updates", "w.first", "w.second"])
    try restored.restore(["w"], from: Dictionary(uniqueKeysWithValues: stored.map { ($0, $1) }))
    for i in 2..<4 {
      _ = optimizer.update(
        &parameters, gradients: gradients[i], options: options, learningRate: 0.1)
      _ = restored.update(&copied, gradients: gradients[i], options: options, learningRate: 0.1)
    }
    #expect(copied[0].hasSameBits(as: parameters[0]))
    #expect(restored == optimizer)
  }

  @Test("a state that does not fit names the tensor and changes nothing")
  func badState() {
    var optimizer = AdamW(shapes: [[2]])
    let before = optimizer
    var stored = Dictionary(uniqueKeysWithValues: optimizer.namedState(["w"]).map { ($0, $1) })
    stored["w.second"] = .zeros([3])
    #expect(throws: OptimizerStateError.wrongShape(name: "w.second", found: [3], wanted: [2])) {
      try optimizer.restore(["w"], from: stored)
    }
    stored["w.second"] = nil
    #expect(throws: OptimizerStateError.missing(name: "w.second")) {
      try optimizer.restore(["w"], from: stored)
    }
    stored["adamw.updates"] = Tensor([1], filledWith: 0.5)
    #expect(throws: OptimizerStateError.notACount(name: "adamw.updates", value: 0.5)) {
      try optimizer.restore(["w"], from: stored)
    }
    #expect(optimizer == before)
  }
}

@Suite("Learning rate schedule")
struct LearningRateScheduleTests {
  let schedule = LearningRateSchedule(
    peak: 1, floorShare: 0.1, warmUpUpdates: 4, totalUpdates: 15)

  @Test("warms up linearly, turns at the peak, ends at the floor and stays there")
  func course() {
    let rates = [0, 1, 3, 4, 9, 14, 15, 1000].map(schedule.rate(at:))
    #expect(mismatch(rates, [0.25, 0.5, 1, 1, 0.55, 0.1, 0.1, 0.1] as [Float]) == nil)
  }

  @Test("never rises after the warm-up")
  func falls() {
    let rates = (4..<20).map(schedule.rate(at:))
    #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 >= $1 })
  }

  @Test("works without a warm-up and with one update")
  func short() {
    #expect(
      LearningRateSchedule(peak: 2, warmUpUpdates: 0, totalUpdates: 1).rate(at: 0) == 2)
  }
}
