package import Foundation

/// The part of a training run that a mix of sources is for.
package enum CorpusStage: String, Sendable, CaseIterable, Codable { case single, stage1, stage2 }

/// Share of the training tokens per source and stage. Shares are relative: sources that are not
/// present are left out and the rest counts.
package struct CorpusMix: Sendable, Equatable {
  private let shares: [CorpusStage: [String: Double]]

  package init(shares: [CorpusStage: [String: Double]]) { self.shares = shares }

  package func share(of source: String, in stage: CorpusStage) -> Double {
    shares[stage]?[source] ?? 0
  }

  /// Reads a file `{"single": {source: share, …}, "stage1": …, "stage2": …}`; other keys are ignored.
  /// Every stage must be there, and no share may be negative.
  package init(contentsOf file: URL) throws(CorpusError) {
    let content = try CorpusReader.bytes(of: file)
    let decoded: File
    do {
      decoded = try JSONDecoder().decode(File.self, from: content)
    } catch {
      throw .badMix(file.path, reason: CorpusReader.reason(error))
    }
    shares = [.single: decoded.single, .stage1: decoded.stage1, .stage2: decoded.stage2]
    for (stage, sources) in shares {
      guard let bad = sources.first(where: { !($0.value >= 0) }) else { continue }
      throw .badMix(file.path, reason: "\(stage.rawValue) gives \(bad.key) \(bad.value)")
    }
  }

  private struct File: Decodable {
    let single, stage1, stage2: [String: Double]
  }
}
