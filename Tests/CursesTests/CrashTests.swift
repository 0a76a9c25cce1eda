import Foundation
import Glibc
import Testing

@Suite("The terminal comes back", .serialized, .timeLimit(.minutes(15)))
struct CrashTests {
  private let environment = ["TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"]

  /// - Parameter reports: whether Swift's reporter is asked for, which takes seconds.
  private func probe(_ kind: String, reports: Bool = false) throws -> Terminal {
    let terminal = try Terminal()
    let wish = reports ? ["HOPE_BACKTRACE": "1"] : [:]
    try terminal.start(
      Terminal.program("CrashProbe"), [kind], environment.merging(wish) { $1 })
    try terminal.awaitScreen()
    return terminal
  }

  private func expectGivenBack(_ terminal: Terminal, _ end: Terminal.End) {
    #expect(terminal.modesLeft == [], "\(end)")
    #expect(terminal.isAsBefore, "\(end)")
  }

  @Test(
    "after every trap of Swift, with its message on the normal screen",
    arguments: [
      ("index", "Index out of range"), ("nil", "Unexpectedly found nil"),
      ("overflow", nil), ("division", "Division by zero"), ("fatalError", "the model said ?[2J"),
      ("precondition", "numbers"), ("thread", "Index out of range"),
    ])
  func traps(_ kind: String, _ message: String?) throws {
    let terminal = try probe(kind)
    let end = try terminal.end()
    #expect([SIGILL, SIGTRAP].contains(end.signal ?? 0), "\(end)")
    expectGivenBack(terminal, end)
    if let message, Self.saysWhy(kind) { #expect(terminal.afterScreen.contains(message)) }
  }

  /// An optimised program traps without a word, but for `fatalError`.
  private static func saysWhy(_ kind: String) -> Bool {
    #if DEBUG
      true
    #else
      kind == "fatalError"
    #endif
  }

  @Test(
    "after every signal of a crash, with its own status",
    arguments: [
      ("segv", SIGSEGV), ("bus", SIGBUS), ("fpe", SIGFPE), ("trap", SIGTRAP), ("abort", SIGABRT),
      ("stack", SIGSEGV), ("stackMain", SIGSEGV),
    ])
  func crashes(_ kind: String, _ number: Int32) throws {
    let terminal = try probe(kind)
    let end = try terminal.end()
    #expect(end.signal == number, "\(end)")
    expectGivenBack(terminal, end)
    #expect(terminal.afterScreen.contains("The program crashed (SIG"))
    #expect(terminal.afterScreen.contains("HOPE_BACKTRACE=1"))
  }

  @Test("at once: Swift's reporter, which takes seconds, is not waited for")
  func atOnce() throws {
    for kind in ["segv", "abort", "index", "stackMain"] {
      let terminal = try probe(kind)
      let end = try terminal.end()
      #expect(end.seconds < 3, "\(kind): \(end)")  // a second is wanted, on an idle machine
      for word in ["Backtrac", "Press space", "Program crashed:"] {
        #expect(!terminal.text.contains(word), "\(kind)")
      }
    }
  }

  @Test(
    "asked for, Swift's own report is written on the normal screen and waits for no key",
    arguments: [("index", SIGILL), ("segv", SIGSEGV), ("abort", SIGABRT)])
  func reports(_ kind: String, _ number: Int32) throws {
    let terminal = try probe(kind, reports: true)
    let end = try terminal.end(within: 25)  // for a key it would wait 30 s
    #expect(end.signal == number || end.signal == SIGTRAP, "\(end)")
    #expect(terminal.afterScreen.contains("Program crashed"))
    #expect(terminal.modesLeft == [])
    #expect(terminal.isAsBefore)
  }

  @Test("after a plain end, also one that forgets to say so")
  func exits() throws {
    for (kind, code) in [("return", Int32(0)), ("exit", 3)] {
      let terminal = try probe(kind)
      let end = try terminal.end()
      #expect(end.code == code, "\(end)")
      expectGivenBack(terminal, end)
    }
  }

  @Test(
    "a program that hangs still ends within a second of a signal",
    arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT])
  func hangs(_ number: Int32) throws {
    let terminal = try probe("hang")
    terminal.send(signal: number)
    let end = try terminal.end()
    #expect(end.code == 128 + number, "\(end)")
    expectGivenBack(terminal, end)
  }

  @Test("a terminal without a cursor is not touched", arguments: ["dumb", "", "no-such-terminal"])
  func unusable(_ term: String) throws {
    let terminal = try Terminal()
    var environment = environment
    environment["TERM"] = term
    try terminal.start(Terminal.program("CrashProbe"), ["return"], environment)
    let end = try terminal.end()
    #expect(end.code == 6)
    #expect(!terminal.output.contains(0x1B))
    #expect(terminal.isAsBefore)
  }

  @Test(
    "terminals of all kinds", arguments: ["xterm", "vt100", "screen", "tmux-256color", "linux"])
  func kinds(_ term: String) throws {
    let terminal = try Terminal()
    var environment = environment
    environment["TERM"] = term
    try terminal.start(Terminal.program("CrashProbe"), ["abort"], environment)
    let end = try terminal.end()
    #expect(end.signal == SIGABRT)
    #expect(terminal.text.contains("about to die"))
    expectGivenBack(terminal, end)
  }
}
