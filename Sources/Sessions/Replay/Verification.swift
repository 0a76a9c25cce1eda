package import Hope

/// Where a computation first parts from its recording.
package struct Divergence: Sendable, Equatable {
  package enum Subject: String, Sendable {
    case words, token, update, end, reset, jump, snapshot, state
  }
  package let subject: Subject
  /// `n` of the line.
  package let line: Int
  package let turn: Int
  /// Tokens read before it.
  package let position: Int
  package var level: String?
  package var block: Int?
  package var tensor: String?
  package let recorded: String
  package let found: String

  package var description: String {
    let place = [
      level.map { "level \($0)" }, block.map { "layer \($0)" }, tensor.map { "tensor \($0)" },
    ].compactMap { $0 }.map { ", \($0)" }.joined()
    return "\(subject.rawValue) @\(position), turn \(turn), line \(line + 1)\(place): "
      + "recorded \(recorded.printable(limit: 120)), computed \(found.printable(limit: 120))"
  }
}

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
    let report = VerificationReport(
      mode: isExact ? .bits : .tolerance(tolerance ?? 1e-3), recordedOn: header.identity,
      computedOn: here, problems: problems)
    guard case .tolerance(let tolerance) = report.mode else {
      var check = ExactCheck(self, loaded, report)
      return try check.run(progress)
    }
    var check = RoundedCheck(self, loaded, report, tolerance: tolerance)
    return try check.run(progress)
  }
}
