import Hope
import Tensors
import TestSupport
import Testing

@Suite("Switches and gains of levels")
struct LevelsTests {
  typealias Architecture = HopeConfiguration.Architecture
  static let architectures = Architecture.allCases

  private func model(_ arch: Architecture) -> HopeModel {
    ToyModel.model(ToyModel.configuration(arch, mixerChunkSize: 2))
  }

  private func tokens(_ model: HopeModel, _ count: Int) -> [TokenID] {
    ToyModel.sequence(model.configuration, length: count - 1).tokens
  }

  @Test(
    "with everything off the logits are the base model's, bit for bit", arguments: architectures)
  func allOff(arch: Architecture) {
    let model = model(arch)
    let tokens = tokens(model, 30)
    let base = model.stepped(tokens) { _ in model.all(.off) }
    #expect(base.state.learned == model.freshState().learned)
    let stream = model.stepped(tokens) { $0 < 13 ? model.on : model.all(.off) }
    #expect(stream.logits[12] != base.logits[12])
    // the second block's convolution still holds three tokens run with what had been learned
    let first = [.hope, .titans].contains(arch) ? 13 + 3 : 13
    #expect(stream.logits[first...] == base.logits[first...])
  }

  @Test("a rate twice as large writes twice as much, and λ is what it was set to")
  func tuned() throws {
    let model = model(.hope)
    let tuned = model.tuned(level: 1, rateFactor: 2).tuned(level: 2, retention: 0.25)
    #expect(tuned.retention(ofLevel: 1) == model.retention(ofLevel: 1))
    #expect(tuned.retention(ofLevel: 2) == 0.25)
    let first = tokens(model, 5)  // cms1 has written once, cms2 not yet
    let (plain, doubled) = (model.stepped(first).state, tuned.stepped(first).state)
    let once = try #require(plain.stream.levels[0][0].learned)
    let twice = try #require(doubled.stream.levels[0][0].learned)
    #expect(once.norm > 0)
    for (x, y) in zip(once.elements, twice.elements) {
      #expect(abs(2 * x - y) <= 1e-5 * (abs(y) + once.norm))
    }
  }

  @Test("levels that are off read like levels that have learned nothing", arguments: architectures)
  func levelsOff(arch: Architecture) {
    let model = model(arch)
    let tokens = tokens(model, 30)
    let frozen = model.stepped(tokens, isLearnedFrom: tokens.map { _ in false })
    var off = model.on
    for l in 1...2 { off[l].access = .off }
    let stream = model.stepped(tokens) { _ in off }
    #expect(stream.logits == frozen.logits)
    var silent = model.on
    for l in 1...2 { silent[l].gain = 0 }
    let quiet = model.stepped(tokens) { _ in silent }
    #expect(quiet.logits == frozen.logits)
    #expect(quiet.writes.count == 2 * (7 + 3), "gain 0 goes on learning")
  }

  @Test("a frozen level keeps every bit of what it has learned, and is heard", arguments: [1, 2])
  func frozen(level: Int) {
    let model = model(.hope)
    let tokens = tokens(model, 33)
    var settings = model.on
    settings[level].access = .read
    let stream = model.stepped(tokens) { $0 < 9 ? model.on : settings }
    let before = stream.states[8].learned.map { $0[level - 1] }
    #expect(before.allSatisfy { $0 != nil })
    for state in stream.states[8...] {
      #expect(state.learned.map { $0[level - 1] } == before)
    }
    #expect(stream.writes.contains { $0.level == 2 - level }, "the other level goes on")
    var off = settings
    off[level].access = .off
    let silent = model.stepped(tokens) { $0 < 9 ? model.on : off }
    #expect(stream.logits[9] != silent.logits[9])
  }

  @Test(
    "a level frozen inside its chunk does not write what it gathered before", arguments: 5...8)
  func frozenInside(position: Int) {
    let model = model(.hope)
    let tokens = tokens(model, 18)
    var settings = model.on
    settings[1].access = .read
    let stream = model.stepped(tokens) { $0 < position ? model.on : settings }
    #expect(stream.writes.filter { $0.level == 0 }.map(\.number) == [0, 0], "the first chunk's")
    let thawed = model.stepped(tokens) { $0 == position - 1 ? settings : model.on }
    #expect(thawed.writes.filter { $0.level == 0 }.count == (position == 5 ? 6 : 8))
  }

  @Test(
    "tokens read while everything is off change nothing that is heard again later",
    arguments: architectures)
  func offAndOn(arch: Architecture) {
    let model = model(arch)
    let tokens = tokens(model, 33)
    let start = model.stepped(Array(tokens[..<16])).state
    // the first of these closes the chunk before
    let away = model.stepped(Array(tokens[16..<32]), from: start) { _ in model.all(.off) }
    for state in away.states {
      #expect(state.learned == away.states[0].learned)
      for (mixer, before) in zip(state.stream.mixers, away.states[0].stream.mixers) {
        #expect(mixer.memories == before.memories)
        #expect(mixer.keys == before.keys && mixer.values == before.values)
      }
    }
    let back = model.stepped([tokens[32]], from: away.state)
    let still = model.stepped([tokens[32]], from: away.state) { _ in model.all(.off) }
    #expect(back.state.learned == away.states[0].learned)
    #expect(back.logits != still.logits)
  }

  @Test("a mixer that may not write keeps its memories; one that listens is not heard")
  func mixerSwitches() {
    let model = model(.hope)
    let tokens = tokens(model, 25)
    var (frozen, listening, off) = (model.on, model.on, model.on)
    (frozen.mixer.access, listening.mixer.access, off.mixer.access) = (.read, .write, .off)
    let start = model.stepped(Array(tokens[..<12])).state
    let rest = Array(tokens[12...])
    let still = model.stepped(rest, from: start) { _ in frozen }
    let memories = still.states[0].stream.mixers.map(\.memories)
    #expect(still.state.stream.mixers.map(\.memories) == memories)
    let heard = model.stepped(rest, from: start) { _ in listening }
    let silent = model.stepped(rest, from: start) { _ in off }
    #expect(heard.state.stream.mixers.map(\.memories) != memories)
    #expect(silent.state.stream.mixers.map(\.memories) == memories)
    #expect(heard.logits != still.logits)
  }

  /// What a listening level writes must not be heard, not even through the teach signal's chunk.
  @Test("a listening level learns, and is heard no more than one that is off", arguments: [1, 2])
  func listening(level: Int) {
    let model = model(.hope)
    let tokens = tokens(model, 33)
    var (listening, off) = (model.on, model.on)
    (listening[level].access, off[level].access) = (.write, .off)
    let stream = model.stepped(tokens) { _ in listening }
    let silent = model.stepped(tokens) { _ in off }
    #expect(stream.logits == silent.logits)
    #expect(stream.state.learned[0][level - 1] != nil)
    #expect(silent.state.learned[0][level - 1] == nil)
    // and is heard when it is switched on
    let on = model.stepped([1], from: stream.state)
    let still = model.stepped([1], from: stream.state) { _ in listening }
    #expect(on.logits != still.logits)
  }

  @Test(
    "switches and gains toggled inside a chunk act on their own tokens alone, as in the twin",
    arguments: architectures, [HopeConfiguration.Layout.sequential, .independent, .nested])
  func toggling(arch: Architecture, layout: HopeConfiguration.Layout) {
    var c = ToyModel.configuration(arch, mixerChunkSize: 2)
    c.layout = layout
    let model = ToyModel.model(c)
    for seed in 1...3 as ClosedRange<UInt64> {
      var random = RandomSource(seed: seed)
      let drawn = (0..<17).map { _ in Self.randomSettings(model, &random) }
      compareWithTwin(model, ToyModel.sequence(c, length: 16, seed: seed)) { drawn[$0] }
    }
  }

  private static func randomSettings(
    _ model: HopeModel, _ random: inout RandomSource
  ) -> LevelSettings {
    var settings = model.on
    for i in 0..<settings.count {
      settings[i].access = [.on, .read, .write, .off][random.integer(below: 4)]
      settings[i].gain = [1, 1, 0, 0.5, 2][random.integer(below: 5)]
    }
    return settings
  }

  /// Keys of a mixer chunk that were kept without their neighbours' were constants to the teach signal.
  @Test("the teach signal goes through the keys that were written", arguments: [0, 1, 2])
  func unwrittenKeys(unwritten: Int) {
    let model = model(.hopeAttention)
    compareWithTwin(model, ToyModel.sequence(model.configuration, length: 8)) { position in
      var settings = model.on
      if position == unwritten { settings.mixer.access = .read }
      return settings
    }
  }

  /// Logits and learned parts of a stream read under switches.
  private func compareWithTwin(
    _ model: HopeModel, _ sequence: TrainingSequence, settings: @escaping (Int) -> LevelSettings
  ) {
    let run = HopeTwin(model).read(sequence, learns: true, settings: settings)
    let stream = model.stepped(
      sequence.tokens, isLearnedFrom: sequence.isLearnedFrom, settings: settings)
    for (i, (found, wanted)) in zip(stream.logits, run.logits).enumerated() {
      #expect(mismatch(found, wanted, absolute: 2e-4) == nil, "token \(i)")
    }
    for (chunk, wanted) in run.states.enumerated() {
      let learned = stream.states[4 * (chunk + 1)].learned.joined()
      for (found, wanted) in zip(learned, wanted.levels.joined()) {
        let size = max(wanted.learned.map(abs).max() ?? 0, 1e-3)
        let part = found?.elements ?? [Float](repeating: 0, count: wanted.learned.count)
        #expect(mismatch(part, wanted.learned, absolute: 5e-4 * size) == nil, "chunk \(chunk)")
      }
    }
  }

  @Test("a gain multiplies the learned part alone", arguments: [0, 0.5, 1, 2] as [Float])
  func gains(gain: Float) throws {
    // one block and one level, so that the branch's change is seen before the final norm
    var c = ToyModel.configuration(chunkSizes: [4])
    c.blockCount = 1
    let (model, sequence) = (ToyModel.model(c), ToyModel.sequence(c, length: 9))
    let state = model.stepped(Array(sequence.tokens[..<8])).state
    var settings = model.on
    settings[1].gain = gain
    var next = state
    let report = model.step(
      sequence.tokens[8], isLearnedFrom: true, settings: settings, state: &next)
    #expect(report.writes.count == 1)
    let twin = HopeTwin(model)
    let run = twin.read(
      TrainingSequence(
        tokens: sequence.tokens, targetWeights: sequence.targetWeights,
        isWritable: sequence.isWritable.map { _ in true }), learns: true
    ) { position in
      var settings = model.on
      if position == 8 { settings[1].gain = gain }
      return settings
    }
    #expect(mismatch(next.logits, run.logits[8], absolute: 2e-4) == nil)
    #expect(
      (next.logits == model.stepped([sequence.tokens[8]], from: state).logits[0]) == (gain == 1))
  }

  @Test("a write bit decides token by token what a chunk teaches")
  func writeBits() {
    let model = model(.hope)
    let tokens = tokens(model, 13)
    var frozen = model.on
    for l in 1...2 { frozen[l].access = .read }
    let stream = model.stepped(tokens) { [1, 2, 6].contains($0) ? frozen : model.on }
    let fast = stream.writes.filter { $0.level == 0 && $0.block == 0 }
    #expect(fast.map(\.tokens) == [2, 3, 4])
    let slow = stream.writes.filter { $0.level == 1 && $0.block == 0 }
    #expect(slow.map(\.tokens) == [5])
  }

  @Test("settings print their bits and words")
  func words() {
    #expect([LevelAccess.on, .read, .write, .off].map(\.bits) == ["rw", "r-", "-w", "--"])
    #expect(
      [LevelAccess.on, .read, .write, .off].map(\.word) == ["on", "frozen", "listening", "off"])
    let model = model(.hopeAttention)
    #expect(model.configuration.levelNames == ["attention", "cms1", "cms2"])
    #expect(model.configuration.levelPeriods == [1, 4, 8])
    var settings = model.on
    settings[2].gain = 3
    #expect(settings.levels[1].readGain == 3 && settings[0].readGain == 1)
    settings[2].access = .write
    #expect(settings[2].readGain == 0 && settings[2].isWritable)
  }
}
