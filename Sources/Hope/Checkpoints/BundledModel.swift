import Foundation

/// Where models lie that came with the program.
///
/// `Bundle.module` is not asked: it ends the program where the resource folder is missing, and
/// wherever it finds one, that folder is beside the executable.
package enum BundledModel {
  /// The model that a chat uses when none is named.
  package static let defaultName = "hope-mini"

  /// The folder of a bundled model.
  package static func bundledModelPath(named name: String) throws(ModelError) -> String {
    let places = places(for: name)
    guard let place = places.first(where: isModelFolder) else {
      throw .notFound(name: name, places: places)
    }
    return place
  }

  /// Beside the executable, as built; and in the data folder of an installation.
  private static func places(for name: String) -> [String] {
    let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let folder = executable.deletingLastPathComponent()
    return [
      folder.appendingPathComponent("hope_Hope.resources/Resources/\(name)"),
      folder.deletingLastPathComponent().appendingPathComponent("share/hope/\(name)"),
    ].map(\.path)
  }

  private static func isModelFolder(_ path: String) -> Bool {
    FileManager.default.fileExists(
      atPath: ModelFolder.path(path, ModelFolder.configurationName))
  }
}
