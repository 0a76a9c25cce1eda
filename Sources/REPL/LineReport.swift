import Foundation
package import Sessions

/// What happened, in lines for people. Pure: events in, text out.
package struct LineReport: Sendable {
  package var style: ReportStyle
  package init(_ style: ReportStyle) { self.style = style }

  /// Between parts of a line; before what a turn changed; a number of times.
  var dot: String { style.isASCII ? ", " : " · " }
  private var mark: String { style.isASCII ? "* " : "◇ " }
  private var times: String { style.isASCII ? "x" : "×" }
  private var change: String { style.isASCII ? "dW" : "ΔW" }

  // MARK: Lines

  /// Who is talking.
  package func greeting(_ model: ModelFacts, learn: LearnMode) -> StyledText {
    var line = StyledText("hope", .strong)
    let parameters = Self.short(model.parameterCount)
    let levels = model.levels.map { $0.period == 1 ? $0.name : "\($0.name) \($0.period)" }
    let rest = ["\(model.name) \(parameters)"] + levels + ["learn \(learn.rawValue)"]
    line.append(dot + rest.joined(separator: dot), .quiet)
    return line
  }

  /// What to try first.
  package func hint(_ model: ModelFacts) -> StyledText {
    // what a turn said is carried by the fastest level that learns in chunks
    let level = model.levels.dropFirst().first?.name ?? "1"
    let steps = [
      "tell it something", "ask for it", "/level \(level) read off and ask again", "/help",
    ]
    return StyledText(steps.joined(separator: style.isASCII ? " -> " : " → "), .quiet)
  }

  /// What the turn changed, per level: `◇ titans 31 writes (ΔW 12 %) · cms1 wrote 1× (ΔW 0.8 %)`.
  package func turn(_ end: AnswerEnd) -> StyledText {
    var parts = end.changes.map(part)
    if let bits = end.surpriseBits { parts.append("surprise \(Self.fixed(bits, 1)) bits") }
    switch end.why {
    case .finished: break
    case .maxTokens: parts.insert("cut after \(end.answerTokens) tokens", at: 0)
    case .stopped: parts.insert("stopped", at: 0)
    case .failed: parts.insert("no answer", at: 0)
    }
    return StyledText("  " + mark + parts.joined(separator: dot), .quiet)
  }

  private func part(_ level: LevelChange) -> String {
    let status = level.status
    var words = [status.name]
    if level.refused > 0 { words.append("refused \(level.refused)\(times)") }
    if level.writes > 0 {
      words.append(
        status.level == 0 ? "\(level.writes) writes" : "wrote \(level.writes)\(times)")
      let isWeights = status.level > 0 || level.changeRelative > 0
      if isWeights { words.append("(\(change) \(Self.percent(level.changeRelative)))") }
    } else if status.isOn && status.period > 1 {
      words.append("\(status.pendingTokens)/\(status.period)")
    }
    if !status.isOn { words.append(status.word) }
    return words.joined(separator: " ")
  }

  package func levelSet(_ setting: LevelSetting) -> StyledText {
    var line = StyledText("  \(setting.name)", .strong)
    let gain = setting.gain == 1 ? "" : ", gain \(Self.plain(setting.gain))"
    line.append(" \(setting.bits) \(setting.word)\(gain)", .quiet)
    return line
  }

  package func settingChanged(_ setting: Setting) -> StyledText {
    StyledText("  \(setting.name) \(setting.value)", .quiet)
  }

  package func settings(_ settings: ChatSettings) -> StyledText {
    StyledText(
      "  " + settings.all.map { "\($0.name) \($0.value)" }.joined(separator: dot), .quiet)
  }

  package func stateReset(_ reset: StateReset) -> StyledText {
    let digest = "\(reset.digest)".prefix(12)
    let proof =
      reset.equalsBase
      ? "state = base, checked by digest \(digest)" : "state digest \(digest)"
    let what =
      switch reset.scope {
      case .everything: "a fresh conversation"
      case .mixers(let name): "working memory (\(name)) dropped, what the levels learned kept"
      case .levels(let mixer): "what the levels learned dropped, working memory (\(mixer)) kept"
      case .level(_, let name): "\(name) forgot what it had learned"
      }
    let isProven = reset.scope != .everything || reset.equalsBase
    return StyledText(
      "  \(what): \(isProven ? proof : "ERROR: the state differs from the base's")",
      isProven ? .quiet : .alarm)
  }

  package func error(_ sentence: String) -> StyledText {
    var line = StyledText("error: ", .alarm)
    line.append(sentence)
    return line
  }

  package func warning(_ sentence: String) -> StyledText {
    var line = StyledText("warning: ", .alarm)
    line.append(sentence)
    return line
  }

  package func notice(_ sentence: String) -> StyledText { StyledText("  \(sentence)", .quiet) }
}

// MARK: Numbers

extension LineReport {
  /// With this many decimals; what is no number shows as a dash.
  package static func fixed(_ value: Float, _ decimals: Int) -> String {
    value.isFinite ? String(format: "%.\(decimals)f", Double(value)) : "-"
  }

  /// Two digits that matter: `12 %`, `0.8 %`, `0.03 %`.
  package static func percent(_ share: Float) -> String {
    let value = share * 100
    if value >= 9.95 || value == 0 { return fixed(value, 0) + " %" }
    if value < 0.005 { return "<0.01 %" }
    return fixed(value, value < 0.095 ? 2 : 1) + " %"
  }

  /// Without a needless fraction.
  static func plain(_ value: Float) -> String {
    value == value.rounded() && abs(value) < 1e6 ? "\(Int(value))" : "\(value)"
  }

  /// `8.1M`, `640K`, `12`.
  static func short(_ count: Int) -> String {
    switch count {
    case 1_000_000...: fixed(Float(count) / 1e6, 1) + "M"
    case 1_000...: fixed(Float(count) / 1e3, 0) + "K"
    default: "\(count)"
    }
  }

  /// `1,204`.
  static func grouped(_ count: Int) -> String {
    let digits = String(count)
    var result = ""
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { result += "," }
      result.append(digit)
    }
    return result
  }
}
