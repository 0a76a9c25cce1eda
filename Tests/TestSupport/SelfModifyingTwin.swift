// A whole self-modifying layer as the literal token loop of Eq. 90, in Double.
import Foundation
package import Hope
import Tensors

package struct SelfModifyingTwin {
  package typealias Role = SelfModifyingMemories.Role

  package var rule: SelfModifyingRule
  package var start: [Role: TwinWeights]
  /// x and W_q x, one row per token.
  package var tokens: Matrix
  package var queries: Matrix
  package var biases: Matrix
  /// What the write limit measures against: constants, also where the start is moved.
  private var norms: [Role: (Double, Double)]

  /// - Parameter width: of tokens and memories; the hidden layers are two wider.
  package init(_ rule: SelfModifyingRule, tokens count: Int, width: Int, seed: UInt64) {
    var source = RandomSource(seed: seed)
    self.rule = rule
    start = [:]
    norms = [:]
    for role in [Role.key, .value, .eta, .alpha, .main] {
      let outputs = Self.isResidual(role) ? width : 1
      start[role] = TwinWeights(
        inner: Matrix(width + 2, width, in: -0.5...0.5, &source),
        outer: Matrix(outputs, width + 2, in: -0.5...0.5, &source))
      norms[role] = (start[role]!.inner.norm, start[role]!.outer.norm)
    }
    tokens = Matrix(count, width, in: -1...1, &source)
    queries = Matrix(count, width, in: -1...1, &source)
    biases = Matrix(1, 2, [-1, 2])
  }

  package static func isResidual(_ role: Role) -> Bool { role != .eta && role != .alpha }

  package subscript(inner role: Role) -> Matrix {
    get { start[role]!.inner }
    set { start[role]!.inner = newValue }
  }
  package subscript(outer role: Role) -> Matrix {
    get { start[role]!.outer }
    set { start[role]!.outer = newValue }
  }

  package func run() -> (outputs: Matrix, end: [Role: TwinWeights]) {
    var (running, snapshot, outputs) = (start, start, [Double]())
    for t in 0..<tokens.rows {
      for role in start.keys where t % chunkSize(role) == 0 { snapshot[role] = running[role] }
      let token = signals(t, snapshot)
      for (role, weights) in running {
        let step = MemoryChunkTwin(
          snapshot: snapshot[role]!, running: weights, sums: weights.zeros,
          norms: norms[role]!, key: token.key,
          value: token.value, query: token.query, rate: token.rate,
          logRetention: token.logRetention, rule: rule.memory, isResidual: Self.isResidual(role))
        let result = step.run()
        running[role] = result.end
        if role == .main { outputs += result.reads.values }
      }
    }
    return (Matrix(tokens.rows, tokens.columns, outputs), running)
  }

  private func chunkSize(_ role: Role) -> Int {
    role == .main ? rule.mainChunkSize : rule.otherChunkSize
  }

  private func signals(
    _ t: Int, _ snapshot: [Role: TwinWeights]
  ) -> (key: [Double], value: [Double], query: [Double], rate: Double, logRetention: Double) {
    let x = unit(tokens.row(t), rule.normalizesInputs)
    func read(_ role: Role) -> [Double] {
      snapshot[role]!.read(x, rule.memory, isResidual: Self.isResidual(role))
    }
    let eta = log1p(exp(read(.eta)[0] + biases[0, 0]))
    return (
      unit(read(.key), rule.normalizesKeysAndQueries), unit(read(.value), rule.normalizesValues),
      unit(queries.row(t), rule.normalizesKeysAndQueries), Double(rule.rateScale) * eta,
      -log1p(exp(-read(.alpha)[0] - biases[0, 1]))
    )
  }

  private func unit(_ x: [Double], _ normalizes: Bool) -> [Double] {
    guard normalizes else { return x }
    let length = (innerProduct(x, x) + Double(rule.normEpsilon)).squareRoot()
    return x.map { $0 / length }
  }

  /// The fast layer with the same start, and the inputs of all tokens.
  package var fast: (layer: SelfModifyingMemories, inputs: SelfModifyingMemories.Inputs) {
    let memories = start.map { role, weights in
      (role, ResidualMemory(weights.weights, isResidual: Self.isResidual(role)))
    }
    return (
      SelfModifyingMemories(rule, start: Dictionary(uniqueKeysWithValues: memories)),
      SelfModifyingMemories.Inputs(
        tokens: tokens.tensor, queries: queries.tensor, etaBias: Float(biases[0, 0]),
        alphaBias: Float(biases[0, 1]))
    )
  }

  /// ⟨o, a⟩ plus ⟨W, 0.3⟩ over all written weights.
  package func loss(_ a: Matrix) -> Double {
    let result = run()
    return result.end.values.reduce(innerProduct(result.outputs.values, a.values)) {
      $0 + 0.3 * ($1.inner.values.reduce(0, +) + $1.outer.values.reduce(0, +))
    }
  }
}
