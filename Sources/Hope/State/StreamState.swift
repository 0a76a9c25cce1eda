import Tensors

/// All that changes while a stream is read, at a chunk's start. nil stands for the fresh state, so a
/// reset is exact. `Value` is a tensor while chatting, a place on the tape while training.
package struct StreamState<Value> {
  /// Tokens run so far.
  package var position = 0
  package var mixers: [MixerState<Value>]
  /// [block][level]
  package var levels: [[LevelState<Value>]]

  package init(blockCount: Int, levelCount: Int) {
    mixers = Array(repeating: MixerState(), count: blockCount)
    levels = Array(
      repeating: Array(repeating: LevelState(), count: levelCount), count: blockCount)
  }
}

/// The working memory of one block.
package struct MixerState<Value> {
  /// Learned parts of the memories; empty: zeros. For linear ones a single tensor
  /// [sequences, heads, w, w], what the shared gain has gathered beyond the identity; for two-layer
  /// ones what each matrix has gathered beyond its start, [sequences, heads, out, in], in the order
  /// of the parameters.
  package var memories: [Value] = []
  /// The convolution's past inputs [sequences, 3, width].
  package var tail: Value?
  /// Softmax attention: rotated keys and values so far [sequences, tokens, width].
  package var keys: Value?
  package var values: Value?

  package init() {}
}

/// One level of one block.
package struct LevelState<Value> {
  /// Δ [sequences, width, hidden].
  package var learned: Value?
  /// Σ η g keyᵀ since the last write.
  package var pending: Value?
  /// Writable tokens per sequence since the last write; empty: none.
  package var pendingTokens: [Int] = []
  /// S of the momentum rule.
  package var momentum: Value?
  /// Σ η' key keyᵀ since the last write, for the rule that erases.
  package var pendingErase: Value?
  /// The nested layout's start, where Δ is sent back to: like Δ, but nothing is forgotten.
  package var anchor: Value?
  /// Writes done, per stream.
  package var writeCount = 0
  /// Position of the last write before its time; nil: every write was on the clock.
  package var earlyWrite: Int?

  package init() {}
}

extension StreamState: Sendable where Value: Sendable {}
extension MixerState: Sendable where Value: Sendable {}
extension LevelState: Sendable where Value: Sendable {}
extension StreamState: Equatable where Value: Equatable {}
extension MixerState: Equatable where Value: Equatable {}
extension LevelState: Equatable where Value: Equatable {}

extension StreamState {
  /// The same state with every value carried over, in a fixed order.
  package func map<T>(_ transform: (Value) -> T) -> StreamState<T> {
    var result = StreamState<T>(blockCount: 0, levelCount: 0)
    result.position = position
    result.mixers = mixers.map { $0.map(transform) }
    result.levels = levels.map { $0.map { $0.map(transform) } }
    return result
  }
}

extension MixerState {
  func map<T>(_ transform: (Value) -> T) -> MixerState<T> {
    var result = MixerState<T>()
    result.memories = memories.map(transform)
    result.tail = tail.map(transform)
    result.keys = keys.map(transform)
    result.values = values.map(transform)
    return result
  }
}

extension LevelState {
  func map<T>(_ transform: (Value) -> T) -> LevelState<T> {
    var result = LevelState<T>()
    result.learned = learned.map(transform)
    result.pending = pending.map(transform)
    result.pendingTokens = pendingTokens
    result.momentum = momentum.map(transform)
    result.pendingErase = pendingErase.map(transform)
    result.anchor = anchor.map(transform)
    result.writeCount = writeCount
    result.earlyWrite = earlyWrite
    return result
  }
}
