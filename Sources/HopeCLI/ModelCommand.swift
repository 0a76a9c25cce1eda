import ArgumentParser
import Hope
import REPL

struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Look into a model folder.",
    subcommands: [Info.self, Check.self])

  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Sizes, levels, digest and tensors of a model.")
    @Argument(help: "The model's folder, or the name of a bundled one.") var path: String?
    @OptionGroup var options: ModelOptions

    func run() throws {
      let path = try options.path(orNamed: path)
      let summary = try LoadedModel.inspect(path: path)
      try StandardStreams.output().write(ModelReport(path, summary).text)
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read every byte of a model and say whether it can be used.")
    @Argument(help: "The model's folder, or the name of a bundled one.") var path: String?
    @OptionGroup var options: ModelOptions

    func run() throws {
      let path = try options.path(orNamed: path)
      let model = try LoadedModel.load(path: path)
      try StandardStreams.output().write(
        "\(path): fine, \(model.summary.tensors.count) tensors, "
          + "\(model.tokenizer.vocabularySize) tokens, sha256 \(model.summary.digest)\n")
    }
  }
}

extension ModelOptions {
  fileprivate func path(orNamed name: String?) throws(ModelError) -> String {
    var options = self
    options.model = name ?? model
    return try options.path()
  }
}
