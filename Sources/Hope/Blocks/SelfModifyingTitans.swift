import Glibc
import Tensors

// The mixer of `arch: hope` (spec §3): five memories per head, k, v, η, α and main, that all change
// with values they generate themselves. Preset `delta`: linear memories.
//
// With linear memories and one chunk clock, every memory is its start weight times one shared gain:
// M_□ = M_□,0 G (spec §3.4, "shared gain"). The state is X = G − I, so a fresh state is zero, and
// retention pulls back to the learned start and not to nothing:
//     G_t = I + α_t (G_{t−1} − I) − η_t (G_{t−1} k_t − v̂_t) k_tᵀ        v̂_t = unit(G_ξ v_t)

/// Per-row switches of the mixer: what its memory's reads are multiplied with, and whether it writes.
package struct MixerAccess: Sendable {
  /// One per row; nil: 1.
  package var readGains: [Float]?
  /// One per row, 1 or 0; nil: 1.
  package var writes: [Float]?
}

extension SelfModifyingParameters where Value == Variable {
  /// One mixer chunk. a [rows, width]: the normed block input.
  func forward(
    _ a: Variable, state: inout MixerState<Variable>, access: MixerAccess,
    configuration c: HopeConfiguration, sequences: Int, tape: inout Tape
  ) -> Variable {
    guard case .linear(let key, let value, let main, let eta, let alpha) = memories else {
      preconditionFailure("residual memories on the tape")
    }
    let (h, w) = (c.headCount, c.headWidth)
    let past = state.tail ?? tape.leaf(.zeros([sequences, 3, c.width]))
    let gain = state.memories.first ?? tape.leaf(.zeros([sequences, h, w, w]))
    let x = tape.linear(a, input)
    let u = tape.silu(tape.convolution(x, past: past, weight: convolution))
    state.tail = tape.convolutionTail(x, past: past)

    let z = tape.gainRead(u, state: gain)  // what k, v, η, α read: M_□ u = M_□,0 (G_ξ u)
    let k = tape.unitRows(tape.headLinear(z, key), width: w)
    let v = tape.unitRows(tape.headLinear(z, value), width: w)
    let q = tape.unitRows(tape.linear(u, query), width: w)
    var rates = tape.sigmoid(tape.headDots(z, eta, bias: etaBias))
    var retentions = tape.logSigmoid(tape.headDots(z, alpha, bias: alphaBias))
    if let writes = access.writes {
      rates = tape.scaleRows(rates, by: writes)
      retentions = tape.scaleRows(retentions, by: writes)
    }
    let generated = tape.unitRows(tape.gainRead(v, state: gain), width: w)  // v̂
    let (read, next) = tape.deltaChunk(
      state: gain, keys: k, errors: tape.subtract(k, generated), rates: rates,
      logRetentions: retentions, queries: q)
    state.memories = [next]

    let heard = access.readGains.map { tape.scaleRows(read, by: $0) } ?? read
    let o = tape.rmsNorm(tape.headLinear(tape.add(q, heard), main), outputNorm)  // M_mem(q)
    return tape.linear(tape.siluGate(o, tape.linear(a, outputGate)), output)
  }
}

extension SelfModifyingParameters where Value == Tensor {
  /// One token of one sequence. `snapshot` is the state at the chunk's start, `running` that after
  /// the token before; the latter is advanced.
  func step(
    _ a: Tensor, snapshot: MixerState<Tensor>, running: inout MixerState<Tensor>,
    readGain: Float, writes: Bool, configuration c: HopeConfiguration, lanes: Int
  ) -> Tensor {
    guard case .linear(let key, let value, let main, let eta, let alpha) = memories else {
      preconditionFailure("residual memories one token at a time")
    }
    let (h, w) = (c.headCount, c.headWidth)
    let fresh = Tensor.zeros([1, h, w, w])
    let past = running.tail ?? .zeros([1, 3, c.width])
    let frozen = snapshot.memories.first ?? fresh
    var live = running.memories.first ?? fresh
    running.memories = []  // keep `live` the only owner
    let x = a.timesTransposed(input, lanes: lanes)
    var u = x.convolved(past: past, weight: convolution)
    u.applySilu()
    running.tail = x.convolutionTail(past: past)

    let z = u.gainRead(frozen)
    let k = z.headProduct(key).unitRows(width: w).0
    let v = z.headProduct(value).unitRows(width: w).0
    let q = u.timesTransposed(query, lanes: lanes).unitRows(width: w).0
    var heard = q
    if readGain == 1 {
      heard = q.gainRead(live)
    } else if readGain != 0 {
      heard = q.gainRead(live)
      heard.add(q, scaledBy: -1)
      heard.scale(by: readGain)
      heard.add(q)
    }
    if writes {
      let rates = z.headDots(eta, bias: etaBias).mapped { 1 / (1 + exp(-$0)) }
      let retentions = z.headDots(alpha, bias: alphaBias).mapped { 1 / (1 + exp(-$0)) }
      let generated = v.gainRead(frozen).unitRows(width: w).0
      live.writeHeads(keys: k, values: generated, rates: rates, retentions: retentions)
    }
    running.memories = [live]
    let o = heard.headProduct(main).rmsNormalized(outputNorm).0
    let gate = a.timesTransposed(outputGate, lanes: lanes)
    return o.siluGated(gate).timesTransposed(output, lanes: lanes)
  }
}

extension Tensor {
  /// X ← αX − η(X k + k − v̂)kᵀ per head, one token. self [1, heads, w, w], rows [1, heads·w].
  mutating func writeHeads(keys: Tensor, values: Tensor, rates: Tensor, retentions: Tensor) {
    let (heads, w) = (shape[1], shape[2])
    var errors = keys.gainRead(self)  // (I + X) k
    errors.add(values, scaledBy: -1)
    withMutablePointer { x in
      withPointers([errors, keys]) { p in
        for h in 0..<heads {
          Kernels.decayRankOne(
            x + h * w * w, decay: retentions.elements[h], -rates.elements[h], p[0] + h * w,
            p[1] + h * w, rows: w, width: w)
        }
      }
    }
  }

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
