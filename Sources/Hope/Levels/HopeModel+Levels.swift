import Glibc
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

  /// The model whose level writes `factor` times as strongly (η, spec §2.2), and keeps a share of
  /// what it learned of each write (λ) that may differ from the trained one.
  package func tuned(
    level index: Int, rateFactor factor: Float = 1, retention: Float? = nil
  ) -> HopeModel {
    precondition(factor > 0 && factor.isFinite, "a rate \(factor) times as large")
    precondition(retention.map { $0 > 0 && $0 <= 1 } ?? true, "\(retention ?? 0) is not in (0, 1]")
    var parameters = parameters
    for b in parameters.blocks.indices {
      parameters.blocks[b].levels[index - 1].logRate.elements[0] += log(factor)
      if let retention { parameters.blocks[b].levels[index - 1].retention.elements[0] = retention }
    }
    return HopeModel(configuration: configuration, parameters: parameters)
  }
}
