import ArgumentParser
import Foundation
import Hope
import REPL
import Sessions

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Compute a recorded session again and compare: 0 same, 1 differs, 2 trouble.",
    discussion: """
      Tokens, writes and digests are compared to the bit where this machine computes like the one that \
      recorded, by tolerance otherwise. The first difference is named.
      """)

  @Argument(help: "A session's name, the beginning or end of its id, its folder or file.")
  var session: String
  @Option(help: ArgumentHelp("Compare to the bit, or to this share.", valueName: "bits|1e-5"))
  var tolerance: Tolerance?
  @Flag(help: "Print one JSON document.") var json = false
  @OptionGroup var model: ModelOptions

  struct Tolerance: ExpressibleByArgument {
    let share: Float
    init?(argument: String) {
      guard let share = argument == "bits" ? 0 : Float(argument), share >= 0, share < 1 else {
        return nil
      }
      self.share = share
    }
  }

  func run() throws {
    let report: VerificationReport
    do {
      let recording = try SessionPlace.recording(session)
      let loaded = try LoadedModel.load(path: try model.path())
      let progress = VerifyProgress(recording)
      report = try recording.verify(loaded, tolerance: tolerance?.share) { progress.show($0) }
      progress.end()
    } catch {
      try StandardStreams.notes().writeText("error: \(error)\n")
      throw ExitStatus.usage  // 2: trouble, as of diff and cmp
    }
    let lines = json ? [try VerifyReport(report).json()] : VerifyReport(report).lines
    for line in lines { try StandardStreams.output().writeText(line + "\n") }
    if !report.isSame { throw ExitStatus.failed }
  }
}
