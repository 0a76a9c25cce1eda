import Tensors

extension StateFile {
  /// The tensors of a file that are not those of a state, by a bit; of a damaged file those that can be
  /// read. In the order of the computation: block by block, in each the mixer and then the levels, from
  /// the fast to the slow; the logits at the end.
  package static func differences(
    _ path: String, from state: HopeState, _ model: HopeModel
  ) -> [TensorDifference] {
    guard let file = try? SafetensorsFile(path: path) else { return [] }
    let mine = state.namedTensors
    let names = Set(mine.map(\.0))
    let found = mine.compactMap { name, tensor in
      TensorDifference(name, tensor, try? file.tensor(named: name), model.configuration)
    }
    let missing = file.entries.map(\.name).filter { !names.contains($0) }.compactMap { name in
      TensorDifference(name, nil, try? file.tensor(named: name), model.configuration)
    }
    return (found + missing).sorted { $0.place < $1.place }
  }
}

extension TensorDifference {
  /// Block and level; the mixer is level −1.
  fileprivate var place: (Int, Int) {
    let parts = name.split(separator: ".")
    guard parts.count > 2, let block = Int(parts[1]) else { return (.max, .max) }
    return (block, parts[0] == "level" ? Int(parts[2]) ?? .max : -1)
  }
}
