import Hope

/// What a level's switches mean, in words.
enum LevelWords {
  static func meaning(_ access: LevelAccess) -> String {
    switch access.bits {
    case "rw": "it reads and learns"
    case "r-": "what it learned speaks, it learns no more"
    case "-w": "it learns, but is not heard"
    default: "as if it had never learned"
    }
  }
}
