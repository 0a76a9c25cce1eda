import Sessions
package import TerminalUI

/// Turns the bytes of a terminal into keys. Knows no terminal and no clock: whoever feeds it calls
/// `timeIsUp` when nothing has come for `patience`.
///
/// Sequences may be cut anywhere between two calls. Those that mean nothing here are swallowed whole.
package struct KeyDecoder: Sendable {
  /// What has begun and is not complete.
  enum Stage: Equatable {
    case ground
    case escape
    /// `ESC [`; what came after it.
    case control(ControlSequence)
    /// `ESC O`.
    case single
    /// `ESC [ [`, the Linux console's function keys.
    case linuxFunction
    /// `ESC ] … BEL` and the like; whether something has come, and whether the last was an ESC.
    case string(first: UInt8, isEmpty: Bool, sawEscape: Bool)
    /// Bytes of the old mouse coding that are still to come.
    case oldMouse(left: Int)
    case scalar(bytes: [UInt8], count: Int, isAlt: Bool)
    case paste([UInt8])
    /// A paste that seems to be over; what came after it.
    case pasteOver([UInt8], tail: [UInt8])
  }
  var stage = Stage.ground
  var keys: [Key] = []
  /// Characters of this call, so that those that make one glyph arrive as one.
  private var text = String.UnicodeScalarView()
  private let escapePatience: Double

  /// - Parameter escapePatience: seconds until an ESC is the key of that name.
  package init(escapePatience: Double = 0.025) { self.escapePatience = escapePatience }

  /// How long to wait for the rest of what has begun; nil when nothing has.
  package var patience: Double? {
    switch stage {
    case .ground: nil
    case .escape, .pasteOver: escapePatience
    case .single, .linuxFunction, .string(_, isEmpty: true, _): 4 * escapePatience
    case .control(let sequence): sequence.isEmpty ? 4 * escapePatience : 0.5
    case .string, .oldMouse, .scalar: 0.5
    case .paste: 2
    }
  }

  /// Takes bytes in; returns the keys they complete.
  package mutating func feed(_ bytes: [UInt8]) -> [Key] {
    var rest = bytes[...]
    while !rest.isEmpty {
      switch stage {
      case .paste(let pasted): rest = collect(pasted, rest)
      case .pasteOver(let pasted, let tail): rest = collect(pasted, tail, rest)
      default: take(rest.removeFirst())
      }
    }
    return takeKeys()
  }

  /// The rest of what has begun does not come.
  package mutating func timeIsUp() -> [Key] {
    let unfinished = stage
    stage = .ground
    switch unfinished {
    case .ground, .linuxFunction, .oldMouse: break
    case .escape: emit(.escape)
    case .single: emit(.alt("O"))
    case .control(let sequence): if sequence.isEmpty { emit(.alt("[")) }
    case .string(let first, isEmpty: true, _): emit(.alt(Character(Unicode.Scalar(first))))
    case .string: break
    case .scalar(_, _, let isAlt): emitScalar("\u{FFFD}", isAlt: isAlt)
    case .paste(let pasted): emitPaste(pasted)
    case .pasteOver(let pasted, let tail):
      emitPaste(pasted)
      let before = takeKeys()
      return before + feed(tail)
    }
    return takeKeys()
  }

  private mutating func takeKeys() -> [Key] {
    flushText()
    defer { keys = [] }
    return keys
  }

  mutating func emit(_ key: Key) {
    flushText()
    keys.append(key)
  }

  private mutating func flushText() {
    guard !text.isEmpty else { return }
    keys += String(text).map { .character($0) }
    text = .init()
  }

  // MARK: One byte

  private mutating func take(_ byte: UInt8) {
    switch stage {
    case .ground: takeFirst(byte, isAlt: false)
    case .escape: takeAfterEscape(byte)
    case .control(let sequence): takeControl(sequence, byte)
    case .single: takeSingle(byte)
    case .linuxFunction: takeLinuxFunction(byte)
    case .string(let first, _, let sawEscape): takeString(first, sawEscape, byte)
    case .oldMouse(let left): stage = left > 1 ? .oldMouse(left: left - 1) : .ground
    case .scalar(let bytes, let count, let isAlt): takeScalar(bytes, count, isAlt, byte)
    case .paste, .pasteOver: preconditionFailure("pastes are collected in one piece")
    }
  }

  private mutating func takeFirst(_ byte: UInt8, isAlt: Bool) {
    switch byte {
    case 0x1B: stage = .escape
    case 0x00..<0x20, 0x7F: emit(.ofControl(byte))
    case 0x20..<0x7F: emitScalar(Unicode.Scalar(byte), isAlt: isAlt)
    case 0xC2...0xDF: stage = .scalar(bytes: [byte], count: 2, isAlt: isAlt)
    case 0xE0...0xEF: stage = .scalar(bytes: [byte], count: 3, isAlt: isAlt)
    case 0xF0...0xF4: stage = .scalar(bytes: [byte], count: 4, isAlt: isAlt)
    default: emitScalar("\u{FFFD}", isAlt: isAlt)
    }
  }

  private mutating func takeAfterEscape(_ byte: UInt8) {
    stage = .ground
    switch byte {
    case UInt8(ascii: "["): stage = .control(ControlSequence())
    case UInt8(ascii: "O"): stage = .single
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"),
      UInt8(ascii: "X"):
      stage = .string(first: byte, isEmpty: true, sawEscape: false)
    case 0x0D, 0x0A: emit(.altEnter)
    case 0x08, 0x7F: emit(.altBackspace)
    case 0x00..<0x20:
      emit(.escape)
      takeFirst(byte, isAlt: false)
    default: takeFirst(byte, isAlt: true)
    }
  }

  /// Strings are answers to questions we never asked, or somebody else's: BEL or ESC \ ends them.
  private mutating func takeString(_ first: UInt8, _ sawEscape: Bool, _ byte: UInt8) {
    switch byte {
    case 0x07, 0x18, 0x1A: stage = .ground
    case UInt8(ascii: "\\") where sawEscape: stage = .ground
    default:
      if sawEscape {
        stage = .escape
        takeAfterEscape(byte)
      } else {
        stage = .string(first: first, isEmpty: false, sawEscape: byte == 0x1B)
      }
    }
  }

  private mutating func takeScalar(
    _ bytes: [UInt8], _ count: Int, _ isAlt: Bool, _ byte: UInt8
  ) {
    guard (0x80...0xBF).contains(byte) else {
      stage = .ground
      emitScalar("\u{FFFD}", isAlt: isAlt)
      return take(byte)
    }
    let bytes = bytes + [byte]
    guard bytes.count == count else {
      stage = .scalar(bytes: bytes, count: count, isAlt: isAlt)
      return
    }
    stage = .ground
    let decoded = String(decoding: bytes, as: UTF8.self).unicodeScalars
    let scalar = decoded.count == 1 ? decoded.first : nil
    emitScalar(scalar ?? "\u{FFFD}", isAlt: isAlt)
  }

  /// Controls of two bytes are no text, and no key has them.
  private mutating func emitScalar(_ scalar: Unicode.Scalar, isAlt: Bool) {
    guard !(0x80...0x9F).contains(scalar.value) else { return }
    if isAlt { emit(.alt(Character(scalar))) } else { text.append(scalar) }
  }
}
