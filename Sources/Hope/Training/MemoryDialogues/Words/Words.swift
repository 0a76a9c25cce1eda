/// The word lists of the memory dialogues, written for this project. Comma-separated, so that an
/// entry may have two words.
enum Words {
  static func list(_ text: String) -> [String] {
    text.split { $0 == "," || $0 == "\n" }
      .map { entry in String(entry.drop { $0 == " " }) }
      .filter { !$0.isEmpty }
  }
}
