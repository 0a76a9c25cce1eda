package import Hope

/// The first line of a session's file: all that is needed to compute the session again.
package struct SessionHeader: Sendable, Equatable {
  /// The session this one was forked from, and where.
  package struct Parent: Sendable, Equatable {
    package let id: String
    package let name: String
    package let position: Int
    package let digest: SHA256Digest

    package init(id: String, name: String, position: Int, digest: SHA256Digest) {
      (self.id, self.name, self.position, self.digest) = (id, name, position, digest)
    }
  }

  /// The form this program writes, and the newest it reads.
  package static let version = 1

  package let id: String
  package let name: String
  /// ISO 8601, UTC.
  package let created: String
  /// Version of the program.
  package let app: String
  /// Its path is not recorded.
  package let model: ModelFacts
  package let tokenizer: SHA256Digest
  package let identity: NumericIdentity
  package let settings: ChatSettings
  /// Switches of every level, the mixer first.
  package let switches: [LevelSetting]
  /// How random numbers are made, and where they stand.
  package var randomKind = Sampler.randomKind
  package let randomState: UInt64
  package let parent: Parent?

  package init(
    id: String, name: String, created: String, app: String, model: ModelFacts,
    tokenizer: SHA256Digest, identity: NumericIdentity, settings: ChatSettings,
    switches: [LevelSetting], randomState: UInt64, parent: Parent? = nil
  ) {
    self.id = id
    self.name = name
    self.created = created
    self.app = app
    self.model = model
    self.tokenizer = tokenizer
    self.identity = identity
    self.settings = settings
    self.switches = switches
    self.randomState = randomState
    self.parent = parent
  }
}

// MARK: Writing

extension SessionHeader {
  /// The line without its end.
  var line: [UInt8] {
    var w = LineWriter()
    w.begin()
    w.field("hope", Self.version)
    w.field("id", id)
    w.field("name", name)
    w.field("created", created)
    w.field("app", app)
    write(model, to: &w)
    w.begin("num")
    w.field("backend", "openblas")
    w.field("core", identity.core)
    w.field("kernels", identity.kernels)
    w.field("lanes", identity.lanes)
    w.end()
    w.begin("rng")
    w.field("kind", randomKind)
    w.field("seed", bits: settings.seed)
    w.field("state", bits: randomState)
    w.end()
    w.begin("set")
    for setting in settings.all { setting.write(to: &w) }
    w.end()
    w.field("system", settings.system)
    if let parent { write(parent, to: &w) }
    w.end()
    return w.bytes
  }

  private func write(_ model: ModelFacts, to w: inout LineWriter) {
    w.begin("model")
    w.field("sha256", "\(model.digest)")
    w.field("name", model.name)
    w.field("arch", model.architecture)
    w.field("parameters", model.parameterCount)
    w.field("vocabulary", model.vocabularySize)
    w.field("tokenizer", "\(tokenizer)")
    w.field("fresh", "\(model.freshStateDigest)")
    w.begin("levels", "[")
    for (level, setting) in zip(model.levels, switches) {
      w.begin()
      w.field("name", level.name)
      w.field("period", level.period)
      w.field("bits", setting.bits)
      w.field("gain", setting.gain)
      w.end()
    }
    w.end("]")
    w.end()
  }

  private func write(_ parent: Parent, to w: inout LineWriter) {
    w.begin("parent")
    w.field("id", parent.id)
    w.field("name", parent.name)
    w.field("i", parent.position)
    w.field("state", "\(parent.digest)")
    w.end()
  }
}

extension Setting {
  /// `"name":value`. The looks of a front-end are not recorded.
  func write(to w: inout LineWriter) {
    switch self {
    case .temperature(let value): w.field("temperature", value)
    case .topK(let value): w.field("top_k", value)
    case .topP(let value): w.field("top_p", value)
    case .minP(let value): w.field("min_p", value)
    case .seed(let value): w.field("seed", bits: value)
    case .maxTokens(let value): w.field("max_tokens", value)
    case .learn(let mode): w.field("learn", mode.rawValue)
    case .color: break
    }
  }

  /// nil where it is none that this program knows.
  init?(_ member: JSON.Member) {
    let value = member.value
    let setting: Setting? =
      switch member.key {
      case "temperature": value.float.map { .temperature($0) }
      case "top_k": value.integer.map { .topK($0) }
      case "top_p": value.float.map { .topP($0) }
      case "min_p": value.float.map { .minP($0) }
      case "seed": value.bits.map { .seed($0) }
      case "max_tokens": value.integer.map { .maxTokens($0) }
      case "learn": value.text.flatMap { LearnMode(rawValue: $0) }.map { .learn($0) }
      default: nil
      }
    guard let setting else { return nil }
    self = setting
  }
}

// MARK: Reading

extension SessionHeader {
  /// - Throws: what is missing, in a few words.
  init(_ json: JSON) throws(HeaderFault) {
    guard let version = json["hope"]?.integer else {
      throw HeaderFault("it is no session of hope", isForeign: true)
    }
    guard version == Self.version else { throw HeaderFault(version: version) }
    id = try json.wanted("id", \.text)
    name = try json.wanted("name", \.text)
    created = try json.wanted("created", \.text)
    app = try json.wanted("app", \.text)
    let facts = try json.wanted("model", { $0.members == nil ? nil : $0 })
    tokenizer = try facts.wanted("tokenizer", \.digest)
    switches = try facts.wanted("levels", \.elements).enumerated().map {
      index, level throws(HeaderFault) in try LevelSetting(level, index)
    }
    model = try ModelFacts(facts, switches)
    let numbers = try json.wanted("num", { $0.members == nil ? nil : $0 })
    identity = NumericIdentity(
      core: try numbers.wanted("core", \.text), kernels: try numbers.wanted("kernels", \.text),
      lanes: try numbers.wanted("lanes", \.integer))
    randomKind = json["rng"]?["kind"]?.text ?? Sampler.randomKind
    randomState = try json.wanted("rng", { $0["state"]?.bits })
    settings = try Self.settings(json)
    parent = try json["parent"].map { parent throws(HeaderFault) in try Parent(parent) }
  }

  private static func settings(_ json: JSON) throws(HeaderFault) -> ChatSettings {
    var settings = ChatSettings(seed: try json.wanted("rng", { $0["seed"]?.bits }))
    settings.system = json["system"]?.text
    for member in json["set"]?.members ?? [] {
      do throws(SettingError) {
        if let setting = Setting(member) { try settings.apply(setting) }
      } catch {
        throw HeaderFault("\(error)")
      }
    }
    return settings
  }
}

/// What is wrong with a first line.
struct HeaderFault: Error {
  let reason: String
  /// Whether the file is of another kind.
  var isForeign = false
  /// The form, where it is one this program does not know.
  var version: Int?

  init(_ reason: String, isForeign: Bool = false) {
    (self.reason, self.isForeign) = (reason, isForeign)
  }
  init(version: Int) {
    reason = "its form is \(version)"
    self.version = version
  }
}

extension JSON {
  /// A whole number from 0 up, small enough to count with.
  fileprivate var count: Int? { integer.flatMap { (0..<1 << 48).contains($0) ? $0 : nil } }

  fileprivate func wanted<Value>(
    _ key: String, _ take: (JSON) -> Value?
  ) throws(HeaderFault) -> Value {
    guard let value = self[key].flatMap(take) else {
      throw HeaderFault("its first line has no \"\(key)\"")
    }
    return value
  }

  /// A SHA-256, with or without its kind in front.
  var digest: SHA256Digest? {
    text.flatMap { SHA256Digest($0.hasPrefix("sha256:") ? String($0.dropFirst(7)) : $0) }
  }
}

extension LevelSetting {
  fileprivate init(_ json: JSON, _ index: Int) throws(HeaderFault) {
    let bits = try json.wanted("bits", \.text)
    guard case .both(let access)? = AccessChange(bits) else {
      throw HeaderFault("a level's bits are \(bits.debugDescription)")
    }
    self.init(
      level: index, name: try json.wanted("name", \.text), access: access,
      gain: try json.wanted("gain", \.float))
  }
}

extension ModelFacts {
  fileprivate init(_ json: JSON, _ switches: [LevelSetting]) throws(HeaderFault) {
    let periods = json["levels"]?.elements?.map { $0["period"]?.integer ?? 1 } ?? []
    self.init(
      path: "", name: try json.wanted("name", \.text),
      parameterCount: try json.wanted("parameters", \.integer),
      architecture: try json.wanted("arch", \.text),
      vocabularySize: try json.wanted("vocabulary", \.integer),
      digest: try json.wanted("sha256", \.digest),
      freshStateDigest: try json.wanted("fresh", \.digest),
      levels: zip(switches, periods).map { setting, period in
        LevelStatus(
          level: setting.level, name: setting.name, period: max(1, period),
          access: setting.access, gain: setting.gain)
      })
  }
}

extension SessionHeader.Parent {
  fileprivate init(_ json: JSON) throws(HeaderFault) {
    self.init(
      id: try json.wanted("id", \.text), name: try json.wanted("name", \.text),
      position: try json.wanted("i", \.count), digest: try json.wanted("state", \.digest))
  }
}
