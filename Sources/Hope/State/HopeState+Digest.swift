import Tensors

extension HopeState {
  /// SHA-256 over every bit that decides what comes next: the stream's state at the chunk's start, the
  /// open chunk's tokens with their switches, and the mixers after them.
  package var digest: SHA256Digest {
    var hasher = SHA256Hasher()
    hasher.update("hope state 1 position \(stream.position)")
    for mixer in stream.mixers + open.snapshots + open.running { hasher.update(mixer) }
    for level in stream.levels.joined() { hasher.update(level) }
    for (i, token) in open.tokens.enumerated() {
      hasher.update("token \(token) \(open.isLearnedFrom[i]) \(open.settings[i].spelling)")
    }
    return hasher.finalize()
  }

  /// SHA-256 over the logits after the last token, which follow from the rest and are no part of `digest`.
  var logitsDigest: SHA256Digest {
    var hasher = SHA256Hasher()
    logits.withUnsafeBytes { hasher.update($0) }
    return hasher.finalize()
  }
}

extension SHA256Hasher {
  fileprivate mutating func update(_ mixer: MixerState<Tensor>) {
    update("mixer \(mixer.memories.count)")
    for memory in mixer.memories { update(memory) }
    for tensor in [mixer.tail, mixer.keys, mixer.values] { update(tensor) }
  }

  fileprivate mutating func update(_ level: LevelState<Tensor>) {
    update("level \(level.writeCount) \(level.pendingTokens) \(level.earlyWrite ?? -1)")
    for tensor in [level.learned, level.pending, level.momentum, level.pendingErase, level.anchor] {
      update(tensor)
    }
  }

  private mutating func update(_ tensor: Tensor?) {
    guard let tensor else { return update("none") }
    update("tensor \(tensor.shape)")
    update(elementsOf: tensor)
  }
}

extension LevelSettings {
  /// Bits and gains in a fixed spelling.
  fileprivate var spelling: String {
    ([mixer] + levels).map { "\($0.access.bits)*\($0.gain.bitPattern)" }.joined(separator: ",")
  }
}
