package import Sessions

/// Text with looks. What a look means is said by words or shape as well, never by it alone.
package struct StyledText: Sendable, Equatable {
  package enum Look: Sendable { case plain, quiet, strong, accent, alarm }

  package struct Span: Sendable, Equatable {
    package let text: String
    package let look: Look
  }
  package private(set) var spans: [Span]

  package init(_ text: String, _ look: Look = .plain) { spans = [Span(text: text, look: look)] }

  package mutating func append(_ text: String, _ look: Look = .plain) {
    spans.append(Span(text: text, look: look))
  }

  /// The text without looks.
  package var text: String { spans.map(\.text).joined() }
}

/// What a stream of lines may use.
package struct ReportStyle: Sendable, Equatable {
  package var isASCII: Bool
  package private(set) var hasColor: Bool
  /// What `auto` means here.
  private let hasColorByItself: Bool

  package init(isASCII: Bool = false, hasColor: Bool = false) {
    (self.isASCII, self.hasColor, hasColorByItself) = (isASCII, hasColor, hasColor)
  }

  /// - Parameters:
  ///   - isTerminal: whether the stream is one.
  ///   - environment: `NO_COLOR`, `TERM` and the locale are looked at.
  package init(
    color: ColorMode, isASCII: Bool, isTerminal: Bool, environment: [String: String]
  ) {
    let isPlain = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    let isDumb = ["dumb", "", nil].contains(environment["TERM"])
    hasColorByItself = isTerminal && !isPlain && !isDumb
    hasColor = hasColorByItself
    self.isASCII = isASCII || !Self.isUTF8(environment)
    use(color)
  }

  package mutating func use(_ color: ColorMode) {
    hasColor = color == .always || color == .auto && hasColorByItself
  }

  /// The first of the three that is set decides, as everywhere.
  private static func isUTF8(_ environment: [String: String]) -> Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy
      .compactMap { environment[$0] }.first { !$0.isEmpty }
    let name = (locale ?? "").lowercased()
    return name.contains("utf-8") || name.contains("utf8")
  }
}
