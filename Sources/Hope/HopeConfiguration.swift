/// Every size and switch of a model, as stored in `config.json`. Checks itself: `validate` names the
/// bad field.
package struct HopeConfiguration: Codable, Sendable, Equatable {
  /// Which mixer a block has.
  package enum Architecture: String, Codable, Sendable, CaseIterable {
    /// Self-modifying Titans (spec §3).
    case hope
    case hopeAttention = "hope-attention"
    /// Softmax attention with rotary positions; with a feed-forward layer Transformer++.
    case transformer, retnet, deltanet
    case gatedDeltanet = "gated-deltanet"
    /// The memory of Hope's mixer, fed by fixed projections instead of by memories.
    case titans
  }
  /// What is taken away from the self-modifying mixer with the preset `delta`, to see what it is worth.
  package enum Ablation: String, Codable, Sendable, CaseIterable {
    /// k, v, η, α from fixed projections of the token instead of from a memory that changes.
    case fixedKeys = "fixed-keys"
    case fixedValues = "fixed-values"
    case fixedRates = "fixed-rates"
    case fixedRetentions = "fixed-retentions"
    /// Plain gradient descent on −⟨M k, v⟩: a write erases nothing at its key.
    case noErase = "no-erase"
    /// α = 1: nothing fades.
    case noRetention = "no-retention"
  }
  /// How the memories of the self-modifying mixer are built and written (spec §3.7).
  package enum MemoryPreset: String, Codable, Sendable {
    /// Linear memories per head, delta rule: dot objective plus erase (spec §3.4).
    case delta
    /// Two-layer residual memories with the bounded step rule (spec §3.5, §3.7).
    case stable
    /// Two-layer residual memories written as the paper prints it.
    case paperLiteral
  }
  /// How the levels of a block are joined (Eq. 72–74).
  package enum Layout: String, Codable, Sendable { case sequential, independent, nested }
  /// What a level does with the gradients of its chunk (Eq. 71).
  package enum UpdateRule: String, Codable, Sendable {
    case gradient, momentum, dgd
    case newtonSchulz = "newton-schulz"
    case deltaMomentum = "delta-momentum"
  }
  /// One level of the continuum memory.
  package struct Level: Codable, Sendable, Equatable {
    package var name: String
    /// Tokens between two writes, C.
    package var chunkSize: Int
    /// Width of the level's SwiGLU, and of its keys.
    package var hiddenWidth: Int
    /// λ: the share of the learned part that survives one write, in (0, 1].
    package var retention: Float

    package init(name: String, chunkSize: Int, hiddenWidth: Int, retention: Float) {
      self.name = name
      self.chunkSize = chunkSize
      self.hiddenWidth = hiddenWidth
      self.retention = retention
    }
  }

  package var arch: Architecture = .hope
  package var vocabularySize: Int
  package var width: Int
  package var blockCount: Int
  package var headCount: Int
  package var memory: MemoryPreset = .delta
  /// Tokens between two snapshots of the mixer's memories.
  package var mixerChunkSize: Int = 64
  package var levels: [Level]
  /// Width of an ordinary SwiGLU layer between mixer and levels, which never changes; nil: none.
  package var feedForwardWidth: Int?
  package var ablations: [Ablation]?
  package var layout: Layout = .sequential
  package var updateRule: UpdateRule = .gradient
  /// μ of the momentum rules, in [0, 1).
  package var innerMomentum: Float = 0.9
  /// A write larger than this share of ‖W_down‖ is refused.
  package var updateLimit: Float = 0.5

  package init(
    vocabularySize: Int, width: Int, blockCount: Int, headCount: Int, levels: [Level]
  ) {
    self.vocabularySize = vocabularySize
    self.width = width
    self.blockCount = blockCount
    self.headCount = headCount
    self.levels = levels
  }

  package var headWidth: Int { width / headCount }
  /// Tokens between two teach signals: the fastest level's chunk, or the mixer's without levels.
  package var baseChunkSize: Int { levels.map(\.chunkSize).min() ?? mixerChunkSize }
  /// The mixer's name as a level.
  package var mixerLevelName: String {
    switch arch {
    case .hope, .titans: "titans"
    case .hopeAttention, .transformer: "attention"
    case .retnet: "retention"
    case .deltanet, .gatedDeltanet: "delta"
    }
  }

  /// Whether the mixer keeps keys and values of every token, so that each costs more than the last.
  package var mixerGrows: Bool { [.hopeAttention, .transformer].contains(arch) }

  /// Whether the mixer does without a part that the full one has.
  package func lacks(_ part: Ablation) -> Bool {
    ablations?.contains(part) == true || arch == .titans && Self.fixedParts.contains(part)
  }

  private static let fixedParts: Set<Ablation> = [
    .fixedKeys, .fixedValues, .fixedRates, .fixedRetentions,
  ]
}

/// A field of a configuration that cannot be.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
  package let field: String
  package let reason: String
  package var description: String { "config.json: \(field): \(reason)" }
}

extension HopeConfiguration {
  /// Largest sizes accepted from a file; they bound memory before anything is allocated.
  private static let limits = (vocabulary: 1 << 20, width: 1 << 14, blocks: 1 << 10, chunk: 1 << 24)

  package func validate() throws(ConfigurationError) {
    try check("vocabularySize", vocabularySize, 1...Self.limits.vocabulary)
    try check("width", width, 1...Self.limits.width)
    try check("blockCount", blockCount, 1...Self.limits.blocks)
    try check("headCount", headCount, 1...width)
    try require(width % headCount == 0, "headCount", "\(headCount) does not divide width \(width)")
    try require(
      ![.hopeAttention, .transformer, .retnet].contains(arch) || headWidth % 2 == 0, "headCount",
      "rotary positions need an even head width, not \(headWidth)")
    try require(
      arch != .titans || memory == .delta, "memory",
      "\(memory.rawValue) with arch titans; only delta")
    try require(
      (ablations ?? []).isEmpty || arch == .hope && memory == .delta, "ablations",
      "only arch hope with memory delta can do without a part")
    try check("feedForwardWidth", feedForwardWidth ?? 1, 1...Self.limits.width)
    try check("mixerChunkSize", mixerChunkSize, 1...Self.limits.chunk)
    try require(
      (0..<1).contains(innerMomentum), "innerMomentum", "\(innerMomentum) is not in 0..<1")
    try require(updateLimit > 0, "updateLimit", "\(updateLimit) is not positive")
    try require(levels.count <= 64, "levels", "\(levels.count) levels; at most 64")
    try require(
      Set(levels.map(\.name)).count == levels.count, "levels", "two levels have the same name")
    for (i, level) in levels.enumerated() { try validate(level, at: "levels[\(i)]") }
  }

  private func validate(_ level: Level, at path: String) throws(ConfigurationError) {
    let isWord =
      !level.name.isEmpty && level.name.utf8.count <= 32
      && level.name.utf8.allSatisfy { $0 > 32 && $0 < 127 }
    try require(isWord, "\(path).name", "must be 1 to 32 printable ASCII characters, no spaces")
    try require(
      level.name != mixerLevelName && level.name != "base", "\(path).name",
      "\"\(level.name)\" is taken")
    try check("\(path).chunkSize", level.chunkSize, 1...Self.limits.chunk)
    try check("\(path).hiddenWidth", level.hiddenWidth, 1...Self.limits.width)
    try require(
      level.retention > 0 && level.retention <= 1, "\(path).retention",
      "\(level.retention) is not in (0, 1]")
    try require(
      level.chunkSize % baseChunkSize == 0, "\(path).chunkSize",
      "\(level.chunkSize) is not a multiple of the fastest level's \(baseChunkSize)")
  }

  private func check(
    _ field: String, _ value: Int, _ range: ClosedRange<Int>
  ) throws(ConfigurationError) {
    try require(
      range.contains(value), field,
      "\(value) is not in \(range.lowerBound)...\(range.upperBound)")
  }

  private func require(
    _ holds: Bool, _ field: String, _ reason: String
  ) throws(ConfigurationError) {
    if !holds { throw ConfigurationError(field: field, reason: reason) }
  }
}
