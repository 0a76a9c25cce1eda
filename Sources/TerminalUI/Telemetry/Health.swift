import Sessions

/// What a level's writes amount to, in one word.
///
/// A write makes M' of the memory M it finds: M fades, and something is added. How much of M is left in
/// M' is its projection on M, as a share of M: ⟨M', M⟩ / ‖M‖². That follows from the three sizes which
/// every write reports, ‖M‖, ‖M'‖ and ‖M' − M‖, and is λ where nothing but fading touches M. How large a
/// write is says nothing: one into an empty memory is as large as the memory.
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
  /// Where less than this of what was known is left after a write, on average, it undoes the others.
  static let lost: Float = 0.25
  /// A learned part as large as this share of the weights, which writes of less than `tiny` of its size
  /// let grow by less than `standing` over the window, takes nothing more in.
  static let large: Float = 0.5
  static let tiny: Float = 0.05
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
    if let kept = Self.kept(recent), kept < Self.lost {
      self = .thrashing
    } else if drift > Self.large, growth < Self.standing * drift, mean < Self.tiny * drift {
      self = .saturated
    } else {
      self = .learning
    }
  }

  /// The mean over the writes of what they left of the memory before; nil where there was none.
  private static func kept(_ writes: [Sample]) -> Float? {
    let shares = zip(writes, writes.dropFirst()).compactMap { before, write -> Float? in
      let (old, new) = (before.driftRelative, write.driftRelative)
      guard old > noticeable else { return nil }
      let change = write.updateRelative
      return (new * new + old * old - change * change) / (2 * old * old)
    }
    return shares.isEmpty ? nil : shares.reduce(0, +) / Float(shares.count)
  }

  /// What the word means, at length and in brief.
  var meanings: [String] {
    switch self {
    case .idle: ["nothing written that one could notice", "nothing to notice"]
    case .learning: ["writes add to what it knows", "adds to what it knew"]
    case .thrashing: ["a write undoes most of the one before", "undoes what it knew"]
    case .saturated: ["full: writes are too small to change it", "full"]
    }
  }
}

extension Health.Sample {
  /// The root of the mean square over the blocks: the geometry of all of them together.
  init(_ blocks: [LevelWriteEvent.Block]) {
    func size(_ value: (LevelWriteEvent.Block) -> Float) -> Float {
      let squares = blocks.reduce(Float(0)) { $0 + value($1) * value($1) }
      return (squares / Float(max(1, blocks.count))).squareRoot()
    }
    self.init(
      updateRelative: size { $0.isRefused ? 0 : $0.updateRelative },
      driftRelative: size { $0.driftRelative })
  }
}
