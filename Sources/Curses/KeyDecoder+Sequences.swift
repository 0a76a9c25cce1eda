import TerminalUI

/// What has come of `ESC [ parameters final`.
struct ControlSequence: Equatable, Sendable {
  /// The parameters' bytes and the intermediate ones; more than a key ever has are not kept.
  private(set) var bytes: [UInt8] = []
  private(set) var isTooLong = false
  private static let longest = 64

  var isEmpty: Bool { bytes.isEmpty }
  var prefix: UInt8? { bytes.first.flatMap { (0x3C...0x3F).contains($0) ? $0 : nil } }

  /// The numbers; those left out are 0.
  var numbers: [Int] {
    let digits = bytes.drop { (0x3C...0x3F).contains($0) }
    return digits.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
      .map { Int(String(decoding: $0.prefix { (0x30...0x39).contains($0) }, as: UTF8.self)) ?? 0 }
  }

  mutating func append(_ byte: UInt8) {
    isTooLong = bytes.count >= Self.longest
    if !isTooLong { bytes.append(byte) }
  }

  /// Shift, Alt and Ctrl as the second number tells them.
  var modifiers: Modifiers {
    let numbers = numbers
    return Modifiers(rawValue: numbers.count > 1 ? max(0, numbers[1] - 1) : 0)
  }
}

struct Modifiers: OptionSet, Sendable {
  let rawValue: Int
  static let shift = Modifiers(rawValue: 1)
  static let alt = Modifiers(rawValue: 2)
  static let control = Modifiers(rawValue: 4)
}

extension KeyDecoder {
  mutating func takeControl(_ sequence: ControlSequence, _ byte: UInt8) {
    var sequence = sequence
    switch byte {
    case UInt8(ascii: "[") where sequence.isEmpty: stage = .linuxFunction
    case UInt8(ascii: "$") where !sequence.isEmpty && sequence.prefix == nil:
      stage = .ground  // rxvt: Shift with a key that has a number
      if let key = Key.numbered(sequence, []) { emit(key) }
    case 0x20...0x3F:
      sequence.append(byte)
      stage = .control(sequence)
    case 0x40...0x7E: finish(sequence, byte)
    case 0x1B: stage = .escape
    default:  // cut off: a control that is a key of its own, or nothing we know
      stage = .ground
      if byte < 0x20, byte != 0x18, byte != 0x1A { emit(.ofControl(byte)) }
    }
  }

  private mutating func finish(_ sequence: ControlSequence, _ final: UInt8) {
    stage = .ground
    guard !sequence.isTooLong else { return }
    switch (final, sequence.prefix) {
    case (UInt8(ascii: "M"), nil) where sequence.isEmpty: stage = .oldMouse(left: 3)
    case (UInt8(ascii: "~"), nil) where sequence.numbers.first == 200: stage = .paste([])
    case (UInt8(ascii: "M"), UInt8(ascii: "<")), (UInt8(ascii: "m"), UInt8(ascii: "<")):
      if let event = MouseEvent(sequence.numbers, isRelease: final == UInt8(ascii: "m")) {
        emit(.mouse(event))
      }
    case (_, nil): if let key = Key(sequence, final) { emit(key) }
    default: break
    }
  }

  mutating func takeSingle(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ";"): break  // modifiers, old Konsole
    case 0x1B: stage = .escape
    default:
      stage = .ground
      if let key = Key(single: byte) { emit(key) }
    }
  }

  mutating func takeLinuxFunction(_ byte: UInt8) {
    stage = byte == 0x1B ? .escape : .ground
    if (UInt8(ascii: "A")...UInt8(ascii: "E")).contains(byte) {
      emit(.function(Int(byte - UInt8(ascii: "A")) + 1))
    }
  }
}

extension Key {
  /// A byte below 32, or 127.
  static func ofControl(_ byte: UInt8) -> Key {
    switch byte {
    case 0x09: .tab
    case 0x0D: .enter
    case 0x08, 0x7F: .backspace
    case 0x1B: .escape
    case 0x01...0x1A: .control(Character(Unicode.Scalar(byte + 0x60)))
    default: .control(Character(Unicode.Scalar(byte + 0x40)))
    }
  }

  /// `ESC [ … final`; nil for what is no key of ours.
  fileprivate init?(_ sequence: ControlSequence, _ final: UInt8) {
    let modifiers = sequence.modifiers
    switch Character(Unicode.Scalar(final)) {
    case "Z": self = .backTab
    case "I" where sequence.isEmpty: self = .focusGained
    case "O" where sequence.isEmpty: self = .focusLost
    case "a": self = .shiftUp
    case "b": self = .shiftDown
    case "c" where sequence.isEmpty: self = .shiftRight
    case "d" where sequence.isEmpty: self = .shiftLeft
    case "~", "^", "@":
      guard let key = Key.numbered(sequence, modifiers) else { return nil }
      self = key
    case "u":
      guard let key = Key.coded(sequence.numbers.first ?? 0, modifiers) else { return nil }
      self = key
    default:  // a first number beyond 1 makes it a report, of the cursor's place for one
      guard sequence.numbers.first ?? 0 <= 1, let key = Key(cursor: final, modifiers) else {
        return nil
      }
      self = key
    }
  }

  /// `ESC O final`.
  fileprivate init?(single final: UInt8) {
    let keypad = Array("*+,-./0123456789")
    switch final {
    case UInt8(ascii: "a"): self = .up
    case UInt8(ascii: "b"): self = .down
    case UInt8(ascii: "c"): self = .controlRight
    case UInt8(ascii: "d"): self = .controlLeft
    case UInt8(ascii: "M"): self = .enter
    case UInt8(ascii: "I"): self = .tab
    case UInt8(ascii: "X"): self = .character("=")
    case UInt8(ascii: "j")...UInt8(ascii: "y"):
      self = .character(keypad[Int(final - UInt8(ascii: "j"))])
    default:
      guard let key = Key(cursor: final, []) else { return nil }
      self = key
    }
  }

  /// Cursor keys, Home, End and F1 to F4, which end in a letter.
  private init?(cursor final: UInt8, _ modifiers: Modifiers) {
    switch Character(Unicode.Scalar(final)) {
    case "A": self = modifiers.contains(.shift) ? .shiftUp : .up
    case "B": self = modifiers.contains(.shift) ? .shiftDown : .down
    case "C": self = .sideways(modifiers, .right, .shiftRight, .controlRight, word: "f")
    case "D": self = .sideways(modifiers, .left, .shiftLeft, .controlLeft, word: "b")
    case "H": self = .home
    case "F": self = .end
    case "P", "Q", "R", "S": self = .function(Int(final - UInt8(ascii: "P")) + 1)
    default: return nil
    }
  }

  /// Alt with a cursor key goes by words, as Alt with a letter does.
  private static func sideways(
    _ modifiers: Modifiers, _ plain: Key, _ shift: Key, _ control: Key, word: Character
  ) -> Key {
    if modifiers.contains(.control) { return control }
    if modifiers.contains(.alt) { return .alt(word) }
    return modifiers.contains(.shift) ? shift : plain
  }

  /// `ESC [ number ~`.
  static func numbered(_ sequence: ControlSequence, _ modifiers: Modifiers) -> Key? {
    let numbers = sequence.numbers
    switch numbers.first ?? 0 {
    case 1, 7: return .home
    case 2: return .insert
    case 3: return .delete
    case 4, 8: return .end
    case 5: return .pageUp
    case 6: return .pageDown
    case 11...15: return .function(numbers[0] - 10)
    case 17...21: return .function(numbers[0] - 11)
    case 23...26: return .function(numbers[0] - 12)
    case 28, 29: return .function(numbers[0] - 13)
    case 31...34: return .function(numbers[0] - 14)
    case 27 where numbers.count > 2: return coded(numbers[2], modifiers)
    default: return nil
    }
  }

  /// A key told by the number of its character.
  private static func coded(_ number: Int, _ modifiers: Modifiers) -> Key? {
    switch number {
    case 13: return modifiers.isEmpty ? .enter : .altEnter
    case 9: return modifiers.contains(.shift) ? .backTab : .tab
    case 27: return .escape
    case 8, 127: return modifiers.contains(.alt) ? .altBackspace : .backspace
    default: break
    }
    guard (0x20..<0xE000).contains(number), let scalar = Unicode.Scalar(UInt32(number)),
      !(0x7F...0x9F).contains(number)
    else { return nil }
    let character = Character(scalar)
    if modifiers.contains(.control) { return .control(character.lowercased().first ?? character) }
    return modifiers.contains(.alt) ? .alt(character) : .character(character)
  }
}

extension MouseEvent {
  /// `ESC [ < button ; column ; row M`, or m; nil for moves without a button.
  fileprivate init?(_ numbers: [Int], isRelease: Bool) {
    guard numbers.count == 3, numbers[1] > 0, numbers[2] > 0 else { return nil }
    let (code, x, y) = (numbers[0], numbers[1] - 1, numbers[2] - 1)
    let button = code & 3
    switch code & 0b1110_0000 {
    case 0 where button < 3:
      self.init(kind: isRelease ? .release : .press, button: button + 1, x: x, y: y)
    case 32 where button < 3: self.init(kind: .drag, button: button + 1, x: x, y: y)
    case 64 where button < 2:
      self.init(kind: button == 0 ? .scrollUp : .scrollDown, x: x, y: y)
    default: return nil
    }
  }
}
