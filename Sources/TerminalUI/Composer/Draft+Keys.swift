// What keys mean wherever somebody writes: in the composer and in every search field.

extension Draft {
  /// - Returns: whether all that was to be inserted had room.
  mutating func edit(_ key: Key) -> Bool {
    switch key {
    case .character(let letter): return insert(String(letter), isTyping: true)
    case .control("j"), .altEnter: return insert("\n")
    case .paste(let text): return insert(text)
    default:
      change(key)
      move(key)
      return true
    }
  }

  private mutating func change(_ key: Key) {
    switch key {
    case .backspace: deleteBackward()
    case .altBackspace: killWordBackward(.punctuation)
    case .delete, .control("d"): deleteForward()
    case .control("k"): killToLineEnd()
    case .control("u"): killToLineStart()
    case .control("w"): killWordBackward(.space)
    case .alt("d"): killWordForward()
    case .control("y"): yank()
    case .control("_"): undo()
    default: break
    }
  }

  private mutating func move(_ key: Key) {
    switch key {
    case .left, .control("b"): moveLeft()
    case .right, .control("f"): moveRight()
    case .controlLeft, .alt("b"): moveWordLeft()
    case .controlRight, .alt("f"): moveWordRight()
    case .home, .control("a"): moveToLineStart()
    case .end, .control("e"): moveToLineEnd()
    default: break
    }
  }

  /// The same where there is but one line.
  /// - Returns: whether the text is another one.
  mutating func editLine(_ key: Key) -> Bool {
    let before = text
    switch key {
    case .control("j"), .altEnter: return false
    case .paste(let text): insert(text.replacing("\n", with: " ").replacing("\r", with: " "))
    default: _ = edit(key)
    }
    return text != before
  }
}

extension Canvas {
  /// Draws a line that is being written, as much of it as has room, and puts the cursor in it.
  /// - Returns: the column after it.
  @discardableResult
  mutating func draw(field: Draft, x: Int, y: Int, limit: Int, _ style: Style) -> Int {
    let view = field.view(width: max(1, limit), height: 1)
    let end = draw(field.text[view.rows[0]], x: x, y: y, style, limit: limit)
    cursor = Point(x: min(x + view.cursorColumn, width - 1), y: y)
    return end
  }
}
