import Sessions

/// Every key and command, as rows.
enum HelpText {
  enum Section: String, CaseIterable {
    case writing = "Writing"
    case everywhere = "Everywhere"
    case panes = "In a pane"
    case travelling = "Timeline and replay"
    case commands = "Commands"
    case words = "What the panes show"
  }

  struct Row: Sendable, Equatable {
    let section: Section
    let key: String
    let meaning: String
    /// Lines that belong to it.
    var details: [String] = []

    /// The command that the row is about, to be written.
    var command: String? {
      guard key.hasPrefix("/"), !key.hasPrefix("//") else { return nil }
      return String(key.prefix { $0 != " " })
    }

    fileprivate func says(_ query: String) -> Bool {
      ([key, meaning] + details).contains { $0.lowercased().contains(query) }
    }
  }

  /// The rows that contain a text, by section; those whose key does come first.
  static func rows(_ state: AppState, query: String) -> [Row] {
    let query = query.lowercased().split(separator: " ").joined(separator: " ")
    return Section.allCases.flatMap { section in
      let rows = rows(state, section)
      guard !query.isEmpty else { return rows }
      let found = rows.filter { $0.says(query) }
      let isNamed = { (row: Row) in row.key.lowercased().contains(query) }
      return found.filter(isNamed) + found.filter { !isNamed($0) }
    }
  }

  /// What is asked about where somebody is.
  static func section(_ state: AppState) -> Section {
    if state.player != nil { return .travelling }
    if state.focus != nil { return .panes }
    return state.draft.text.hasPrefix("/") ? .commands : .writing
  }

  private static func rows(_ state: AppState, _ section: Section) -> [Row] {
    switch section {
    case .writing: writing.map { row(state, section, $0.0, $0.1) }
    case .everywhere: everywhere.map { row(state, section, $0.0, $0.1) }
    case .panes: (panes + [mouse(state)]).map { row(state, section, $0.0, $0.1) }
    case .travelling: travelling.map { row(state, section, $0.0, $0.1) }
    case .commands: commands.map { row(state, section, $0.form, $0.summary, $0.details) }
    case .words: words.map { row(state, section, $0.0, $0.1) }
    }
  }

  private static func row(
    _ state: AppState, _ section: Section, _ key: String, _ meaning: String,
    _ details: [String] = []
  ) -> Row {
    let glyphs = state.brush.glyphs
    return Row(
      section: section, key: key.hasPrefix("/") ? key : state.settings.spelled(keys: key),
      meaning: glyphs.spelled(meaning), details: details.map(glyphs.spelled))
  }

  private static let writing = [
    ("Enter", "send"),
    ("Ctrl+J  Alt+Enter  \\ Enter", "a new line"),
    ("Tab", "complete a command; else go to the next pane"),
    ("Up Down", "move in the draft; at its edge: what was sent before"),
    ("Ctrl+R", "search what was sent before"),
    ("Ctrl+A Ctrl+E", "start and end of the line"),
    ("Ctrl+B Ctrl+F", "a character back, forward"),
    ("Alt+B Alt+F", "a word back, forward"),
    ("Ctrl+W Alt+D", "cut the word before, after"),
    ("Ctrl+U Ctrl+K", "cut to the start, to the end of the line"),
    ("Ctrl+Y", "paste what was cut"),
    ("Ctrl+D", "delete; in an empty line: leave"),
    ("Ctrl+_", "undo"),
    ("Ctrl+G", "write in $VISUAL or $EDITOR"),
    ("Ctrl+X 1…9", "level on or off for writing"),
    ("//text", "send /text"),
  ]

  private static let everywhere = [
    ("Esc", "stop the answer; close; back to writing"),
    ("Ctrl+C", "stop the answer, then empty the draft; twice: leave"),
    ("PgUp PgDn", "scroll the chat"),
    ("Ctrl+T", "tint tokens: off, by surprise, by level credit"),
    ("F2 F3 F4 F5", "levels, piano roll, heat, token"),
    ("Ctrl+O", "timeline: look back in this session, go or fork there"),
    ("Ctrl+L", "draw everything anew"),
    ("Ctrl+Z", "suspend; fg brings it back"),
    ("F1", "this help"),
  ]

  private static let panes = [
    ("Tab Shift+Tab", "next, previous pane"),
    ("1…9", "level: write on or off"),
    ("Shift+1…9", "level: read on or off"),
    ("Up Down", "choose a level; scroll the chat"),
    ("Left Right", "the token under the cursor; with Shift: by turns"),
    ("Home End", "first and newest"),
    ("[ ]", "the write before, after"),
    ("+ - `", "zoom the time axis of piano roll and heat, reset"),
    ("/ n N", "search the chat; older, newer place"),
    ("y", "copy the last answer"),
    ("Enter", "token: what else was likely, what each level gave; else enlarge"),
    ("e", "enlarge the pane"),
    ("q", "close the pane"),
    (":", "write a command"),
    ("?", "this help"),
  ]

  private static let travelling = [
    ("Left Right", "a token back, forward; with Shift: a turn"),
    ("[ ]", "the write or marker before, after"),
    ("Home End", "the beginning, the end"),
    ("Enter", "timeline: goes there; the memory is computed again and checked"),
    ("f", "timeline: forks there; replay, twice: a chat that goes on from there"),
    ("Esc  Ctrl+O", "timeline: leave, nothing changes"),
    ("Space", "replay: play, pause"),
    (".", "replay: a single token"),
    ("< >", "replay: slower, faster"),
    ("q", "replay: quit"),
  ]

  private static func mouse(_ state: AppState) -> (String, String) {
    let now = state.hasMouse ? "it is on" : "it is off"
    return ("%", "mouse on or off (not in the levels pane): \(now)")
  }

  private typealias Written = (form: String, summary: String, details: [String])

  private static var commands: [Written] {
    [("/help tour", "the five steps of the first minute again", [])]
      + CommandHelp.all.map { written($0.name, $0.form, $0.summary, $0.details) }
      + LocalCommand.help.map { written($0.name, $0.form, $0.summary, []) }
  }

  /// A form that is too long for the column of keys stands below.
  private static func written(
    _ name: String, _ form: String, _ summary: String, _ details: [String]
  ) -> Written {
    let lines = flowing(details)
    return form.count > 33 ? ("/" + name, summary, [form] + lines) : (form, summary, lines)
  }

  /// Details are written as lines of some width: sentences are joined again, tables become a line a
  /// cell.
  private static func flowing(_ details: [String]) -> [String] {
    details.flatMap { $0.split(separator: /\s{3,}/).map(String.init) }.reduce(into: []) {
      lines, line in
      if let last = lines.last, last.last != ".",
        line.first?.isLowercase == true || line.first == "/",
        !last.contains("  "), !line.contains("  ")
      {
        lines[lines.count - 1] = last + " " + line
      } else {
        lines.append(line)
      }
    }
  }

  private static let words = [
    ("rw r- -w --", "on; frozen: speaks, learns no more; listening: learns unheard; off"),
    ("34/64", "tokens into the period / tokens of a period; at its end the level writes"),
    ("every 64+", "+ answers: the fastest level writes before every answer too"),
    ("‖ΔW‖/‖W‖", "size of a write, as a share of the level's weights"),
    ("● rec", "what is said is recorded; ○ rec: that begins with your first words"),
    ("! not saved", "the session's file cannot be written; the chat says why"),
    ("drift", "how far the level's learned part has gone from the base"),
    ("η", "what share of a token is written (the last token's)"),
    ("α λ", "what a write keeps of what was known: α the mixer's, λ a level's own"),
    ("surprise", "how many bits a token came unexpected: 0 was certain"),
    ("learning", "heat: writes add to what the level knows"),
    ("thrashing", "heat: a write leaves less than a quarter of what was known"),
    ("saturated", "heat: full; its writes are too small to change it any more"),
    ("idle", "heat: nothing written that one could notice"),
  ]
}
