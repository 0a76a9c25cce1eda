import Foundation
import Hope
import Tensors
import Testing

@Suite("Corrupted models", .timeLimit(.minutes(15)))
struct CheckpointFuzzTests {
  /// What became of the damaged models of one corruption.
  private struct Outcome {
    var loaded = 0
    var refused = 0
  }

  private let folder = TestFolder()
  private var model: String { folder.file("model") }

  private func original(_ dtype: SafetensorsFile.DType) throws -> CheckpointBytes {
    try StoredModel.save(to: model, dtype: dtype)
    return CheckpointBytes(
      weights: bytes(ofFile: model + "/model.safetensors"),
      configuration: bytes(ofFile: model + "/config.json"))
  }

  /// Loads what lies in the folder and checks what comes of it.
  private func load(_ outcome: inout Outcome, _ name: String) {
    do throws(CheckpointError) {
      let loaded = try StoredModel.load(model)
      let expected = StoredModel.expectation(loaded.configuration)
      #expect(loaded.tensors.count == expected.count, "\(name)")
      for (tensor, shape) in expected {
        #expect(loaded.tensors[tensor]?.shape == shape, "\(name)")
        #expect(loaded.tensors[tensor]?.isFinite == true, "\(name)")
      }
      outcome.loaded += 1
    } catch {
      let text = error.description
      #expect(text.hasPrefix("\"\(model)/"), "\(name): \(text)")
      #expect(text.contains("; "), "\(name): \(text) says nothing to do")
      #expect(text == text.printable(limit: 2000), "\(name): \(text)")
      outcome.refused += 1
    }
  }

  @Test("2,000 corrupted models load whole or are refused with a sentence")
  func corrupted() throws {
    let originals = try SafetensorsFile.DType.allCases.map { try original($0) }
    var random = RandomSource(seed: 2512)
    var outcomes: [CheckpointCorruption: Outcome] = [:]
    for round in 0..<2000 {
      let corruption = CheckpointCorruption.allCases[round % CheckpointCorruption.allCases.count]
      let original = random.element(of: originals)
      var damaged = original
      damaged.corrupt(corruption, &random)
      folder.write(damaged.weights, to: "model/model.safetensors")
      folder.write(damaged.configuration, to: "model/config.json")
      var outcome = outcomes[corruption, default: Outcome()]
      load(&outcome, "round \(round), \(corruption)")
      outcomes[corruption] = outcome
    }
    #expect(outcomes.values.reduce(0) { $0 + $1.loaded + $1.refused } == 2000)
    for corruption in CheckpointCorruption.allCases {
      let outcome = try #require(outcomes[corruption])
      #expect(outcome.refused > 0, "\(corruption)")
      #expect(outcome.loaded == 0 || !corruption.isAlwaysFatal, "\(corruption): \(outcome)")
    }
    #expect(outcomes.values.reduce(0) { $0 + $1.loaded } > 100)
  }

  @Test("weights cut at every byte are refused")
  func everyTruncation() throws {
    let original = try original(.bfloat16)
    var outcome = Outcome()
    for end in original.weights.indices {
      folder.write(Array(original.weights[..<end]), to: "model/model.safetensors")
      load(&outcome, "cut at \(end)")
    }
    #expect(outcome.refused == original.weights.count)
  }

  @Test("a configuration cut at every byte is refused, but for its last newline")
  func everyConfigurationTruncation() throws {
    let original = try original(.float32)
    var outcome = Outcome()
    for end in original.configuration.indices {
      folder.write(Array(original.configuration[..<end]), to: "model/config.json")
      load(&outcome, "cut at \(end)")
    }
    #expect(outcome.loaded == 1)
  }

  @Test("each bit of the header flipped by itself is refused or loads the whole model")
  func everyHeaderBit() throws {
    let original = try original(.float16)
    let headerEnd = original.weights.count - 2 * 49
    var outcome = Outcome()
    for bit in 0..<8 * headerEnd {
      var weights = original.weights
      weights[bit / 8] ^= 1 << UInt8(bit % 8)
      folder.write(weights, to: "model/model.safetensors")
      load(&outcome, "bit \(bit)")
    }
    #expect(outcome.refused > 9 * outcome.loaded, "\(outcome)")
  }
}
