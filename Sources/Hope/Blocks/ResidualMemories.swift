import Tensors

// Presets `stable` and `paperLiteral`: memories that are two-layer networks (spec §3.5, §3.7). Their
// state is what each has learned beyond its start weights, matrix by matrix.

extension HopeConfiguration {
  /// How the two-layer memories of a head are fed, read and written; both kinds on the mixer's clock.
  var selfModifyingRule: SelfModifyingRule {
    switch memory {
    case .stable: return .stable(width: headWidth, chunkSize: mixerChunkSize)
    case .paperLiteral:
      return .paperLiteral(otherChunkSize: mixerChunkSize, mainChunkSize: mixerChunkSize)
    case .delta: preconditionFailure("the preset delta has no two-layer memories")
    }
  }
}

extension SelfModifyingParameters where Value == Variable {
  /// One mixer chunk: what the main memory answers, [rows, width]. u: the rows that feed the memories.
  func forwardResidual(
    _ u: Variable, state: inout MixerState<Variable>, access: MixerAccess,
    configuration c: HopeConfiguration, sequences: Int, tape: inout Tape
  ) -> Variable {
    let signals = ResidualSignals(
      tokens: u, queries: tape.linear(u, query), etaBias: etaBias, alphaBias: alphaBias,
      start: memories.flat, learned: state.memories)
    let (reads, learned) = tape.residualChunk(
      signals, rule: c.selfModifyingRule, access: access, sequences: sequences)
    state.memories = learned
    return reads
  }
}

extension SelfModifyingParameters where Value == Tensor {
  /// One token of one sequence; see `step`.
  func stepResidual(
    _ u: Tensor, snapshot: MixerState<Tensor>, running: inout MixerState<Tensor>, readGain: Float,
    writes: Bool, configuration c: HopeConfiguration, lanes: Int
  ) -> Tensor {
    let signals = ResidualSignals(
      tokens: u, queries: u.timesTransposed(query, lanes: lanes), etaBias: etaBias,
      alphaBias: alphaBias, start: memories.flat, learned: running.memories)
    let access = MixerAccess(
      readGains: readGain == 1 ? nil : [readGain], writes: writes ? nil : [0])
    let chunk = ResidualChunk(
      signals: signals, rule: c.selfModifyingRule, access: access, sequences: 1)
    let (reads, learned, _) = chunk.forward(snapshot: snapshot.memories)
    if writes { running.memories = learned }
    return reads
  }
}
