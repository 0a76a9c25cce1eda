/// What a model folder holds, without its weights: for `hope model info` and `check`.
package struct ModelSummary: Sendable {
  package let configuration: HopeConfiguration
  /// In the order of the file.
  package let tensors: [SafetensorsFile.Entry]
  package let metadata: [String: String]
  /// Of `model.safetensors`: its SHA-256 and its size.
  package let digest: SHA256Digest
  package let byteCount: Int

  package var parameterCount: Int { tensors.reduce(0) { $0 + $1.elementCount } }

  /// The dtypes in use, widest first; usually one.
  package var dtypes: [SafetensorsFile.DType] {
    SafetensorsFile.DType.allCases.filter { dtype in tensors.contains { $0.dtype == dtype } }
  }

  /// Clocks of the model, fast to slow: the mixer, then the levels of the continuum memory.
  package var levels: [(name: String, chunkSize: Int)] {
    let mixer = (name: configuration.mixerLevelName, chunkSize: 1)
    return [mixer] + configuration.levels.map { (name: $0.name, chunkSize: $0.chunkSize) }
  }
}
