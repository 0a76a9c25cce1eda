import Hope

extension SessionLine {
  /// Reads a line that is an object; nil where a member it needs is missing or of the wrong kind.
  init?(_ json: JSON) {
    guard let kind = json["e"]?.text else { return nil }
    let line: SessionLine? =
      switch kind {
      case "user": TurnStart(json).map { .user($0) }
      case "tok": TokenEvent(json).map { .token($0) }
      case "upd": LevelWriteEvent(json).map { .write($0) }
      case "cfg": Self.change(json)
      case "reset": StateReset(json).map { .reset($0) }
      case "snap": SnapshotFacts(json).map { .snapshot($0) }
      case "load": SnapshotFacts(json).map { .load($0, json["what"]?.text ?? "") }
      case "end": AnswerEnd(json).map { .end($0) }
      case "jump": Jump(json).map { .jump($0) }
      case "mark": Marker(json).map { .mark($0) }
      case "repair":
        .repair(
          Repair(tornBytes: json["torn"]?.integer ?? 0, badLines: json["bad"]?.integer ?? 0))
      case "exit": .exit(code: json["code"]?.integer ?? 0)
      default: .other(kind: kind)
      }
    guard let line else { return nil }
    self = line
  }

  private static func change(_ json: JSON) -> SessionLine? {
    guard let members = json["set"]?.members, let first = members.first else { return nil }
    if first.key == "name" { return first.value.text.map { .renamed($0) } }
    if first.key.hasPrefix("level.") { return LevelSetting(members, json).map { .level($0) } }
    return Setting(first).map { .setting($0) } ?? .other(kind: "cfg")
  }
}

extension JSON {
  /// A whole number from 0 up, small enough to count with.
  fileprivate func count(_ key: String) -> Int? {
    guard let value = self[key]?.integer, (0..<1 << 48).contains(value) else { return nil }
    return value
  }

  fileprivate var tokenID: TokenID? { integer.flatMap { TokenID(exactly: $0) } }
}

extension TurnStart {
  fileprivate init?(_ json: JSON) {
    guard let position = json.count("i"), let text = json["text"]?.text,
      let ids = json["ids"]?.elements?.compactMap(\.tokenID),
      let authors = json["by"]?.text?.compactMap({ Author(mark: String($0)) }),
      ids.count == authors.count, ids.count == json["ids"]?.elements?.count, !ids.isEmpty
    else { return nil }
    self.init(
      text: text, tokens: zip(ids, authors).map { AuthoredToken($0, $1) }, position: position,
      flushes: json["flush"]?.flag ?? false)
  }
}

extension TokenEvent {
  fileprivate init?(_ json: JSON) {
    guard let position = json.count("i"), let id = json["id"]?.tokenID,
      let text = json["s"]?.text, let author = json["by"]?.text.flatMap({ Author(mark: $0) })
    else { return nil }
    self.init(
      position: position, id: id, text: text, author: author,
      isLearnedFrom: json["learned"]?.flag ?? false,
      surpriseBits: json["lp"]?.double.map { Float(-$0 / Self.natsPerBit) },
      entropyBits: json["H"]?.float)
  }
}

extension LevelWriteEvent {
  fileprivate init?(_ json: JSON) {
    guard let position = json.count("i"), let name = json["lvl"]?.text,
      let level = json.count("level"), let number = json.count("step"),
      let tokens = json.count("tokens"), let layers = json["layers"]?.elements
    else { return nil }
    let blocks = layers.compactMap { Block($0) }
    guard blocks.count == layers.count else { return nil }
    self.init(
      level: level, name: name, position: position, number: number, tokens: tokens,
      updateRelative: json["rel"]?.float ?? 0, blocks: blocks)
  }
}

extension LevelWriteEvent.Block {
  fileprivate init?(_ json: JSON) {
    guard let parts = json.elements, parts.count >= 3, let block = parts[0].integer,
      (0..<1 << 20).contains(block)
    else { return nil }
    self.init(
      block: block, updateRelative: parts[1].float ?? .nan, driftRelative: parts[2].float ?? .nan,
      isRefused: parts.count > 3)
  }
}

extension LevelSetting {
  fileprivate init?(_ members: [JSON.Member], _ json: JSON) {
    guard let first = members.first, let level = json.count("level"),
      let name = first.key.split(separator: ".").dropFirst().dropLast().first.map(String.init)
    else { return nil }
    func value(_ key: String) -> JSON? {
      members.first { $0.key == "level.\(name).\(key)" }?.value
    }
    guard let reads = value("read")?.flag, let writes = value("write")?.flag,
      let gain = value("gain")?.float
    else { return nil }
    var access = LevelAccess.off
    if reads { access.insert(.read) }
    if writes { access.insert(.write) }
    self.init(level: level, name: name, access: access, gain: gain)
  }
}

extension StateReset {
  fileprivate init?(_ json: JSON) {
    guard let digest = json["state"]?.digest else { return nil }
    let name = json["lvl"]?.text ?? ""
    let scope: Scope
    switch json["what"]?.text {
    case "everything": scope = .everything
    case "mixers": scope = .mixers(name: name)
    case "levels": scope = .levels(keeping: name)
    case "level":
      guard let index = json.count("level") else { return nil }
      scope = .level(index, name: name)
    default: return nil
    }
    self.init(scope: scope, digest: digest, equalsBase: json["base"]?.flag ?? false)
  }
}

extension SnapshotFacts {
  fileprivate init?(_ json: JSON) {
    guard let position = json.count("i"), let digest = json["state"]?.digest else { return nil }
    self.init(position: position, digest: digest, byteCount: json.count("bytes") ?? 0)
  }
}

extension Marker {
  fileprivate init?(_ json: JSON) {
    guard let position = json.count("i"), let text = json["text"]?.text else { return nil }
    self.init(
      position: position, text: text, state: json["state"]?.digest,
      digest: json["digest"]?.digest)
  }
}

extension Jump {
  fileprivate init?(_ json: JSON) {
    guard let reason = json["why"]?.text.flatMap({ Reason(rawValue: $0) }),
      let position = json.count("i"), let digest = json["state"]?.digest,
      let randomState = json["rng"]?.bits
    else { return nil }
    let target: Target
    if let turn = json.count("turn") {
      target = .turn(turn)
    } else if let token = json.count("token") {
      target = .token(token)
    } else {
      return nil
    }
    self.init(
      reason: reason, target: target, position: position, dropsBefore: json.count("drops") ?? 0,
      dropsTakenBack: json.count("undone") ?? 0, digest: digest, randomState: randomState,
      tensorCount: json.count("tensors") ?? 0,
      checkedAt: json.count("checked"), words: json["words"]?.text)
  }
}

extension AnswerEnd {
  fileprivate init?(_ json: JSON) {
    guard let position = json.count("i"), let text = json["text"]?.text,
      let why = json["why"]?.text.flatMap({ Reason(rawValue: $0) }),
      let read = json.count("read"), let drawn = json.count("drawn"),
      let digest = json["state"]?.digest, let levels = json["levels"]?.elements
    else { return nil }
    let changes = levels.enumerated().compactMap { LevelChange($1, index: $0) }
    guard changes.count == levels.count else { return nil }
    self.init(
      why: why, text: text, trailingText: json["rest"]?.text ?? "", readTokens: read,
      answerTokens: drawn, tokensPerSecond: json["tps"]?.double ?? 0,
      surpriseBits: json["bits"]?.float, changes: changes, position: position,
      stateDigest: digest, randomState: json["rng"]?.bits)
  }
}

extension LevelChange {
  fileprivate init?(_ json: JSON, index: Int) {
    guard let name = json["name"]?.text, let period = json.count("period"), period > 0,
      case .both(let access)? = json["bits"]?.text.flatMap({ AccessChange($0) })
    else { return nil }
    self.init(
      status: LevelStatus(
        level: index, name: name, period: period, access: access,
        gain: json["gain"]?.float ?? 1, pendingTokens: json.count("pending") ?? 0,
        updates: json.count("updates") ?? 0, refused: json.count("refusedAll") ?? 0,
        lastUpdateRelative: json["last"]?.float, runningUpdateRelative: json["mean"]?.float,
        driftRelative: json["drift"]?.float ?? 0, surpriseBits: json["surprise"]?.float,
        rate: json["eta"]?.float, retention: json["keeps"]?.float),
      writes: json.count("writes") ?? 0, refused: json.count("refused") ?? 0,
      changeRelative: json["change"]?.float ?? 0)
  }
}
