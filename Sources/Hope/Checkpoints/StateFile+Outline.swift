import Foundation
import Tensors

/// All of a state that is no tensor.
struct StateOutline: Codable {
  struct Level: Codable {
    /// Writable tokens since the last write; empty: none.
    var tokens: [Int]
    var writes: Int
    /// Position of the last write before its time.
    var early: Int?
  }
  /// Switches of tokens that follow each other.
  struct Switches: Codable {
    var count: Int
    /// One per level, the mixer first: both bits, and the bits of the gain.
    var access: [UInt8]
    var gain: [UInt32]
  }
  var version = 1
  /// Tokens before the open chunk.
  var position: Int
  var levels: [[Level]]
  /// Of the open chunk.
  var tokens: [TokenID]
  var learned: [Bool]
  var switches: [Switches]

  init(_ state: HopeState) {
    position = state.stream.position
    levels = state.stream.levels.map {
      $0.map { Level(tokens: $0.pendingTokens, writes: $0.writeCount, early: $0.earlyWrite) }
    }
    tokens = state.open.tokens
    learned = state.open.isLearnedFrom
    switches = state.open.settings.reduce(into: []) { runs, settings in
      let entries = (0..<settings.count).map { settings[$0] }
      let run = Switches(
        count: 1, access: entries.map(\.access.rawValue), gain: entries.map(\.gain.bitPattern))
      if let last = runs.last, last.access == run.access, last.gain == run.gain {
        runs[runs.count - 1].count += 1
      } else {
        runs.append(run)
      }
    }
  }

  init?(text: String) {
    guard let outline = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else {
      return nil
    }
    self = outline
  }

  var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("whole numbers and flags can always be encoded")
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// Tokens run in all. Whatever the file says, this does not trap.
  var positionAfter: Int { position.addingReportingOverflow(tokens.count).partialValue }

  /// What makes this no outline of such a model's state; nil: nothing.
  func fault(_ c: HopeConfiguration) -> String? {
    let isShaped =
      levels.count == c.blockCount && levels.allSatisfy { $0.count == c.levels.count }
    let isCounted = levels.joined().allSatisfy {
      $0.writes >= 0 && $0.tokens.count <= 1 && $0.tokens.allSatisfy { $0 >= 0 }
        && ($0.early ?? 0) >= 0
    }
    let isOpenWhole =
      tokens.count <= c.baseChunkSize && learned.count == tokens.count
      && tokens.allSatisfy { $0 >= 0 && Int($0) < c.vocabularySize }
    let isSwitched = switches.allSatisfy { run in
      (1...tokens.count + 1).contains(run.count) && run.access.count == c.levels.count + 1
        && run.gain.count == run.access.count && run.access.allSatisfy { $0 < 4 }
        && run.gain.allSatisfy { Float(bitPattern: $0).isFinite }
    }
    guard version == 1 else { return "its form \(version) is not 1; a newer program wrote it" }
    guard isShaped else { return "its blocks or levels are not this model's" }
    guard isCounted, (0..<1 << 53).contains(position) else { return "a count is out of range" }
    guard isOpenWhole, isSwitched, switches.reduce(0, { $0 + $1.count }) == tokens.count else {
      return "its open chunk contradicts itself"
    }
    return nil
  }

  /// The switches of every token of the open chunk.
  var settings: [LevelSettings] {
    switches.flatMap { run in
      var settings = LevelSettings(levelCount: run.access.count - 1)
      for i in run.access.indices {
        settings[i].access = LevelAccess(rawValue: run.access[i])
        settings[i].gain = Float(bitPattern: run.gain[i])
      }
      return Array(repeating: settings, count: run.count)
    }
  }
}

extension HopeState {
  /// Every tensor of the state with its name in a file: `stream.0.memory.0`, `level.0.1.learned`.
  var namedTensors: [(String, Tensor)] {
    var tensors: [(String, Tensor)] = []
    for (part, mixers) in [
      ("stream", stream.mixers), ("chunk", open.snapshots), ("running", open.running),
    ] {
      for (b, mixer) in mixers.enumerated() { tensors += mixer.named("\(part).\(b)") }
    }
    for (b, levels) in stream.levels.enumerated() {
      for (l, level) in levels.enumerated() { tensors += level.named("level.\(b).\(l)") }
    }
    if !logits.isEmpty {
      tensors.append(("logits", Tensor(shape: [logits.count], elements: logits)))
    }
    return tensors
  }
}

extension MixerState<Tensor> {
  fileprivate func named(_ prefix: String) -> [(String, Tensor)] {
    memories.enumerated().map { ("\(prefix).memory.\($0)", $1) }
      + [("tail", tail), ("keys", keys), ("values", values)]
      .compactMap { name, tensor in tensor.map { ("\(prefix).\(name)", $0) } }
  }
}

extension LevelState<Tensor> {
  fileprivate func named(_ prefix: String) -> [(String, Tensor)] {
    [
      ("learned", learned), ("pending", pending), ("momentum", momentum),
      ("erase", pendingErase), ("anchor", anchor),
    ].compactMap { name, tensor in tensor.map { ("\(prefix).\(name)", $0) } }
  }
}
