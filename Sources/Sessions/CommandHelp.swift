/// What a command is called, how it is written and what it does, for `/help` and completion.
package struct CommandHelp: Sendable, Equatable {
  package let name: String
  package let form: String
  package let summary: String
  /// More lines, for `/help NAME`.
  package let details: [String]

  init(_ name: String, _ form: String, _ summary: String, _ details: [String] = []) {
    (self.name, self.form, self.summary, self.details) = (name, form, summary, details)
  }

  static let levelForm = "/level [NAME on|off|rw|r|w, NAME read|write on|off, NAME reset]"

  package static let all: [CommandHelp] = [
    CommandHelp("help", "/help [COMMAND]", "this list, or more about one command"),
    CommandHelp(
      "level", levelForm, "the level table, or the two switches of a level",
      [
        "NAME is a name or number of the table, or all.",
        "rw  on: reads and learns          r-  frozen: still speaks, learns no more",
        "-w  listening: learns, unheard    --  off: as if it had never learned",
        "reset forgets what the level has learned.",
      ]),
    CommandHelp(
      "gain", "/gain [NAME X]", "how loud a level's learned part speaks (1 is untouched)",
      ["0 silences it like read off; 2 exaggerates. The base weights are not touched."]),
    CommandHelp(
      "learn", "/learn user|both|off", "whose words are learned",
      ["user (default): yours alone, so that the model does not learn its own mistakes."]),
    CommandHelp(
      "explain", "/explain NAME", "what a level is and what it has done, in plain words"),
    CommandHelp(
      "token", "/token [@N or @N-@M]",
      "why a token was expected: alternatives, each level's credit",
      [
        "Without a number: the last token. Positions count from 0, the mark a chat begins with.",
        "Credit: log2 p(token) minus the same without the level's learned part, computed again.",
      ]),
    CommandHelp("stats", "/stats", "tokens, speed, memory, distance from the base"),
    CommandHelp(
      "amnesia", "/amnesia", "drops the working memory, keeps what the levels learned",
      ["Ask again afterwards: what is still known comes from the levels, not from context."]),
    CommandHelp(
      "new", "/new", "a fresh conversation; proves that nothing is left of the old one",
      ["Switches and settings stay as they are."]),
    CommandHelp(
      "set", "/set NAME VALUE", "temperature, top_k, top_p, min_p, seed, max_tokens, learn, color",
      ["Without a name: the settings as they are."]),
    CommandHelp("quit", "/quit", "ends the program"),
  ]
}
