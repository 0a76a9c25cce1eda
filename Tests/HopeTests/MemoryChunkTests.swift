import Foundation
import Hope
import Tensors
import TestSupport
import Testing

@Suite("A chunk of a two-layer memory")
struct MemoryChunkTests {
  /// Rules worth telling apart, by name.
  static let rules: [(String, MemoryRule)] = {
    var all: [(String, MemoryRule)] = [("paper", .paperLiteral), ("stable", .stable(width: 9))]
    func add(_ name: String, _ change: (inout MemoryRule) -> Void) {
      var rule = MemoryRule()
      change(&rule)
      all.append((name, rule))
    }
    add("strict, both layers erase") { _ in }
    add("inclusive") { $0.reading = .inclusive }
    add("bounded without cap") { $0.hasBoundedSteps = true }
    add("gelu, loss without the half") { ($0.activation, $0.lossFactor) = (.gelu, 2) }
    add("alignment") { $0.objective = .alignment }
    add("momentum") { $0.momentum = .init(decay: 0.8) }
    add("momentum of gradients") {
      $0.momentum = .init(decay: 0.9, rateScalesSum: true)
      $0.reading = .inclusive
      $0.lossFactor = 0.1
    }
    return all
  }()

  @Test("equals the token loop", arguments: rules, [1, 7, 64])
  func loop(rule: (String, MemoryRule), tokens: Int) {
    for (outputs, isResidual, hasSkip) in [(9, true, false), (1, false, false), (1, false, true)] {
      let twin = MemoryChunkTwin(
        tokens: tokens, inputs: 9, hidden: 11, outputs: outputs, isResidual: isResidual,
        rule: rule.1, hasSkip: hasSkip, seed: 21)
      // a step rule needs a norm; a projected skip exists only without one
      if hasSkip && rule.1.hasBoundedSteps { continue }
      let wanted = twin.run()
      let (memory, reads, _) = twin.fast()
      #expect(distance(memory.weights.inner, wanted.end.inner) < 2e-5)
      #expect(distance(memory.weights.outer, wanted.end.outer) < 2e-5)
      #expect(distance(reads, wanted.reads) < 2e-5)
      if let skip = memory.weights.skip { #expect(distance(skip, wanted.end.skip!) < 2e-5) }
      if let sum = memory.momentum.inner { #expect(distance(sum, wanted.sums.inner) < 2e-5) }
      if let sum = memory.momentum.outer { #expect(distance(sum, wanted.sums.outer) < 2e-5) }
    }
  }

  @Test("may be cut anywhere, as long as the snapshot is kept", arguments: [1, 2, 5])
  func cuts(part: Int) {
    for (_, rule) in Self.rules {
      let twin = MemoryChunkTwin(
        tokens: 13, inputs: 9, hidden: 8, outputs: 9, isResidual: true, rule: rule, seed: 22)
      let wanted = twin.run()
      var (memory, reads) = (ResidualMemory(twin.running.weights, isResidual: true), [Float]())
      for first in stride(from: 0, to: 13, by: part) {
        let range = first..<min(13, first + part)
        let inputs = MemoryChunk.Inputs(
          keys: twin.keys.rows(range).tensor, values: twin.values.rows(range).tensor,
          rates: twin.rates.rows(range).tensor,
          logRetentions: twin.logRetentions.rows(range).tensor,
          queries: twin.queries.rows(range).tensor)
        reads +=
          MemoryChunk(rule).forward(&memory, snapshot: twin.snapshot.weights, inputs)
          .reads!.elements
      }
      #expect(distance(memory.weights.outer, wanted.end.outer) < 2e-5)
      #expect(distance(Tensor(shape: [13, 9], elements: reads), wanted.reads) < 2e-5)
    }
  }

  /// The rules that can be trained through.
  static let reversible = rules.filter {
    $0.1.momentum == nil && $0.1.objective == .regression && $0.1.activation == .silu
  }

  @Test("reverses to the central differences of the loop", arguments: reversible)
  func reverse(rule: (String, MemoryRule)) {
    for (outputs, isResidual) in [(6, true), (1, false)] {
      var rule = rule.1
      rule.lossFactor = 1.5
      var twin = MemoryChunkTwin(
        tokens: 9, inputs: 6, hidden: 8, outputs: outputs, isResidual: isResidual, rule: rule,
        seed: 23)
      var source = RandomSource(seed: 24)
      // a chunk that was cut: the weights have moved on from the snapshot
      twin.running.inner = twin.running.inner + Matrix(8, 6, in: -0.1...0.1, &source)
      twin.running.outer = twin.running.outer + Matrix(outputs, 8, in: -0.1...0.1, &source)
      (twin.innerNorm, twin.outerNorm) = (twin.running.inner.norm, twin.running.outer.norm)
      let a = Matrix(8, 6, in: -1...1, &source)
      let b = Matrix(outputs, 8, in: -1...1, &source)
      let c = Matrix(9, outputs, in: -1...1, &source)
      var running = MemoryWeights(inner: a.tensor, outer: b.tensor)
      var snapshot = MemoryWeights.zeros(like: running)
      let bars = MemoryChunk(rule).reverse(
        twin.fast().trace, reads: c.tensor, running: &running, snapshot: &snapshot)
      let found: [(WritableKeyPath<MemoryChunkTwin, Matrix>, Tensor)] = [
        (\.running.inner, running.inner), (\.running.outer, running.outer),
        (\.snapshot.inner, snapshot.inner), (\.snapshot.outer, snapshot.outer),
        (\.keys, bars.keys), (\.values, bars.values), (\.rates, bars.rates),
        (\.logRetentions, bars.logRetentions), (\.queries, bars.queries!),
      ]
      for (input, gradient) in found {
        let wanted = differences(of: twin, input) { $0.loss(a, b, c) }
        #expect(distance(gradient, wanted) < 1e-4, "\(input)")
      }
    }
  }

  @Test("clamps the step of a token that keeps less than half, and reverses it")
  func clamp() {
    // η‖x‖² ≤ 2α binds only here: α = e^−3 and a large η
    var rule = MemoryRule()
    rule.hasBoundedSteps = true
    var twin = MemoryChunkTwin(
      tokens: 5, inputs: 6, hidden: 8, outputs: 6, isResidual: true, rule: rule, seed: 25)
    var source = RandomSource(seed: 26)
    twin.logRetentions = Matrix(5, 1, in: -3.2 ... -2.8, &source)
    twin.rates = Matrix(5, 1, in: 2...4, &source)
    let trace = twin.fast().trace
    for t in 0..<5 {
      let bound = 2 * exp(Double(twin.logRetentions[t, 0]))
      #expect(abs(Double(trace.innerRates.elements[t]) - bound) < 1e-5)
    }
    let zero = Matrix(8, 6)
    let b = Matrix(6, 8)
    let c = Matrix(5, 6, in: -1...1, &source)
    var running = MemoryWeights(inner: zero.tensor, outer: b.tensor)
    var snapshot = running
    let bars = MemoryChunk(rule).reverse(
      trace, reads: c.tensor, running: &running, snapshot: &snapshot)
    for (input, gradient) in [
      (\MemoryChunkTwin.keys, bars.keys), (\.logRetentions, bars.logRetentions),
    ] {
      let wanted = differences(of: twin, input) { $0.loss(zero, b, c) }
      #expect(distance(gradient, wanted) < 1e-4)
    }
  }

  @Test("never outgrows its start while the write limit holds")
  func bound() {
    var rule = MemoryRule.stable(width: 9)
    rule.reading = .strict
    var twin = MemoryChunkTwin(
      tokens: 16, inputs: 9, hidden: 14, outputs: 9, isResidual: true, rule: rule, seed: 27)
    var source = RandomSource(seed: 28)
    var memory = ResidualMemory(twin.running.weights, isResidual: true)
    for _ in 0..<8 {
      twin.keys = Matrix(16, 9, in: -1...1, &source).unitRows
      twin.values = Matrix(16, 9, in: -1...1, &source).unitRows
      twin.rates = Matrix(16, 1, in: 0.01...2, &source)
      let snapshot = memory.weights
      for t in 0..<16 {
        let inputs = MemoryChunk.Inputs(
          keys: twin.keys.rows(t..<t + 1).tensor, values: twin.values.rows(t..<t + 1).tensor,
          rates: twin.rates.rows(t..<t + 1).tensor,
          logRetentions: twin.logRetentions.rows(t..<t + 1).tensor)
        MemoryChunk(rule).forward(&memory, snapshot: snapshot, inputs)
        #expect(memory.weights.inner.norm <= memory.innerNorm * 1.00001)
        #expect(memory.weights.outer.norm <= memory.outerNorm * 1.00001)
      }
    }
  }

  @Test("stays where it is with full retention and no writes")
  func still() {
    for (name, rule) in Self.rules {
      var twin = MemoryChunkTwin(
        tokens: 7, inputs: 9, hidden: 8, outputs: 9, isResidual: true, rule: rule, seed: 29)
      twin.rates = Matrix(7, 1)
      twin.logRetentions = Matrix(7, 1)
      let (memory, reads, _) = twin.fast()
      #expect(memory.weights == twin.running.weights, "\(name)")
      let network = twin.running.weights.read(twin.queries.tensor, rule, isResidual: true).0
      #expect(distance(reads, Matrix(network)) < 1e-6, "\(name)")
    }
  }
}
