extension SessionRecording {
  /// The lines of what was not taken back, in order. Settings and switches that were changed in the
  /// meantime stay changed.
  package var presentLines: [Line] {
    lines.reduce(into: []) { kept, line in
      if case .jump(let jump) = line.line {
        kept.takeBack(to: jump.position)
        if case .token = jump.target { kept.takeBackDrops(after: jump.dropsBefore) }
      } else {
        kept.append(line)
      }
    }
  }
}

extension [SessionRecording.Line] {
  /// Leaves out what came after so many tokens had been read. What lies before a memory that was
  /// replaced cannot be gone back to.
  fileprivate mutating func takeBack(to position: Int) {
    let start = lastIndex { $0.line.replacesMemory }.map { $0 + 1 } ?? 0
    guard let cut = self[start...].firstIndex(where: { $0.line.begins(at: position) }) else {
      return
    }
    let kept = self[cut...].filter(\.line.isChange)
    replaceSubrange(cut..., with: kept)
  }

  /// Leaves out what was dropped at the end, and what was noted then, but for so many times.
  fileprivate mutating func takeBackDrops(after count: Int) {
    let start = (lastIndex { $0.line.endsTokens }).map { $0 + 1 } ?? 0
    let drops = self[start...].indices.filter { self[$0].line.isDrop }
    guard var cut = drops.dropFirst(count).first else { return }
    while cut > start, case .write = self[cut - 1].line { cut -= 1 }
    let kept = self[cut...].filter(\.line.isChange)
    replaceSubrange(cut..., with: kept)
  }
}

extension SessionLine {
  fileprivate var replacesMemory: Bool { if case .load = self { true } else { false } }

  /// Whether this is read when so many tokens or more have been.
  fileprivate func begins(at position: Int) -> Bool {
    switch self {
    case .user(let turn): turn.position >= position
    case .token(let token): token.position >= position
    default: false
    }
  }

  /// Whether what is dropped from here on is dropped with no token in between.
  fileprivate var endsTokens: Bool {
    switch self {
    case .token, .end, .load: true
    default: false
    }
  }

  fileprivate var isDrop: Bool { if case .reset = self { true } else { false } }

  fileprivate var isChange: Bool {
    switch self {
    case .setting, .level, .renamed: true
    default: false
    }
  }
}
