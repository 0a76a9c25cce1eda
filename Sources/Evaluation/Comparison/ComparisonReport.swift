import Hope

/// A comparison as one Markdown page: what was trained, what came out, and how to do it again.
package struct ComparisonReport: Sendable {
  let plan: ComparisonPlan
  /// [entry][seed], as the plan counts; nil: not measured yet.
  let results: [[MeasuredModel?]]
  /// The command that made it.
  let command: String

  package init(_ plan: ComparisonPlan, results: [[MeasuredModel?]], command: String) {
    precondition(results.count == plan.entries.count, "\(results.count) rows of results")
    (self.plan, self.results, self.command) = (plan, results, command)
  }

  package var markdown: String {
    let parts =
      [
        "# Comparison: \(plan.subject.rawValue)", setting,
        "![Loss and recall side by side](side-by-side.svg)", table(of: models),
      ]
      + chapters.flatMap { [$0.text, table(of: $0.rows)] } + [
        "![Loss while training](curves.svg)",
        "Made by, and gone on with by:\n\n```\n\(command)\n```",
      ]
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var setting: String {
    let done = results.joined().compactMap { $0 }
    let recipe = plan.entries[0].recipe
    return """
      \(done.count) of \(plan.runs.count) models are measured: \(plan.entries.count) entries, seeds \
      \(plan.seeds.map(String.init).joined(separator: ", ")). All read the same \
      \(recipe.tokenCount) tokens in the same order with the vocabulary of \
      \(recipe.model.vocabularySize). Every model has \(recipe.model.blockCount) blocks of width \
      \(recipe.model.width); the hidden widths of their MLPs are chosen for as many parameters. \
      Values are means over the seeds ± the sample's standard deviation; one seed shows no deviation.
      """
  }

  private typealias Rows = (head: [String], rows: [[String]])

  /// Sizes.
  private var models: Rows {
    let rows = zip(plan.entries, results).map { entry, results in
      let c = entry.recipe.model
      let width = c.levels.first?.hiddenWidth ?? c.feedForwardWidth ?? 0
      return [
        entry.name, "\(c.parameterCount)", "\(c.bodyParameterCount)",
        "\(max(1, c.levels.count)) × \(width)", entry.recipe.optimizer.rawValue,
        "\(results.compactMap { $0 }.count)",
      ]
    }
    return (
      ["model", "parameters", "without tokens", "MLPs × hidden width", "optimizer", "seeds"],
      rows
    )
  }

  /// What was measured, in tables that fit a page; a measure of no other chapter is the first one's.
  private var chapters: [(text: String, rows: Rows)] {
    let kinds = [
      ("recall", "Exact answers about values never seen in training, after so many tokens."),
      (
        "forgetting",
        "Learning one text and then another: nats a token saved on the first by learning it, and lost "
          + "of it while the second is learned; by fine-tuning all weights, or by the levels."
      ),
    ]
    let named = kinds.map { kind, text in (text, names.filter { $0.hasPrefix(kind) }) }
    let rest = names.filter { name in !named.contains { $0.1.contains(name) } }
    let text =
      "Nats a token of held-out text, with everything as trained and, where there are levels, while "
      + "they learn from it; right answers of the multiple-choice tasks."
    return ([(text, rest)] + named).filter { !$0.1.isEmpty }.map { ($0, measures($1)) }
  }

  /// The measures' names, in the order of the first result that has them.
  private var names: [String] {
    results.joined().compactMap { $0 }.flatMap { $0.measures.map(\.name) }.reduce(into: []) {
      if !$0.contains($1) { $0.append($1) }
    }
  }

  private func measures(_ names: [String]) -> Rows {
    let rows = zip(plan.entries, results).map { entry, results in
      [entry.name]
        + names.map { name in cell(name, results.compactMap { $0?[name]?.value }) }
    }
    return (["model"] + names, rows)
  }

  /// Losses with three decimals, shares in per cent.
  private func cell(_ name: String, _ values: [Double]) -> String {
    guard !values.isEmpty else { return "–" }
    let (scatter, isShare) = (Scatter(values), Self.isShare(name))
    func number(_ value: Double) -> String {
      isShare ? (100 * value).fixed(1) : value.fixed(3)
    }
    let deviation = scatter.deviation.map { " ± " + number($0) } ?? ""
    return number(scatter.mean) + deviation + (isShare ? " %" : "")
  }

  private static func isShare(_ name: String) -> Bool {
    !["loss", "forgetting"].contains { name.hasPrefix($0) }
  }

  private func table(of content: Rows) -> String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    let rule = content.head.indices.map { $0 == 0 ? "---" : "---:" }
    return ([line(content.head), line(rule)] + content.rows.map(line)).joined(separator: "\n")
  }
}

extension Double {
  /// With so many decimals, rounded half away from zero.
  func fixed(_ decimals: Int) -> String {
    guard isFinite else { return "–" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let units = Int((abs(self) * scale).rounded())
    let (whole, rest) = units.quotientAndRemainder(dividingBy: Int(scale))
    let sign = self < 0 && units > 0 ? "−" : ""
    guard decimals > 0 else { return "\(sign)\(whole)" }
    let digits = String(rest)
    return "\(sign)\(whole)." + String(repeating: "0", count: decimals - digits.count) + digits
  }
}
