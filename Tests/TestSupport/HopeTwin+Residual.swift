import Foundation
import Hope

extension SelfModifyingParameters where Value == [Double] {
  /// What the two-layer memories of all heads answer to one token (spec §3.1 with §3.5 and §3.7).
  /// - Parameters:
  ///   - u: the rows that feed the memories; `queries`: W_q u.
  ///   - constant: start weights whose norms the write limit measures against, also where those of
  ///     these parameters are moved a little.
  func residualReads(
    _ u: [Double], queries: [Double], snapshot: TwinMixer, running: inout TwinMixer,
    _ settings: LevelSettings.Entry, _ c: HopeConfiguration,
    constant: SelfModifyingParameters<[Double]>
  ) -> [Double] {
    let (heads, w) = (c.headCount, c.headWidth)
    let rule: SelfModifyingRule =
      c.memory == .stable
      ? .stable(width: w, chunkSize: 1) : .paperLiteral(otherChunkSize: 1, mainChunkSize: 1)
    let start = startMemories(c)
    if running.memories.isEmpty { running.memories = start }
    var reads: [Double] = []
    for h in 0..<heads {
      let frozen = snapshot.memories.isEmpty ? start[h] : snapshot.memories[h]
      let x = Reference.rows(u, w)[h]
      let signals = ResidualTwinSignals(
        x: rule.normalizesInputs ? unit(x) : x, query: Reference.rows(queries, w)[h], frozen,
        rule, etaBias: etaBias[h], alphaBias: alphaBias[h])
      let main = running.memories[h][4]
      let base = start[h][4].read(signals.query, rule.memory, isResidual: true)
      let reader = rule.memory.reading == .snapshot ? frozen[4] : main
      let answer = reader.read(signals.query, rule.memory, isResidual: true)
      let gain = Double(settings.readGain)
      reads += zip(base, answer).map { $0 + gain * ($1 - $0) }
      guard settings.isWritable else { continue }
      let norms = constant.startMemories(c)[h].map { ($0.inner.norm, $0.outer.norm) }
      for m in 0..<5 {
        running.memories[h][m] =
          MemoryChunkTwin(
            snapshot: frozen[m], running: running.memories[h][m], sums: main.zeros,
            norms: norms[m], key: signals.key, value: signals.value, query: signals.query,
            rate: signals.rate, logRetention: signals.logRetention, rule: rule.memory,
            isResidual: m != 2 && m != 3
          ).run().end
      }
    }
    return reads
  }

  /// [head][k, v, η, α, main]
  private func startMemories(_ c: HopeConfiguration) -> [[TwinWeights]] {
    guard case .residual(let layers) = memories else { preconditionFailure("linear memories") }
    let (heads, w) = (c.headCount, c.headWidth)
    return (0..<heads).map { h in
      layers.map { layer in
        let (outer, inner) = (
          Reference.parts(layer.outer, heads)[h], Reference.parts(layer.inner, heads)[h]
        )
        return TwinWeights(
          inner: Matrix(w, w, inner), outer: Matrix(outer.count / w, w, outer))
      }
    }
  }
}

/// k, v, q, η and ln α of one token, read from the memories at the chunk's start.
private struct ResidualTwinSignals {
  let key: [Double], value: [Double], query: [Double]
  let rate: Double, logRetention: Double

  init(
    x: [Double], query: [Double], _ memories: [TwinWeights], _ rule: SelfModifyingRule,
    etaBias: Double, alphaBias: Double
  ) {
    func read(_ m: Int, isResidual: Bool) -> [Double] {
      memories[m].read(x, rule.memory, isResidual: isResidual)
    }
    func length(_ x: [Double], _ isUnit: Bool) -> [Double] {
      guard isUnit else { return x }
      let norm = (Reference.dot(x, x) + Double(rule.normEpsilon)).squareRoot()
      return x.map { $0 / norm }
    }
    key = length(read(0, isResidual: true), rule.normalizesKeysAndQueries)
    value = length(read(1, isResidual: true), rule.normalizesValues)
    self.query = length(query, rule.normalizesKeysAndQueries)
    rate = log1p(exp(read(2, isResidual: false)[0] + etaBias))
    logRetention = -log1p(exp(-read(3, isResidual: false)[0] - alphaBias))
  }
}
