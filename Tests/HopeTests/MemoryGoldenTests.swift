import Foundation
import Hope
import Tensors
import TestSupport
import Testing

/// Inputs and results in Golden/memory/chunks.json, made by make_memory_golden.py beside it: literal
/// token loops and complex-step gradients in float64.
@Suite("The memories reproduce the stored token loops")
struct MemoryGoldenTests {
  typealias Role = SelfModifyingMemories.Role

  private func cases(_ kind: String) throws -> [(config: Golden, inputs: Golden, all: Golden)] {
    let file = try Golden("memory/chunks.json")
    let inputs = file.list("inputs")
    let found = file.list("cases").filter { $0.text("kind") == kind }
    #expect(!found.isEmpty)
    return found.map { ($0["config"], inputs[Int($0.number("inputs"))], $0) }
  }

  @Test("of one matrix, with and without momentum, and its gradients")
  func delta() throws {
    for (config, inputs, stored) in try cases("delta") {
      var twin = DeltaTwin(tokens: 1, outputs: 1, inputs: 1, seed: 0)
      let names = ["state", "keys", "errors", "rates", "logRetentions", "queries"]
      for (name, input) in zip(names, twin.inputs) { twin[keyPath: input] = inputs.packed(name) }
      twin.erase = config.number("erase")
      let call = twin.fast(config.flag("inclusive") ? .inclusive : .strict)
      let results = stored["results"]
      if config.flag("momentum") {
        let found = call.forwardWithMomentum(
          inputs.packed("momentum").tensor, inputs.packed("momenta").tensor)
        expect(found.momentum, results.packed("momentum"))
        expect(found.state, results.packed("state"))
        expect(found.reads, results.packed("reads"))
      } else {
        let found = call.forward()
        expect(found.state, results.packed("state"))
        expect(found.reads, results.packed("reads"))
      }
      guard stored.has("gradients") else { continue }
      let weights = stored["weights"]
      let found = call.reverse(
        state: weights.packed("state").tensor, reads: weights.packed("reads").tensor)
      for (name, gradient) in zip(names, found) {
        expect(gradient, stored["gradients"].packed(name))
      }
    }
  }

  @Test("of a two-layer memory, chunk after chunk, and its gradients")
  func memory() throws {
    for (config, inputs, stored) in try cases("memory") {
      let rule = rule(config)
      let start = MemoryWeights(
        inner: inputs.packed("inner").tensor, outer: inputs.packed("outer").tensor)
      var stream = StreamedMemory(
        ResidualMemory(start, isResidual: config.flag("residual")),
        chunkSize: Int(config.number("chunk")))
      var (reads, traces) = ([Float](), [MemoryChunk.Trace]())
      for range in stream.segments(inputs.packed("keys").rows) {
        let (part, trace) = stream.run(chunk(inputs, range), rule)
        reads += part!.elements
        traces.append(trace.chunk)
      }
      let results = stored["results"]
      expect(stream.memory.weights.inner, results.packed("inner"))
      expect(stream.memory.weights.outer, results.packed("outer"))
      expect(Tensor(shape: [reads.count], elements: reads), results.packed("reads"))
      if stored.has("gradients") { gradients(stored, rule, traces[0]) }
    }
  }

  private func gradients(_ stored: Golden, _ rule: MemoryRule, _ trace: MemoryChunk.Trace) {
    let weights = stored["weights"]
    let wanted = stored["gradients"]
    var running = MemoryWeights(
      inner: weights.packed("inner").tensor, outer: weights.packed("outer").tensor)
    var snapshot = MemoryWeights.zeros(like: running)
    let bars = MemoryChunk(rule).reverse(
      trace, reads: weights.packed("reads").tensor, running: &running, snapshot: &snapshot)
    running.add(snapshot)
    for (name, gradient) in [
      ("inner", running.inner), ("outer", running.outer), ("keys", bars.keys),
      ("values", bars.values), ("rates", bars.rates), ("logRetentions", bars.logRetentions),
      ("queries", bars.queries!),
    ] { expect(gradient, wanted.packed(name)) }
  }

  private func rule(_ config: Golden) -> MemoryRule {
    var rule = MemoryRule()
    rule.hasBoundedSteps = config.flag("bounded")
    rule.writeLimit = config.has("norms") ? 0.999 : nil
    rule.outerErase = Float(config.number("outerErase"))
    rule.inputGain = Float(config.number("gain"))
    return rule
  }

  private func chunk(_ inputs: Golden, _ range: Range<Int>) -> MemoryChunk.Inputs {
    func rows(_ name: String) -> Tensor { inputs.packed(name).rows(range).tensor }
    return MemoryChunk.Inputs(
      keys: rows("keys"), values: rows("values"), rates: rows("rates"),
      logRetentions: rows("logRetentions"), queries: rows("queries"))
  }

  @Test("of a whole layer with two chunk sizes")
  func layer() throws {
    for (config, inputs, stored) in try cases("layer") {
      var rule = SelfModifyingRule.paperLiteral(
        otherChunkSize: Int(config.number("otherChunk")),
        mainChunkSize: Int(config.number("mainChunk")))
      rule.memory.reading = .strict
      let roles: [Role] = [.key, .value, .eta, .alpha, .main]
      var start: [Role: ResidualMemory] = [:]
      for role in roles {
        let weights = MemoryWeights(
          inner: inputs.packed("\(role).inner").tensor,
          outer: inputs.packed("\(role).outer").tensor)
        start[role] = ResidualMemory(weights, isResidual: weights.outputWidth > 1)
      }
      var layer = SelfModifyingMemories(rule, start: start)
      let outputs = layer.run(
        SelfModifyingMemories.Inputs(
          tokens: inputs.packed("tokens").tensor, queries: inputs.packed("queries").tensor,
          etaBias: Float(config.number("etaBias")), alphaBias: Float(config.number("alphaBias")))
      ).outputs
      expect(outputs, stored["results"].packed("reads"))
      for role in roles {
        let weights = layer[role].memory.weights
        expect(weights.inner, stored["results"].packed("\(role).inner"))
        expect(weights.outer, stored["results"].packed("\(role).outer"))
      }
    }
  }

  private func expect(
    _ found: Tensor, _ wanted: Matrix, sourceLocation: SourceLocation = #_sourceLocation
  ) { #expect(distance(found, wanted) < 3e-5, sourceLocation: sourceLocation) }
}
