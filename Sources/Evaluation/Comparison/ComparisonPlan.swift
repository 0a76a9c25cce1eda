package import Hope

/// Models that are trained on the same tokens and measured by the same tasks, to see what one
/// difference is worth.
package struct ComparisonPlan: Sendable, Equatable {
  /// What the entries differ in.
  package enum Subject: String, Sendable, CaseIterable {
    case architectures, ablations, optimizers
  }
  package struct Entry: Sendable, Equatable {
    package let name: String
    package var recipe: TrainingRecipe

    /// The name as a folder's: small letters, digits and dashes.
    package var slug: String {
      let words = name.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
      return (name.hasSuffix("++") ? words + ["pp"] : words).joined(separator: "-")
    }
  }

  package let subject: Subject
  package var entries: [Entry]
  package var seeds: [UInt64]
  /// The name of the entry that is the base itself.
  package let reference: String

  /// - Parameter base: the recipe of a Hope model with its levels; every entry changes one thing of it.
  package init(_ subject: Subject, base: TrainingRecipe, seeds: [UInt64]) {
    self.subject = subject
    self.seeds = seeds
    reference = subject == .optimizers ? base.optimizer.rawValue : "Hope"
    switch subject {
    case .architectures: entries = Self.architectures(base)
    case .ablations: entries = Self.ablations(base)
    case .optimizers: entries = Self.optimizers(base)
    }
  }

  /// Entry and seed of every run, all entries with one seed before any with the next.
  package var runs: [(entry: Entry, seed: UInt64)] {
    seeds.flatMap { seed in entries.map { ($0, seed) } }
  }
}

extension ComparisonPlan {
  private static func architectures(_ base: TrainingRecipe) -> [Entry] {
    func plain(_ name: String, _ arch: HopeConfiguration.Architecture) -> Entry {
      entry(name, base) {
        $0.arch = arch
        $0.levels = []
      }
    }
    return [
      Entry(name: "Hope", recipe: base),
      entry("Hope-Attention", base) { $0.arch = .hopeAttention },
      plain("Transformer++", .transformer), plain("RetNet", .retnet),
      plain("DeltaNet", .deltanet), plain("Gated DeltaNet", .gatedDeltanet),
      plain("Titans", .titans),
    ]
  }

  private static func ablations(_ base: TrainingRecipe) -> [Entry] {
    func without(_ name: String, _ part: HopeConfiguration.Ablation) -> Entry {
      entry("without \(name)", base) { $0.ablations = [part] }
    }
    func levels(_ name: String, _ range: Range<Int>) -> Entry {
      entry(name, base) { $0.levels = Array($0.levels[range]) }
    }
    let count = base.model.levels.count
    return [
      Entry(name: "Hope", recipe: base),
      entry("without CMS", base) { $0.levels = [] },
      without("DGD", .noErase), without("weight decay", .noRetention),
      without("adaptive k", .fixedKeys), without("adaptive v", .fixedValues),
      without("adaptive eta", .fixedRates), without("adaptive alpha", .fixedRetentions),
      entry("with momentum in the CMS", base) { $0.updateRule = .momentum },
      entry("with DGD in the CMS", base) { $0.updateRule = .dgd },
    ]
      + (count > 1
        ? [levels("fastest level only", 0..<1), levels("slowest level only", count - 1..<count)]
        : [])
      + [
        entry("periods twice as long", base) {
          for l in $0.levels.indices { $0.levels[l].chunkSize *= 2 }
        }
      ]
  }

  private static func optimizers(_ base: TrainingRecipe) -> [Entry] {
    TrainingRecipe.OptimizerKind.allCases.map { kind in
      var recipe = base
      recipe.optimizer = kind
      return Entry(name: kind.rawValue, recipe: recipe)
    }
  }

  /// The base with another model, as wide as it takes for as many parameters.
  private static func entry(
    _ name: String, _ base: TrainingRecipe, _ change: (inout HopeConfiguration) -> Void
  ) -> Entry {
    var recipe = base
    change(&recipe.model)
    recipe.model.fill(to: base.model.parameterCount)
    return Entry(name: name, recipe: recipe)
  }
}

extension HopeConfiguration {
  /// Parameters besides the token table.
  package var bodyParameterCount: Int { parameterCount - vocabularySize * width }

  /// Widens the levels, or an ordinary layer where there are none, until the model has as close to
  /// `count` parameters as it can.
  package mutating func fill(to count: Int) {
    func missing(_ width: Int) -> Int { abs(filled(width).parameterCount - count) }
    var (low, high) = (1, 1 << 14)  // parameters grow with the width: bisect for the crossing
    while low < high {
      let middle = (low + high) / 2
      if filled(middle).parameterCount < count { low = middle + 1 } else { high = middle }
    }
    self = filled(low > 1 && missing(low - 1) < missing(low) ? low - 1 : low)
  }

  private func filled(_ width: Int) -> HopeConfiguration {
    var copy = self
    if levels.isEmpty { copy.feedForwardWidth = width }
    for l in levels.indices { copy.levels[l].hiddenWidth = width }
    return copy
  }
}
