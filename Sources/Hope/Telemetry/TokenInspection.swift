import Glibc
import Tensors

/// One prediction taken apart: how likely the token was, what else was likely, and what each level's
/// learned part had to do with it.
package struct TokenInspection: Sendable, Equatable {
  package struct Alternative: Sendable, Equatable {
    package let token: TokenID
    package let probability: Float
  }

  /// What one level did for the prediction.
  package struct LevelShare: Sendable, Equatable {
    /// log₂ p(token) as read minus log₂ p(token) with this level's learned part left out: positive
    /// where the level helped.
    package let creditBits: Float
    /// η, the share of the token before that would be written: the mean over blocks and heads; nil
    /// where the level has no such gate.
    package let rate: Float?
    /// The mixer's α, or a continuum level's λ: what a write keeps of what was known.
    package let retention: Float?
  }

  package let token: TokenID
  package let surpriseBits: Float
  package let entropyBits: Float
  /// The likeliest first.
  package let alternatives: [Alternative]
  /// As `LevelSettings` counts: the mixer first.
  package let levels: [LevelShare]
  /// log₂ p(token) as read minus that with every level's learned part left out.
  package let allCreditBits: Float
}

extension HopeModel {
  /// Takes the prediction of `token` apart. It is the one made after `last` was read; `state` is the
  /// stream's before `last`, and is left as it is.
  /// - Parameters:
  ///   - settings: the switches `last` was read under.
  ///   - count: how many alternatives.
  package func inspect(
    _ token: TokenID, after last: TokenID, isLearnedFrom: Bool, settings: LevelSettings,
    state: HopeState, alternatives count: Int = 5
  ) -> TokenInspection {
    var ready = state
    if isChunkFull(ready) {
      closeChunk(next: last, isLearnedFrom: isLearnedFrom, settings: settings, state: &ready)
    }
    func logits(without silenced: Range<Int>) -> [Float] {
      var (copy, muted) = (ready, settings)
      for index in silenced { muted[index].access.remove(.read) }
      _ = step(last, isLearnedFrom: isLearnedFrom, settings: muted, state: &copy)
      return copy.logits
    }
    let read = logits(without: 0..<0)
    let surprise = Self.surpriseBits(read, token)
    let measured = Prediction(logits: read)?.measured(token)
    let gates = gates(of: last, settings: settings, state: ready)
    let levels = (0..<settings.count).map { index in
      TokenInspection.LevelShare(
        creditBits: Self.surpriseBits(logits(without: index..<index + 1), token) - surprise,
        rate: gates[index].rate, retention: gates[index].retention)
    }
    return TokenInspection(
      token: token, surpriseBits: surprise, entropyBits: measured?.entropyBits ?? 0,
      alternatives: Self.likeliest(count, read), levels: levels,
      allCreditBits: Self.surpriseBits(logits(without: 0..<settings.count), token) - surprise)
  }

  private static func surpriseBits(_ logits: [Float], _ token: TokenID) -> Float {
    Prediction(logits: logits)?.measured(token).surpriseBits ?? 0
  }

  private static func likeliest(_ count: Int, _ logits: [Float])
    -> [TokenInspection.Alternative]
  {
    Ranking.best(count, of: logits).map {
      TokenInspection.Alternative(token: $0, probability: exp2(-surpriseBits(logits, $0)))
    }
  }
}

// MARK: - Gates

extension HopeModel {
  /// η and what is kept, by level, where `token` is read next and opens no new base chunk.
  private func gates(
    of token: TokenID, settings: LevelSettings, state: HopeState
  ) -> [(rate: Float?, retention: Float?)] {
    let c = configuration
    var (u, open) = (
      parameters.embedding.gathered([token], scaledBy: Self.embeddingScale(c)), state.open
    )
    if open.tokens.count % c.mixerChunkSize == 0 { open.snapshots = open.running }
    var mixers: [(rate: Float, retention: Float)] = []
    var rates = [[Float]](repeating: [], count: c.levels.count)
    for (b, block) in parameters.blocks.enumerated() {
      let a = u.rmsNormalized(block.mixerNorm).0
      if case .selfModifying(let titans) = block.mixer {
        mixers += titans.gates(a, past: open.running[b].tail, snapshot: open.snapshots[b], c)
      }
      u.add(
        block.mixer.step(
          a, snapshot: open.snapshots[b], running: &open.running[b], settings: settings.mixer,
          position: state.position, configuration: c, lanes: lanes))
      u = block.stepLevels(
        u, states: state.stream.levels[b], settings: settings, layout: c.layout, lanes: lanes
      ) { rates[$0].append(block.levels[$0].rate($1)) }
    }
    let mixer =
      mixers.isEmpty
      ? (rate: Float?.none, retention: Float?.none)
      : (mixers.map(\.rate).mean, mixers.map(\.retention).mean)
    return [mixer] + rates.enumerated().map { ($1.mean, retention(ofLevel: $0 + 1)) }
  }
}

extension LevelParameters where Value == Tensor {
  /// η of one token, u [1, width] (spec §2.2): exp(log_rate) · σ(w·norm(u) + b).
  func rate(_ u: Tensor) -> Float {
    let n = u.rmsNormalized(norm).0
    let gate = Kernels.dot(n.elements, rateWeight.elements, n.count) + rateBias.elements[0]
    return exp(logRate.elements[0]) / (1 + exp(-gate))
  }
}

extension SelfModifyingParameters where Value == Tensor {
  /// η and α of every head for one token a [1, width]; empty for presets whose gates are networks.
  func gates(
    _ a: Tensor, past: Tensor?, snapshot: MixerState<Tensor>, _ c: HopeConfiguration
  ) -> [(rate: Float, retention: Float)] {
    guard case .linear(_, _, _, let eta, let alpha) = memories else { return [] }
    var u = a.timesTransposed(input).convolved(
      past: past ?? .zeros([1, 3, c.width]), weight: convolution)
    u.applySilu()
    let z = u.gainRead(
      snapshot.memories.first ?? .zeros([1, c.headCount, c.headWidth, c.headWidth]))
    func sigmoid(_ x: Tensor) -> [Float] { x.elements.map { 1 / (1 + exp(-$0)) } }
    let (rates, kept) = (
      sigmoid(z.headDots(eta, bias: etaBias)), sigmoid(z.headDots(alpha, bias: alphaBias))
    )
    return zip(rates, kept).map { (rate: $0, retention: $1) }
  }
}

extension [Float] {
  fileprivate var mean: Float { isEmpty ? 0 : reduce(0, +) / Float(count) }
}
