import Hope

/// What `hope model info` prints.
struct ModelReport {
  private let path: String
  private let summary: ModelSummary

  init(_ path: String, _ summary: ModelSummary) { (self.path, self.summary) = (path, summary) }

  var text: String {
    (facts + levels + notes + tensors).joined(separator: "\n") + "\n"
  }

  private var facts: [String] {
    let c = summary.configuration
    let dtypes = summary.dtypes.map(\.rawValue).joined(separator: ", ")
    return [
      "model       \(path)",
      "kind        \(c.arch.rawValue), memories \(c.memory.rawValue), levels \(c.layout.rawValue)",
      "parameters  \(summary.parameterCount) in \(summary.tensors.count) tensors",
      "weights     \(summary.byteCount) bytes, \(dtypes)",
      "sizes       width \(c.width), blocks \(c.blockCount), heads \(c.headCount), "
        + "vocabulary \(c.vocabularySize)",
      "rule        \(c.updateRule.rawValue), a write above \(c.updateLimit) of the weights is refused",
      "sha256      \(summary.digest)",
    ]
  }

  private var levels: [String] {
    let c = summary.configuration
    return ["level       \(c.mixerLevelName), writes after every token"]
      + c.levels.map {
        "level       \($0.name), writes every \($0.chunkSize) tokens, hidden \($0.hiddenWidth), "
          + "retention \($0.retention) at the start of training"
      }
  }

  private var notes: [String] {
    summary.metadata.sorted { $0.key < $1.key }
      .map { "note        \($0.key.printable()): \($0.value.printable(limit: 200))" }
  }

  private var tensors: [String] {
    summary.tensors.map { "tensor      \($0.name) \($0.shape) \($0.dtype.rawValue)" }
  }
}
