extension SessionRecording {
  /// The lines of what was not taken back, in order. Settings and switches that were changed in the
  /// meantime stay changed.
  package var presentLines: [Line] {
    lines.reduce(into: []) { kept, line in
      if case .jump(let jump) = line.line {
        kept.takeBack(to: jump.position)
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

  fileprivate var isChange: Bool {
    switch self {
    case .setting, .level, .renamed: true
    default: false
    }
  }
}
