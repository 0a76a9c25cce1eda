/// What is wrong with a safetensors file. `description` is one sentence, safe to print.
package struct SafetensorsError: Error, Equatable, CustomStringConvertible {
  package enum Problem: Error, Equatable {
    case file(FileError)
    /// Fewer than the 8 bytes of the header's length.
    case tooShort(byteCount: Int)
    case headerLength(UInt64, limit: Int)
    /// The header is not the JSON this format asks for, at this byte of the file.
    case header(byte: Int, reason: String)
    case duplicateTensor(String)
    case duplicateField(tensor: String, field: String)
    case unknownField(tensor: String, field: String)
    case missingField(tensor: String, field: String)
    case unsupportedDtype(tensor: String, dtype: String)
    case shape(tensor: String, reason: String)
    /// Not two numbers, or begin > end, or end beyond the data; counted from the data's start.
    case offsets(tensor: String, reason: String)
    /// The offsets span another number of bytes than dtype and shape need.
    case length(tensor: String, spans: Int, needs: Int)
    case overlap(String, String)
    /// Bytes of data that belong to no tensor.
    case unclaimed(begin: Int, end: Int)
    case noSuchTensor(String)
    case nonFinite(tensor: String, index: Int)
    /// A finite element that is infinite in the dtype of the file to be written.
    case unrepresentable(tensor: String, index: Int, value: Float, dtype: SafetensorsFile.DType)
  }

  package let path: String
  package let problem: Problem

  package init(path: String, problem: Problem) {
    self.path = path
    self.problem = problem
  }

  package var description: String {
    if case .file(let error) = problem { return error.description }
    return "\(quoted(path)): \(problem.sentence)"
  }
}

extension SafetensorsError.Problem: JSONFailure {
  /// `byte` counts from the header's start, 8 bytes into the file.
  init(byte: Int, reason: String) { self = .header(byte: 8 + byte, reason: reason) }

  /// Does `body`; its error becomes `.file`.
  static func wrapping<Value: ~Copyable>(
    _ body: () throws(FileError) -> Value
  ) throws(Self) -> Value {
    do throws(FileError) {
      return try body()
    } catch {
      throw .file(error)
    }
  }
}

extension SafetensorsError.Problem {
  fileprivate var sentence: String {
    switch self {
    case .file(let error): error.description
    case .tooShort(let byteCount):
      "has \(byteCount) bytes, too few for a safetensors file; \(Self.fetchAgain)"
    case .headerLength(let length, let limit):
      "says its header has \(length) bytes; at most \(limit) are possible here; \(Self.fetchAgain)"
    case .header(let byte, let reason): "header, byte \(byte): \(reason); \(Self.fetchAgain)"
    case .duplicateTensor(let name): "names tensor \(quote(name)) twice; \(Self.fetchAgain)"
    case .duplicateField(let tensor, let field):
      "tensor \(quote(tensor)) has \(quote(field)) twice; \(Self.fetchAgain)"
    case .unknownField(let tensor, let field):
      "tensor \(quote(tensor)) has an unknown field \(quote(field)); \(Self.fetchAgain)"
    case .missingField(let tensor, let field):
      "tensor \(quote(tensor)) has no \(quote(field)); \(Self.fetchAgain)"
    case .unsupportedDtype(let tensor, let dtype):
      "tensor \(quote(tensor)) has dtype \(quote(dtype)); store it as F32, F16 or BF16"
    case .shape(let tensor, let reason):
      "tensor \(quote(tensor)), shape: \(reason); \(Self.fetchAgain)"
    case .offsets(let tensor, let reason):
      "tensor \(quote(tensor)), data_offsets: \(reason); \(Self.fetchAgain)"
    case .length(let tensor, let spans, let needs):
      "tensor \(quote(tensor)) spans \(spans) bytes where its dtype and shape need \(needs); "
        + Self.fetchAgain
    case .overlap(let one, let other):
      "tensors \(quote(one)) and \(quote(other)) overlap; \(Self.fetchAgain)"
    case .unclaimed(let begin, let end):
      "data bytes \(begin) to \(end) belong to no tensor; \(Self.fetchAgain)"
    case .noSuchTensor(let name):
      "has no tensor \(quote(name)); does the file belong to this model?"
    case .nonFinite(let tensor, let index):
      "tensor \(quote(tensor)), element \(index) is not finite; \(Self.fetchAgain)"
    case .unrepresentable(let tensor, let index, let value, let dtype):
      "tensor \(quote(tensor)), element \(index) is \(value), which \(dtype.rawValue) cannot hold; "
        + "write F32"
    }
  }

  private static var fetchAgain: String { "the file is damaged, fetch or make it again" }

  private func quote(_ name: String) -> String { quoted(name, limit: 80) }
}
