/// A config file that cannot be used: where, what, and what to do.
package struct ConfigError: Error, Equatable, CustomStringConvertible {
  package let file: String
  /// From 1; nil where the file as a whole is meant.
  package let line: Int?
  package let what: String
  package let advice: String

  package init(file: String, line: Int?, what: String, advice: String) {
    (self.file, self.line, self.what, self.advice) = (file, line, what, advice)
  }

  package var description: String {
    "\(file)\(line.map { ", line \($0)" } ?? ""): \(what); \(advice)"
  }
}
