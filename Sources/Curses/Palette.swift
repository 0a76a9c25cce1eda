package import TerminalUI

/// The nearest of the colours that a terminal has.
package struct Palette: Equatable, Sendable {
  /// 0 without colours, else 8, 16, 256 or 2²⁴.
  package let count: Int

  package init(count: Int) {
    let sizes = [1 << 24, 256, 16, 8]
    self.count = sizes.first { $0 <= count } ?? 0
  }

  /// The number ncurses knows the colour by; -1 for the terminal's own.
  package func number(of color: Color) -> Int {
    switch color {
    case .terminal: -1
    case .ansi(let number): ansi(number)
    case .palette(let number): number < 16 ? ansi(number) : count == 256 ? number : rgb(number)
    case .rgb(let red, let green, let blue): nearest(Int(red), Int(green), Int(blue))
    }
  }

  /// Whether the eight colours are short of the bright ones, for which bold stands in.
  package func isBrightByBold(_ color: Color) -> Bool {
    guard count == 8, case .ansi(9...15) = color else { return false }
    return true
  }

  /// Whether the terminal's own colour, dimmed, stands in: of eight colours none is grey, and bold
  /// black is black on many terminals.
  package func isGreyByDim(_ color: Color) -> Bool { count == 8 && color == .ansi(8) }

  private func ansi(_ number: Int) -> Int {
    if number < 8 { return number }
    if number == 8, count == 8 { return -1 }
    return count == 8 ? number - 8 : count <= 256 ? number : rgb(number)
  }

  private func rgb(_ number: Int) -> Int {
    let (red, green, blue) = Self.components(number)
    return nearest(red, green, blue)
  }

  private func nearest(_ red: Int, _ green: Int, _ blue: Int) -> Int {
    switch count {
    case 1 << 24:
      // Numbers below 8 mean the named colours there: one step of blue is not seen.
      max(8, red << 16 | green << 8 | blue)
    case 256: Self.nearest(of: 16..<256, red, green, blue)
    default: Self.nearest(of: 0..<max(1, count), red, green, blue)
    }
  }

  private static func nearest(
    of numbers: Range<Int>, _ red: Int, _ green: Int, _ blue: Int
  ) -> Int {
    var (best, least) = (numbers.lowerBound, Int.max)
    for number in numbers {
      let (r, g, b) = components(number)
      let distance =
        2 * (r - red) * (r - red) + 4 * (g - green) * (g - green) + 3 * (b - blue) * (b - blue)
      if distance < least { (best, least) = (number, distance) }
    }
    return best
  }

  /// What xterm shows for each of its 256 colours.
  private static func components(_ number: Int) -> (Int, Int, Int) {
    let named = [
      (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205),
      (0, 205, 205), (229, 229, 229), (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0),
      (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
    ]
    switch number {
    case ..<0: return named[0]
    case ..<16: return named[number]
    case ..<232:
      func step(_ index: Int) -> Int { index == 0 ? 0 : 55 + 40 * index }
      let index = number - 16
      return (step(index / 36), step(index / 6 % 6), step(index % 6))
    default:
      let grey = 8 + 10 * (min(number, 255) - 232)
      return (grey, grey, grey)
    }
  }
}
