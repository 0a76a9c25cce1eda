import ArgumentParser
import Sessions

/// The first word is no verb. Without a verb `hope` opens the chat, which takes no words: they
/// would be called unexpected there.
struct UnknownVerb: Error, CustomStringConvertible {
  let word: String

  static func check(_ word: String?) throws(UnknownVerb) {
    guard let word, !word.hasPrefix("-"), !verbs.contains(word) else { return }
    throw UnknownVerb(word: word)
  }

  private static var verbs: [String] {
    ["help"] + HopeCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
  }

  var description: String {
    let guess = word.nearest(in: Self.verbs).map { "did you mean \($0)? " } ?? ""
    return "no verb \(TerminalText.filtered(String(word.prefix(60)))); \(guess)hope help lists them"
  }
}
