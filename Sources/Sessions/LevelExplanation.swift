import Foundation
import Hope

/// A level with what `/explain` needs beyond its row.
package struct LevelExplanation: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    case selfModifying, attention
    /// A memory that is written and read with projections that never change.
    case fixedProjections
    /// λ: the mean over the blocks of what one write keeps of the learned part.
    case continuum(retention: Float)
  }
  package let kind: Kind
  package let status: LevelStatus

  package init(
    kind: Kind, status: LevelStatus
  ) {
    self.kind = kind
    self.status = status
  }
}

extension LevelExplanation {
  /// What the level is, what it did, and what its switches do, with this model's numbers.
  package var sentences: [String] { [nature, history, switches, forgetting] }

  private var nature: String {
    switch kind {
    case .selfModifying:
      "The working memory inside every block: small matrices that rewrite themselves after every "
        + "token, with values they make up themselves. It holds what was just said."
    case .attention:
      "Attention: it looks back at every token of the conversation and changes no weights. Its "
        + "memory is the list of what was said, which grows."
    case .fixedProjections:
      "The working memory inside every block: a small matrix per head that is written after every "
        + "token, by rules that training fixed. It holds what was just said."
    case .continuum(let retention):
      "A layer in every block with its own clock: after every \(status.period) tokens"
        + (writesEarly ? ", and before every answer, " : " ")
        + "it changes its weights by what surprised it in them. λ \(fixed(retention, 2)): "
        + keeping(retention)
    }
  }

  /// The fastest level does not wait for the end of its period where an answer is about to be given.
  private var writesEarly: Bool { status.level == 1 }

  /// What λ means in tokens, and in writes where those keep to the clock: an early one forgets by the
  /// share of the period that has passed.
  private func keeping(_ retention: Float) -> String {
    guard retention < 0.9995 else { return "a write takes nothing away from older ones." }
    let periods = log(0.5) / log(Double(retention))
    if writesEarly {
      let tokens = max(1, Int((periods * Double(status.period)).rounded()))
      return "half of what it learned is gone after \(tokens) more tokens, however many writes "
        + "fall into them."
    }
    let writes = max(1, Int(periods.rounded()))
    return "half of what it learned is gone after \(writes) more "
      + "\(writes == 1 ? "write" : "writes"), \(writes * status.period) tokens."
  }

  private var history: String {
    let drift = "\(fixed(status.driftRelative * 100, 2)) %"
    let distance =
      status.level == 0
      ? "its memories are \(drift) away from where they began"
      : "its learned part is \(drift) of its base weights"
    guard status.updates > 0 else { return "It has not written yet; \(distance)." }
    let count = status.updates == 1 ? "once" : "\(status.updates) times"
    let last = status.lastUpdateRelative.map { ", the last time by \(fixed($0 * 100, 2)) %" } ?? ""
    return "It has written \(count)\(last); \(distance)."
  }

  private var switches: String {
    "Now \(status.bits), \(status.word). rw: it reads and learns. r-: what it learned speaks, it "
      + "learns no more. -w: it learns unheard. --: as if it had never learned."
  }

  private var forgetting: String {
    status.level == 0
      ? "/amnesia drops it and keeps what the levels learned; /amnesia levels does the reverse."
      : "/level \(status.name) reset forgets what it learned; /amnesia levels what all such levels did."
  }

  private func fixed(_ value: Float, _ decimals: Int) -> String {
    value.isFinite ? String(format: "%.\(decimals)f", Double(value)) : "-"
  }
}
