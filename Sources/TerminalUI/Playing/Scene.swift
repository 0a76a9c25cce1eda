import Sessions

/// All of the screen that events alone decide: what is put aside and brought back to travel in time.
struct Scene: Sendable {
  fileprivate var turn: AppState.Turn?
  fileprivate var transcript: Transcript
  fileprivate var tokens: TokenLog
  fileprivate var levels: [LevelMonitor]
  fileprivate var surprise: MultiScaleSeries
  fileprivate var authors: MultiScaleSeries
  fileprivate var position: Int
  fileprivate var tokensPerSecond: Double?
  fileprivate var learn: LearnMode
  fileprivate var session: SessionName?
  fileprivate var saving: AppState.Saving
  fileprivate var turnMarks: [AppState.TurnMark]
}

extension AppState {
  var scene: Scene {
    get {
      Scene(
        turn: turn, transcript: transcript, tokens: tokens, levels: levels, surprise: surprise,
        authors: authors, position: position, tokensPerSecond: tokensPerSecond, learn: learn,
        session: session, saving: saving, turnMarks: turnMarks)
    }
    set {
      (turn, transcript, tokens) = (newValue.turn, newValue.transcript, newValue.tokens)
      (levels, surprise, authors) = (newValue.levels, newValue.surprise, newValue.authors)
      (position, tokensPerSecond) = (newValue.position, newValue.tokensPerSecond)
      (learn, session, saving) = (newValue.learn, newValue.session, newValue.saving)
      turnMarks = newValue.turnMarks
    }
  }

  /// The screen of a model that nothing was said to.
  mutating func clearScene(_ statuses: [LevelStatus]) {
    (turn, transcript, tokens) = (nil, Transcript(), TokenLog())
    levels = statuses.map(LevelMonitor.init)
    (surprise, authors) = (MultiScaleSeries(.mean), MultiScaleSeries(.largest))
    (position, tokensPerSecond, tokenCursor, search) = (0, nil, nil, nil)
    turnMarks = []
  }
}
