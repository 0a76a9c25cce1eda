import ArgumentParser
import Foundation
import REPL
import Tensors

@main
struct HopeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hope", abstract: "A language model that learns while you chat with it.",
    version: version,
    subcommands: [
      ChatCommand.self, ReplCommand.self, AskCommand.self, ResumeCommand.self, ListCommand.self,
      ShowCommand.self, RenameCommand.self, RemoveCommand.self, ReplayCommand.self,
      VerifyCommand.self, DiffCommand.self, ForkCommand.self, ExportCommand.self,
      MemoryCommand.self, ModelCommand.self, EvalCommand.self, TrainCommand.self,
      CompareCommand.self, TokenizerCommand.self,
      ConfigCommand.self, PathsCommand.self,
    ],
    defaultSubcommand: ChatCommand.self)

  /// As sessions record it.
  static let version = "0.1.0"

  static func main() {
    StandardStreams.protect()
    BLAS.prepare()
    Kernels.keepFreedMemory()
    do {
      try UnknownVerb.check(CommandLine.arguments.dropFirst().first)
      var command = try parseAsRoot()
      try command.run()
    } catch {
      ExitStatus.end(with: error)
    }
  }
}
