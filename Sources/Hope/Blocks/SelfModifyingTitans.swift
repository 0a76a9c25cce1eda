import Tensors

// The mixer of `arch: hope` (spec §3): five memories per head, k, v, η, α and main, that all change
// with values they generate themselves. The preset says what a memory is: a matrix (`delta`), or a
// two-layer network (`stable`, `paperLiteral`); see the files beside this one.

/// Per-row switches of the mixer: what its memory's reads are multiplied with, and whether it writes.
package struct MixerAccess: Sendable {
  /// One per row; nil: 1.
  package var readGains: [Float]?
  /// One per row, 1 or 0; nil: 1.
  package var writes: [Float]?

  package init(readGains: [Float]? = nil, writes: [Float]? = nil) {
    self.readGains = readGains
    self.writes = writes
  }
}

extension SelfModifyingParameters where Value == Variable {
  /// One mixer chunk. a [rows, width]: the normed block input.
  func forward(
    _ a: Variable, state: inout MixerState<Variable>, access: MixerAccess,
    configuration c: HopeConfiguration, sequences: Int, tape: inout Tape
  ) -> Variable {
    let past = state.tail ?? tape.leaf(.zeros([sequences, 3, c.width]))
    let x = tape.linear(a, input)
    let u = tape.silu(tape.convolution(x, past: past, weight: convolution))
    state.tail = tape.convolutionTail(x, past: past)
    let heard =
      switch memories {
      case .linear(let key, let value, let main, let eta, let alpha):
        LinearMemories(key: key, value: value, main: main, eta: eta, alpha: alpha).forward(
          u, of: self, state: &state, access: access, configuration: c, sequences: sequences,
          tape: &tape)
      case .residual:
        forwardResidual(
          u, state: &state, access: access, configuration: c, sequences: sequences, tape: &tape)
      }
    let o = tape.rmsNorm(heard, outputNorm)  // M_mem(q)
    return tape.linear(tape.siluGate(o, tape.linear(a, outputGate)), output)
  }
}

extension SelfModifyingParameters where Value == Tensor {
  /// One token of one sequence. `snapshot` is the state at the chunk's start, `running` that after
  /// the token before; the latter is advanced.
  func step(
    _ a: Tensor, snapshot: MixerState<Tensor>, running: inout MixerState<Tensor>,
    readGain: Float, writes: Bool, configuration c: HopeConfiguration, lanes: Int,
    observe: (Tensor, Tensor) -> Void
  ) -> Tensor {
    let past = running.tail ?? .zeros([1, 3, c.width])
    let x = a.timesTransposed(input, lanes: lanes)
    var u = x.convolved(past: past, weight: convolution)
    u.applySilu()
    running.tail = x.convolutionTail(past: past)
    let heard =
      switch memories {
      case .linear(let key, let value, let main, let eta, let alpha):
        LinearMemories(key: key, value: value, main: main, eta: eta, alpha: alpha).step(
          u, of: self, snapshot: snapshot, running: &running, readGain: readGain, writes: writes,
          configuration: c, lanes: lanes, observe: observe)
      case .residual:
        stepResidual(
          u, snapshot: snapshot, running: &running, readGain: readGain, writes: writes,
          configuration: c, lanes: lanes)
      }
    let o = heard.rmsNormalized(outputNorm).0
    let gate = a.timesTransposed(outputGate, lanes: lanes)
    return o.siluGated(gate).timesTransposed(output, lanes: lanes)
  }
}

extension Tensor {
  mutating func applySilu() {
    let n = count
    withMutablePointer { Kernels.silu($0, into: $0, n) }
  }

  /// self ⊙ SiLU(gate).
  func siluGated(_ gate: Tensor) -> Tensor {
    var z = Tensor.uninitialized(shape)
    z.withMutablePointer { Kernels.siluGate(elements, gate.elements, into: $0, count) }
    return z
  }
}
