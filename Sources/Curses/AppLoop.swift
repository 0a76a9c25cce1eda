import Foundation
import Glibc
package import Sessions
package import TerminalUI

/// Waits for keys, events, signals and deadlines, has the state take them in, does what it wants done
/// and shows it: only what has changed, and no more often than `FramePace` allows.
package final class AppLoop {
  /// Why the loop has ended.
  package enum Ending: Sendable, Equatable {
    case quit(code: Int32)
    case signal(Int32)
    /// A replay is left to go on from one of its moments in a new session.
    case fork(session: String, at: Int)
    /// The model, or what was asked for on the command line, failed before anything was said.
    case failed(SessionError)
  }
  /// Not sooner than this a deadline is looked at again.
  private static let shortestWait = 0.01
  /// After so long the keys are looked at again, however many events there are.
  private static let eventSeconds = 0.01

  private var app: AppState
  private let screen: CursesScreen
  /// nil: a recording is shown, and no model is there.
  private let engine: SessionEngine?
  private let outside: Outside
  private let alarm: EventAlarm
  private var start: StartWatch
  private var decoder: KeyDecoder
  private let clock = ContinuousClock()
  private let began: ContinuousClock.Instant

  private var ending: Ending?
  /// Events that have not been taken in yet, oldest first.
  private var backlog: ArraySlice<SessionEvent> = []
  private var needsFrame = true
  /// Whether the person waits for it.
  private var isFrameUrgent = true
  private var pace = FramePace()
  /// When the decoder is to give up waiting for the rest of a sequence.
  private var keyDeadline: Double?

  /// - Parameters:
  ///   - alarm: to be told of every event of the engine.
  ///   - outside: files, editor and clipboard.
  ///   - startCommands: to be obeyed before the first word; an error in one ends the loop.
  package init(
    _ app: AppState, screen: CursesScreen, engine: SessionEngine?, alarm: EventAlarm,
    outside: Outside, startCommands: [Command] = []
  ) {
    self.alarm = alarm
    (self.app, self.screen, self.engine, self.outside) = (app, screen, engine, outside)
    decoder = KeyDecoder(escapePatience: outside.escapePatience)
    began = clock.now
    start = StartWatch(last: startCommands.compactMap { engine?.send($0) }.last)
  }

  /// What to say on the normal screen afterwards.
  package var lastWords: String? { app.lastWords }

  /// Runs until something ends it.
  package func run() -> Ending {
    take(.resize(screen.size))
    // What the engine told before the screen was there has woken nobody.
    var arrivals = Arrivals()
    while true {
      take(.tick(seconds: now))
      for call in TerminalGuard.calls() { obey(call) }
      takeKeys(arrivals)
      takeEvents()
      if let ending { return end(ending) }
      draw()
      listen()
      arrivals = wait()
    }
  }

  /// What is kept only now and then is kept now.
  private func end(_ ending: Ending) -> Ending {
    for effect in app.update(.tick(seconds: now + 2)) {
      switch effect {
      case .saveDraft, .saveHistory: carryOut(effect)
      default: break
      }
    }
    return ending
  }

  /// When the frame that is needed may be drawn.
  private var nextFrame: Double { pace.next(isUrgent: isFrameUrgent) }

  private var now: Double { began.duration(to: clock.now) / .seconds(1) }

  // MARK: Waiting

  private struct Arrivals {
    var hasKeys = false
    var isGone = false
  }

  private func wait() -> Arrivals {
    var wishes = [
      pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: TerminalGuard.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    if needsFrame, now >= nextFrame {  // the terminal is slow
      wishes.append(pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0))
    }
    guard poll(&wishes, nfds_t(wishes.count), timeout()) > 0 else { return Arrivals() }
    let keys = Int32(wishes[0].revents)
    let hasKeys = keys & POLLIN != 0
    return Arrivals(
      hasKeys: hasKeys, isGone: !hasKeys && keys & (POLLHUP | POLLERR | POLLNVAL) != 0)
  }

  /// Milliseconds until something is due; -1 for never.
  private func timeout() -> Int32 {
    if !backlog.isEmpty { return 0 }
    let now = now
    var waits: [Double] = []
    if needsFrame, now < nextFrame { waits.append(nextFrame - now) }
    if let keyDeadline { waits.append(max(0, keyDeadline - now)) }
    if let deadline = app.nextDeadline { waits.append(max(Self.shortestWait, deadline - now)) }
    guard let shortest = waits.min() else { return -1 }
    return Int32(min(shortest * 1000, 1e6).rounded(.up))
  }

  // MARK: What arrives

  private func takeKeys(_ arrivals: Arrivals) {
    if arrivals.isGone { ending = .signal(SIGHUP) }
    if arrivals.hasKeys {
      var bytes = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(STDIN_FILENO, &bytes, bytes.count)
      if count > 0 { take(decoder.feed(Array(bytes[..<count]))) }
      if count == 0 || count < 0 && errno != EINTR && errno != EAGAIN { ending = .signal(SIGHUP) }
      keyDeadline = decoder.patience.map { now + $0 }
    } else if let deadline = keyDeadline, now >= deadline {
      take(decoder.timeIsUp())
      keyDeadline = decoder.patience.map { now + $0 }
    }
  }

  private func take(_ keys: [Key]) {
    for key in keys where ending == nil { take(.key(key)) }
  }

  private func takeEvents() {
    if let engine { backlog += engine.events.takeAll() }
    let end = now + Self.eventSeconds
    while now < end, let event = backlog.popFirst() { take(event) }
  }

  /// Has the next event wake the loop. While a frame is to come anyway, events can wait for it.
  private func listen() {
    guard !needsFrame || now >= nextFrame else { return }
    alarm.arm()
    takeEvents()
  }

  private func take(_ event: SessionEvent) {
    if let error = start.failure(event) { ending = ending ?? .failed(error) }
    take(.event(event))
  }

  private func take(_ action: Action) {
    if case .tick = action {
      // Time alone changes the picture only when the state has said so.
      if app.nextDeadline.map({ $0 <= now }) ?? false { needsFrame = true }
    } else {
      needsFrame = true
      if case .event = action {} else { isFrameUrgent = true }
    }
    for effect in app.update(action) { carryOut(effect) }
  }

  private func obey(_ call: TerminalGuard.Call) {
    switch call {
    case .wake: break
    case .end(let signal): ending = ending ?? .signal(signal)
    case .stop: suspend()
    case .goOn: reenter()
    case .resize:
      screen.resize()
      take(.resize(screen.size))
    }
  }

  // MARK: What is wanted

  private func carryOut(_ effect: Effect) {
    switch effect {
    case .send(let command): engine?.send(command)
    case .stopAnswer: engine?.stopAnswers()
    case .quit(let code): ending = ending ?? .quit(code: code)
    case .fork(let session, let position):
      ending = ending ?? .fork(session: session, at: position)
    case .redrawAll: screen.forget(clearing: false)
    case .suspend: suspend()
    case .edit(let text): edit(text)
    case .copy(let text): take(.copied(by: outside.clipboard.copy(text)))
    case .saveDraft(let text):
      keep { files throws(StateFiles.Failure) in try files.save(draft: text) }
    case .saveHistory(let text):
      keep { files throws(StateFiles.Failure) in try files.append(history: text) }
    case .readSession(let path): readSession(path)
    case .setMouse(let isOn): screen.setMouse(isOn)
    case .bell: TerminalGuard.write("\u{7}")
    }
  }

  private func keep(_ body: (StateFiles) throws(StateFiles.Failure) -> Void) {
    guard let files = outside.files else { return }
    do throws(StateFiles.Failure) {
      try body(files)
    } catch {
      take(.notice(error.description, isAlarm: true))
    }
  }

  private func readSession(_ path: String) {
    do throws(SessionFault) {
      take(.timeline(Tape(try SessionRecording.read(path), isPresent: true)))
    } catch {
      take(.notice(error.description, isAlarm: true))
    }
  }

  private func suspend() {
    screen.leave()
    TerminalGuard.stop()
    reenter()
  }

  private func edit(_ text: String) {
    screen.leave()
    let edited = outside.editor.edit(text)
    reenter()
    take(.editorReturned(edited))
  }

  private func reenter() {
    screen.reenter()
    take(.resize(screen.size))
  }

  // MARK: Showing

  private func draw() {
    guard needsFrame, now >= nextFrame, isTerminalReady else { return }
    (needsFrame, isFrameUrgent) = (false, false)
    let (start, before) = (now, Self.processorSeconds())
    screen.show(app.frame())
    pace.note(frameAt: start, cost: Self.processorSeconds() - before)
  }

  /// Of this thread.
  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Whether the terminal takes bytes; else keys and events must not wait for it.
  private var isTerminalReady: Bool {
    var wish = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
    return poll(&wish, 1, 0) > 0 && Int32(wish.revents) & POLLOUT != 0
  }
}

/// Looks out for errors before the chat has begun.
private struct StartWatch {
  /// The number of the last start command, if there is one.
  private let last: Int?
  private var isOver = false

  init(last: Int?) { self.last = last }

  /// What makes it pointless to go on.
  mutating func failure(_ event: SessionEvent) -> SessionError? {
    guard !isOver else { return nil }
    switch event {
    case .modelLoaded: isOver = last == nil
    case .commandFinished(let number) where number == last: isOver = true
    case .failed(let error): return error
    default: break
    }
    return nil
  }
}
