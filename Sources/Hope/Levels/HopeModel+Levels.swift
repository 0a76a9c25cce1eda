import Tensors

// What is known of a level before anything is learned, by the index of `LevelSettings`, from 1.

extension HopeModel {
  /// ‖W_down‖ of a level in every block: what its writes and its drift are measured against.
  package func weightNorms(ofLevel index: Int) -> [Float] {
    parameters.blocks.map { $0.levels[index - 1].down.norm }
  }

  /// λ of a level as trained, the mean over the blocks.
  package func retention(ofLevel index: Int) -> Float {
    let retentions = parameters.blocks.map { $0.levels[index - 1].retention.elements[0] }
    return retentions.reduce(0, +) / Float(retentions.count)
  }
}
