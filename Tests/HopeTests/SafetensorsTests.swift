import Foundation
import Hope
import Tensors
import TestSupport
import Testing

@Suite("Safetensors")
struct SafetensorsTests {
  /// What Golden/make_safetensors.py wrote.
  static let golden: [(String, Tensor)] = [
    ("blocks.0.weight", Tensor(shape: [2, 3], elements: [-0.75, -0.5, -0.25, 0, 0.25, 0.5])),
    ("embedding", Tensor(shape: [5], elements: [1.5, -2, 0, 1024, 0x1p-14])),
    ("größe \"1\"", .zeros([0, 4])), ("scalar", Tensor(shape: [], elements: [-0.5])),
  ]

  static func goldenPath(_ dtype: SafetensorsFile.DType) -> String {
    Bundle.module.resourcePath! + "/Golden/safetensors-\(dtype.rawValue.lowercased()).safetensors"
  }

  @Test("files of the reference implementation are read", arguments: SafetensorsFile.DType.allCases)
  func readsGolden(dtype: SafetensorsFile.DType) throws {
    let file = try SafetensorsFile(path: Self.goldenPath(dtype))
    #expect(file.entries.map(\.name) == Self.golden.map(\.0).sorted { $0 < $1 })
    #expect(file.entries.allSatisfy { $0.dtype == dtype })
    for (name, tensor) in Self.golden {
      #expect(try file.tensor(named: name).hasSameBits(as: tensor))
    }
    let metadata = dtype == .float32 ? ["made by": "tab\there, \\ and é"] : [:]
    #expect(file.metadata == metadata)
  }

  @Test(
    "what is written equals the reference implementation's file byte for byte",
    arguments: SafetensorsFile.DType.allCases)
  func writesGolden(dtype: SafetensorsFile.DType) throws {
    let folder = TestFolder()
    let path = folder.file("model.safetensors")
    let metadata = dtype == .float32 ? ["made by": "tab\there, \\ and é"] : [:]
    try SafetensorsFile.write(
      Self.golden.reversed(), dtype: dtype, metadata: metadata, to: path)
    #expect(bytes(ofFile: path) == bytes(ofFile: Self.goldenPath(dtype)))
    #expect(folder.names() == ["model.safetensors"])
  }

  @Test("tensors come back, rounded to the dtype", arguments: [1, 63, 64, 100, 70_000])
  func roundTrip(size: Int) throws {
    let folder = TestFolder()
    var random = RandomSource(seed: 7)
    let tensor = Tensor.normal([1, size], deviation: 1, &random)
    for (dtype, error) in [
      (SafetensorsFile.DType.float32, 0.0), (.float16, 0x1p-11), (.bfloat16, 0x1p-8),
    ] {
      let path = folder.file(dtype.rawValue)
      try SafetensorsFile.write([("x", tensor)], dtype: dtype, to: path)
      let file = try SafetensorsFile(path: path)
      let back = try file.tensor(named: "x")
      #expect(mismatch(back, tensor, relative: error, absolute: 0x1p-25) == nil)
      #expect(file.entry(named: "x")?.byteRange.count == size * dtype.width)
      try SafetensorsFile.write([("x", back)], dtype: dtype, to: folder.file("again"))
      #expect(bytes(ofFile: folder.file("again")) == bytes(ofFile: path))
    }
  }

  @Test("no tensors are a file too")
  func empty() throws {
    let folder = TestFolder()
    try SafetensorsFile.write([], to: folder.file("x"))
    #expect(bytes(ofFile: folder.file("x")) == safetensors("{}      "))
    #expect(try SafetensorsFile(path: folder.file("x")).entries.isEmpty)
  }

  @Test("every control character in names and metadata comes back")
  func strings() throws {
    let folder = TestFolder()
    let all = String(String.UnicodeScalarView((0...0x80).map { Unicode.Scalar(UInt8($0)) })) + "😀"
    let path = folder.file("x")
    try SafetensorsFile.write([(all, .zeros([1]))], metadata: [all: all, "b": ""], to: path)
    let file = try SafetensorsFile(path: path)
    #expect(file.entries.map(\.name) == [all])
    #expect(file.metadata == [all: all, "b": ""])
  }

  @Test("escapes in a header are read")
  func escapes() throws {
    let folder = TestFolder()
    let header = #"{ "\u0041\uD83D\uDE00\/\b" : {"shape":[],"data_offsets":[0,4],"dtype":"F32"}}  "#
    let path = folder.write(safetensors(header, data: [0, 0, 0x80, 0x3F]), to: "x")
    let tensor = try SafetensorsFile(path: path).tensor(named: "A😀/\u{8}")
    #expect(tensor == Tensor(shape: [], elements: [1]))
  }

  @Test("what a dtype cannot hold is refused, and the old file stays")
  func unrepresentable() throws {
    let folder = TestFolder()
    folder.write("old", to: "x")
    let path = folder.file("x")
    let cases: [(Float, SafetensorsFile.DType, SafetensorsError.Problem)] = [
      (.nan, .float32, .nonFinite(tensor: "t", index: 66_000)),
      (-.infinity, .float16, .nonFinite(tensor: "t", index: 66_000)),
      (
        65520, .float16, .unrepresentable(tensor: "t", index: 66_000, value: 65520, dtype: .float16)
      ),
      (
        .greatestFiniteMagnitude, .bfloat16,
        .unrepresentable(
          tensor: "t", index: 66_000, value: .greatestFiniteMagnitude, dtype: .bfloat16)
      ),
    ]
    for (value, dtype, problem) in cases {
      var tensor = Tensor.zeros([67_000])
      tensor.elements[66_000] = value
      #expect(throws: SafetensorsError(path: path, problem: problem)) {
        try SafetensorsFile.write([("t", tensor)], dtype: dtype, to: path)
      }
    }
    #expect(folder.names() == ["x"])
    #expect(bytes(ofFile: path) == Array("old".utf8))
  }

  static let pythonHasSafetensors = python("import safetensors, numpy") == 0

  static func python(_ code: String) -> Int32? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", code]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test("Python reads what we write", .enabled(if: pythonHasSafetensors))
  func pythonReads() throws {
    let folder = TestFolder()
    let path = folder.file("x.safetensors")
    let tensor = Tensor(shape: [2, 2], elements: [1, 2, 3, 4.5])
    try SafetensorsFile.write([("b", tensor), ("a", .zeros([3]))], dtype: .float16, to: path)
    let code = """
      from safetensors.numpy import load_file
      t = load_file("\(path)")
      assert sorted(t) == ["a", "b"] and t["a"].tolist() == [0, 0, 0]
      assert t["b"].dtype == "float16" and t["b"].tolist() == [[1, 2], [3, 4.5]]
      """
    #expect(Self.python(code) == 0)
  }
}
