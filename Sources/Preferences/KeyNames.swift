import TerminalUI

/// Keys as people write them: `f1`, `ctrl+t`, `alt+b`, `shift+left`, `pageup`.
enum KeyNames {
  private static let named: [String: Key] = [
    "enter": .enter, "tab": .tab, "shift+tab": .backTab, "backspace": .backspace,
    "delete": .delete, "escape": .escape, "up": .up, "down": .down, "left": .left,
    "right": .right, "shift+left": .shiftLeft, "shift+right": .shiftRight, "shift+up": .shiftUp,
    "shift+down": .shiftDown, "ctrl+left": .controlLeft, "ctrl+right": .controlRight,
    "home": .home, "end": .end, "pageup": .pageUp, "pagedown": .pageDown, "insert": .insert,
    "alt+enter": .altEnter, "alt+backspace": .altBackspace,
  ]
  /// What terminals send for Tab, Enter, Esc and Backspace; and the way out.
  private static let taken = [
    "ctrl+i": "it is Tab", "ctrl+m": "it is Enter", "ctrl+[": "it is Esc",
    "ctrl+h": "it is Backspace", "ctrl+c": "it is the way out",
  ]

  enum Finding: Equatable {
    case key(Key)
    /// Cannot be given to anything else, and why.
    case taken(String)
    case unknown
  }

  static func find(_ name: String) -> Finding {
    let name = name.lowercased()
    if let why = taken[name] { return .taken(why) }
    if let key = named[name] { return .key(key) }
    if name.hasPrefix("f"), let number = Int(name.dropFirst()), (1...24).contains(number) {
      return .key(.function(number))
    }
    let parts = name.split(separator: "+", maxSplits: 1)
    guard parts.count == 2, parts[1].count == 1, let letter = parts[1].first, letter.isASCII,
      letter.isLetter || letter == "_" || parts[0] == "alt"
    else { return .unknown }
    switch parts[0] {
    case "ctrl": return .key(.control(letter))
    case "alt": return .key(.alt(letter))
    default: return .unknown
    }
  }

  /// What can be given another key, and the key that does it by itself.
  static let actions: [String: Key] = [
    "send": .enter, "newline": .control("j"), "stop": .escape, "quit": .control("d"),
    "help": .function(1), "levels": .function(2), "piano": .function(3), "heat": .function(4),
    "token": .function(5), "next_pane": .tab, "previous_pane": .backTab, "tint": .control("t"),
    "redraw": .control("l"), "suspend": .control("z"), "editor": .control("g"),
    "history_search": .control("r"), "level": .control("x"), "scroll_up": .pageUp,
    "scroll_down": .pageDown, "undo": .control("_"), "yank": .control("y"),
    "kill_line": .control("k"), "kill_to_start": .control("u"), "kill_word": .control("w"),
    "line_start": .home, "line_end": .end, "word_left": .alt("b"), "word_right": .alt("f"),
    "delete": .delete,
  ]
}
