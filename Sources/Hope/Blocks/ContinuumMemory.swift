import Tensors

// One level of the continuum memory system (spec §2): a SwiGLU branch whose output matrix has a
// learned part Δ, read with the unit key of its own hidden activation.
//
//     y_t = W_down h_t + gain · Δ key_t          key = h / ‖h‖₂
//     Δ  ← λ Δ − Σ_{t in the last C tokens} η_t g_t key_tᵀ                         (Eq. 71)

/// What a level's write needs from the forward pass of one segment of a chunk.
package struct LevelTap: Sendable {
  /// The branch's output y [rows, width], where the teach signal g is taken.
  let output: Variable
  let key: Variable
  /// η, [rows].
  let rates: Variable
}

extension LevelParameters where Value == Variable {
  /// The branch for rows u [rows, width]; `gains` one per row, nil: 1.
  /// With `learns` off the keys and rates that only a write needs are left out.
  func forward(
    _ u: Variable, learned: Variable?, gains: [Float]?, learns: Bool, tape: inout Tape
  ) -> (output: Variable, tap: LevelTap?) {
    let n = tape.rmsNorm(u, norm)
    let hidden = tape.swiglu(tape.linear(n, gateUp))
    var y = tape.linear(hidden, down)
    let isSilent = learned == nil || gains.map { $0.allSatisfy { $0 == 0 } } == true
    guard learns || !isSilent else { return (y, nil) }
    let key = tape.unitRows(hidden, width: tape[hidden].width)
    if let learned, !isSilent { y = tape.fastRead(y, key: key, delta: learned, gains: gains) }
    guard learns else { return (y, nil) }
    let rates = tape.writeRates(n, weight: rateWeight, bias: rateBias, logRate: logRate)
    return (y, LevelTap(output: y, key: key, rates: rates))
  }
}

extension LevelParameters where Value == Tensor {
  /// The branch for one token, u [1, width].
  func step(_ u: Tensor, learned: Tensor?, gain: Float, lanes: Int) -> Tensor {
    let hidden = u.rmsNormalized(norm).0.timesTransposed(gateUp, lanes: lanes).swiglu()
    var y = hidden.timesTransposed(down, lanes: lanes)
    guard let learned, gain != 0 else { return y }
    let key = hidden.unitRows(width: hidden.width).0
    let matrix = learned.reshaped([learned.shape[1], learned.shape[2]])
    y.add(key.timesTransposed(matrix, lanes: lanes), scaledBy: gain)
    return y
  }
}

extension BlockParameters where Value == Variable {
  /// All levels of a block joined by the configuration's layout.
  func runLevels(
    _ u: Variable, states: [LevelState<Variable>], gains: [[Float]?], learns: Bool,
    layout: HopeConfiguration.Layout, tape: inout Tape
  ) -> (output: Variable, taps: [LevelTap?]) {
    var (stream, taps): (Variable, [LevelTap?]) = (u, [])
    for (l, level) in levels.enumerated() {
      let (y, tap) = level.forward(
        layout == .independent ? u : stream, learned: states[l].learned, gains: gains[l],
        learns: learns, tape: &tape)
      taps.append(tap)
      stream = tape.add(stream, weighted(y, l, tape: &tape))
    }
    return (stream, taps)
  }

  private func weighted(_ y: Variable, _ l: Int, tape: inout Tape) -> Variable {
    levelWeights.map { tape.scale(y, by: $0, element: l) } ?? y
  }
}

extension BlockParameters where Value == Tensor {
  /// - Parameter observe: called with every level's number and input.
  func stepLevels(
    _ u: Tensor, states: [LevelState<Tensor>], settings: LevelSettings,
    layout: HopeConfiguration.Layout, lanes: Int, observe: (Int, Tensor) -> Void = { _, _ in }
  ) -> Tensor {
    var stream = u
    for (l, level) in levels.enumerated() {
      let input = layout == .independent ? u : stream
      observe(l, input)
      let y = level.step(
        input, learned: states[l].learned,
        gain: settings.levels[l].readGain, lanes: lanes)
      stream.add(y, scaledBy: levelWeights?.elements[l] ?? 1)
    }
    return stream
  }
}
