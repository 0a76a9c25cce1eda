package import Hope

/// All that a person can ask of a chat. Front-ends make them from keys and lines; the engine obeys.
package enum Command: Sendable, Equatable {
  /// Words for the model.
  case say(String)
  case help(topic: String?)
  case showLevels
  case setAccess(LevelReference, AccessChange)
  case setGain(LevelReference, Float)
  case resetLevel(LevelReference)
  case showGains
  case set(Setting)
  case showSettings
  case showModel
  case showSession
  case amnesia(Amnesia)
  /// A conversation nothing has been said in; what its session will be called, nil: after its first
  /// words.
  case newConversation(name: String?)
  case showStatistics
  case explain(LevelReference)
  /// Takes the predictions at these positions apart; nil: the last token's.
  case inspect(ClosedRange<Int>?)
  /// A note in time, to come back to.
  case mark(String)
  /// Goes back to an earlier moment; what was said after it is no longer part of the conversation.
  case rewind(RewindTarget)
  /// Takes the last turns back.
  case undo(Int)
  /// Says the last words once more, with other random numbers.
  case regenerate
  /// Goes on in a new session, from here or after so many tokens.
  case fork(name: String?, at: Int?)
  case rename(String)
  /// Recorded sessions in which this was said; nil: all.
  case showSessions(saying: String?)
  /// Goes on with another recorded session, by its name, id or folder.
  case resume(String)
  /// Keeps the memory of the session on disk as it is, and names the session; nil: its name stays.
  case save(name: String?)
  /// Writes the session to a file of another form.
  case export(ExportForm, path: String)
  case memory(MemoryRequest)
  /// Answers words as things are and with a level switched otherwise; nil: the last words again.
  case compareLanes(LaneChange, words: String?)
  case quit
}

/// What is forgotten, while the other half is kept.
package enum Amnesia: Sendable, Equatable {
  /// The mixer's memory of the last words.
  case workingMemory
  /// What all other levels have learned.
  case levels
}

/// A moment as a person names it.
package enum RewindTarget: Sendable, Equatable {
  /// After so many tokens.
  case token(Int)
  /// Before the words of this turn, which counts from 1.
  case turn(Int)
  case marker(String)
}

/// A level as a person names it; only the engine knows which levels there are.
package enum LevelReference: Sendable, Equatable, CustomStringConvertible {
  case all
  /// From 1, as the level table counts.
  case number(Int)
  case name(String)

  package init(_ word: String) {
    if word == "all" {
      self = .all
    } else {
      self = Int(word).map { .number($0) } ?? .name(word)
    }
  }

  package var description: String {
    switch self {
    case .all: "all"
    case .number(let number): "\(number)"
    case .name(let name): name
    }
  }

  /// The indices in `LevelSettings`; empty where no such level is.
  package func indices(in names: [String]) -> [Int] {
    switch self {
    case .all: Array(names.indices)
    case .number(let number): (1...max(1, names.count)).contains(number) ? [number - 1] : []
    case .name(let name): names.firstIndex(of: name).map { [$0] } ?? []
    }
  }
}

/// What becomes of a level's two switches.
package enum AccessChange: Sendable, Equatable {
  case both(LevelAccess)
  case one(LevelAccess, isOn: Bool)

  /// `rw`, `r`, `w`, `off` and what the table prints.
  package init?(_ word: String) {
    switch word {
    case "rw", "on": self = .both(.on)
    case "r", "r-", "frozen": self = .both(.read)
    case "w", "-w", "listening": self = .both(.write)
    case "off", "--": self = .both(.off)
    default: return nil
    }
  }

  package func applied(to access: LevelAccess) -> LevelAccess {
    switch self {
    case .both(let new): new
    case .one(let bit, isOn: true): access.union(bit)
    case .one(let bit, isOn: false): access.subtracting(bit)
    }
  }
}
