package import Hope

/// What came of computing a recording again.
package struct VerificationReport: Sendable, Equatable {
  package enum Mode: Sendable, Equatable {
    /// Every number to the bit.
    case bits
    /// Surprises and sizes of writes to this share; digests are not compared.
    case tolerance(Float)
  }
  package let mode: Mode
  /// What the bits depend on: then and now.
  package let recordedOn: NumericIdentity
  package let computedOn: NumericIdentity
  package var turns = 0
  package var tokens = 0
  package var updates = 0
  package var digests = 0
  package var snapshots = 0
  package var divergence: Divergence?
  /// What is wrong with the file itself.
  package let problems: [String]

  package var isSame: Bool { divergence == nil && problems.isEmpty }
}

extension SessionRecording {
  /// Computes the session again from its header and what was said, and compares.
  /// - Parameters:
  ///   - tolerance: nil: to the bit where the recording's numeric identity is this machine's, else
  ///     to 1e-3; 0: to the bit in any case.
  ///   - progress: told how many of the lines are done.
  package func verify(
    _ loaded: LoadedModel, tolerance: Float? = nil, progress: (Int) -> Void = { _ in }
  ) throws(SessionFault) -> VerificationReport {
    try check(loaded)
    var loaded = loaded
    loaded.model.lanes = max(1, min(64, header.identity.lanes))
    let here = loaded.model.numericIdentity
    let isExact = tolerance == 0 || tolerance == nil && here == header.identity
    var report = VerificationReport(
      mode: isExact ? .bits : .tolerance(tolerance ?? 1e-3), recordedOn: header.identity,
      computedOn: here, problems: problems)
    report.divergence = header.divergence(from: loaded)
    guard report.divergence == nil else { return report }
    guard case .tolerance(let tolerance) = report.mode else {
      var check = ExactCheck(self, loaded, report)
      return try check.run(progress)
    }
    var check = RoundedCheck(self, loaded, report, tolerance: tolerance)
    return try check.run(progress)
  }
}
