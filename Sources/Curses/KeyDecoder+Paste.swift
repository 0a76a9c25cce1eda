import Sessions
import TerminalUI

extension KeyDecoder {
  private static let pasteBegin: [UInt8] = Array("\u{1B}[200~".utf8)
  private static let pasteEnd: [UInt8] = Array("\u{1B}[201~".utf8)
  /// After this much nobody types an end of a paste any more.
  private static let longestTail = 1 << 20

  /// Pasted bytes up to the end mark; returns what follows it.
  mutating func collect(
    _ pasted: [UInt8], _ bytes: ArraySlice<UInt8>
  ) -> ArraySlice<UInt8> {
    stage = .ground  // the only owner of the bytes is this function
    var pasted = pasted
    // The mark may have begun in what came before.
    let start = max(0, pasted.count - Self.pasteEnd.count + 1)
    pasted += bytes
    guard let mark = pasted[start...].firstRange(of: Self.pasteEnd) else {
      stage = .paste(pasted)
      return []
    }
    let rest = bytes.suffix(pasted.endIndex - mark.upperBound)
    stage = .pasteOver(Array(pasted[..<mark.lowerBound]), tail: [])
    return rest
  }

  /// What follows an end mark at once. Text that was pasted may hold such a mark, to have the rest
  /// typed: the true one comes last, so that another one makes what is before it part of the paste.
  mutating func collect(
    _ pasted: [UInt8], _ tail: [UInt8], _ bytes: ArraySlice<UInt8>
  ) -> ArraySlice<UInt8> {
    stage = .ground
    let all = tail + bytes
    if let mark = all.firstRange(of: Self.pasteEnd),
      !(all[..<mark.lowerBound].contains(Self.pasteBegin))
    {
      stage = .pasteOver(pasted + all[..<mark.lowerBound], tail: [])
      return all[mark.upperBound...]
    }
    if all.contains(Self.pasteBegin) || all.count > Self.longestTail {
      emitPaste(pasted)
      return all[...]
    }
    stage = .pasteOver(pasted, tail: all)
    return []
  }

  /// Text with line ends of one kind and nothing that could drive a terminal.
  mutating func emitPaste(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    emit(.paste(TerminalText.filtered(lines)))
  }
}
