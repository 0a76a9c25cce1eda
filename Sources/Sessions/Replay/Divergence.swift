import Hope

/// Where a computation first parts from its recording.
package struct Divergence: Sendable, Equatable {
  package enum Subject: String, Sendable {
    case header, words, token, update, end, reset, jump, mark, snapshot, state
  }
  /// What the digests, and the states on disk, tell of the reason.
  package enum Cause: Sendable, Equatable {
    /// The next digest recorded is the one computed: this line alone says something else.
    case changedLine
    /// The state computed has the digest recorded: the file in `snap/` alone is another.
    case changedSnapshot
    /// Reading the recorded tokens gives the recorded digest: the words, a setting or the random numbers
    /// are not those that led to them.
    case otherInput
    /// Reading the recorded tokens, too, gives something else.
    case otherComputation
    /// The weights have the digest recorded: the first line says something else of them.
    case changedHeader
    /// Nothing was recorded after it that could tell.
    case unknown
  }
  /// A place at which recording and computation were the same, or not.
  package struct Moment: Sendable, Equatable {
    /// `n` of the line.
    package let line: Int
    /// Tokens read.
    package let position: Int
  }

  /// The state on disk in which `tensor` differs, and where that belongs.
  package struct Saved: Sendable, Equatable {
    /// Tokens read.
    package let position: Int
    package let level: String?
    package let block: Int?
  }

  package let subject: Subject
  /// `n` of the line.
  package let line: Int
  package let turn: Int
  /// Tokens read before it.
  package let position: Int
  /// The first of each that differs, as far as it can be told.
  package var level: String?
  package var block: Int?
  package var tensor: String?
  package let recorded: String
  package let found: String
  package var cause = Cause.unknown
  /// The last digest before it that was met; nil: none was recorded.
  package var agreed: Moment?
  /// The state on disk in which `tensor` differs, where that is a later one.
  package var state: Saved?

  package var description: String {
    "\(subject.rawValue) @\(position), turn \(turn), line \(line + 1)"
      + Self.place(level, block, state == nil ? tensor : nil)
      + ": recorded \(recorded.printable(limit: 120)), computed \(found.printable(limit: 120))"
  }

  private static func place(_ level: String?, _ block: Int?, _ tensor: String?) -> String {
    [level.map { "level \($0)" }, block.map { "layer \($0)" }, tensor.map { "tensor \($0)" }]
      .compactMap { $0 }.map { ", \($0)" }.joined()
  }

  /// What it comes from, in a sentence or two.
  package var explanation: String {
    let before =
      agreed.map { "the digest at @\($0.position) (line \($0.line + 1)) is still the same; " } ?? ""
    return before + reason
  }

  private var reason: String {
    switch cause {
    case .changedLine:
      "the next one is the computed one again: the line alone was changed, not what happened"
    case .changedSnapshot:
      "the computed state has the recorded digest: the file in snap/ alone was changed"
    case .changedHeader:
      "the weights have the recorded digest: the first line was changed, or the model's config.json"
    case .otherInput:
      "reading the recorded tokens gives the recorded digest: the words, a setting or the random "
        + "numbers are not those that led to them"
    case .otherComputation:
      "reading the recorded tokens gives another state as well"
        + (state.map {
          "; in the one saved at @\($0.position) the first that differs is"
            + "\(Self.place($0.level, $0.block, tensor).dropFirst())"
        } ?? "; no state was saved after it to compare tensors with")
    case .unknown: "nothing was recorded after it that tells more"
    }
  }
}
