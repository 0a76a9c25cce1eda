import Tensors

extension MixerParameters where Value == Tensor {
  /// One token of one sequence through the mixer. `snapshot` is the state at the chunk's start,
  /// `running` that after the token before, which is advanced. `observe` is given η and α of every
  /// head where there are any.
  func step(
    _ a: Tensor, snapshot: MixerState<Tensor>, running: inout MixerState<Tensor>,
    settings: LevelSettings.Entry, position: Int, configuration: HopeConfiguration, lanes: Int,
    observe: (Tensor, Tensor) -> Void = { _, _ in }
  ) -> Tensor {
    switch self {
    case .selfModifying(let titans):
      titans.step(
        a, snapshot: snapshot, running: &running, readGain: settings.readGain,
        writes: settings.isWritable, configuration: configuration, lanes: lanes, observe: observe)
    case .attention(let attention):
      attention.step(
        a, running: &running, readGain: settings.readGain, writes: settings.isWritable,
        position: position, configuration: configuration, lanes: lanes)
    }
  }
}
