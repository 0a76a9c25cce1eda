package import Tensors

/// All that changes while one stream is read. A value: a copy is a snapshot, `digest` its identity.
///
/// Weights change only between base chunks. `stream` is the state at the open chunk's start; `open`
/// holds the tokens run since. When the chunk is full and one more token is known, the chunk is run
/// once more as a whole, which yields the teach signal and the next chunk's start. So the state, bit
/// for bit, does not depend on how the tokens were cut into calls.
package struct HopeState: Sendable, Equatable {
  package internal(set) var stream: StreamState<Tensor>
  package internal(set) var open: OpenChunk
  /// Logits after the last token, [vocabulary]; empty before the first.
  package internal(set) var logits: [Float] = []
  /// Writes of a chunk read at once, which the report of the token after it will carry.
  var unreportedWrites: [LevelWrite] = []

  init(stream: StreamState<Tensor>) {
    self.stream = stream
    open = OpenChunk(mixers: stream.mixers)
  }

  /// Tokens run so far.
  package var position: Int { stream.position + open.tokens.count }
}

/// The tokens since the last base chunk ended, and the mixers' state after them.
package struct OpenChunk: Sendable, Equatable {
  package internal(set) var tokens: [TokenID] = []
  /// May the levels learn from this token's arrival (its author is learned from)? One per token.
  package internal(set) var isLearnedFrom: [Bool] = []
  /// The switches each token was run under.
  package internal(set) var settings: [LevelSettings] = []
  /// The mixers at the start of the open mixer chunk, and after the last token.
  var snapshots: [MixerState<Tensor>]
  var running: [MixerState<Tensor>]

  init(mixers: [MixerState<Tensor>]) {
    snapshots = mixers
    running = mixers
  }
}

extension HopeModel {
  /// A stream nothing has been read from: every level is exactly its start weights.
  package func freshState() -> HopeState {
    HopeState(
      stream: StreamState(
        blockCount: configuration.blockCount, levelCount: configuration.levels.count))
  }
}

extension HopeState {
  /// How full each level's chunk is, in tokens, as `LevelSettings` indexes levels (the mixer: 0).
  package func pendingTokens(_ configuration: HopeConfiguration) -> [Int] {
    [0] + configuration.levels.map { position % $0.chunkSize }
  }

  /// Writes each level has done, the largest over the blocks; the mixer writes at every token.
  package func writeCounts(_ configuration: HopeConfiguration) -> [Int] {
    [position]
      + configuration.levels.indices.map { l in
        stream.levels.map { $0[l].writeCount }.max() ?? 0
      }
  }

  /// ‖learned part‖ / ‖W_down‖ of a level over all blocks; for the mixer ‖G − I‖ / ‖I‖, or
  /// ‖W − W_0‖ / ‖W_0‖ of all two-layer memories.
  package func drift(ofLevel index: Int, in model: HopeModel) -> Float {
    if index == 0 {
      let learned = open.running.flatMap(\.memories).reduce(0) { $0 + $1.squaredNorm }
      let base = model.parameters.blocks.reduce(0) {
        $0 + $1.mixer.squaredStartNorm(model.configuration)
      }
      return (learned / base).squareRoot()
    }
    var (learned, base): (Float, Float) = (0, 0)
    for (block, state) in zip(model.parameters.blocks, stream.levels) {
      learned += state[index - 1].learned?.squaredNorm ?? 0
      base += block.levels[index - 1].down.squaredNorm
    }
    return (learned / base).squareRoot()
  }
}
