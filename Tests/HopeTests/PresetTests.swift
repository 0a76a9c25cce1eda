import Hope
import Tensors
import TestSupport
import Testing

// Gradients and losses of these presets against the twin are cases of `GradientTests`.

@Suite("Two-layer memories in the model")
struct PresetTests {
  typealias Preset = HopeConfiguration.MemoryPreset
  static let presets = [Preset.stable, .paperLiteral]

  private func configuration(
    _ preset: Preset, chunkSizes: [Int] = [4, 8], mixerChunkSize: Int = 4, width: Int = 16
  ) -> HopeConfiguration {
    var c = ToyModel.configuration(
      chunkSizes: chunkSizes, mixerChunkSize: mixerChunkSize, width: width)
    c.memory = preset
    return c
  }

  private func model(_ preset: Preset) -> HopeModel { ToyModel.model(configuration(preset)) }

  @Test("one token at a time gives the chunk form's logits", arguments: presets, [true, false])
  func stepsEqualChunks(preset: Preset, learns: Bool) {
    for (sizes, mixerChunk) in [([1, 2], 1), ([4, 8], 4), ([8, 8], 3), ([64], 63), ([], 16)] {
      let c = configuration(preset, chunkSizes: sizes, mixerChunkSize: mixerChunk, width: 32)
      let (model, sequence) = (ToyModel.model(c), ToyModel.sequence(c, length: 100))
      let flags = sequence.isLearnedFrom.map { $0 && learns }
      let stream = model.stepped(sequence.tokens, isLearnedFrom: flags)
      let chunks = ChunkStream(model, [sequence], learns: learns && !sizes.isEmpty)
      for (found, wanted) in zip(stream.logits, chunks.logits[0]) {
        #expect(mismatch(found, wanted, relative: 1e-4, absolute: 1e-4) == nil, "\(sizes)")
      }
    }
  }

  @Test("however a stream is cut into calls, its state has the same bits", arguments: presets)
  func splits(preset: Preset) {
    for (sizes, mixerChunk) in [([1, 2], 1), ([4, 8], 2), ([8, 64], 3), ([64], 64)] {
      let c = configuration(preset, chunkSizes: sizes, mixerChunkSize: mixerChunk)
      let (model, sequence) = (ToyModel.model(c), ToyModel.sequence(c, length: 130))
      let flags = sequence.isLearnedFrom
      let wanted = model.stepped(sequence.tokens, isLearnedFrom: flags).state.digest
      for parts in [[131], [1, 130], [63, 1, 67], [5, 100, 26]] {
        let state = model.ingested(sequence.tokens, isLearnedFrom: flags, parts: parts).state
        #expect(state.digest == wanted, "\(sizes) \(parts)")
      }
    }
  }

  @Test("no logits know a later token", arguments: presets, [0, 5, 8, 22])
  func causality(preset: Preset, changed: Int) {
    let model = model(preset)
    let sequence = ToyModel.sequence(model.configuration, length: 24)
    var other = sequence
    other.tokens[changed] = (other.tokens[changed] + 1) % 13
    let before = ChunkStream(model, [sequence], learns: true).logits[0]
    let after = ChunkStream(model, [other], learns: true).logits[0]
    #expect(before[..<changed] == after[..<changed])
    for position in changed..<24 { #expect(before[position] != after[position]) }
  }

  @Test(
    "with everything off the logits are the start weights', bit for bit, whatever was learned",
    arguments: presets)
  func allOff(preset: Preset) {
    let model = model(preset)
    let tokens = ToyModel.sequence(model.configuration, length: 30).tokens
    let base = model.stepped(tokens) { _ in model.all(.off) }
    #expect(base.state.stream.mixers.allSatisfy { $0.memories.isEmpty })
    let stream = model.stepped(tokens) { $0 < 13 ? model.on : model.all(.off) }
    #expect(stream.logits[12] != base.logits[12])
    // the second block's convolution still holds three tokens run with what had been learned
    #expect(stream.logits[16...] == base.logits[16...])
    var silent = model.on
    silent.mixer.gain = 0
    let quiet = model.stepped(tokens) { _ in silent }
    var off = model.on
    off.mixer.access = .off
    #expect(quiet.logits == model.stepped(tokens) { _ in off }.logits)
    #expect(quiet.state.drift(ofLevel: 0, in: model) > 0, "gain 0 goes on writing")
  }

  @Test("a mixer that may not write keeps every bit of its memories", arguments: presets)
  func frozen(preset: Preset) {
    let model = model(preset)
    let tokens = ToyModel.sequence(model.configuration, length: 24).tokens
    var settings = model.on
    settings.mixer.access = .read
    let start = model.stepped(Array(tokens[..<12])).state
    let rest = Array(tokens[12...])
    let still = model.stepped(rest, from: start) { _ in settings }
    let memories = still.states[0].stream.mixers.map(\.memories)
    #expect(memories.allSatisfy { $0.count == 10 })
    #expect(still.state.stream.mixers.map(\.memories) == memories)
    #expect(still.state.change(ofLevel: 0, since: still.states[0], in: model) == 0)
    let moved = model.stepped(rest, from: start).state
    #expect(moved.change(ofLevel: 0, since: start, in: model) > 0)
  }

  /// One unwritten token in a chunk of written ones has gates η = 0 and α = 1.
  @Test("switches and gains act on their own tokens alone, as in the twin", arguments: presets)
  func toggling(preset: Preset) {
    for seed in 1...3 as ClosedRange<UInt64> {
      var c = ToyModel.configuration(mixerChunkSize: 2)
      c.memory = preset
      let (model, sequence) = (ToyModel.model(c), ToyModel.sequence(c, length: 16, seed: seed))
      var random = RandomSource(seed: seed)
      let drawn = (0..<17).map { _ in
        var settings = model.on
        settings.mixer.access = [.on, .read, .write, .off][random.integer(below: 4)]
        settings.mixer.gain = [1, 1, 0, 0.5, 2][random.integer(below: 5)]
        return settings
      }
      let run = HopeTwin(model).read(sequence, learns: true) { drawn[$0] }
      let stream = model.stepped(
        sequence.tokens, isLearnedFrom: sequence.isLearnedFrom, settings: { drawn[$0] })
      for (i, (found, wanted)) in zip(stream.logits, run.logits).enumerated() {
        #expect(mismatch(found, wanted, relative: 1e-4, absolute: 3e-4) == nil, "token \(i)")
      }
    }
  }

  @Test("sequences read side by side do not hear each other, and breaks forget", arguments: presets)
  func batches(preset: Preset) {
    let (model, c) = (self.model(preset), configuration(preset))
    let sequences = (1...3).map { ToyModel.sequence(c, length: 21, seed: $0) }
    let together = ChunkStream(model, sequences, learns: true)
    for (s, sequence) in sequences.enumerated() {
      let alone = ChunkStream(model, [sequence], learns: true)
      for (found, wanted) in zip(together.logits[s], alone.logits[0]) {
        #expect(mismatch(found, wanted, absolute: 1e-5) == nil)
      }
    }
    var broken = sequences[0]
    broken.breaks = [8]
    func loss(_ sequences: [TrainingSequence]) -> Double {
      TrainingPass(configuration: c, sequences: sequences, learns: false)
        .measure(model.parameters.flat).weightedLoss
    }
    #expect(loss([broken]) != loss([sequences[0]]))
    var state = model.stepped(sequences[0].tokens).state
    #expect(state.drift(ofLevel: 0, in: model) > 0)
    model.dropMixers(&state)
    #expect(state.drift(ofLevel: 0, in: model) == 0)
  }

  @Test("a chunk ended before its time leaves the memories as they were", arguments: presets)
  func early(preset: Preset) {
    let model = model(preset)
    let tokens = ToyModel.sequence(model.configuration, length: 20).tokens
    var state = model.stepped(Array(tokens[..<18])).state
    let before = state
    model.flush(next: tokens[18], isLearnedFrom: true, state: &state)
    #expect(state.change(ofLevel: 0, since: before, in: model) < 1e-5)
    #expect(before.change(ofLevel: 0, since: model.freshState(), in: model) > 0.01)
  }

  @Test(
    "Float32 gradients of a pass agree with directional differences of its own loss",
    arguments: presets)
  func directionalDifferences(preset: Preset) {
    let (model, c) = (self.model(preset), configuration(preset))
    let sequences = (1...2).map { ToyModel.sequence(c, length: 24, seed: $0) }
    let pass = TrainingPass(configuration: c, sequences: sequences, learns: false)
    let start = model.parameters.flat
    let gradient = pass.gradient(of: start, totalWeight: 10).gradient
    // along the gradient itself, where the difference stands out of the rounding
    let norm = gradient.reduce(Float(0)) { $0 + ($1?.squaredNorm ?? 0) }.squareRoot()
    let losses = [0.01, -0.01].map { (step: Float) in
      var moved = start
      for i in moved.indices { if let g = gradient[i] { moved[i].add(g, scaledBy: step / norm) } }
      return pass.measure(moved).weightedLoss / 10
    }
    let slope = (losses[0] - losses[1]) / 0.02
    #expect(abs(slope / Double(norm) - 1) < 0.02, "\(slope), expected \(norm)")
  }

  @Test("twenty updates lower the loss, reading and learning", arguments: presets, [false, true])
  func training(preset: Preset, learns: Bool) {
    var c = HopeConfiguration(
      vocabularySize: 13, width: 16, blockCount: 2, headCount: 2,
      levels: [.init(name: "cms1", chunkSize: 16, hiddenWidth: 12, retention: 0.9)])
    (c.memory, c.mixerChunkSize) = (preset, 16)
    let phase = TrainingRecipe.Phase(
      name: "only", updates: 20, sequences: 4, sequencesPerPass: 2, length: 64, learns: learns,
      learningRate: 0.01, floorShare: 1, warmUpUpdates: 0, mix: "single", memoryShare: 0,
      answerWeight: 1, fewestBreaks: 0, mostBreaks: 0, distances: [])
    var trainer = Trainer(
      recipe: TrainingRecipe(
        name: "preset", model: c, seed: 1, optimizer: .adamw, gradientClip: 1, weightDecay: 0,
        trainsRetention: false, phases: [phase]), lanes: 1)
    let sequences = (1...4).map { ToyModel.sequence(c, length: 64, seed: $0) }
    let losses = (0..<20).map { _ in
      let measure = trainer.update { _, _ in sequences }.measure
      return measure.weightedLoss / measure.weight
    }
    #expect(losses.allSatisfy { $0.isFinite })
    #expect(trainer.parameters.allSatisfy { $0.isFinite })
    #expect(losses[19] < losses[0] - 0.1, "\(losses)")
  }
}

@Suite("Nested levels")
struct NestedTests {
  private var model: HopeModel {
    ToyModel.model(ToyModel.configuration(chunkSizes: [2, 4, 8])).configured {
      $0.layout = .nested
    }
  }

  private func isClose(_ a: Tensor?, _ b: Tensor?) -> Bool {
    guard let a, let b else { return a == b }
    return mismatch(a, b, relative: 1e-3, absolute: 1e-4 * Double(b.norm)) == nil
  }

  @Test("where nothing is forgotten nested is sequential, else it is not")
  func retentions() {
    let tokens = ToyModel.sequence(model.configuration, length: 8).tokens
    let sequential = model.configured { $0.layout = .sequential }
    let kept = [model, sequential].map {
      $0.replacing("retention") { $0.elements[0] = 1 }.stepped(tokens).state
    }
    #expect(kept[0].stream.levels[0].map(\.writeCount) == [4, 2, 1])
    for (a, b) in zip(kept[0].learned.joined(), kept[1].learned.joined()) {
      #expect(isClose(a, b))
    }
    let faded = [model, sequential].map { $0.stepped(tokens).state }
    for l in 0...1 { #expect(!isClose(faded[0].learned[0][l], faded[1].learned[0][l])) }
    #expect(faded[0].stream.levels.allSatisfy { $0[0].anchor != nil && $0[2].anchor == nil })
    #expect(faded[1].stream.levels.joined().allSatisfy { $0.anchor == nil })
  }

  @Test("at the slower level's boundary a level begins anew from all that it wrote")
  func boundary() {
    let tokens = ToyModel.sequence(model.configuration, length: 21).tokens
    let stream = model.stepped(tokens)
    for (count, levels) in [(2, []), (4, [0]), (6, []), (8, [0, 1]), (12, [0]), (16, [0, 1])] {
      // the token after a chunk closes it
      for block in stream.states[count].stream.levels {
        for l in 0...1 where count % (2 << l) == 0 {
          #expect((block[l].learned == block[l].anchor) == (levels.contains(l) || count == 2 << l))
        }
      }
    }
  }

  @Test("however a stream is cut into calls, its state has the same bits; a reset is exact")
  func splits() {
    let sequence = ToyModel.sequence(model.configuration, length: 130)
    let flags = sequence.isLearnedFrom
    var stepped = model.stepped(sequence.tokens, isLearnedFrom: flags).state
    for parts in [[131], [63, 1, 67], [5, 100, 26]] {
      let state = model.ingested(sequence.tokens, isLearnedFrom: flags, parts: parts).state
      #expect(state.digest == stepped.digest)
    }
    var forgetful = stepped
    #expect(forgetful.stream.levels.allSatisfy { $0[0].anchor != nil })
    #expect(forgetful.byteCount > model.freshState().byteCount)
    model.dropLevels(&stepped)
    #expect(stepped.learned == model.freshState().learned)
    #expect(stepped.stream.levels.joined().allSatisfy { $0.anchor == nil })
    model.dropMixers(&forgetful)
    #expect(forgetful.digest != stepped.digest)
  }

  /// An early write after a boundary once began anew a second time.
  @Test("a write before its time begins anew only where the slower chunk ended since the last one")
  func early() {
    let tokens = ToyModel.sequence(model.configuration, length: 9).tokens
    for count in [7, 9] {
      var state = model.stepped(Array(tokens[..<count])).state
      let writes = model.flush(next: tokens[count], isLearnedFrom: true, state: &state)
      #expect(writes.map(\.level) == [0, 0])
      for block in state.stream.levels { #expect(block[0].learned != block[0].anchor) }
    }
  }

  @Test("a frozen level keeps its bits across a slower level's boundary", arguments: [1, 2])
  func frozen(level: Int) {
    let tokens = ToyModel.sequence(model.configuration, length: 24).tokens
    var settings = model.on
    settings[level].access = .read
    let stream = model.stepped(tokens) { $0 < 9 ? model.on : settings }
    let before = stream.states[8].learned.map { $0[level - 1] }
    for state in stream.states[8...] { #expect(state.learned.map { $0[level - 1] } == before) }
  }
}
