import Foundation

/// Ways to a clipboard: a program of this machine, and the terminal itself, which may be far away.
struct Clipboard {
  private let environment: [String: String]
  /// Terminals drop longer ones.
  private static let longest = 74_994
  private static let patience = 1.0

  init(environment: [String: String]) { self.environment = environment }

  /// Copies text.
  /// - Returns: the ways it took, nil where there was none. Whether a terminal obeys cannot be known.
  func copy(_ text: String) -> String? {
    var ways: [String] = []
    if let tool = tools.first(where: { use($0, text) }) { ways.append(tool[0]) }
    if let sequence = terminalSequence(text) {
      TerminalGuard.write(sequence)
      ways.append("OSC 52")
    }
    return ways.isEmpty ? nil : ways.joined(separator: ", ")
  }

  private func use(_ tool: [String], _ text: String) -> Bool {
    ChildProcess(tool).run(input: text, within: Self.patience) == 0
  }

  /// Those that have a display to talk to.
  private var tools: [[String]] {
    var tools: [[String]] = []
    if has("WAYLAND_DISPLAY") { tools.append(["wl-copy"]) }
    if has("DISPLAY") {
      tools += [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]]
    }
    return tools + [["pbcopy"]]
  }

  private func has(_ name: String) -> Bool { environment[name].map { !$0.isEmpty } ?? false }

  /// Of terminals that are more than a screen; nil for the others, which would show it.
  func terminalSequence(_ text: String) -> String? {
    let term = environment["TERM"] ?? ""
    let plain = ["linux", "vt", "dumb", "cons", "sun"]
    guard !plain.contains(where: term.hasPrefix) else { return nil }
    let coded = Data(text.utf8).base64EncodedString()
    return coded.utf8.count <= Self.longest ? "\u{1B}]52;c;\(coded)\u{7}" : nil
  }
}
