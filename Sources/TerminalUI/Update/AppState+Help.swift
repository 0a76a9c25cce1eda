import Sessions

// The help: typing searches it, arrows choose a row, Enter writes the command that the row is about.

extension AppState {
  /// Opens the help at what it says about the present view, or about a topic.
  mutating func openHelp(_ topic: String? = nil) {
    if topic == "tour" { return startTour() }
    var help = HelpState(query: topic ?? "")
    let page = HelpPage(self, help)
    if topic == nil { help.choice = page.firstRow(of: HelpText.section(self)) }
    help.scroll = page.top(ofRow: help.choice)
    self.help = settled(help)
  }

  /// The first minute once more.
  private mutating func startTour() {
    guide = .teach
    say("the tour begins again, above the line you write in")
  }

  mutating func pressInHelp(_ key: Key) -> [Effect] {
    guard var help else { return [] }
    let isEmpty = help.query.isEmpty
    switch key {
    case .escape: return closeHelp()
    case .character("q") where isEmpty: return closeHelp()
    case .enter: return takeCommand(help)
    case .up: help.choice -= 1
    case .down: help.choice += 1
    case .pageUp: help.choice -= 10
    case .pageDown: help.choice += 10
    case .control("d") where isEmpty: help.choice += 10
    case .mouse(let event): help.choice += 3 * event.wheel
    case .home where isEmpty: help.choice = 0
    case .end where isEmpty: help.choice = .max
    default: if help.query.editLine(key) { (help.choice, help.scroll) = (0, 0) }
    }
    self.help = settled(help)
    return []
  }

  /// The chosen row is one of those there are, and to be seen.
  private func settled(_ help: HelpState) -> HelpState {
    var help = help
    let page = HelpPage(self, help)
    help.choice = min(max(0, help.choice), max(0, page.rows.count - 1))
    help.scroll = page.scroll(showingRow: help.choice, from: help.scroll)
    return help
  }

  private mutating func closeHelp() -> [Effect] {
    help = nil
    return []
  }

  private mutating func takeCommand(_ help: HelpState) -> [Effect] {
    let rows = HelpPage(self, help).rows
    guard player == nil, rows.indices.contains(help.choice),
      let command = rows[help.choice].command
    else { return [] }
    self.help = nil
    leavePane()
    if !draft.isEmpty {
      draft.killAll()
      say("Ctrl+Y brings back what stood there")
    }
    draft.insert(command + " ")
    return noteDraft()
  }
}
