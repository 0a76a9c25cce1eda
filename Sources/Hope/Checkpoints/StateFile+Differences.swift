import Tensors

extension StateFile {
  /// The tensors of a file that are not those of a state; of a damaged file those that can be read.
  package static func differences(
    _ path: String, from state: HopeState, _ model: HopeModel
  ) -> [TensorDifference] {
    guard let file = try? SafetensorsFile(path: path) else { return [] }
    return state.namedTensors.compactMap { name, tensor in
      TensorDifference(name, tensor, try? file.tensor(named: name), model.configuration)
    }
  }
}
