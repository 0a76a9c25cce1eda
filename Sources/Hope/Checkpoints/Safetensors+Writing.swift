package import Tensors

extension SafetensorsFile {
  /// Writes a file that is there whole or not at all, its tensors sorted by name, byte for byte as
  /// the reference implementation lays it out. Names differ, and none is `__metadata__`.
  ///
  /// Elements that are not finite, or not in `dtype`, are an error and leave the old file alone.
  /// `permissions` are narrowed by the process's umask.
  package static func write(
    _ tensors: [(String, Tensor)], dtype: DType = .float32, metadata: [String: String] = [:],
    to path: String, permissions: UInt32 = 0o666
  ) throws(SafetensorsError) {
    let sorted = tensors.sorted { precedes($0.0, $1.0) }
    for (one, next) in zip(sorted, sorted.dropFirst()) {
      precondition(one.0 != next.0, "two tensors are named \(one.0)")
    }
    do throws(Problem) {
      try write(
        sorted, dtype, header: header(sorted, dtype, metadata), to: path, permissions)
    } catch {
      throw SafetensorsError(path: path, problem: error)
    }
  }

  private static func write(
    _ tensors: [(String, Tensor)], _ dtype: DType, header: [UInt8], to path: String,
    _ permissions: UInt32
  ) throws(Problem) {
    for (name, tensor) in tensors where !tensor.isFinite {
      throw .nonFinite(tensor: name, index: tensor.elements.firstIndex { !$0.isFinite } ?? 0)
    }
    var file = try Problem.wrapping { () throws(FileError) in
      try AtomicFile(path: path, permissions: permissions)
    }
    try Problem.wrapping { () throws(FileError) in try file.write(header) }
    for (name, tensor) in tensors {
      switch dtype {
      case .float32:
        try Problem.wrapping { () throws(FileError) in try write(tensor, to: &file) }
      case .float16: try narrow(tensor, name, dtype, Kernels.toFloat16, to: &file)
      case .bfloat16: try narrow(tensor, name, dtype, Kernels.toBFloat16, to: &file)
      }
    }
    do throws(FileError) {
      try file.commit()
    } catch {
      throw .file(error)
    }
  }

  private static func write(_ tensor: Tensor, to file: inout AtomicFile) throws(FileError) {
    let result = tensor.elements.withUnsafeBytes { bytes in
      Result { () throws(FileError) in try file.write(bytes) }
    }
    try result.get()
  }

  /// Writes 16-bit elements in pieces; one that became infinite is an error.
  private static func narrow(
    _ tensor: Tensor, _ name: String, _ dtype: DType,
    _ convert: (UnsafePointer<Float>, UnsafeMutablePointer<UInt16>, Int) -> Void,
    to file: inout AtomicFile
  ) throws(Problem) {
    let infinity: UInt16 = dtype == .float16 ? 0x7C00 : 0x7F80
    for start in stride(from: 0, to: tensor.count, by: 1 << 16) {
      var piece = [UInt16](repeating: 0, count: min(1 << 16, tensor.count - start))
      let count = piece.count
      tensor.withPointer { convert($0 + start, &piece, count) }
      if let index = piece.firstIndex(where: { $0 & 0x7FFF >= infinity }) {
        throw .unrepresentable(
          tensor: name, index: start + index, value: tensor.elements[start + index], dtype: dtype)
      }
      let result = piece.withUnsafeBytes { bytes in
        Result { () throws(FileError) in try file.write(bytes) }
      }
      if case .failure(let error) = result { throw .file(error) }
    }
  }
}

// MARK: The header

extension SafetensorsFile {
  private typealias Problem = SafetensorsError.Problem

  /// Length, JSON, and spaces up to a multiple of 8 bytes.
  private static func header(
    _ tensors: [(String, Tensor)], _ dtype: DType, _ metadata: [String: String]
  ) -> [UInt8] {
    var json = Array("{".utf8)
    if !metadata.isEmpty { json += member(metadataKey) + object(metadata) }
    var offset = 0
    for (name, tensor) in tensors {
      precondition(name != metadataKey, "a tensor cannot be named \(metadataKey)")
      if json.count > 1 { json += ",".utf8 }
      let end = offset + tensor.count * dtype.width
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      json += member(name)
      json += "{\"dtype\":\"\(dtype.rawValue)\",\"shape\":[\(shape)],".utf8
      json += "\"data_offsets\":[\(offset),\(end)]}".utf8
      offset = end
    }
    json += "}".utf8
    json += [UInt8](repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
    return (0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) } + json
  }

  private static func object(_ members: [String: String]) -> [UInt8] {
    let sorted = members.sorted { precedes($0.key, $1.key) }
    let text = sorted.map { member($0.key) + quotedJSON($0.value) }
    return Array("{".utf8) + text.joined(separator: ",".utf8) + Array("}".utf8)
  }

  private static func member(_ key: String) -> [UInt8] { quotedJSON(key) + Array(":".utf8) }

  /// A JSON string: quotes, backslashes and control characters escaped, the rest as it is.
  private static func quotedJSON(_ text: String) -> [UInt8] {
    var bytes = Array("\"".utf8)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0x08: bytes += "\\b".utf8
      case 0x09: bytes += "\\t".utf8
      case 0x0A: bytes += "\\n".utf8
      case 0x0C: bytes += "\\f".utf8
      case 0x0D: bytes += "\\r".utf8
      case 0..<0x20: bytes += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
      default: bytes.append(byte)
      }
    }
    return bytes + Array("\"".utf8)
  }

  private static func precedes(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
  }
}
