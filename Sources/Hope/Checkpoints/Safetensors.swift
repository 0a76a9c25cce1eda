package import Tensors

/// A safetensors file whose header has been read and checked whole: every byte of data belongs to
/// exactly one tensor, and every tensor has the bytes its dtype and shape need.
///
/// Layout: the header's length as 8 little-endian bytes, the header (JSON, padded with spaces), the
/// data. Opened for reading only. Memory in use is the header, at most 100 MB and never more than
/// the file, and one tensor at a time.
package struct SafetensorsFile: Sendable {
  /// How elements are stored; in memory they are Float32.
  package enum DType: String, Sendable, CaseIterable {
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"

    /// Bytes per element.
    package var width: Int { self == .float32 ? 4 : 2 }
  }

  package struct Entry: Sendable, Equatable {
    package let name: String
    package let dtype: DType
    package let shape: [Int]
    /// Where the elements lie, in bytes from the start of the file.
    package let byteRange: Range<Int>

    package var elementCount: Int { byteRange.count / dtype.width }
  }

  /// What `__metadata__` may never name, a tensor.
  static let metadataKey = "__metadata__"
  /// The reference implementation's limit.
  static let headerLimit = 100_000_000

  /// In the order of the data.
  package let entries: [Entry]
  package let metadata: [String: String]
  package let file: ReadOnlyFile
  private let indices: [String: Int]

  package var path: String { file.path }

  /// Opens the file and checks the header against the format and the file's size.
  package init(path: String) throws(SafetensorsError) {
    do throws(SafetensorsError.Problem) {
      file = try SafetensorsError.Problem.wrapping { () throws(FileError) in
        try ReadOnlyFile(path: path)
      }
      let header = try Header(of: file)
      (entries, metadata) = (header.entries, header.metadata)
    } catch {
      throw SafetensorsError(path: path, problem: error)
    }
    indices = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
  }

  package func entry(named name: String) -> Entry? { indices[name].map { entries[$0] } }

  /// Reads one tensor as Float32. Elements that are not finite are an error.
  package func tensor(named name: String) throws(SafetensorsError) -> Tensor {
    do throws(SafetensorsError.Problem) {
      guard let entry = entry(named: name) else { throw .noSuchTensor(name) }
      let tensor = try elements(of: entry)
      guard tensor.isFinite else {
        let index = tensor.elements.firstIndex { !$0.isFinite } ?? 0
        throw .nonFinite(tensor: name, index: index)
      }
      return tensor
    } catch {
      throw SafetensorsError(path: path, problem: error)
    }
  }

  private func elements(of entry: Entry) throws(SafetensorsError.Problem) -> Tensor {
    var tensor = Tensor.uninitialized(entry.shape)
    let result = tensor.withMutablePointer { elements in
      Result { () throws(FileError) in
        switch entry.dtype {
        case .float32: try read(entry, into: elements)
        case .float16: try widen(entry, into: elements, Kernels.fromFloat16)
        case .bfloat16: try widen(entry, into: elements, Kernels.fromBFloat16)
        }
      }
    }
    if case .failure(let error) = result { throw .file(error) }
    return tensor
  }

  private func read(
    _ entry: Entry, into elements: UnsafeMutablePointer<Float>
  ) throws(FileError) {
    let bytes = UnsafeMutableRawBufferPointer(start: elements, count: entry.byteRange.count)
    try file.read(into: bytes, at: entry.byteRange.lowerBound)
  }

  /// Reads 16-bit elements in pieces, so that the narrow copy never counts.
  private func widen(
    _ entry: Entry, into elements: UnsafeMutablePointer<Float>,
    _ convert: (UnsafePointer<UInt16>, UnsafeMutablePointer<Float>, Int) -> Void
  ) throws(FileError) {
    var piece = [UInt16](repeating: 0, count: min(entry.elementCount, 1 << 16))
    for start in stride(from: 0, to: entry.elementCount, by: 1 << 16) {
      let count = min(piece.count, entry.elementCount - start)
      let result = piece.withUnsafeMutableBytes { bytes in
        Result { () throws(FileError) in
          try file.read(
            into: UnsafeMutableRawBufferPointer(rebasing: bytes[..<(2 * count)]),
            at: entry.byteRange.lowerBound + 2 * start)
        }
      }
      try result.get()
      convert(piece, elements + start, count)
    }
  }
}
