import Foundation
import Hope
import Tensors
import TestSupport
import Testing

@Suite("Sampler")
struct SamplerTests {
  private static func sampler(
    temperature: Float = 1, topK: Int = 0, topP: Float = 1, minP: Float = 0, seed: UInt64 = 1
  ) -> Sampler {
    var settings = SamplerSettings()
    settings.temperature = temperature
    settings.topK = topK
    settings.topP = topP
    settings.minP = minP
    return Sampler(settings: settings, random: RandomSource(seed: seed))
  }

  /// How often each token comes in `draws` draws.
  private static func shares(
    _ sampler: Sampler, _ logits: [Float], draws: Int = 20_000
  ) throws -> [Double] {
    var sampler = sampler
    var counts = [Double](repeating: 0, count: logits.count)
    for _ in 0..<draws { counts[Int(try sampler.sample(logits).token)] += 1 }
    return counts.map { $0 / Double(draws) }
  }

  /// Logits of the probabilities 1/2, 1/4, 1/8, 1/8 in the order 1/8, 1/2, 1/8, 1/4.
  private let logits: [Float] = [0.125, 0.5, 0.125, 0.25].map { log($0) + 7 }

  @Test("20,000 draws follow the probabilities")
  func distribution() throws {
    let shares = try Self.shares(Self.sampler(), logits)
    #expect(mismatch(shares, [0.125, 0.5, 0.125, 0.25], relative: 0, absolute: 0.012) == nil)
  }

  @Test("temperature 2 flattens by the square root")
  func temperature() throws {
    let shares = try Self.shares(Self.sampler(temperature: 2), logits)
    let roots = [0.125, 0.5, 0.125, 0.25].map { $0.squareRoot() }
    let expected = roots.map { $0 / roots.reduce(0, +) }
    #expect(mismatch(shares, expected, relative: 0, absolute: 0.012) == nil)
  }

  @Test("temperature 0 takes the likeliest token, the smaller id of equals")
  func greedy() throws {
    var sampler = Self.sampler(temperature: 0)
    let choice = try sampler.sample([1, 3, 2, 3])
    #expect(choice.token == 1)
    #expect(choice.probability == 1)
  }

  @Test("top-k keeps the k likeliest, the smaller id of equals")
  func topK() throws {
    let shares = try Self.shares(Self.sampler(topK: 3), logits)
    #expect(shares[2] == 0)
    #expect(mismatch(shares, [1 / 7, 4 / 7, 0, 2 / 7], relative: 0, absolute: 0.012) == nil)
  }

  @Test("top-p keeps the shortest list that reaches p", arguments: [0.6, 0.7, 0.75] as [Float])
  func topP(limit: Float) throws {
    let shares = try Self.shares(Self.sampler(topP: limit), logits)
    #expect(mismatch(shares, [0, 2 / 3, 0, 1 / 3], relative: 0, absolute: 0.012) == nil)
  }

  @Test("top-p 0 leaves the likeliest token")
  func topPZero() throws {
    #expect(try Self.shares(Self.sampler(topP: 0), logits, draws: 50) == [0, 1, 0, 0])
  }

  @Test("min-p keeps tokens at least that share as likely as the likeliest")
  func minP() throws {
    let shares = try Self.shares(Self.sampler(minP: 0.4), logits)
    #expect(mismatch(shares, [0, 2 / 3, 0, 1 / 3], relative: 0, absolute: 0.012) == nil)
    #expect(try Self.shares(Self.sampler(minP: 1), logits, draws: 50) == [0, 1, 0, 0])
  }

  @Test("the reported probability is the chance after the filters")
  func probability() throws {
    var sampler = Self.sampler(topK: 2)
    for _ in 0..<20 {
      let choice = try sampler.sample(logits)
      let expected: Float = choice.token == 1 ? 2 / 3 : 1 / 3
      #expect(abs(choice.probability - expected) < 1e-6)
    }
  }

  @Test("logits that are not finite are never chosen", arguments: [0, 1] as [Float])
  func nonFinite(temperature: Float) throws {
    let logits: [Float] = [.nan, 1, .infinity, 1, -.infinity]
    for topK in [0, 3] {
      let shares = try Self.shares(
        Self.sampler(temperature: temperature, topK: topK), logits, draws: 200)
      #expect(shares[1] + shares[3] == 1)
    }
  }

  @Test("no finite logit is an error", arguments: [0, 1] as [Float])
  func allNonFinite(temperature: Float) {
    var sampler = Self.sampler(temperature: temperature)
    #expect(throws: SamplingError.noFiniteLogit(vocabularySize: 2)) {
      try sampler.sample([.nan, .infinity])
    }
  }

  @Test("the same seed draws the same tokens, another seed others")
  func seeds() throws {
    func draws(_ seed: UInt64) throws -> [TokenID] {
      var sampler = Self.sampler(seed: seed)
      return try (0..<50).map { _ in try sampler.sample(logits).token }
    }
    #expect(try draws(1) == draws(1))
    #expect(try draws(1) != draws(2))
  }

  @Test("greedy draws move the random source like others")
  func steadySource() throws {
    var (cold, hot) = (Self.sampler(temperature: 0), Self.sampler(temperature: 1, topK: 2))
    _ = try (cold.sample(logits), hot.sample(logits))
    #expect(cold.random == hot.random)
  }

  @Test("a long list is cut like a short one", arguments: [1, 63, 64, 100, 128, 129, 4000])
  func ranking(count: Int) throws {
    var random = RandomSource(seed: 2)
    let logits = (0..<3000).map { _ in Float(random.integer(below: 500)) }
    let sorted = logits.indices.sorted { (-logits[$0], $0) < (-logits[$1], $1) }
    let best = try TokenDistribution(logits).best(count)
    #expect(best.map { Int($0.token) } == Array(sorted.prefix(count)))
  }
}

@Suite("Sampler settings")
struct SamplerSettingsTests {
  @Test("defaults and greedy are valid")
  func valid() throws {
    try SamplerSettings().validate()
    try SamplerSettings.greedy.validate()
  }

  @Test("a bad value names its field and range")
  func invalid() {
    func message(_ change: (inout SamplerSettings) -> Void) -> String {
      var settings = SamplerSettings()
      change(&settings)
      do { try settings.validate() } catch { return "\(error)" }
      return "valid"
    }
    #expect(message { $0.temperature = -1 } == "temperature: -1.0 is not in 0.0...100.0")
    #expect(message { $0.temperature = .nan } == "temperature: nan is not in 0.0...100.0")
    #expect(message { $0.topK = -1 } == "top_k: -1 is not in 0...1048576")
    #expect(message { $0.topP = 1.5 } == "top_p: 1.5 is not in 0.0...1.0")
    #expect(message { $0.minP = -0.5 } == "min_p: -0.5 is not in 0.0...1.0")
  }

  @Test("settings are stored under the names a person types")
  func coding() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var settings = SamplerSettings()
    settings.temperature = 0.5
    settings.topP = 0.75
    let text = try encoder.encode(settings)
    #expect(
      String(decoding: text, as: UTF8.self)
        == #"{"min_p":0,"temperature":0.5,"top_k":0,"top_p":0.75}"#)
    #expect(try JSONDecoder().decode(SamplerSettings.self, from: text) == settings)
  }
}

@Suite("Token distribution")
struct TokenDistributionTests {
  @Test("entropy and surprise of powers of two are whole bits")
  func bits() throws {
    let distribution = try TokenDistribution([0.125, 0.5, 0.125, 0.25].map { log($0) - 3 })
    #expect(abs(distribution.entropyBits - 1.75) < 1e-5)
    #expect(abs(distribution.surpriseBits(of: 3) - 2) < 1e-5)
    #expect(abs(distribution.surpriseBits(of: 0) - 3) < 1e-5)
    #expect(abs(distribution.probability(of: 1) - 0.5) < 1e-6)
  }

  @Test("no idea costs log₂ V bits, a sure thing none", arguments: [1, 63, 64, 100])
  func extremes(count: Int) throws {
    let flat = try TokenDistribution([Float](repeating: -40, count: count))
    #expect(abs(flat.entropyBits - log2(Float(count))) < 1e-5)
    var logits = [Float](repeating: -1e30, count: count)
    logits[count - 1] = 1e30
    let sure = try TokenDistribution(logits)
    #expect(sure.entropyBits == 0)
    #expect(sure.surpriseBits(of: TokenID(count - 1)) == 0)
  }

  @Test("the best alternatives come with their probabilities, ties by id")
  func best() throws {
    let distribution = try TokenDistribution([0, .nan, log(2), 0, .infinity])
    #expect(distribution.best(3).map(\.token) == [2, 0, 3])
    #expect(mismatch(distribution.best(3).map(\.probability), [0.5, 0.25, 0.25] as [Float]) == nil)
    #expect(distribution.best(10).count == 3)
    #expect(distribution.best(0).isEmpty)
    #expect(distribution.probability(of: 1) == 0)
    #expect(distribution.surpriseBits(of: 4) == .infinity)
  }

  @Test("no finite logit is an error that says what to do")
  func none() {
    #expect(throws: SamplingError.noFiniteLogit(vocabularySize: 1)) {
      try TokenDistribution([.nan])
    }
    #expect("\(SamplingError.noFiniteLogit(vocabularySize: 9))".contains("reset the levels"))
  }
}
