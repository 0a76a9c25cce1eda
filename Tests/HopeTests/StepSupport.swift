import Hope
import Tensors
import TestSupport

// Streams read in the ways a model can be read.

/// What one `step` per token showed.
struct SteppedStream {
  var reports: [StepReport] = []
  /// After each token.
  var logits: [[Float]] = []
  /// After each token.
  var states: [HopeState] = []

  var state: HopeState { states[states.count - 1] }
  var writes: [LevelWrite] { reports.flatMap(\.writes) }
}

extension HopeModel {
  /// One step per token. `settings`: the switches of each position.
  func stepped(
    _ tokens: [TokenID], isLearnedFrom: [Bool]? = nil, from state: HopeState? = nil,
    settings: ((Int) -> LevelSettings)? = nil
  ) -> SteppedStream {
    var (stream, state) = (SteppedStream(), state ?? freshState())
    for (i, token) in tokens.enumerated() {
      stream.reports.append(
        step(
          token, isLearnedFrom: isLearnedFrom?[i] ?? true,
          settings: settings?(state.position) ?? on, state: &state))
      stream.logits.append(state.logits)
      stream.states.append(state)
    }
    return stream
  }

  /// One call per part of a stream; the parts' lengths add up to at most the tokens' count.
  func ingested(
    _ tokens: [TokenID], isLearnedFrom: [Bool], parts: [Int]
  ) -> (state: HopeState, reports: [StepReport]) {
    var (state, reports, at) = (freshState(), [StepReport](), 0)
    for part in parts {
      ingest(
        Array(tokens[at..<at + part]), isLearnedFrom: Array(isLearnedFrom[at..<at + part]),
        settings: on, state: &state
      ) { reports.append($0) }
      at += part
    }
    return (state, reports)
  }

  var on: LevelSettings { LevelSettings(levelCount: configuration.levels.count) }

  /// All switches alike.
  func all(_ access: LevelAccess) -> LevelSettings {
    .all(access, levelCount: configuration.levels.count)
  }
}

extension TrainingSequence {
  /// Whether each token may be learned from, as `step` counts: the first predicts nothing.
  var isLearnedFrom: [Bool] { [true] + isWritable }
}

extension HopeState {
  /// What each level of each block has learned; nil: nothing.
  var learned: [[Tensor?]] { stream.levels.map { $0.map(\.learned) } }
}

/// The chunk form of several sequences at once, as training streams them.
struct ChunkStream {
  /// [sequence][position]
  var logits: [[[Float]]]
  var losses: [[Float]]
  var state: StreamState<Tensor>

  init(_ model: HopeModel, _ sequences: [TrainingSequence], learns: Bool) {
    let (c, length) = (model.configuration, sequences[0].length)
    var tape = Tape()
    let weights = HopeParameters(c, values: model.parameters.flat.map { tape.leaf($0) })
    var live = StreamState<Variable>(blockCount: c.blockCount, levelCount: c.levels.count)
    logits = sequences.map { _ in [] }
    losses = logits.map { _ in [] }
    for start in stride(from: 0, to: length, by: c.baseChunkSize) {
      let end = min(start + c.baseChunkSize, length)
      var (chunk, flags) = (ChunkPass(tape: tape), [[Float]]())
      for first in stride(from: start, to: end, by: c.mixerChunkSize) {
        let range = first..<min(first + c.mixerChunkSize, end)
        let segment = weights.forward(
          sequences.flatMap { $0.tokens[range] }, state: &live,
          access: SegmentAccess(levelCount: c.levels.count), learns: learns, configuration: c,
          sequences: sequences.count, tape: &tape)
        let targets = range.lowerBound + 1..<range.upperBound + 1
        chunk.segments.append(segment)
        chunk.losses.append(
          tape.tokenLosses(
            segment.output, table: weights.embedding,
            targets: sequences.flatMap { $0.tokens[targets] }))
        flags.append(sequences.flatMap { $0.isWritable[range].map { $0 ? 1 : 0 } })
        let rows = tape[segment.output].timesTransposed(model.parameters.embedding)
        let values = tape[chunk.losses[chunk.losses.count - 1].losses].elements
        for s in sequences.indices {
          for row in s * range.count..<(s + 1) * range.count {
            logits[s].append(rows.rows(row..<row + 1).elements)
            losses[s].append(values[row])
          }
        }
      }
      guard learns else { continue }
      _ = weights.learn(
        chunk, writes: ChunkWrites(lossWeights: flags, levelCount: c.levels.count), state: &live,
        configuration: c, sequences: sequences.count, tape: &tape)
    }
    state = live.map { tape[$0] }
  }
}
