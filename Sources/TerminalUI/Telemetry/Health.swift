/// What a level's writes amount to, in one word.
package enum Health: String, Sendable, Equatable {
  case idle, learning, thrashing, saturated

  /// One write: its size, and the size of the learned part after it; both as shares of ‖W‖.
  package struct Sample: Sendable, Equatable {
    package let updateRelative: Float
    package let driftRelative: Float

    package init(updateRelative: Float, driftRelative: Float) {
      (self.updateRelative, self.driftRelative) = (updateRelative, driftRelative)
    }
  }
  /// Writes that are looked at, and how many it takes to say more than `learning`.
  package static let window = 8
  package static let enough = 4
  /// Writes smaller than this share of the weights change nothing one could notice.
  static let noticeable: Float = 1e-4
  /// Writes larger than this share of what was learned replace it rather than add to it.
  static let replacing: Float = 0.5
  /// A learned part as large as this share of the weights, which grew by less than `standing` over the
  /// window, takes nothing more in.
  static let large: Float = 0.5
  static let standing: Float = 0.02

  /// - Parameter samples: the newest writes, oldest first.
  package init(_ samples: some Collection<Sample>) {
    let recent = Array(samples.suffix(Self.window))
    let mean = recent.reduce(0) { $0 + $1.updateRelative } / Float(max(1, recent.count))
    guard let first = recent.first, let last = recent.last, mean >= Self.noticeable else {
      self = .idle
      return
    }
    guard recent.count >= Self.enough else {
      self = .learning
      return
    }
    let growth = abs(last.driftRelative - first.driftRelative)
    let drift = max(last.driftRelative, 1e-9)
    if mean > Self.replacing * drift {
      self = .thrashing
    } else if drift > Self.large, growth < Self.standing * drift {
      self = .saturated
    } else {
      self = .learning
    }
  }

  /// What the word means.
  var meaning: String {
    switch self {
    case .idle: "nothing written that one could notice"
    case .learning: "writes add to what it knows"
    case .thrashing: "each write replaces most of what it knew"
    case .saturated: "full: it writes, but gains nothing more"
    }
  }
}
