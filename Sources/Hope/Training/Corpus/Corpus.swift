package import Foundation
package import Tensors

/// Tokenised training text by source, from which sequences are drawn in the shares of a mix.
package struct Corpus: Sendable {
  package let sources: [CorpusSource]
  package let roles: RoleTokens
  private let mix: CorpusMix?

  /// - Parameter mix: nil draws every token equally often.
  package init(sources: [CorpusSource], mix: CorpusMix? = nil, roles: RoleTokens) {
    self.sources = sources.filter { !$0.starts.isEmpty }
    self.mix = mix
    self.roles = roles
  }

  /// Reads a folder with `dialogues.jsonl` and `narrative/*.txt` (or `narrative.txt`).
  /// - Parameters:
  ///   - cache: where tokens are kept between runs; nil tokenises anew.
  ///   - lanes: threads to tokenise on.
  package static func read(
    _ folder: URL, mix: CorpusMix? = nil, encode: @escaping TextEncoding, roles: RoleTokens,
    cache: CorpusCache? = nil, lanes: Int = 2
  ) throws(CorpusError) -> Corpus {
    let files = try CorpusReader.files(in: folder)
    if let sources = try cache?.sources(of: files) {
      return Corpus(sources: sources, mix: mix, roles: roles)
    }
    let reader = CorpusReader(encode: encode, roles: roles, lanes: lanes)
    let corpus = Corpus(sources: try reader.sources(of: files), mix: mix, roles: roles)
    if corpus.sources.isEmpty { throw .empty(folder.path) }
    try cache?.keep(corpus.sources, of: files)
    return corpus
  }

  package var tokenCount: Int { sources.map(\.tokens.count).reduce(0, +) }

  /// Share of each source in a stage, in the order of `sources`; sums to 1.
  package func shares(in stage: CorpusStage) throws(CorpusError) -> [Double] {
    let raw = sources.map { mix?.share(of: $0.name, in: stage) ?? Double($0.tokens.count) }
    let sum = raw.reduce(0, +)
    guard sum > 0 else { throw .noShare(stage: stage.rawValue, present: sources.map(\.name)) }
    return raw.map { $0 / sum }
  }

  /// Draws a sequence: a source by its share, then its documents from a random start on.
  /// - Parameter mode: whose words the levels may learn from.
  package func sequence(
    length: Int, stage: CorpusStage, mode: WritableMode = .all, using random: inout RandomSource
  ) throws(CorpusError) -> TrainingSequence {
    precondition(length > 0, "length \(length)")
    var place = Double(random.uniform())
    let shares = try shares(in: stage)
    let index = shares.indices.first { index in
      place -= shares[index]
      return place < 0
    }
    let source = sources[index ?? shares.lastIndex { $0 > 0 } ?? 0]
    let start = random.integer(below: source.starts.count)
    return sequence(of: source, from: start, length: length, mode: mode)
  }

  /// Sequences spread evenly over each source, the same in every call: for validation.
  package func validationSequences(
    ofEach countPerSource: Int, length: Int, mode: WritableMode = .all
  ) -> [(source: String, sequence: TrainingSequence)] {
    sources.flatMap { source in
      let count = min(countPerSource, source.starts.count)
      return (0..<count).map { index in
        let start = index * source.starts.count / count
        return (source.name, sequence(of: source, from: start, length: length, mode: mode))
      }
    }
  }

  private func sequence(of source: CorpusSource, from start: Int, length: Int, mode: WritableMode)
    -> TrainingSequence
  {
    let tokens = source.run(from: start, count: length + 1, roles)
    return TrainingSequence(
      tokens: tokens, targetWeights: [Float](repeating: 1, count: length),
      isWritable: roles.writability(of: tokens, mode: mode))
  }
}
