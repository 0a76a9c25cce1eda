import Sessions

/// Slash commands that only the screen obeys.
enum LocalCommand: Equatable {
  /// The answer so many from the end.
  case copy(Int)
  case clear
  case tint(Tint)
  case theme(DisplaySettings.Theme)
  case pane(Pane)
  case mouse(Bool)

  struct Help {
    let name: String
    let form: String
    let summary: String
  }

  static let help = [
    Help(
      name: "copy", form: "/copy [N]",
      summary: "puts the last answer, or the N-th from the end, on the clipboard"),
    Help(
      name: "clear", form: "/clear", summary: "empties the chat pane; the model forgets nothing"),
    Help(name: "tint", form: "/tint off|surprise|credit", summary: "what the tokens' colours tell"),
    Help(
      name: "pane", form: "/pane levels|piano|heat|token|chat",
      summary: "brings a pane to the front"),
    Help(name: "theme", form: "/theme dark|light|mono|high-contrast", summary: "the colours"),
    Help(name: "mouse", form: "/mouse on|off", summary: "whether clicks and the wheel act here"),
  ]

  static func values(of name: String) -> [String] {
    switch name {
    case "tint": Tint.allCases.map(\.rawValue)
    case "pane": Pane.allCases.map(\.rawValue)
    case "theme": DisplaySettings.Theme.allCases.map(\.rawValue)
    case "mouse": ["on", "off"]
    default: []
    }
  }

  /// nil where the line is none of these.
  init?(parsing line: String) throws(CommandError) {
    var words = line.dropFirst().split(separator: " ").map(String.init)
    // a setting of the screen alone
    if words.starts(with: ["set", "theme"]) { words.removeFirst() }
    guard line.hasPrefix("/"), let name = words.first,
      let help = Self.help.first(where: { $0.name == name })
    else { return nil }
    guard let command = Self.command(name, Array(words.dropFirst())) else {
      throw .usage(help.form)
    }
    self = command
  }

  private static func command(_ name: String, _ words: [String]) -> LocalCommand? {
    let word = words.first ?? ""
    guard words.count <= 1 else { return nil }
    switch name {
    case "copy": return word.isEmpty ? .copy(1) : Int(word).flatMap { $0 > 0 ? .copy($0) : nil }
    case "clear": return word.isEmpty ? .clear : nil
    case "tint": return Tint(rawValue: word).map { .tint($0) }
    case "theme": return DisplaySettings.Theme(rawValue: word).map { .theme($0) }
    case "pane": return Pane(rawValue: word).map { .pane($0) }
    default: return ["on": .mouse(true), "off": .mouse(false)][word]
    }
  }
}

/// What the tokens' colours tell.
enum Tint: String, Sendable, CaseIterable {
  case off, surprise, credit

  var meaning: String {
    switch self {
    case .off, .surprise: rawValue
    case .credit: "what the levels gave, of the newest answers; Enter on a dim token asks for it"
    }
  }
}

/// The parts of the screen that show something; letters act in them.
enum Pane: String, Sendable, CaseIterable { case chat, levels, piano, heat, token }
