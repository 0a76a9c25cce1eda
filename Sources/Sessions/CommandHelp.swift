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

  /// Commands that lines of text have no use for.
  package static let onScreenOnly = ["clear", "copy", "tint", "pane", "theme", "mouse"]

  static let levelForm = "/level [NAME on|off|rw|r|w, NAME read|write on|off, NAME reset]"

  package static let all: [CommandHelp] = [
    CommandHelp("help", "/help [COMMAND]", "this list, or more about one command"),
    CommandHelp(
      "level", levelForm, "the level table, or the two switches of a level",
      [
        "NAME is a name or number of the table, or all.",
        "rw  on: reads and learns          r-  frozen: still speaks, learns no more",
        "-w  listening: learns, unheard    --  off: as if it had never learned",
        "reset forgets what the level has learned; all reset forgets the working memory as well,",
        "as /amnesia and /amnesia levels do one after the other. What was said stays on the screen.",
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
    CommandHelp("mark", "/mark TEXT", "a note at this moment, to come back to"),
    CommandHelp(
      "rewind", "/rewind @N, turn N, or MARKER",
      "goes back: what was said after that moment is taken back",
      [
        "@N: after N tokens, before memory was dropped there. turn N: before the words of turn N.",
        "MARKER: the very moment of a text given to /mark.",
        "The memory is computed again and compared with what was recorded; switches stay.",
      ]),
    CommandHelp("undo", "/undo [N]", "takes the last turn back, or the last N"),
    CommandHelp(
      "regen", "/regen", "answers the last words once more, with other random numbers",
      ["The turn is taken back first, memory and all. At temperature 0 the answer is the same."]),
    CommandHelp(
      "fork", "/fork [NAME] [@N]", "goes on in a new session; the old one stays as it is"),
    CommandHelp("rename", "/rename NAME", "gives the session another name"),
    CommandHelp(
      "sessions", "/sessions [TEXT]", "the recorded sessions, or those in which TEXT was said"),
    CommandHelp(
      "resume", "/resume NAME",
      "goes on with another recorded session; its memory comes back, checked",
      [
        "NAME: a session's name, the beginning or end of its id, or its folder.",
        "This one stays on disk.",
      ]),
    CommandHelp(
      "save", "/save [NAME]", "puts the memory on disk as it is now, and names the session",
      [
        "Words are saved as they are said; this keeps the memory too, so that it need not be computed."
      ]),
    CommandHelp(
      "export", "/export md|json|csv|cast FILE", "writes the session to a file of another form",
      ["md: for people. json, csv: for programs, csv with a row a token. cast: a film (asciicast)."]
    ),
    CommandHelp(
      "mem", MemoryRequest.form, "keeps, fetches, compares and grafts memories",
      [
        "FROM is a session's name or folder, or a memory's file (.safetensors).",
        "commit keeps the memory as it is; checkout goes on with it, log lists them.",
        "graft takes one level from elsewhere; a memory of another model is refused.",
      ]),
    CommandHelp(
      "ab", "/ab LEVEL=off [WORDS]", "answers twice: as things are, and with a level switched",
      [
        "Same memory, same random numbers; KL between the two, and where they part. Nothing is kept.",
        "Without WORDS: the last turn again, from before it. =rw, =r, =w work too.",
      ]),
    CommandHelp(
      "show", "/show model|levels|session|params",
      "the model, the level table, this session, or the settings"),
    CommandHelp("stats", "/stats", "tokens, speed, memory, distance from the base"),
    CommandHelp(
      "amnesia", "/amnesia [levels]",
      "drops the working memory, keeps what the levels learned; levels: the reverse",
      [
        "Ask again afterwards: what is still known comes from the levels, not from the last words.",
        "levels drops what all cms levels have learned and keeps the working memory: what is still",
        "known then comes from the last words alone.",
      ]),
    CommandHelp(
      "new", "/new [NAME]", "a fresh conversation; proves that nothing is left of the old one",
      ["NAME: what its session is called. Switches and settings stay as they are."]),
    CommandHelp(
      "set", "/set NAME VALUE", "temperature, top_k, top_p, min_p, seed, max_tokens, learn, color",
      ["Without a name: the settings as they are."]),
    CommandHelp("quit", "/quit", "ends the program"),
  ]
}
