import Glibc

extension ModelFolder {
  /// Whether a path is one of the files that make a folder a model.
  package static func isFile(ofModel path: String) -> Bool {
    let names = [configurationName, weightsName, tokenizerName, modelCardName]
    let folder = AtomicFile.folder(of: path)
    return names.contains(path.split(separator: "/").last.map(String.init) ?? "")
      && [configurationName, weightsName].allSatisfy { access(self.path(folder, $0), F_OK) == 0 }
  }
}
