import ArgumentParser
import Foundation
import Hope

/// Where the small talk comes from that lies between telling and asking.
struct SmallTalkOption: ParsableArguments {
  @Option(
    name: .customLong("filler"),
    help: "A folder with dialogues.jsonl for the small talk; built-in small talk without it.")
  var folder: String?

  func source(_ tokenizer: Tokenizer, lanes: Int) throws -> any FillerSource {
    let roles = RoleTokens(tokenizer.special)
    guard let folder else { return SmallTalk(encode: { tokenizer.encode($0) }, roles: roles) }
    return try CorpusFiller(
      Corpus.read(
        URL(fileURLWithPath: folder), encode: { tokenizer.encode($0) }, roles: roles, lanes: lanes))
  }
}

/// Where a plot goes as a picture.
struct PlotOption: ParsableArguments {
  @Option(name: .customLong("svg"), help: "Write the plot as an SVG picture to this file.")
  var path: String?

  func write(_ svg: String) throws {
    if let path { try AtomicFile.writeOutput(Array(svg.utf8), to: path) }
  }
}

extension String {
  /// Whole numbers separated by commas, all at least `least`; nil where it is anything else.
  func numbers(atLeast least: Int) -> [Int]? {
    let parts = split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0.filter { $0 != " " }) }.filter { $0 >= least }
    return numbers.count == parts.count ? numbers : nil
  }
}
