/// What a person pressed. Ctrl+I, Ctrl+M, Ctrl+[ and Ctrl+H arrive as tab, enter, escape, backspace.
package enum Key: Hashable, Sendable {
  case character(Character)
  /// A lowercase letter or a symbol: `control("c")`, `control("_")`.
  case control(Character)
  case alt(Character)
  case enter, altEnter, tab, backTab, backspace, altBackspace, delete, escape
  case up, down, left, right
  case shiftLeft, shiftRight, shiftUp, shiftDown, controlLeft, controlRight
  case home, end, pageUp, pageDown, insert
  /// F1 is 1.
  case function(Int)
  /// All of a bracketed paste; it never sends anything.
  case paste(String)
  case mouse(MouseEvent)
  case focusGained, focusLost
}

package struct MouseEvent: Hashable, Sendable {
  package enum Kind: Hashable, Sendable { case press, release, drag, scrollUp, scrollDown }
  package let kind: Kind
  /// 1 is the left one.
  package let button: Int
  /// The cell, from 0.
  package let x: Int
  package let y: Int

  package init(kind: Kind, button: Int = 1, x: Int, y: Int) {
    (self.kind, self.button, self.x, self.y) = (kind, button, x, y)
  }
}
