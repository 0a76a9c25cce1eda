import Tensors

extension HopeState {
  /// How far a level's learned part moved since an earlier moment: ‖Δ − Δ_before‖ / ‖W_down‖ over all
  /// blocks; for the mixer (0) ‖G − G_before‖ / ‖I‖, or of all two-layer memories ‖W − W_before‖ / ‖W_0‖.
  /// Frobenius norms.
  package func change(
    ofLevel index: Int, since before: HopeState, in model: HopeModel
  ) -> Float {
    var (moved, base): (Float, Float) = (0, 0)
    for (b, block) in model.parameters.blocks.enumerated() {
      if index == 0 {
        moved += squaredDistance(
          open.running[b].memories, before.open.running[b].memories)
        base += block.mixer.squaredStartNorm(model.configuration)
      } else {
        moved += squaredDistance(
          stream.levels[b][index - 1].learned, before.stream.levels[b][index - 1].learned)
        base += block.levels[index - 1].down.squaredNorm
      }
    }
    return (moved / base).squareRoot()
  }

  /// Tensors the state is made of.
  package var tensorCount: Int { namedTensors.count }

  /// Memory that the state's tensors take, in bytes; the part shared with copies counts too.
  package var byteCount: Int {
    var floats = logits.count
    for mixer in stream.mixers + open.snapshots + open.running { floats += mixer.floatCount }
    for level in stream.levels.joined() { floats += level.floatCount }
    return floats * MemoryLayout<Float>.size
  }
}

extension MixerState<Tensor> {
  fileprivate var floatCount: Int {
    memories.reduce(0) { $0 + $1.count }
      + [tail, keys, values].reduce(0) { $0 + ($1?.count ?? 0) }
  }
}

extension LevelState<Tensor> {
  fileprivate var floatCount: Int {
    [learned, pending, momentum, pendingErase, anchor].reduce(0) { $0 + ($1?.count ?? 0) }
  }
}

extension MixerParameters<Tensor> {
  /// ‖·‖² of what the learned part is measured against: the identity, or the start weights.
  func squaredStartNorm(_ c: HopeConfiguration) -> Float {
    guard case .selfModifying(let titans) = self, case .residual = titans.memories else {
      return Float(c.width)
    }
    return titans.memories.flat.reduce(0) { $0 + $1.squaredNorm }
  }
}

/// Σ ‖a − b‖² over two states' memories; a state without memories is zero.
private func squaredDistance(_ a: [Tensor], _ b: [Tensor]) -> Float {
  (0..<max(a.count, b.count)).reduce(0) {
    $0 + squaredDistance(a.isEmpty ? nil : a[$1], b.isEmpty ? nil : b[$1])
  }
}

/// ‖a − b‖²; nil stands for zero.
private func squaredDistance(_ a: Tensor?, _ b: Tensor?) -> Float {
  guard var difference = a ?? b else { return 0 }
  if a != nil, let b { difference.add(b, scaledBy: -1) }
  return difference.squaredNorm
}
