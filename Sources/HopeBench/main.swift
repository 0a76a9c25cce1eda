import Foundation
import Hope
import Tensors

func makeSequences(_ n: Int, length: Int, vocabulary: Int, seed: UInt64, breaks: [Int] = []) -> [TrainingSequence] {
  var r = RandomSource(seed: seed)
  return (0..<n).map { _ in
    TrainingSequence(
      tokens: (0...length).map { _ in TokenID(r.integer(below: vocabulary)) },
      targetWeights: (0..<length).map { _ in r.uniform() + 0.5 },
      isWritable: (0..<length).map { _ in r.uniform() < 0.7 }, breaks: breaks)
  }
}

BLAS.prepare()
Kernels.keepFreedMemory()
func gradcheck() {
  var c = HopeConfiguration(
    vocabularySize: 23, width: 8, blockCount: 2, headCount: 2,
    levels: [
      .init(name: "a", chunkSize: 4, hiddenWidth: 6, retention: 0.5),
      .init(name: "b", chunkSize: 8, hiddenWidth: 5, retention: 1),
    ])
  c.mixerChunkSize = 4
  for (arch, learns) in [(HopeConfiguration.Architecture.hope, false), (.hopeAttention, false), (.hope, true)] {
    c.arch = arch
    var random = RandomSource(seed: 3)
    var p = c.parameterSpecs.map { $0.startValue(&random) }
    for i in p.indices where c.parameterSpecs[i].shape.count == 1 { p[i].add(.normal(p[i].shape, deviation: 0.3, &random)) }
    let pass = TrainingPass(configuration: c, sequences: makeSequences(2, length: learns ? 8 : 15, vocabulary: 23, seed: 5, breaks: arch == .hope && !learns ? [8] : []), learns: learns)
    let m0 = pass.measure(p)
    let (g, m) = pass.gradient(of: p, totalWeight: m0.weight)
    print(arch, learns, "loss", m.weightedLoss / m.weight, m0.weightedLoss / m0.weight)
    for (i, spec) in c.parameterSpecs.enumerated() {
      guard let gi = g[i] else { continue }
      let v = Tensor.normal(spec.shape, deviation: 1, &random)
      let e: Float = 4e-3
      var up = p, down = p
      up[i].add(v, scaledBy: e / v.norm)
      down[i].add(v, scaledBy: -e / v.norm)
      let a = pass.measure(up).weightedLoss, b = pass.measure(down).weightedLoss
      let fd = (a - b) / Double(2 * e) / m0.weight
      let an = Double(withPointers([gi, v]) { Kernels.dot($0[0], $0[1], gi.count) } / v.norm)
      let bad = abs(fd - an) > 2e-3 * max(abs(fd), abs(an)) + 3e-5
      if bad || i == 0 || spec.name.contains("rate") { print(bad ? "BAD " : "ok  ", spec.name, fd, an) }
    }
  }
}
func speed() {
  let levels = [64, 256, 1024].map { HopeConfiguration.Level(name: "cms\($0)", chunkSize: $0, hiddenWidth: 320, retention: 0.5) }
  let c = HopeConfiguration(vocabularySize: 4096, width: 256, blockCount: 4, headCount: 4, levels: levels)
  print("parameters", c.parameterCount)
  var random = RandomSource(seed: 3)
  let p = c.parameterSpecs.map { $0.startValue(&random) }
  for (b, t) in [(4, 512), (2, 1024), (8, 512)] {
    for learns in [false, true] {
      let s = makeSequences(b, length: t, vocabulary: 4096, seed: 1)
      let pass = TrainingPass(configuration: c, sequences: s, learns: learns)
      let start = Date()
      _ = pass.gradient(of: p, totalWeight: 1000)
      let mid = Date()
      _ = pass.gradient(of: p, totalWeight: 1000)
      let dt = Date().timeIntervalSince(mid)
      print("B", b, "T", t, learns ? "phase 2" : "phase 1", "tokens/s (1 lane)", Int(Double(b * t) / dt), "first", mid.timeIntervalSince(start))
    }
  }
}
if CommandLine.arguments.contains("grad") { gradcheck() }
if CommandLine.arguments.contains("speed") { speed() }
func equivalence() {
  var c = HopeConfiguration(
    vocabularySize: 50, width: 32, blockCount: 2, headCount: 2,
    levels: [
      .init(name: "a", chunkSize: 8, hiddenWidth: 24, retention: 0.5),
      .init(name: "b", chunkSize: 16, hiddenWidth: 20, retention: 1),
    ])
  c.mixerChunkSize = 4
  c.updateLimit = 100
  for (arch, rule) in [(HopeConfiguration.Architecture.hope, HopeConfiguration.UpdateRule.gradient), (.hope, .momentum), (.hope, .dgd), (.hope, .newtonSchulz), (.hopeAttention, .gradient)] {
    c.arch = arch
    c.updateRule = rule
    let model = HopeModel(configuration: c, seed: 5)
    let s = makeSequences(1, length: 70, vocabulary: 50, seed: 9)[0]
    let settings = LevelSettings(levelCount: 2)
    var a = model.freshState(), b = model.freshState()
    var ra: [StepReport] = [], rb: [StepReport] = []
    for i in 0..<70 { ra.append(model.step(s.tokens[i], isLearnedFrom: s.isWritable[i], settings: settings, state: &a)) }
    model.ingest(Array(s.tokens[..<70]), isLearnedFrom: s.isWritable, settings: settings, state: &b) { rb.append($0) }
    let worst = zip(ra, rb).map { abs(($0.surpriseBits ?? 0) - ($1.surpriseBits ?? 0)) }.max()!
    print(arch, rule, "digest equal", a.digest == b.digest, "worst surprise", worst, "writes", ra.flatMap(\.writes).count, rb.flatMap(\.writes).count, ra.flatMap(\.writes) == rb.flatMap(\.writes), "drift", a.drift(ofLevel: 1, in: model), a.drift(ofLevel: 2, in: model), a.drift(ofLevel: 0, in: model))
  }
}
if CommandLine.arguments.contains("eq") { equivalence() }
