package import Hope

/// How answers are drawn and whose words are learned.
package struct ChatSettings: Sendable, Equatable {
  package var sampler = SamplerSettings()
  /// The first number of every conversation's random source.
  package var seed: UInt64
  /// Tokens after which an answer is cut off.
  package var maxTokens = 120
  package var learn: LearnMode = .user
  /// Text the conversation begins with, before anyone speaks.
  package var system: String?

  package init(seed: UInt64) { self.seed = seed }

  package static let maxTokensRange = 1...100_000
}

/// One setting with the value it is to take. `name` and `value` are what a person types.
package enum Setting: Sendable, Equatable {
  case temperature(Float)
  case topK(Int)
  case topP(Float)
  case minP(Float)
  case seed(UInt64)
  case maxTokens(Int)
  case learn(LearnMode)
  /// For the front-end alone; the engine passes it on.
  case color(ColorMode)

  package static let names = [
    "temperature", "top_k", "top_p", "min_p", "seed", "max_tokens", "learn", "color",
  ]

  package var name: String {
    switch self {
    case .temperature: "temperature"
    case .topK: "top_k"
    case .topP: "top_p"
    case .minP: "min_p"
    case .seed: "seed"
    case .maxTokens: "max_tokens"
    case .learn: "learn"
    case .color: "color"
    }
  }

  package var value: String {
    switch self {
    case .temperature(let value), .topP(let value), .minP(let value):
      value == value.rounded() && abs(value) < 1e6 ? "\(Int(value))" : "\(value)"
    case .topK(let value), .maxTokens(let value): "\(value)"
    case .seed(let value): "\(value)"
    case .learn(let mode): mode.rawValue
    case .color(let mode): mode.rawValue
    }
  }
}

/// When colours are used: `auto` means on a terminal, unless `NO_COLOR` is set.
package enum ColorMode: String, Sendable, CaseIterable { case auto, always, never }

extension ChatSettings {
  /// Takes a setting over, or leaves everything as it is.
  package mutating func apply(_ setting: Setting) throws(SettingError) {
    var next = self
    switch setting {
    case .temperature(let value): next.sampler.temperature = value
    case .topK(let value): next.sampler.topK = value
    case .topP(let value): next.sampler.topP = value
    case .minP(let value): next.sampler.minP = value
    case .seed(let value): next.seed = value
    case .maxTokens(let value): next.maxTokens = value
    case .learn(let mode): next.learn = mode
    case .color: break
    }
    try next.validate()
    self = next
  }

  /// Every setting as it is, but those of the front-end.
  package var all: [Setting] {
    [
      .learn(learn), .temperature(sampler.temperature), .topK(sampler.topK), .topP(sampler.topP),
      .minP(sampler.minP), .maxTokens(maxTokens), .seed(seed),
    ]
  }

  package func validate() throws(SettingError) {
    do throws(SamplerSettingsError) {
      try sampler.validate()
    } catch {
      throw SettingError(name: error.field, value: error.value, range: error.range)
    }
    let range = Self.maxTokensRange
    guard range.contains(maxTokens) else {
      throw SettingError(
        name: "max_tokens", value: "\(maxTokens)",
        range: "\(range.lowerBound)...\(range.upperBound)")
    }
  }
}

/// A setting outside its range.
package struct SettingError: Error, Equatable, CustomStringConvertible {
  package let name: String
  package let value: String
  package let range: String
  package var description: String { "\(name): \(value) is not in \(range)" }
}
