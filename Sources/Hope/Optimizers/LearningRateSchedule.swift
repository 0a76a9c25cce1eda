import Glibc

/// Linear warm-up, then half a cosine down to a floor.
package struct LearningRateSchedule: Codable, Sendable, Equatable {
  /// The rate at the end of the warm-up.
  package var peak: Float
  /// The rate at the end, as a share of `peak`, in 0...1.
  package var floorShare: Float
  /// Updates until the peak is reached; the first update already has peak / warmUpUpdates.
  package var warmUpUpdates: Int
  /// All updates, warm-up included; later ones keep the floor.
  package var totalUpdates: Int

  package init(peak: Float, floorShare: Float = 0.1, warmUpUpdates: Int, totalUpdates: Int) {
    precondition(peak >= 0, "peak \(peak) is negative")
    precondition((0...1).contains(floorShare), "floorShare \(floorShare) is not in 0...1")
    precondition(
      0 <= warmUpUpdates && warmUpUpdates <= totalUpdates,
      "\(warmUpUpdates) warm-up updates of \(totalUpdates)")
    self.peak = peak
    self.floorShare = floorShare
    self.warmUpUpdates = warmUpUpdates
    self.totalUpdates = totalUpdates
  }

  /// The rate of update number `index`, counted from 0.
  package func rate(at index: Int) -> Float {
    if index < warmUpUpdates { return peak * Float(index + 1) / Float(warmUpUpdates) }
    let length = max(1, totalUpdates - 1 - warmUpUpdates)
    let progress = Double(min(index - warmUpUpdates, length)) / Double(length)
    let floor = Double(floorShare)
    return Float(Double(peak) * (floor + (1 - floor) * 0.5 * (1 + cos(.pi * progress))))
  }
}
