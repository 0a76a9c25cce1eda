import ArgumentParser
import Foundation
import Hope
import REPL
import Sessions

struct MemoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mem",
    abstract: "Memories as files: look into, take out, put in, compare, graft, audit.",
    subcommands: [
      Info.self, Export.self, Import.self, DiffCommand.self, Graft.self, AuditCommand.self,
    ])

  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What a memory holds; that of a session is computed with its model.")
    @Argument(help: "A memory's file (.safetensors), or a session.") var memory: String
    @OptionGroup var model: ModelOptions

    func run() throws {
      let path = try SessionPlace.memoryPath(memory)
      let (digest, base, position, size, count) = try facts(path)
      for line in [
        "memory    \(path)", "digest    \(digest)", "model     \(base)",
        "position  @\(position)", "size      \(size) bytes, \(count) tensors",
      ] { try StandardStreams.output().writeText(TerminalText.filtered(line) + "\n") }
    }

    private func facts(
      _ path: String
    ) throws -> (digest: SHA256Digest, base: SHA256Digest, position: Int, size: Int, count: Int) {
      if path.hasSuffix(".safetensors") {
        let file = try StateFile.inspect(path)
        return (file.digest, file.base, file.position, file.byteCount, file.tensorCount)
      }
      let loaded = try LoadedModel.load(path: try model.path())
      let state = try MemoryFile.read(path, loaded).state
      return (
        state.digest, loaded.summary.digest, state.position, state.byteCount, state.tensorCount
      )
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the memory of a session to a file.")
    @Argument(help: "A session's name, id or folder.") var session: String
    @Option(name: [.short, .long], help: "The file to write.") var output: String
    @Flag(help: "Replace a file that is there.") var force = false
    @OptionGroup var model: ModelOptions

    func run() throws {
      let file = try OutputPlace.file(output, isForced: force)
      let loaded = try LoadedModel.load(path: try model.path())
      let memory = try MemoryFile.read(SessionPlace.memoryPath(session), loaded)
      let facts = try StateFile.write(memory.state, base: loaded.summary.digest, to: file)
      try StandardStreams.notes().writeText(
        "\(output): memory at @\(facts.position), digest \(facts.digest)\n")
    }
  }

  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a new session that begins with a memory.")
    @Argument(help: "A memory's file, or a session.") var memory: String
    @Option(help: "What the session is called.") var name: String?
    @OptionGroup var model: ModelOptions
    @OptionGroup var chat: ChatOptions

    func run() throws {
      let loaded = try LoadedModel.load(path: try model.path())
      let found = try MemoryFile.read(SessionPlace.memoryPath(memory), loaded)
      try MemoryCommand.begin(
        found.state, "memory of \(found.origin)", name, loaded, try MemoryCommand.settings(chat))
    }
  }

  struct Graft: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a new session: a memory with one level taken from another.")
    @Argument(help: "A memory's file, or a session.") var memory: String
    @Option(help: "The level to take, such as cms2.") var level: String
    @Option(help: "Where it is taken from: a memory's file, or a session.") var from: String
    @Option(help: "What the session is called.") var name: String?
    @OptionGroup var model: ModelOptions
    @Option(help: "Seed of the random numbers (default: a new one).") var seed: UInt64?

    func run() throws {
      let loaded = try LoadedModel.load(path: try model.path())
      let names = loaded.model.configuration.levelNames
      let indices = try LevelReference(level).graftable(in: names)
      let own = try MemoryFile.read(SessionPlace.memoryPath(memory), loaded)
      let other = try MemoryFile.read(SessionPlace.memoryPath(from), loaded)
      let state = indices.reduce(own.state) { $0.grafting(level: $1, from: other.state) }
      try MemoryCommand.begin(
        state, "\(own.origin) with \(level) of \(other.origin)", name, loaded,
        ChatSettings(seed: seed ?? .random(in: 0..<1 << 32)))
    }
  }

  private static func settings(_ chat: ChatOptions) throws(SettingError) -> ChatSettings {
    var settings = ChatSettings(seed: chat.seed ?? .random(in: 0..<1 << 32))
    settings.system = chat.system.flatMap { $0.isEmpty ? nil : $0 }
    for setting in chat.settings { try settings.apply(setting) }
    return settings
  }

  private static func begin(
    _ state: HopeState, _ what: String, _ name: String?, _ loaded: LoadedModel,
    _ settings: ChatSettings
  ) throws {
    let plan = RecordingPlan(folder: SessionPlace.folder, app: HopeCommand.version, name: name)
    let session = try MemoryFile.begin(state, settings: settings, what: what, loaded, plan)
    try StandardStreams.output().writeText(session.path + "\n")
  }
}

extension SessionPlace {
  /// A memory's file as it is named; of a session its folder.
  static func memoryPath(_ word: String) throws -> String {
    if word.hasSuffix(".safetensors") || FileManager.default.fileExists(atPath: word) {
      return word
    }
    return try library.find(word).path
  }
}
