import Foundation
import Hope
import Sessions

/// Comparisons and audits of memories as JSON. Numbers that are none are left out.
enum MemoryDocument {
  /// Whether a memory belongs to another model.
  static func isOtherBase(_ error: any Error) -> Bool {
    switch error {
    case SessionFault.otherModel, SessionFault.state(.otherBase), StateFileError.otherBase: true
    default: false
    }
  }

  private struct Comparison: Encodable {
    struct Level: Encodable {
      let level: String
      let layer: Int
      let driftA, driftB, distance, cosine, effectiveRank: Double?
    }
    struct Moved: Encodable {
      let token: String
      let klBits, surpriseBitsA, surpriseBitsB: Double?
    }
    let a, b: String
    let same: Bool
    let levels: [Level]
    let probe: String
    let klBits: Double?
    let moved: [Moved]
  }

  private struct Audit: Encodable {
    struct Text: Encodable {
      let text: String
      let control: Bool
      let tokens: Int
      let baseBits, gainedBits, learnedBits: Double?
      let firstChoices, baseFirstChoices: Int
      let words: [Word]
    }
    struct Word: Encodable {
      let word: String
      let gainedBits: Double?
    }
    let memory: String
    let texts: [Text]
  }

  static func json(_ c: MemoryComparison) throws -> String {
    try text(
      Comparison(
        a: c.a, b: c.b, same: c.isSame,
        levels: c.levels.map {
          Comparison.Level(
            level: $0.name, layer: $0.block, driftA: number($0.driftA), driftB: number($0.driftB),
            distance: number($0.distance), cosine: number($0.cosine),
            effectiveRank: number($0.effectiveRank))
        }, probe: c.probe, klBits: number(c.meanDivergenceBits),
        moved: c.moved.map {
          Comparison.Moved(
            token: $0.text, klBits: number($0.divergenceBits),
            surpriseBitsA: number($0.surpriseA), surpriseBitsB: number($0.surpriseB))
        }))
  }

  static func json(_ audit: MemoryAudit) throws -> String {
    try text(
      Audit(
        memory: audit.origin,
        texts: audit.texts.map { text in
          Audit.Text(
            text: text.text, control: text.isControl, tokens: text.tokenCount,
            baseBits: number(text.baseBits), gainedBits: number(text.gainedBits),
            learnedBits: number(text.learnedBits), firstChoices: text.firstChoices,
            baseFirstChoices: text.baseFirstChoices,
            words: text.words.map { Audit.Word(word: $0.text, gainedBits: number($0.gainedBits)) })
        }))
  }

  private static func text(_ document: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(document), as: UTF8.self)
  }

  /// The digits a Float is printed with.
  private static func number(_ value: Float?) -> Double? {
    guard let value, value.isFinite else { return nil }
    return Double(value.description)
  }
}
