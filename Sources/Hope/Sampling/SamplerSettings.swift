/// How the next token is drawn. Checks itself: `validate` names the bad field and its range.
/// The stored names are the ones a person types.
package struct SamplerSettings: Codable, Sendable, Equatable {
  /// Divides the logits; 0 takes the likeliest token.
  package var temperature: Float = 0.2
  /// Only the k likeliest tokens; 0 for no limit.
  package var topK: Int = 0
  /// Only the likeliest tokens that together reach this probability; 1 for no limit.
  package var topP: Float = 0.95
  /// Only tokens at least this share as likely as the likeliest; 0 for no limit.
  package var minP: Float = 0

  package init() {}

  package static let greedy: SamplerSettings = {
    var settings = SamplerSettings()
    settings.temperature = 0
    return settings
  }()

  private enum CodingKeys: String, CodingKey {
    case temperature
    case topK = "top_k"
    case topP = "top_p"
    case minP = "min_p"
  }

  package func validate() throws(SamplerSettingsError) {
    try check("temperature", temperature, 0...100)
    guard (0...SamplerSettings.largestTopK).contains(topK) else {
      throw SamplerSettingsError(
        field: "top_k", value: "\(topK)", range: "0...\(SamplerSettings.largestTopK)")
    }
    try check("top_p", topP, 0...1)
    try check("min_p", minP, 0...1)
  }

  private static let largestTopK = 1 << 20

  private func check(
    _ field: String, _ value: Float, _ range: ClosedRange<Float>
  ) throws(SamplerSettingsError) {
    guard range.contains(value) else {
      throw SamplerSettingsError(
        field: field, value: "\(value)", range: "\(range.lowerBound)...\(range.upperBound)")
    }
  }
}

/// A sampler setting outside its range.
package struct SamplerSettingsError: Error, Equatable, CustomStringConvertible {
  package let field: String
  package let value: String
  package let range: String
  package var description: String { "\(field): \(value) is not in \(range)" }
}
