import Tensors

/// One way to damage a model: the same seed damages the same way.
enum CheckpointCorruption: Int, CaseIterable {
  case flippedBit, flippedHeaderBit, truncated, lengthened, headerLength, evilNumber, swappedOffsets
  case duplicateName, evilText, deepNesting, zeroRun, garbage
  case flippedConfigurationBit, truncatedConfiguration, evilConfigurationNumber

  /// Whether a model damaged this way can only be an error.
  var isAlwaysFatal: Bool {
    switch self {
    case .truncated, .lengthened, .headerLength, .duplicateName, .deepNesting, .garbage:
      true
    default: false
    }
  }
}

/// The two files of a model that corruption meets.
struct CheckpointBytes: Equatable {
  var weights: [UInt8]
  var configuration: [UInt8]

  /// Index of the first byte of data in undamaged weights.
  private var dataStart: Int {
    8 + weights[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  mutating func corrupt(_ corruption: CheckpointCorruption, _ random: inout RandomSource) {
    switch corruption {
    case .flippedBit: Self.flip(&weights, below: weights.count, &random)
    case .flippedHeaderBit: Self.flip(&weights, below: dataStart, &random)
    case .truncated: truncateWeights(&random)
    case .lengthened: weights += [UInt8](repeating: 0, count: 1 + random.integer(below: 64))
    case .headerLength: changeHeaderLength(&random)
    case .evilNumber: editHeader { Self.replaceNumber(in: &$0, &random) }
    case .swappedOffsets: swapOffsets(&random)
    case .duplicateName: duplicateName(&random)
    case .evilText: editHeader { Self.insertEvilText(in: &$0, &random) }
    case .deepNesting: nest(&random)
    case .zeroRun: zeroRun(&random)
    case .garbage:
      weights = (0..<random.integer(below: 600)).map { _ in UInt8(random.next() & 255) }
    case .flippedConfigurationBit: Self.flip(&configuration, below: configuration.count, &random)
    case .truncatedConfiguration: configuration.removeLast(1 + random.integer(below: 200))
    case .evilConfigurationNumber: Self.replaceNumber(in: &configuration, &random)
    }
  }

  private static func flip(_ bytes: inout [UInt8], below end: Int, _ random: inout RandomSource) {
    bytes[random.integer(below: end)] ^= 1 << UInt8(random.integer(below: 8))
  }

  /// Anywhere, or at one of the places where something begins or ends.
  private mutating func truncateWeights(_ random: inout RandomSource) {
    let places = [0, 1, 7, 8, 9, dataStart - 1, dataStart, dataStart + 1, weights.count - 1]
    let isPlace = random.integer(below: 2) == 0
    let end = isPlace ? random.element(of: places) : random.integer(below: weights.count)
    weights.removeSubrange(end...)
  }

  /// Never the true length, nor one that only gives up padding.
  private mutating func changeHeaderLength(_ random: inout RandomSource) {
    let length = UInt64(dataStart - 8)
    let games: [UInt64] = [
      0, 1, 8, length + 1, length + 8, length - 16, UInt64(weights.count - 8),
      UInt64(weights.count),
      1 << 31, 1 << 32, 1 << 63, .max, .max - 7, length | 1 << 63, 100_000_001,
    ]
    let lie = random.element(of: games)
    for i in 0..<8 { weights[i] = UInt8(truncatingIfNeeded: lie >> (8 * UInt64(i))) }
  }

  /// Changes the header's text and keeps its length true.
  private mutating func editHeader(_ edit: (inout [UInt8]) -> Void) {
    var header = Array(weights[8..<dataStart])
    let data = Array(weights[dataStart...])
    edit(&header)
    weights = safetensors("", length: UInt64(header.count)) + header + data
  }

  /// One run of digits becomes a number that is wrong in some way.
  private static func replaceNumber(in text: inout [UInt8], _ random: inout RandomSource) {
    let evil = [
      "-1", "0", "00", "1", "3", "5", "1.5", "4e0", "1e400", "9223372036854775807", "4294967296",
      "9223372036854775808", "18446744073709551616", "99999999999999999999999999", "null", "\"4\"",
      "[]", "{}", "", "-", "NaN", "Infinity", "0x10", "true",
    ]
    let isDigit = text.map { (0x30...0x39).contains($0) }
    let starts = text.indices.filter { isDigit[$0] && !isDigit[$0 - 1] }
    let start = random.element(of: starts)
    let end = text[start...].indices.first { !isDigit[$0] } ?? text.count
    text.replaceSubrange(start..<end, with: random.element(of: evil).utf8)
  }

  /// Two tensors trade places in the header, or the two ends of one; harmless when the sizes agree.
  private mutating func swapOffsets(_ random: inout RandomSource) {
    editHeader { header in
      let text = String(decoding: header, as: UTF8.self)
      let parts = text.components(between: "\"data_offsets\":", and: "}")
      let one = random.integer(below: parts.count)
      let other = (one + 1 + random.integer(below: parts.count - 1)) % parts.count
      if random.integer(below: 2) == 0 {
        let ends = parts[one].dropFirst().dropLast().split(separator: ",")
        header = Array(text.replacing(parts[one], with: "[\(ends[1]),\(ends[0])]").utf8)
      } else {
        let marked = text.replacing(parts[one], with: "#").replacing(parts[other], with: parts[one])
        header = Array(marked.replacing("#", with: parts[other]).utf8)
      }
    }
  }

  private mutating func duplicateName(_ random: inout RandomSource) {
    let names = ["embedding", "blocks.0.up", "blocks.0.down", "norm", "gain"]
    let one = random.integer(below: names.count)
    let other = (one + 1 + random.integer(below: names.count - 1)) % names.count
    editHeader { header in
      let text = String(decoding: header, as: UTF8.self)
      header = Array(text.replacing("\"\(names[one])\":", with: "\"\(names[other])\":").utf8)
    }
  }

  private static func insertEvilText(in header: inout [UInt8], _ random: inout RandomSource) {
    let evil: [[UInt8]] = [
      [0], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x1B, 0x5B, 0x32, 0x4A],
      Array("\\u0000".utf8),
      Array("\u{202E}".utf8), Array("\\ud800".utf8), Array("\\".utf8), Array("\"".utf8), [0x0A],
      Array("\\u001b]52;c;x".utf8), Array(String(repeating: "x", count: 5000).utf8),
      [0xEF, 0xBB, 0xBF],
    ]
    header.insert(contentsOf: random.element(of: evil), at: random.integer(below: header.count))
  }

  /// A value, or everything, becomes thousands of brackets.
  private mutating func nest(_ random: inout RandomSource) {
    let opening = random.element(of: ["[", "{\"a\":", "[{\"a\":", "{\"a\":["])
    let deep = Array(String(repeating: opening, count: 1 + random.integer(below: 20_000)).utf8)
    switch random.integer(below: 3) {
    case 0: configuration = deep
    case 1: editHeader { $0 = deep }
    default:
      editHeader { header in
        let colon = random.element(of: header.indices.filter { header[$0] == UInt8(ascii: ":") })
        header.insert(contentsOf: deep, at: colon + 1)
      }
    }
  }

  private mutating func zeroRun(_ random: inout RandomSource) {
    let start = random.integer(below: weights.count)
    for i in start..<min(weights.count, start + 1 + random.integer(below: 64)) { weights[i] = 0 }
  }
}

extension String {
  /// The pieces that stand between each `opening` and the next `closing`.
  fileprivate func components(between opening: String, and closing: Character) -> [String] {
    split(separator: opening).dropFirst().map { String($0.prefix { $0 != closing }) }
  }
}
