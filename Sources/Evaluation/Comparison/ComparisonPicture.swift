/// The models of a comparison side by side: how well they predict, and what they recall.
package struct ComparisonPicture: Sendable {
  package let plot: DotPlot

  /// - Parameter results: [entry][seed], as the plan counts; nil: not measured yet.
  package init(_ plan: ComparisonPlan, results: [[MeasuredModel?]]) {
    let measured = zip(plan.entries, results).map { ($0.name, $1.compactMap { $0 }) }
      .filter { !$0.1.isEmpty }
    func panel(
      _ title: String, isShare: Bool = false, _ value: (MeasuredModel) -> Double?
    ) -> DotPlot.Panel {
      let values = measured.map { $0.1.compactMap(value).map { isShare ? 100 * $0 : $0 } }
      return DotPlot.Panel(title, values, includesZero: isShare)
    }
    plot = DotPlot(
      title: "\(plan.subject.rawValue): nats a token, and values recalled",
      rows: measured.map(\.0),
      panels: [
        panel("stories ↓") { $0.lossAsUsed("narrative") },
        panel("dialogues ↓") { $0.lossAsUsed("dialogues") },
        panel("recall at 64, % ↑", isShare: true) { $0["recall at 64"]?.value },
        panel("recall at 512, % ↑", isShare: true) { $0["recall at 512"]?.value },
      ], reference: plan.reference)
  }
}

extension MeasuredModel {
  /// Nats a token while the levels learn, where there are any.
  fileprivate func lossAsUsed(_ text: String) -> Double? {
    (self["loss, \(text), learning"] ?? self["loss, \(text)"])?.value
  }
}
