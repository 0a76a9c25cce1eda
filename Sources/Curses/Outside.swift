import Foundation

/// What the loop uses besides the terminal and the engine.
package struct Outside {
  /// Nil where nothing is kept.
  package let files: StateFiles?
  let editor: Editor
  let clipboard: Clipboard
  /// Seconds until an ESC is the key of that name.
  let escapePatience: Double

  package init(environment: [String: String]) {
    files = StateFiles(environment: environment)
    editor = Editor(environment: environment)
    clipboard = Clipboard(environment: environment)
    let milliseconds = environment["ESCDELAY"].flatMap(Double.init) ?? 25
    escapePatience = min(max(milliseconds, 1), 1000) / 1000
  }
}
