import Tensors

// The nested layout (Eq. 72, spec §2.4) read to first order: a level does not start from its start
// weights for ever. Where the next slower level ends a chunk, the start of the faster one moves by all
// it has written since, without what it forgot, and its learned part begins anew from there. With
// λ = 1 nothing is forgotten, and nested is sequential.

extension HopeConfiguration {
  /// C of the next slower level, in the nested layout alone.
  func slowerChunkSize(thanLevel l: Int) -> Int? {
    guard layout == .nested else { return nil }
    return levels.map(\.chunkSize).filter { $0 > levels[l].chunkSize }.min()
  }
}

extension LevelState where Value == Variable {
  /// Follows a write of the sequences `writes`: A ← A − step, and then Δ ← A where a chunk of the
  /// slower level ended with it. A level that does not write there keeps every bit of Δ.
  mutating func nest(
    _ step: Variable, writes: [Bool], endsSlowerChunk: Bool, tape: inout Tape
  ) {
    let one = tape.leaf(Tensor([1], filledWith: 1))
    let moved = tape.retain(anchor, minus: step, retention: one, writes: writes)
    anchor = moved
    if endsSlowerChunk { learned = tape.choose(moved, else: learned, where: writes) }
  }
}
