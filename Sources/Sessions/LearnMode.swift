package import Hope

/// Who a token comes from.
package enum Author: String, Sendable, Codable {
  case user, assistant, system
  /// The mark every conversation begins with.
  case start
}

/// Whose tokens the levels learn from.
package enum LearnMode: String, Sendable, Codable, CaseIterable {
  case user, both, off

  package func learns(from author: Author) -> Bool {
    switch (self, author) {
    case (.user, .user), (.both, .user), (.both, .assistant): true
    default: false
    }
  }
}

/// One token with its author.
package struct AuthoredToken: Sendable, Equatable {
  package let id: TokenID
  package let author: Author

  package init(_ id: TokenID, _ author: Author) { (self.id, self.author) = (id, author) }
}
