import Sessions

/// What a level wrote in every block, by the tokens it learned from: the newest writes, in constant
/// memory.
struct BlockWrites: Sendable {
  private struct Write: Sendable {
    /// The token before which it was written, counted from the conversation's first.
    let end: Int
    /// ‖ΔW‖ / ‖W‖ of every block; nil where it was refused.
    let sizes: [Float?]
    /// Of all blocks.
    let largest: Float?
  }
  private var writes: [Write] = []
  /// Where the oldest write that is kept begins.
  private var start = 0
  private(set) var blockCount = 0
  private static let capacity = 512
  private static let mostBlocks = 256

  var isEmpty: Bool { writes.isEmpty }
  /// Values that are kept.
  var sampleCount: Int { writes.reduce(0) { $0 + $1.sizes.count } }
  /// The largest of all that are kept.
  private(set) var largest: Float = 0

  mutating func append(_ event: LevelWriteEvent, at token: Int) {
    let count = (event.blocks.map(\.block).max() ?? -1) + 1
    blockCount = max(blockCount, min(count, Self.mostBlocks))
    var sizes = [Float?](repeating: nil, count: blockCount)
    for block in event.blocks where sizes.indices.contains(block.block) && !block.isRefused {
      sizes[block.block] = block.updateRelative.isFinite ? block.updateRelative : nil
    }
    let most = sizes.lazy.compactMap { $0 }.max()
    writes.append(Write(end: token, sizes: sizes, largest: most))
    largest = max(largest, most ?? 0)
    if writes.count > Self.capacity { trim() }
  }

  /// What the newest write changed in a block.
  func newest(_ block: Int) -> Float? {
    writes.last.flatMap { $0.sizes.indices.contains(block) ? $0.sizes[block] : nil }
  }

  /// Forgets what was written after so many tokens.
  mutating func cut(to count: Int) {
    writes.removeAll { $0.end > count }
    largest = writes.lazy.compactMap(\.largest).max() ?? 0
  }

  /// Gives up the oldest writes, an eighth at once: what is known of all is found anew only then.
  private mutating func trim() {
    start = writes[Self.capacity / 8 - 1].end
    writes.removeFirst(Self.capacity / 8)
    largest = writes.lazy.compactMap(\.largest).max() ?? 0
  }

  /// The newest `columns` groups of `stride` tokens: in each the largest write that learned from one
  /// of them, of one block, or of all where `block` is nil; nil where none did.
  /// - Parameter end: the token after the last one to be seen.
  func columns(_ columns: Int, stride: Int, end: Int, block: Int? = nil) -> [Float?] {
    var values = [Float?](repeating: nil, count: max(0, columns))
    let origin = (end + stride - 1) / stride - columns
    for (i, write) in writes.enumerated().reversed() {
      let begin = i == 0 ? start : writes[i - 1].end
      let size =
        block.map { write.sizes.indices.contains($0) ? write.sizes[$0] : nil } ?? write.largest
      let last = min(columns - 1, (max(begin, write.end - 1)) / stride - origin)
      let first = max(0, begin / stride - origin)
      if let size, first <= last {
        for column in first...last { values[column] = max(values[column] ?? 0, size) }
      }
      if begin / stride < origin { break }
    }
    return values
  }
}
