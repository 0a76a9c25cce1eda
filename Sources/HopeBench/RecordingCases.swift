import Foundation
import Hope
import Sessions
import TerminalUI

/// What recording costs, and how fast a long recording is opened and shown again. The chat is made up:
/// no model stands behind it.
struct RecordingCases {
  let report: BenchReport
  private static let tokens = 100_000
  private static let allowedShare = 1.0
  private static let allowedOpening = 1_000.0
  private static let allowedSeek = 2_000.0
  private static let wantedEvents = 100_000.0

  func run() {
    guard report.wants("session") else { return }
    let folder = NSTemporaryDirectory() + "hope-bench-sessions-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    guard let path = noteRecording(folder), let recording = noteOpening(path) else {
      FileHandle.standardError.write(Data("session: nothing could be recorded\n".utf8))
      return
    }
    noteReplay(recording)
    noteSeek(recording)
  }

  /// Every token, write and turn of a chat of 100,000 tokens, to a real file.
  private func noteRecording(_ folder: String) -> String? {
    let recorder = Recorder(RecordingPlan(folder: folder, app: "bench")) { _ in }
    recorder.begin(title: "bench", RecordedChat.header)
    guard let path = recorder.session?.path else { return nil }
    let turns = (0..<Self.tokens / RecordedChat.turnLength).map { RecordedChat.turn($0) }
    // words and ends wait for the disk: they are timed by themselves
    var (busy, waiting) = (0.0, [Double]())
    for turn in turns {
      busy += seconds { for event in turn.dropFirst().dropLast() { recorder.take(event) } }
      waiting.append(
        seconds { recorder.take(turn[0]) } + seconds { recorder.take(turn[turn.count - 1]) })
    }
    recorder.close(code: 0)
    let each = 1e6 * busy / Double(Self.tokens)
    let token = tokenSeconds() * 1e6
    report.note(
      "session: recording a token with its writes", each, unit: "µs", reference: nil,
      detail: "one write() a line")
    report.note(
      "session: recording, share of a token's time", 100 * each / token, unit: "%",
      reference: Self.allowedShare, detail: "of 1 %; the token: \(Int(token)) µs with learning")
    report.note(
      "session: making a turn durable", 1e3 * waiting.percentile(50), unit: "ms", reference: nil,
      detail: "words and end, an fsync each; once a turn")
    return path
  }

  /// What the model takes for a token of an answer.
  private func tokenSeconds() -> Double {
    let model = BenchModel.model(lanes: 1)
    var state = model.freshState()
    let tokens = BenchModel.tokens(256)
    let settings = BenchModel.settings(learning: true)
    var next = 0
    return medianSeconds(9) {
      for _ in 0..<8 {
        _ = model.step(tokens[next % 256], isLearnedFrom: true, settings: settings, state: &state)
        next += 1
      }
    } / 8
  }

  private func noteOpening(_ path: String) -> SessionRecording? {
    guard let recording = try? SessionRecording.read(path) else { return nil }
    let time = medianSeconds(3) { _ = try? SessionRecording.read(path) }
    report.note(
      "session: opening 100,000 tokens", 1e3 * time, unit: "ms", reference: Self.allowedOpening,
      detail:
        "of 1 s; \(recording.lines.count) lines, \(recording.byteCount >> 20) MB, all hashes checked"
    )
    return recording
  }

  private func noteReplay(_ recording: SessionRecording) {
    let events = recording.lines.compactMap(\.line.event)
    let time = medianSeconds(3) {
      var app = Self.screen()
      for event in events { _ = app.update(.event(event)) }
    }
    let rate = Double(events.count) / time
    report.note(
      "session: replay without drawing", rate, unit: "events/s", reference: Self.wantedEvents,
      detail: "of 100,000 wanted; into the screen's state")
  }

  /// To the end, from the beginning: the worst there is.
  private func noteSeek(_ recording: SessionRecording) {
    let time = medianSeconds(3) {
      var app = Self.screen()
      for line in recording.lines {
        if let event = line.line.event { _ = app.update(.event(event)) }
      }
      _ = app.frame()
    }
    report.note(
      "session: seeking through 100,000 tokens", 1e3 * time, unit: "ms",
      reference: Self.allowedSeek, detail: "of 2 s; from the beginning, and one frame")
  }

  private static func screen() -> AppState {
    var app = AppState(settings: DisplaySettings(colorDepth: .palette256))
    _ = app.update(.resize(TerminalSize(columns: 120, rows: 40)))
    return app
  }

  private func seconds(_ body: () -> Void) -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    body()
    return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
  }
}

/// A long chat as the engine would tell of it.
private enum RecordedChat {
  static let turnLength = 100
  private static let question = 8
  private static let periods = [1, 64, 256, 1024]
  private static let digest = SHA256Digest(of: [])
  private static let words = [" the", " river", " has", " a", " bridge", ",", " naïve", ".", "\n"]

  private static let levels = periods.enumerated().map { level, period in
    LevelStatus(level: level, name: level == 0 ? "titans" : "cms\(level)", period: period)
  }

  static func header(_ name: SessionName, _ date: Date) -> SessionHeader {
    SessionHeader(
      id: name.id, name: name.name, created: date.formatted(.iso8601), app: "bench",
      model: ModelFacts(
        path: "", name: "bench", parameterCount: 1, architecture: "hope", vocabularySize: 4096,
        digest: digest, freshStateDigest: digest, levels: levels),
      tokenizer: digest, identity: NumericIdentity(core: "none", kernels: "none", lanes: 1),
      settings: ChatSettings(seed: 1),
      switches: levels.map {
        LevelSetting(level: $0.level, name: $0.name, access: $0.access, gain: 1)
      },
      randomState: 1)
  }

  static func turn(_ number: Int) -> [SessionEvent] {
    let start = number * turnLength
    let asked = (0..<question).map { AuthoredToken(TokenID(7 + $0), .user) }
    let ends: [SessionEvent] = [
      .answerEnded(
        AnswerEnd(
          why: .finished, text: "The river has a bridge.", readTokens: question,
          answerTokens: turnLength - question, tokensPerSecond: 86, surpriseBits: 6.2,
          changes: levels.map {
            LevelChange(status: $0, writes: 1, refused: 0, changeRelative: 0.1)
          },
          position: start + turnLength, stateDigest: digest, randomState: 0x9E37_79B9_7F4A_7C15))
    ]
    return [.turnStarted(TurnStart(text: "The river?", tokens: asked, position: start))]
      + (start..<start + turnLength).flatMap { token($0, isAsked: $0 < start + question) } + ends
  }

  private static func token(_ position: Int, isAsked: Bool) -> [SessionEvent] {
    let writes = (1..<periods.count).filter { position > 0 && position % periods[$0] == 0 }
    return writes.map { .levelWrote(write($0, at: position)) } + [
      .token(
        TokenEvent(
          position: position, id: TokenID(position % 4096), text: words[position % words.count],
          author: isAsked ? .user : .assistant, isLearnedFrom: isAsked,
          surpriseBits: Float(position % 997) / 61.7, entropyBits: Float(position % 89) / 13.1))
    ]
  }

  private static func write(_ level: Int, at position: Int) -> LevelWriteEvent {
    let size = Float(1 + position % 7) / 23
    return LevelWriteEvent(
      level: level, name: "cms\(level)", position: position, number: position / periods[level],
      tokens: periods[level], updateRelative: size,
      blocks: (0..<4).map {
        .init(block: $0, updateRelative: size / Float($0 + 1), driftRelative: size * 1.3)
      })
  }
}
