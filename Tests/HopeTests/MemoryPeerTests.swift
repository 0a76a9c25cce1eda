import Foundation
import Hope
import Tensors
import TestSupport
import Testing

/// Parity with an independent implementation of the published mechanism, recorded in Golden/peer.
@Suite("The paper's rule reproduces a public peer")
struct MemoryPeerTests {
  typealias Role = SelfModifyingMemories.Role

  static let files = [
    "c1_1_m0_a0_r0", "c1_1_m1_a1_r1", "c4_4_m0_a1_r1", "c4_4_m1_a0_r1", "c2_8_m0_a1_r0",
    "c2_8_m1_a1_r1", "dot", "adaptive_q", "noskip_noconv", "no_qk_norm", "batch3", "library_init",
  ]
  static let roles: [(String, Role)] = [
    ("k", .key), ("v", .value), ("q", .query), ("eta", .eta), ("alpha", .alpha), ("memory", .main),
  ]

  @Test("in outputs and final weights", arguments: files)
  func parity(file: String) throws {
    let golden = try Golden("peer/selfmod_d8_\(file).json")
    let start =
      golden.has("init") ? golden["init"] : try Golden("peer/\(golden.text("init_file"))")
    for sequence in 0..<Int(golden["config"].number("batch")) {
      let x = convolved(start.nested("x", sequence), start)
      var layer = Self.layer(golden["config"], start)
      let queries = x * start.nested("w_q").transposed
      let outputs = layer.run(
        SelfModifyingMemories.Inputs(
          tokens: x.tensor,
          queries: golden["config"].flag("adaptive_q") ? nil : queries.tensor)
      ).outputs
      #expect(distance(outputs, golden.nested("o", sequence)) < 1e-4)
      compare(layer, golden["final"], sequence)
    }
  }

  private func compare(_ layer: SelfModifyingMemories, _ final: Golden, _ sequence: Int) {
    for (name, role) in Self.roles {
      guard let memory = layer.memories[role]?.memory else { continue }
      let (weights, sums) = (memory.weights, memory.momentum)
      for (field, found) in [
        ("w1", weights.outer), ("w2", weights.inner), ("w_skip", weights.skip),
        ("m_w1", sums.outer), ("m_w2", sums.inner), ("m_w_skip", sums.skip),
      ] {
        guard final[name].has(field) else {
          #expect(found == nil || field.hasPrefix("m_") == false, "\(name).\(field)")
          continue
        }
        // the peer keeps the sum of gradients, we the sum of steps
        let sign = field.hasPrefix("m_") ? -1.0 : 1
        let wanted = sign * final[name].nested(field, sequence)
        #expect(distance(found!, wanted) < 1e-4, "\(name).\(field)")
      }
    }
  }

  private static func layer(_ config: Golden, _ start: Golden) -> SelfModifyingMemories {
    var memories: [Role: ResidualMemory] = [:]
    for (name, role) in roles {
      if role == .query && !config.flag("adaptive_q") { continue }
      if role == .alpha && !config.flag("use_alpha") { continue }
      let memory = start["memories"][name]
      let weights = MemoryWeights(
        inner: memory.nested("w2").tensor, outer: memory.nested("w1").tensor,
        skip: memory.has("w_skip") ? memory.nested("w_skip").tensor : nil)
      let isSquare = weights.outputWidth == weights.inputWidth
      memories[role] = ResidualMemory(weights, isResidual: isSquare && weights.skip == nil)
    }
    return SelfModifyingMemories(rule(config), start: memories)
  }

  /// The peer's choices, as switches of the paper's rule.
  private static func rule(_ config: Golden) -> SelfModifyingRule {
    var rule = SelfModifyingRule.paperLiteral(
      otherChunkSize: Int(config.number("chunk_size_other")),
      mainChunkSize: Int(config.number("chunk_size_memory")))
    let isRegression = config.text("objective") == "l2"
    rule.memory.activation = .gelu
    rule.memory.objective = isRegression ? .regression : .alignment
    rule.memory.lossFactor = isRegression ? 2 : 1
    rule.memory.innerErase = config.flag("use_rank1_precond") ? 1 : 0
    if config.number("momentum") > 0 {
      rule.memory.momentum = .init(
        decay: Float(config.number("momentum")), rateScalesSum: true)
    }
    rule.normalizesKeysAndQueries = config.flag("qk_l2_norm")
    rule.rateScale = Float(config.number("eta_scale"))
    return rule
  }

  /// The peer's causal depthwise filter, weights [channel, tap], newest tap last.
  private func convolved(_ x: Matrix, _ start: Golden) -> Matrix {
    guard start.has("local_conv") else { return x }
    let taps = start.nested("local_conv")
    var y = Matrix(x.rows, x.columns)
    for t in 0..<x.rows {
      for c in 0..<x.columns {
        for j in 0..<taps.columns where t - taps.columns + 1 + j >= 0 {
          y[t, c] += taps[c, j] * x[t - taps.columns + 1 + j, c]
        }
      }
    }
    return y
  }
}
