import ArgumentParser

@main
struct HopeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hope", abstract: "A language model that learns while you chat with it.",
    subcommands: [EvalCommand.self, TrainCommand.self, TokenizerCommand.self])
}
