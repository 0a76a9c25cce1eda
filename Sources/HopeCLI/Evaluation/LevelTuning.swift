import ArgumentParser
import Hope
import Sessions

/// Another write rate or retention of a level than the trained one: what does it depend on?
struct LevelTuning: ParsableArguments {
  @Option(
    help: ArgumentHelp("Multiply the write rate of a level, e.g. cms3=0.1.", valueName: "name=x"))
  var rate: [LevelNumber] = []
  @Option(
    help: ArgumentHelp(
      "Share of what a level learned that it keeps at a write, e.g. cms3=0.9.",
      valueName: "name=x"))
  var retention: [LevelNumber] = []

  func validate() throws {
    for one in rate where one.number > 1e4 {
      throw ValidationError("--rate \(one): at most 10000")
    }
    for one in retention where one.number > 1 {
      throw ValidationError("--retention \(one): at most 1")
    }
  }

  /// - Throws: a level that the model does not have.
  func tuned(_ model: HopeModel) throws -> HopeModel {
    let names = model.configuration.levelNames
    let faster = try rate.reduce(model) { model, one in
      try one.indices(in: names).reduce(model) {
        $0.tuned(level: $1, rateFactor: one.number)
      }
    }
    return try retention.reduce(faster) { model, one in
      try one.indices(in: names).reduce(model) {
        $0.tuned(level: $1, retention: one.number)
      }
    }
  }

  /// What differs from the trained model; nil: nothing.
  var text: String? {
    let parts = rate.map { "rate \($0)" } + retention.map { "retention \($0)" }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}

/// `cms3=0.1`: a level and a positive number.
struct LevelNumber: ExpressibleByArgument, CustomStringConvertible {
  let level: LevelReference
  let number: Float

  init?(argument: String) {
    let parts = argument.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty, let number = Float(parts[1]), number > 0,
      number.isFinite
    else { return nil }
    (level, self.number) = (LevelReference(parts[0]), number)
  }

  var description: String { "\(level)=\(number)" }

  /// The levels meant, without the mixer, which has no rate of its own.
  func indices(in names: [String]) throws -> [Int] {
    let found = level.indices(in: names).filter { $0 > 0 }
    guard !found.isEmpty else {
      let known = names.count > 1 ? names.dropFirst().joined(separator: ", ") : "none"
      throw ValidationError("\(self): there is no such level of the CMS; there are: \(known)")
    }
    return found
  }
}
