/// The two switches of a level.
package struct LevelAccess: OptionSet, Hashable, Sendable, Codable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The learned part takes part in the answer.
  package static let read = LevelAccess(rawValue: 1)
  /// The level goes on learning.
  package static let write = LevelAccess(rawValue: 2)
  package static let on: LevelAccess = [.read, .write]
  package static let off: LevelAccess = []

  /// `rw`, `r-`, `-w` or `--`.
  package var bits: String {
    (contains(.read) ? "r" : "-") + (contains(.write) ? "w" : "-")
  }

  /// What the bits mean, in one word.
  package var word: String {
    switch bits {
    case "rw": "on"
    case "r-": "frozen"
    case "-w": "listening"
    default: "off"
    }
  }
}

/// Switches and volume of every level: the mixer first, then the levels of the configuration.
package struct LevelSettings: Equatable, Sendable {
  package struct Entry: Equatable, Sendable {
    package var access: LevelAccess = .on
    /// Multiplies the learned part alone.
    package var gain: Float = 1
    /// What the learned part is multiplied with when it is read.
    package var readGain: Float { access.contains(.read) ? gain : 0 }
    package var isWritable: Bool { access.contains(.write) }
  }
  package var mixer = Entry()
  package var levels: [Entry]

  package init(levelCount: Int) { levels = Array(repeating: Entry(), count: levelCount) }

  package static func all(_ access: LevelAccess, levelCount: Int) -> LevelSettings {
    var settings = LevelSettings(levelCount: levelCount)
    settings.mixer.access = access
    for i in settings.levels.indices { settings.levels[i].access = access }
    return settings
  }

  /// By index: 0 is the mixer, 1… the levels.
  package subscript(_ index: Int) -> Entry {
    get { index == 0 ? mixer : levels[index - 1] }
    set { if index == 0 { mixer = newValue } else { levels[index - 1] = newValue } }
  }
  package var count: Int { levels.count + 1 }
}

extension HopeConfiguration {
  /// Names of all levels as `LevelSettings` indexes them.
  package var levelNames: [String] { [mixerLevelName] + levels.map(\.name) }
  /// Tokens between two writes of each, as `LevelSettings` indexes them.
  package var levelPeriods: [Int] { [1] + levels.map(\.chunkSize) }
}
