package import Hope

/// A level at one moment: a row of the level table.
package struct LevelStatus: Sendable, Equatable {
  /// As `LevelSettings` counts: 0 is the mixer.
  package let level: Int
  package let name: String
  /// Tokens between two writes.
  package let period: Int
  package let access: LevelAccess
  package let gain: Float
  /// Tokens since the clock's last tick, below `period`.
  package let pendingTokens: Int
  /// Writes done in at least one block, and writes refused in at least one.
  package let updates: Int
  package let refused: Int
  /// ‖ΔW‖ / ‖W‖ of the last write and the running mean of all; nil before the first, and for the
  /// mixer, which does not measure single writes.
  package let lastUpdateRelative: Float?
  package let runningUpdateRelative: Float?
  /// ‖learned part‖ / ‖W‖.
  package let driftRelative: Float
  /// Mean over about the last `period` tokens.
  package let surpriseBits: Float?
  /// η at the last token that was read by itself, and what a write keeps: the mixer's α there, or λ;
  /// nil where the level has no such gate, or nothing was read yet.
  package let rate: Float?
  package let retention: Float?

  package init(
    level: Int, name: String, period: Int, access: LevelAccess = .on, gain: Float = 1,
    pendingTokens: Int = 0, updates: Int = 0, refused: Int = 0, lastUpdateRelative: Float? = nil,
    runningUpdateRelative: Float? = nil, driftRelative: Float = 0, surpriseBits: Float? = nil,
    rate: Float? = nil, retention: Float? = nil
  ) {
    self.level = level
    self.name = name
    self.period = period
    self.access = access
    self.gain = gain
    self.pendingTokens = pendingTokens
    self.updates = updates
    self.refused = refused
    self.lastUpdateRelative = lastUpdateRelative
    self.runningUpdateRelative = runningUpdateRelative
    self.driftRelative = driftRelative
    self.surpriseBits = surpriseBits
    (self.rate, self.retention) = (rate, retention)
  }
}

extension LevelStatus {
  /// `rw`, `r-`, `-w` or `--`, and what it means in one word.
  package var bits: String { access.bits }
  package var word: String { access.word }
  /// Whether it reads and learns.
  package var isOn: Bool { access == .on }
}

extension LevelSetting {
  package var bits: String { access.bits }
  package var word: String { access.word }
}
