import Hope
import REPL
import Sessions
import Testing

@Suite("Reports in lines")
struct LineReportTests {
  private let unicode = LineReport(ReportStyle())
  private let ascii = LineReport(ReportStyle(isASCII: true))

  private let titans = LevelStatus(
    level: 0, name: "titans", period: 1, updates: 1204, driftRelative: 0.1234, surpriseBits: 2.06)
  private let cms1 = LevelStatus(
    level: 1, name: "cms1", period: 64, pendingTokens: 28, updates: 18,
    lastUpdateRelative: 0.008, driftRelative: 0.012, surpriseBits: 3)
  private let cms2 = LevelStatus(
    level: 2, name: "cms2", period: 256, access: .read, gain: 0.5, pendingTokens: 41, updates: 0,
    refused: 1, driftRelative: .nan)

  @Test("the level table shows switches, progress, writes and drift")
  func table() {
    #expect(
      unicode.levelTable([titans, cms1, cms2]).map(\.text).joined(separator: "\n") == """
             level   every  state           next                      updates  ‖ΔW‖/‖W‖   drift  surprise
          1  titans      1  rw on           ▕████████▏                  1,204         –  0.1234  2.1 bits
          2  cms1       64  rw on           ▕███▌    ▏   28/64             18    0.0080  0.0120  3.0 bits
          3  cms2      256  r- frozen ×0.5  ▕█▎      ▏  41/256  0 (1 refused)         –       -         –
        """)
  }

  @Test("the table in ASCII has the same columns")
  func asciiTable() {
    let lines = ascii.levelTable([titans, cms1, cms2]).map(\.text)
    #expect(lines.allSatisfy { $0.utf8.allSatisfy { $0 < 128 } })
    #expect(lines[0].contains("|dW|/|W|"))
    #expect(lines[1].contains("[########]"))
    #expect(lines[2].contains("[###.....]"))
    #expect(lines[3].contains("r- frozen x0.5"))
  }

  private func end(_ why: AnswerEnd.Reason = .finished) -> AnswerEnd {
    AnswerEnd(
      why: why, text: "yes", readTokens: 20, answerTokens: 11, tokensPerSecond: 80,
      surpriseBits: 3.14,
      changes: [
        LevelChange(status: titans, writes: 31, refused: 0, changeRelative: 0.123),
        LevelChange(status: cms1, writes: 1, refused: 0, changeRelative: 0.008),
        LevelChange(status: cms2, writes: 0, refused: 0, changeRelative: 0),
        LevelChange(
          status: LevelStatus(level: 3, name: "cms3", period: 1024, pendingTokens: 41), writes: 0,
          refused: 2, changeRelative: 0),
      ], position: 1204, stateDigest: SHA256Digest(of: []))
  }

  @Test("one line says what a turn changed")
  func turn() {
    #expect(
      unicode.turn(end()).text
        == "  ◇ titans 31 writes (ΔW 12 %) · cms1 wrote 1× (ΔW 0.8 %) · cms2 frozen"
        + " · cms3 refused 2× 41/1024 · surprise 3.1 bits")
    #expect(
      ascii.turn(end(.stopped)).text
        == "  * stopped, titans 31 writes (dW 12 %), cms1 wrote 1x (dW 0.8 %), cms2 frozen"
        + ", cms3 refused 2x 41/1024, surprise 3.1 bits")
    #expect(unicode.turn(end(.maxTokens)).text.hasPrefix("  ◇ cut after 11 tokens · "))
  }

  @Test("shares have the digits that matter, and what is no number is a dash")
  func percent() {
    let shares: [Float] = [0, 0.00001, 0.0003, 0.008, 0.0123, 0.123, 1.5, .nan, .infinity]
    #expect(
      shares.map(LineReport.percent) == [
        "0 %", "<0.01 %", "0.03 %", "0.8 %", "1.2 %", "12 %", "150 %", "- %", "- %",
      ])
  }

  @Test("a fresh conversation says that it is the base, or that it is not")
  func reset() {
    let digest = SHA256Digest(of: [])
    let fresh = unicode.stateReset(
      StateReset(scope: .everything, digest: digest, equalsBase: true)
    ).text
    #expect(fresh == "  a fresh conversation: state = base, checked by digest e3b0c44298fc")
    let broken = unicode.stateReset(
      StateReset(scope: .everything, digest: digest, equalsBase: false))
    #expect(broken.text.contains("ERROR"))
  }

  @Test("colours need a terminal, and NO_COLOR, TERM and the flag are obeyed")
  func colors() {
    func style(_ color: ColorMode, terminal: Bool = true, _ more: [String: String] = [:]) -> Bool {
      let environment = ["TERM": "xterm", "LANG": "C.UTF-8"].merging(more) { $1 }
      return ReportStyle(
        color: color, isASCII: false, isTerminal: terminal, environment: environment
      ).hasColor
    }
    #expect(style(.auto))
    #expect(!style(.auto, terminal: false))
    #expect(!style(.auto, ["NO_COLOR": "1"]))
    #expect(style(.auto, ["NO_COLOR": ""]))
    #expect(!style(.auto, ["TERM": "dumb"]))
    #expect(!style(.never))
    #expect(style(.always, terminal: false))
    var changed = ReportStyle(
      color: .never, isASCII: false, isTerminal: true, environment: ["TERM": "xterm"])
    changed.use(.auto)
    #expect(changed.hasColor)
  }

  @Test("reports are ASCII where the locale is not UTF-8")
  func locale() {
    func isASCII(_ environment: [String: String]) -> Bool {
      ReportStyle(color: .auto, isASCII: false, isTerminal: true, environment: environment).isASCII
    }
    #expect(isASCII([:]))
    #expect(isASCII(["LANG": "C"]))
    #expect(!isASCII(["LANG": "de_DE.utf8"]))
    #expect(isASCII(["LANG": "en_US.UTF-8", "LC_ALL": "C"]))
    #expect(!isASCII(["LANG": "C", "LC_ALL": "", "LC_CTYPE": "C.UTF-8"]))
  }

  @Test("help lists every command, and one in full")
  func help() throws {
    let list = try #require(unicode.help(topic: nil)).map(\.text)
    for help in CommandHelp.all { #expect(list.contains { $0.hasPrefix("  /\(help.name) ") }) }
    #expect(try #require(unicode.help(topic: "/gain")).count > 2)
    #expect(unicode.help(topic: "nothing") == nil)
  }
}
