import CNcurses
import TerminalUI

/// Pairs of colours, made when they are first used. Where a terminal has no more of them, its own
/// colours are used.
struct ColorPairs {
  let palette: Palette
  private let limit: Int
  private var numbers: [Colors: Int32] = [:]
  /// What was found out about styles: a screen has few of them.
  private var looks: [Style: Look] = [:]

  struct Look {
    let attributes: UInt32
    let pair: Int32
  }

  private struct Colors: Hashable {
    let foreground: Int
    let background: Int
  }
  /// Enough for every theme; ncurses reserves memory for each.
  private static let most = 4096

  /// For the screen that has been started.
  init() {
    palette = Palette(count: Int(curses_color_count()))
    limit = palette.count == 0 ? 0 : min(Self.most, Int(curses_pair_limit()) - 1)
  }

  /// The attributes and the pair of a style.
  mutating func look(of style: Style) -> Look {
    if let known = looks[style] { return known }
    var attributes = Self.attributes(style.attributes)
    if palette.isBrightByBold(style.foreground) { attributes |= curses_bold() }
    if palette.isGreyByDim(style.foreground) { attributes |= curses_dim() }
    let look = Look(attributes: attributes, pair: pair(style.foreground, style.background))
    looks[style] = look
    return look
  }

  private mutating func pair(_ foreground: Color, _ background: Color) -> Int32 {
    guard limit > 0, foreground != .terminal || background != .terminal else { return 0 }
    let colors = Colors(
      foreground: palette.number(of: foreground), background: palette.number(of: background))
    if let known = numbers[colors] { return known }
    let next = Int32(numbers.count + 1)
    let isMade =
      next <= limit
      && init_extended_pair(next, Int32(colors.foreground), Int32(colors.background)) == OK
    numbers[colors] = isMade ? next : 0
    return isMade ? next : 0
  }

  private static func attributes(_ attributes: TextAttributes) -> UInt32 {
    var bits: UInt32 = 0
    if attributes.contains(.bold) { bits |= curses_bold() }
    if attributes.contains(.dim) { bits |= curses_dim() }
    if attributes.contains(.italic) { bits |= curses_italic() }
    if attributes.contains(.underline) { bits |= curses_underline() }
    if attributes.contains(.reverse) { bits |= curses_reverse() }
    return bits
  }
}
