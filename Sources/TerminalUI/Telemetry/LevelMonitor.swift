import Hope
import Sessions

/// A level as the screen follows it, from event to event.
struct LevelMonitor: Sendable {
  /// As `LevelSettings` counts.
  let level: Int
  let name: String
  let period: Int
  private(set) var access: LevelAccess
  private(set) var gain: Float
  private(set) var pendingTokens: Int
  private(set) var updates: Int
  private(set) var refused: Int
  private(set) var lastUpdateRelative: Float?
  private(set) var runningUpdateRelative: Float?
  /// As last measured, at the end of an answer; nil where the level has written and none has ended.
  private(set) var driftRelative: Float?
  private(set) var surpriseBits: Float?
  /// η, and α or λ, as the last status told.
  private(set) var rate: Float?
  private(set) var retention: Float?
  private var surpriseTokens = 0
  /// Switches asked for and not yet confirmed, newest last.
  private var asked: [LevelAccess] = []
  /// Until when its last write is shown as happening.
  private(set) var flashEnd = 0.0
  /// Sizes of writes: by token, and by block and the tokens that were learned from.
  private(set) var writes = MultiScaleSeries(.largest)
  private(set) var blockWrites = BlockWrites()
  private var samples: [Health.Sample] = []
  private var writeSinceToken: Float?

  /// Seconds a write is shown as happening.
  static let flashTime = 0.4
}

extension LevelMonitor {
  init(_ status: LevelStatus) {
    (level, name, period) = (status.level, status.name, status.period)
    (access, gain) = (status.access, status.gain)
    (pendingTokens, updates, refused) = (status.pendingTokens, status.updates, status.refused)
    lastUpdateRelative = status.lastUpdateRelative
    runningUpdateRelative = status.runningUpdateRelative
    (driftRelative, surpriseBits) = (status.driftRelative, status.surpriseBits)
    (rate, retention) = (status.rate, status.retention)
  }

  /// The switches as they will be when all that was asked for is done.
  var shownAccess: LevelAccess { asked.last ?? access }
  var isWaiting: Bool { !asked.isEmpty }
  var health: Health { Health(samples) }
  func isFlashing(at now: Double) -> Bool { now < flashEnd }

  /// How full the chunk is; a level that writes at every token is always full.
  var progress: Float { period > 1 ? Float(pendingTokens) / Float(period) : 1 }

  /// A row of the level table, as far as it is known here.
  var status: LevelStatus {
    LevelStatus(
      level: level, name: name, period: period, access: access, gain: gain,
      pendingTokens: pendingTokens, updates: updates, refused: refused,
      lastUpdateRelative: lastUpdateRelative, runningUpdateRelative: runningUpdateRelative,
      driftRelative: driftRelative ?? 0, surpriseBits: surpriseBits)
  }

  mutating func endFlash() { flashEnd = 0 }

  /// Forgets what was seen after so many tokens.
  mutating func cut(to count: Int) {
    writes.cut(to: count)
    blockWrites.cut(to: count)
    forgetHealth()
    (writeSinceToken, flashEnd) = (nil, 0)
  }

  /// Another memory is in place: what was written before is no measure for the next write.
  mutating func forgetHealth() { samples = [] }

  mutating func ask(_ access: LevelAccess) { asked.append(access) }
  mutating func forgetAsked() { asked.removeAll() }

  mutating func take(_ setting: LevelSetting) {
    (access, gain) = (setting.access, setting.gain)
    if !asked.isEmpty { asked.removeFirst() }
  }

  mutating func take(_ status: LevelStatus) {
    (access, gain) = (status.access, status.gain)
    (pendingTokens, updates, refused) = (status.pendingTokens, status.updates, status.refused)
    lastUpdateRelative = status.lastUpdateRelative
    runningUpdateRelative = status.runningUpdateRelative
    (driftRelative, surpriseBits) = (status.driftRelative, status.surpriseBits)
    (rate, retention) = (status.rate, status.retention)
  }

  /// Everything is forgotten; what was seen of it goes too.
  mutating func forget() {
    (updates, refused, lastUpdateRelative, runningUpdateRelative) = (0, 0, nil, nil)
    (driftRelative, surpriseBits, surpriseTokens) = (0, nil, 0)
    (samples, blockWrites) = ([], BlockWrites())
  }

  /// A conversation begins.
  mutating func startOver() {
    forget()
    (pendingTokens, writes, writeSinceToken, flashEnd) = (0, MultiScaleSeries(.largest), nil, 0)
  }

  mutating func take(_ token: TokenEvent) {
    pendingTokens = period > 1 ? (token.position + 1) % period : 0
    if level == 0, access.contains(.write) {
      updates += 1
      leaveStart()
      writeSinceToken = 1  // the mixer writes at every token; how much is not measured
    }
    writes.append(writeSinceToken)
    writeSinceToken = nil
    if let bits = token.surpriseBits, bits.isFinite { takeSurprise(bits) }
  }

  /// A running mean that forgets at the pace of the level's clock.
  private mutating func takeSurprise(_ bits: Float) {
    surpriseTokens = min(surpriseTokens + 1, period)
    let before = surpriseBits ?? 0
    surpriseBits = before + (bits - before) / Float(surpriseTokens)
  }

  mutating func take(_ write: LevelWriteEvent, now: Double) {
    if write.refusedCount > 0 { refused += 1 }
    guard write.refusedCount < write.blocks.count else { return }
    updates += 1
    leaveStart()
    lastUpdateRelative = write.updateRelative
    let before = runningUpdateRelative ?? 0
    runningUpdateRelative = before + (write.updateRelative - before) / Float(updates)
    writeSinceToken = max(writeSinceToken ?? 0, write.updateRelative)
    flashEnd = now + Self.flashTime
    takeBlocks(write)
  }

  private mutating func leaveStart() { if driftRelative == 0 { driftRelative = nil } }

  private mutating func takeBlocks(_ write: LevelWriteEvent) {
    blockWrites.append(write, at: writes.count)
    samples.append(Health.Sample(write.blocks))
    if samples.count > Health.window { samples.removeFirst() }
  }
}
