package import Sessions

/// All the screen needs. Changes only in `update`; `draw` is a function of it.
package struct AppState: Sendable {
  package internal(set) var settings: DisplaySettings
  /// The terminal, as the last `resize` told.
  package internal(set) var size = TerminalSize(columns: 80, rows: 24)
  /// Seconds since the program began.
  package internal(set) var now = 0.0
  /// What to say on the normal screen after leaving.
  package internal(set) var lastWords: String?

  // The conversation
  var phase = Phase.starting
  var turn: Turn?
  var transcript = Transcript()
  var tokens = TokenLog()
  var levels: [LevelMonitor] = []
  var surprise = MultiScaleSeries(.mean)
  /// 1 for a token of the user, 0 for others.
  var authors = MultiScaleSeries(.largest)
  var position = 0
  var tokensPerSecond: Double?
  var learn = LearnMode.user
  /// What becomes of what is said, and the session it goes to.
  var saving = Saving.off
  var session: SessionName?
  let isRecorded: Bool
  /// Whose words were learned at first.
  let firstLearn: LearnMode
  var turnMarks: [TurnMark] = []
  /// Of the sessions that were listed last; whether they were asked for to complete this line.
  var sessionNames: [String] = []
  var hasAskedForNames = false
  /// All that happened, with the second, where no file keeps it: for the timeline. nil: it was too much.
  var heard: [(time: Double, event: SessionEvent)]? = []
  /// What happened before the model was there.
  var early: [SessionEvent] = []
  /// Seconds since the session began, while something recorded is taken in; nil: it happens now.
  var recordedTime: Double?
  /// A recording on the screen, and what has happened while somebody looks back.
  var player: Player?
  /// Where somebody who watches was asked whether to fork.
  var forkQuestion: Int?
  var postponed: [SessionEvent] = []
  /// Two answers side by side, over the panes.
  var lanes: LanesState?
  /// Commands sent and not finished, oldest first; of the messages among them, those whose turn has
  /// not come.
  var openCommands: [OpenCommand] = []
  var waitingMessages = 0
  /// Whether everything that was asked for has been told to stop.
  var isStopping = false
  /// Level tables and lists of sessions asked for by the screen itself; positions of tokens too.
  var silentTables = 0
  var silentLists = 0
  var silentInspections: Set<Int> = []

  // The screen
  /// nil: the composer, where letters type.
  var focus: Pane?
  /// What stands beside the chat where there is room for one; nil: nothing.
  var sidePane: Pane? = .levels
  var isEnlarged = false
  var selectedLevel = 1
  /// Tokens a column of the piano roll stands for: 2 to this.
  var zoom = 0
  /// The number of the token under the cursor; nil: the newest.
  var tokenCursor: Int?
  var tint = Tint.surprise
  var search: TextSearch?
  var isTypingSearch = false
  var help: HelpState?
  var notice: Notice?
  var hasMouse: Bool
  /// The colour depth the terminal offers, whatever `/set color` says.
  let ownColorDepth: DisplaySettings.ColorDepth

  // The composer
  var draft: Draft
  var history: History
  var completion: CompletionChoice?
  var historySearch: HistorySearch?
  /// After Ctrl+X a digit means a level.
  var awaitsLevel = false
  var lastInterrupt: Double?
  var draftDeadline: Double?
  var savedDraft: String
  var guide: Guide?

  /// - Parameters:
  ///   - history: what was sent before, oldest first.
  ///   - draft: what was being written when the last run ended.
  ///   - isGuided: whether the hint line leads through the first minute.
  ///   - isRecorded: whether what is said is to be recorded.
  ///   - learn: whose words are learned at first.
  package init(
    settings: DisplaySettings = DisplaySettings(), history: [String] = [], draft: String = "",
    isGuided: Bool = true, isRecorded: Bool = true, learn: LearnMode = .user
  ) {
    self.settings = settings
    (self.isRecorded, saving) = (isRecorded, isRecorded ? .waiting : .off)
    (self.learn, firstLearn) = (learn, learn)
    (ownColorDepth, hasMouse) = (settings.colorDepth, settings.hasMouse)
    self.history = History(history)
    self.draft = Draft(draft)
    savedDraft = draft
    guide = isGuided ? .teach : nil
  }
}

extension AppState {
  enum Phase: Sendable, Equatable {
    case starting
    case loading(path: String, since: Double)
    case ready(ModelFacts)
    case failed(String)
    case ended
  }

  /// What is being answered.
  struct Turn: Sendable, Equatable {
    let total: Int
    var seen = 0
    /// The entry with the user's words, and how much of it tokens have told; the answer's entry.
    let question: Int
    var toldText = RichText()
    var isTelling = true
    var answer: Int?
    var answerTokens = 0
    var answerStart: Double?
    var isStopped = false
  }

  /// One line in the place of the key hints: for a while, or until what it announces has happened.
  struct Notice: Sendable, Equatable {
    enum Announcement: Sendable, Equatable {
      case modelLoaded
      /// Nothing is being done any more.
      case idle
    }
    let text: String
    let isAlarm: Bool
    let end: Double
    var announces: Announcement?
    /// Tells it from others of the same words.
    let number: Int
  }

  /// What lies on top and what has the focus: a notice is about one of these.
  struct View: Sendable, Equatable {
    let focus: Pane?
    let isEnlarged: Bool
    let isInHelp: Bool
    let isInLanes: Bool
    let isOnTape: Bool
    let isSearching: Bool
  }

  struct HelpState: Sendable, Equatable {
    var query: Draft
    /// The chosen row, and the line at the top.
    var choice = 0
    var scroll = 0

    init(query: String) { self.query = Draft(query) }
  }

  struct LanesState: Sendable, Equatable {
    let comparison: LaneComparison
    var scroll = 0
  }

  struct CompletionChoice: Sendable, Equatable {
    let completion: Completion
    var index: Int
  }

  struct OpenCommand: Sendable, Equatable {
    /// As it was written, until something that it answers stands below it; nil for keys and messages.
    var line: String?
  }

  struct HistorySearch: Sendable, Equatable {
    var line = Draft()
    var query: String { line.text }
    var match: Int?
  }

  var model: ModelFacts? { if case .ready(let facts) = phase { facts } else { nil } }
  var isBusy: Bool { turn != nil || !openCommands.isEmpty }
  var brush: Brush { Brush(settings) }
  var layout: ScreenLayout { ScreenLayout(self, size) }
  /// The token that the inspector shows.
  var shownToken: Int? { tokenCursor ?? (tokens.count > 0 ? tokens.count - 1 : nil) }
  /// The level that heat and piano roll look at.
  var shownLevel: LevelMonitor? {
    levels.isEmpty ? nil : levels[min(max(0, selectedLevel), levels.count - 1)]
  }

  /// Whether a level writes before every answer: the engine flushes those of the shortest period.
  func isFastest(_ level: LevelMonitor) -> Bool {
    level.level > 0 && level.period == levels.dropFirst().map(\.period).min()
  }

  mutating func say(
    _ text: String, isAlarm: Bool = false, until announced: Notice.Announcement? = nil
  ) {
    notice = Notice(
      text: RichText.safe(text), isAlarm: isAlarm, end: now + Self.noticeTime, announces: announced,
      number: (notice?.number ?? 0) + 1)
  }

  /// What a notice announced has happened: it has nothing more to say.
  mutating func endNotice(_ announced: Notice.Announcement) {
    if notice?.announces == announced { notice = nil }
  }

  private var view: View {
    View(
      focus: focus, isEnlarged: isEnlarged, isInHelp: help != nil, isInLanes: lanes != nil,
      isOnTape: player != nil, isSearching: isTypingSearch || historySearch != nil)
  }

  /// Seconds a notice stays; a draft waits for the disk; between two Ctrl+C; a picture of loading.
  static let noticeTime = 6.0
  static let draftTime = 0.5
  static let interruptTime = 2.0
  static let loadingTime = 0.12
  /// Events that are kept where no file keeps them.
  static let mostHeard = 100_000
  /// Tokens of answers whose credit is asked for at once.
  static let creditTokens = 96
}

extension AppState {
  /// When a tick would change the picture or have an effect; nil: draw nothing while nothing comes.
  package var nextDeadline: Double? {
    var deadlines = levels.filter { $0.isFlashing(at: now) }.map(\.flashEnd)
    if let notice { deadlines.append(notice.end) }
    if let draftDeadline { deadlines.append(draftDeadline) }
    if let deadline = player?.deadline { deadlines.append(deadline) }
    if case .loading = phase { deadlines.append(now + Self.loadingTime) }
    return deadlines.min()
  }

  /// Takes an action in. Pure: what is to be done outside is returned.
  package mutating func update(_ action: Action) -> [Effect] {
    let (view, notice) = (view, notice)
    let effects = take(action)
    // what was said about another view is in the way of this one's keys
    if view != self.view, notice?.isAlarm != true, notice == self.notice { self.notice = nil }
    switch action {
    case .event, .tick: break  // there are many of them; `frame` settles once for all
    default: settle()
    }
    return effects
  }

  private mutating func take(_ action: Action) -> [Effect] {
    switch action {
    case .key(let key): return settings.meaning(of: key).map { press($0) } ?? []
    case .resize(let size): self.size = size
    case .event(let event): return take(event)
    case .tick(let seconds): return tick(seconds)
    case .editorReturned(let text): takeEdited(text)
    case .copied(let way):
      say(way.map { "copied with \($0)" } ?? "no clipboard here", isAlarm: way == nil)
    case .timeline(let tape): travel(tape)
    case .notice(let text, let isAlarm): say(text, isAlarm: isAlarm)
    }
    return []
  }

  private mutating func tick(_ seconds: Double) -> [Effect] {
    now = max(now, seconds)
    if let notice, notice.end <= now { self.notice = nil }
    playOn()
    guard let draftDeadline, draftDeadline <= now else { return [] }
    return saveDraft()
  }

  /// Wraps what is to be seen, so that drawing does not.
  private mutating func settle() {
    let layout = layout
    guard let chat = layout.chat else { return }
    let inside = ChatView.textArea(chat)
    transcript.prepare(width: inside.width, height: inside.height)
  }

  /// The picture now, at the size of the last `resize`; what is done for it once is kept.
  package mutating func frame() -> Canvas {
    settle()
    return draw(size: size)
  }

  /// The picture at a size.
  package func draw(size: TerminalSize) -> Canvas { Screen(self, size).draw() }
}
