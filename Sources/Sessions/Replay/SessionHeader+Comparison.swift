import Hope

// What a session's first line says of the model it was recorded with, beside that model.

extension SessionHeader {
  /// The first difference; nil where all is as it should be. What the model's folder is called is
  /// no matter.
  func divergence(from loaded: LoadedModel) -> Divergence? {
    let facts = ModelFacts(loaded, Conversation(loaded, settings: settings))
    let pairs =
      [
        ("arch", model.architecture, facts.architecture),
        ("parameters", "\(model.parameterCount)", "\(facts.parameterCount)"),
        ("vocabulary", "\(model.vocabularySize)", "\(facts.vocabularySize)"),
        ("fresh", model.freshStateDigest.short, facts.freshStateDigest.short),
        ("number of levels", "\(model.levels.count)", "\(facts.levels.count)"),
        ("rng kind", randomKind, Sampler.randomKind),
      ]
      + zip(model.levels, facts.levels).map {
        ("level \($0.level + 1)", "\($0.name) every \($0.period)", "\($1.name) every \($1.period)")
      }
    guard let (name, recorded, found) = pairs.first(where: { $0.1 != $0.2 }) else { return nil }
    return Divergence(
      subject: .header, line: 0, turn: 0, position: 0, recorded: "\(name) \(recorded)",
      found: "\(name) \(found)", cause: .changedHeader)
  }
}

extension Marker {
  /// Why the memory that was kept with it cannot be fetched again; nil where it can, or none was
  /// kept.
  func fault(in folder: String, _ loaded: LoadedModel) -> String? {
    guard let state else { return nil }
    let facts = SnapshotFacts(position: position, digest: state, byteCount: 0)
    do throws(SessionFault) {
      let found = try facts.state(in: folder, loaded)
      return found.position == position ? nil : "memory at @\(found.position)"
    } catch {
      return "\(error)"
    }
  }
}
