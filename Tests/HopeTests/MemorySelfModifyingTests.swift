import Hope
import Tensors
import TestSupport
import Testing

@Suite("Self-modifying memories")
struct MemorySelfModifyingTests {
  typealias Role = SelfModifyingMemories.Role

  /// Two clocks that do not divide each other's segments evenly with the tests' token counts.
  static let rules: [(String, SelfModifyingRule)] = {
    var stable = SelfModifyingRule.stable(width: 6, chunkSize: 4)
    stable.mainChunkSize = 12
    var unbounded = SelfModifyingRule.paperLiteral(otherChunkSize: 5, mainChunkSize: 3)
    unbounded.memory.reading = .inclusive
    unbounded.normalizesValues = true
    return [
      ("stable", stable), ("inclusive", unbounded),
      ("paper", .paperLiteral(otherChunkSize: 4, mainChunkSize: 12)),
    ]
  }()

  static let roles: [Role] = [.key, .value, .eta, .alpha, .main]

  @Test("equal the literal token loop with two chunk sizes", arguments: rules)
  func loop(rule: (String, SelfModifyingRule)) {
    let twin = SelfModifyingTwin(rule.1, tokens: 53, width: 6, seed: 31)
    let wanted = twin.run()
    var layer = twin.fast.layer
    let outputs = layer.run(twin.fast.inputs).outputs
    #expect(distance(outputs, wanted.outputs) < 1e-4)
    for role in Self.roles {
      let weights = layer[role].memory.weights
      #expect(distance(weights.inner, wanted.end[role]!.inner) < 1e-4, "\(role)")
      #expect(distance(weights.outer, wanted.end[role]!.outer) < 1e-4, "\(role)")
    }
  }

  @Test("give the same however the stream is cut", arguments: rules, [1, 7, 63])
  func cuts(rule: (String, SelfModifyingRule), part: Int) {
    let twin = SelfModifyingTwin(rule.1, tokens: 100, width: 6, seed: 32)
    var whole = twin.fast.layer
    let inputs = twin.fast.inputs
    let wanted = whole.run(inputs).outputs
    var (layer, outputs) = (twin.fast.layer, [Float]())
    for first in stride(from: 0, to: 100, by: part) {
      let range = first..<min(100, first + part)
      var piece = inputs
      piece.tokens = inputs.tokens.rows(range)
      piece.queries = inputs.queries?.rows(range)
      outputs += layer.run(piece).outputs.elements
    }
    #expect(distance(Tensor(shape: wanted.shape, elements: outputs), Matrix(wanted)) < 2e-5)
    for role in Self.roles {
      #expect(layer[role].pendingTokens == whole[role].pendingTokens)
      let (a, b) = (layer[role].memory.weights, whole[role].memory.weights)
      #expect(distance(a.inner, Matrix(b.inner)) < 2e-5)
      #expect(distance(a.outer, Matrix(b.outer)) < 2e-5)
    }
  }

  @Test("let no token see a later one", arguments: rules, [0, 3, 4, 11, 12, 20])
  func causality(rule: (String, SelfModifyingRule), changed: Int) {
    let twin = SelfModifyingTwin(rule.1, tokens: 25, width: 6, seed: 33)
    var (layer, inputs) = twin.fast
    var other = layer
    let before = layer.run(inputs).outputs
    for j in 0..<6 {
      inputs.tokens[changed, j] += 1
      inputs.queries![changed, j] -= 1
    }
    let after = other.run(inputs).outputs
    #expect(before.rows(0..<changed) == after.rows(0..<changed))
    #expect(before.rows(changed..<25) != after.rows(changed..<25))
    #expect(before.rows(24..<25) != after.rows(24..<25))
  }

  @Test("are a static network when nothing fades and nothing is written")
  func still() {
    let twin = SelfModifyingTwin(Self.rules[0].1, tokens: 25, width: 6, seed: 34)
    var (layer, inputs) = twin.fast
    (inputs.etaBias, inputs.alphaBias) = (-200, 200)
    let start = layer
    let outputs = layer.run(inputs).outputs
    for role in Self.roles {
      #expect(layer[role].memory.weights == start[role].memory.weights, "\(role)")
    }
    let main = twin.start[.main]!
    for t in 0..<25 {
      let q = twin.queries.rows(t..<t + 1).unitRows.row(0)
      let wanted = main.read(q, layer.rule.memory, isResidual: true)
      #expect(distance(outputs.rows(t..<t + 1), Matrix(1, 6, wanted)) < 1e-5)
    }
  }

  @Test("reverse to the central differences of the token loop", arguments: rules)
  func reverse(rule: (String, SelfModifyingRule)) {
    let twin = SelfModifyingTwin(rule.1, tokens: 11, width: 6, seed: 35)
    var source = RandomSource(seed: 36)
    let a = Matrix(11, 6, in: -1...1, &source)
    var layer = twin.fast.layer
    let trace = layer.run(twin.fast.inputs).trace
    var states = Self.endCotangents(layer)
    let found = layer.reverse(trace, outputs: a.tensor, states: &states)
    let biases = Tensor(shape: [1, 2], elements: [found.etaBias, found.alphaBias])
    expect(\.tokens, found.tokens)
    expect(\.queries, found.queries!)
    expect(\.biases, biases)
    for role in Self.roles {
      expect(\.[inner: role], states[role]!.sum.inner)
      expect(\.[outer: role], states[role]!.sum.outer)
    }
    func expect(_ input: WritableKeyPath<SelfModifyingTwin, Matrix>, _ gradient: Tensor) {
      let wanted = differences(of: twin, input) { $0.loss(a) }
      #expect(distance(gradient, wanted) < 1e-4, "\(rule.0) \(input)")
    }
  }

  /// 0.3 for every weight after the run.
  private static func endCotangents(
    _ layer: SelfModifyingMemories
  ) -> [Role: StreamedMemory.Cotangents] {
    var states: [Role: StreamedMemory.Cotangents] = [:]
    for role in roles {
      let weights = layer[role].snapshot
      let full = MemoryWeights(
        inner: Tensor(weights.inner.shape, filledWith: 0.3),
        outer: Tensor(weights.outer.shape, filledWith: 0.3))
      states[role] = StreamedMemory.Cotangents(running: full, snapshot: .zeros(like: weights))
    }
    return states
  }

  @Test("reverse the same when the stream is cut inside a chunk", arguments: rules)
  func reverseCut(rule: (String, SelfModifyingRule)) {
    let twin = SelfModifyingTwin(rule.1, tokens: 17, width: 6, seed: 37)
    var source = RandomSource(seed: 38)
    let a = Matrix(17, 6, in: -1...1, &source).tensor
    var whole = twin.fast.layer
    let inputs = twin.fast.inputs
    var wanted = Self.endCotangents(whole)
    let wantedTokens = whole.reverse(whole.run(inputs).trace, outputs: a, states: &wanted).tokens
    var (layer, traces) = (twin.fast.layer, [SelfModifyingMemories.Trace]())
    let cuts = [0..<6, 6..<7, 7..<17]
    for range in cuts {
      var piece = inputs
      piece.tokens = inputs.tokens.rows(range)
      piece.queries = inputs.queries?.rows(range)
      traces.append(layer.run(piece).trace)
    }
    var (found, tokens) = (Self.endCotangents(layer), [Float]())
    for (range, trace) in zip(cuts, traces).reversed() {
      let part = layer.reverse(trace, outputs: a.rows(range), states: &found)
      tokens = part.tokens.elements + tokens
    }
    #expect(distance(Tensor(shape: [17, 6], elements: tokens), Matrix(wantedTokens)) < 2e-5)
    for role in Self.roles {
      #expect(distance(found[role]!.sum.inner, Matrix(wanted[role]!.sum.inner)) < 2e-5)
      #expect(distance(found[role]!.sum.outer, Matrix(wanted[role]!.sum.outer)) < 2e-5)
    }
  }

  @Test("that are linear share one gain: every one is multiplied by the same matrix")
  func sharedGain() {
    // with self-generated values the error of a linear memory is M(k − v)
    var twin = DeltaTwin(tokens: 16, outputs: 8, inputs: 8, seed: 39)
    var source = RandomSource(seed: 40)
    let difference = twin.keys - Matrix(16, 8, in: -1...1, &source)
    twin.state = .identity(8)
    twin.errors = difference
    let gain = Matrix(twin.fast(.strict).forward().state)
    for outputs in [8, 8, 8, 1, 1] {
      let start = Matrix(outputs, 8, in: -0.5...0.5, &source)
      var memory = twin
      memory.state = start
      memory.errors = Matrix(16, outputs, (0..<16).flatMap { start * difference.row($0) })
      #expect(distance(memory.run().state, start * gain) < 1e-5)
    }
  }
}
