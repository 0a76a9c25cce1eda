import Foundation
import Hope
import Testing

@Suite("Damaged safetensors", .timeLimit(.minutes(15)))
struct SafetensorsDamageTests {
  typealias Problem = SafetensorsError.Problem

  /// The problem of a file with these bytes; nil when it opens.
  private func problem(_ bytes: [UInt8]) -> Problem? {
    let folder = TestFolder()
    do throws(SafetensorsError) {
      _ = try SafetensorsFile(path: folder.write(bytes, to: "x"))
      return nil
    } catch {
      #expect(!error.description.contains { $0.isNewline })
      return error.problem
    }
  }

  /// A header of tensors `a` and, when given, `b`, with 16 bytes of data.
  private func pair(_ a: String, _ b: String? = nil) -> Problem? {
    let header = "{\"a\":{\(a)}" + (b.map { ",\"b\":{\($0)}" } ?? "") + "}"
    return problem(safetensors(header, data: [UInt8](repeating: 0, count: 16)))
  }

  private func fields(_ shape: String, _ offsets: String, dtype: String = "F32") -> String {
    "\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":\(offsets)"
  }

  @Test("the undamaged files of these tests open")
  func control() {
    #expect(pair(fields("[4]", "[0,16]")) == nil)
    #expect(pair(fields("[3]", "[4,16]"), fields("[]", "[0,4]")) == nil)
    #expect(pair(fields("[2]", "[0,8]"), fields("[4]", "[8,16]", dtype: "BF16")) == nil)
  }

  @Test("too few bytes for a length", arguments: [0, 1, 7])
  func short(size: Int) {
    #expect(problem([UInt8](repeating: 1, count: size)) == .tooShort(byteCount: size))
  }

  @Test("an impossible header length", arguments: [4, 100, 1 << 31, 1 << 63, UInt64.max])
  func headerLength(length: UInt64) {
    #expect(problem(safetensors("{} ", length: length)) == .headerLength(length, limit: 3))
  }

  @Test("a header beyond 100 MB is not even read")
  func hugeHeader() throws {
    let folder = TestFolder()
    let path = folder.write(safetensors("{}", length: 100_000_001), to: "x")
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.truncate(atOffset: 200_000_000)
    let expected = Problem.headerLength(100_000_001, limit: 100_000_000)
    #expect(throws: SafetensorsError(path: path, problem: expected)) {
      try SafetensorsFile(path: path)
    }
  }

  @Test(
    "a header that is not one JSON object, at its byte",
    arguments: [
      ("", 8), ("[]", 8), ("{", 9), ("{}x", 10), ("{\"a\"}", 12), ("{\"a\":1}", 13), ("{a:1}", 9),
      ("{\"__metadata__\":{},}", 27), ("{\"__metadata__\":{\"k\":1}}", 29), ("{\"a\n\":{}}", 11),
      ("{\"\\x\":{}}", 10), ("{\"\\u12\":{}}", 10), ("{\"\\uD800\":{}}", 10), ("{\"a", 9),
      ("{\"\\", 10), ("{\"\\uDC00\":{}}", 10), ("{\"\\uD800\\u0041\":{}}", 10), ("\0\0", 8),
      ("null", 8),
    ])
  func notJSON(header: String, byte: Int) throws {
    let problem = try #require(self.problem(safetensors(header)))
    guard case .header(let found, _) = problem else {
      #expect(Bool(false), "\(header): \(problem)")
      return
    }
    #expect(found == byte, "\(header): \(problem)")
  }

  @Test("text that is not UTF-8, at its byte")
  func utf8() {
    var bytes = safetensors("{\"aé😀b\":{}}")
    bytes[17] = 0xFF
    #expect(problem(bytes) == .header(byte: 17, reason: "is not UTF-8"))
  }

  @Test("ten million brackets cost neither stack nor time")
  func brackets() {
    let deep = String(repeating: "[", count: 10_000_000)
    for header in [deep, "{\"a\":{\"shape\":" + deep, "{\"__metadata__\":{\"a\":" + deep] {
      #expect(problem(safetensors(header)) != nil)
    }
    let objects = String(repeating: "{\"a\":", count: 2_000_000)
    #expect(problem(safetensors(objects)) == .unknownField(tensor: "a", field: "a"))
  }

  @Test("names and fields that are there twice, or not at all, or unknown")
  func fieldNames() {
    let whole = fields("[4]", "[0,16]")
    #expect(
      problem(
        safetensors(
          "{\"a\":{\(whole)},\"\\u0061\":{\(whole)}}", data: .init(repeating: 0, count: 16)))
        == .duplicateTensor("a"))
    #expect(
      problem(safetensors("{\"__metadata__\":{},\"__metadata__\":{}}"))
        == .duplicateTensor("__metadata__"))
    #expect(
      problem(safetensors("{\"__metadata__\":{\"k\":\"\",\"k\":\"\"}}"))
        == .duplicateField(tensor: "__metadata__", field: "k"))
    #expect(pair(whole + ",\"shape\":[4]") == .duplicateField(tensor: "a", field: "shape"))
    #expect(pair(whole + ",\"strides\":[1]") == .unknownField(tensor: "a", field: "strides"))
    #expect(pair("") == .missingField(tensor: "a", field: "dtype"))
    #expect(pair("\"dtype\":\"F32\"") == .missingField(tensor: "a", field: "shape"))
    #expect(
      pair("\"dtype\":\"F32\",\"shape\":[4]") == .missingField(tensor: "a", field: "data_offsets"))
  }

  @Test(
    "other dtypes are named",
    arguments: ["I64", "U8", "F64", "F8_E4M3", "f32", "", "F32\\u0000"])
  func dtypes(dtype: String) {
    let name = dtype.replacingOccurrences(of: "\\u0000", with: "\0")
    #expect(
      pair(fields("[4]", "[0,16]", dtype: dtype)) == .unsupportedDtype(tensor: "a", dtype: name))
  }

  @Test(
    "shapes that are none",
    arguments: [
      ("[-1]", "-1 is not a whole number from 0 up"),
      ("[4.0]", "4.0 is not a whole number from 0 up"),
      ("[4e0]", "4e0 is not a whole number from 0 up"), ("[04]", "a number begins with 0"),
      ("[9223372036854775808]", "9223372036854775808 does not fit 63 bits"),
      ("[4294967296,4294967296]", "[4294967296, 4294967296] has more elements than 63 bits count"),
      (
        "[0,9223372036854775807,2]",
        "[0, 9223372036854775807, 2] has more elements than 63 bits count"
      ),
      ("[1,1,1,1,1,1,1,1,4]", "more than 8 extents"), ("[[4]]", "'[' where a number should be"),
    ])
  func shapes(shape: String, reason: String) {
    #expect(pair(fields(shape, "[0,16]")) == .shape(tensor: "a", reason: reason))
  }

  @Test(
    "offsets that are none",
    arguments: [
      ("[16,0]", "16 is after 0"), ("[0,17]", "end at byte 17, the data has 16"),
      ("[0]", "not two numbers"),
      ("[]", "not two numbers"), ("[0,8,16]", "more than two numbers"),
      ("[0,18446744073709551615]", "18446744073709551615 does not fit 63 bits"),
      ("[-8,8]", "-8 is not a whole number from 0 up"),
      ("[0,9223372036854775807]", "end at byte 9223372036854775807, the data has 16"),
    ])
  func offsets(offsets: String, reason: String) {
    #expect(pair(fields("[4]", offsets)) == .offsets(tensor: "a", reason: reason))
  }

  @Test("bytes that belong to two tensors, or to none, or are too few or many")
  func coverage() {
    #expect(pair(fields("[3]", "[0,16]")) == .length(tensor: "a", spans: 16, needs: 12))
    #expect(
      pair(fields("[4]", "[0,16]", dtype: "F16")) == .length(tensor: "a", spans: 16, needs: 8))
    #expect(pair(fields("[3]", "[0,12]"), fields("[2]", "[8,16]")) == .overlap("a", "b"))
    #expect(pair(fields("[4]", "[0,16]"), fields("[4]", "[0,16]")) == .overlap("a", "b"))
    #expect(pair(fields("[4]", "[0,16]"), fields("[0]", "[8,8]")) == .overlap("a", "b"))
    #expect(pair(fields("[1]", "[0,4]"), fields("[2]", "[8,16]")) == .unclaimed(begin: 4, end: 8))
    #expect(pair(fields("[2]", "[8,16]")) == .unclaimed(begin: 0, end: 8))
    #expect(pair(fields("[2]", "[0,8]")) == .unclaimed(begin: 8, end: 16))
    #expect(problem(safetensors("{}", data: [0])) == .unclaimed(begin: 0, end: 1))
  }

  @Test("an element that is not finite is named, in every dtype")
  func nonFinite() throws {
    let folder = TestFolder()
    let cases: [(String, [UInt8])] = [
      ("F32", [0, 0, 0, 0, 0, 0, 0xC0, 0x7F]), ("F32", [0, 0, 0, 0, 0, 0, 0x80, 0xFF]),
      ("F16", [0, 0, 0, 0x7C]), ("F16", [0, 0, 1, 0xFC]), ("BF16", [0, 0, 0x80, 0x7F]),
    ]
    for (dtype, data) in cases {
      let header = "{\"w\":{\(fields("[2]", "[0,\(data.count)]", dtype: dtype))}}"
      let path = folder.write(safetensors(header, data: data), to: "x")
      let file = try SafetensorsFile(path: path)
      let expected = SafetensorsError(path: path, problem: .nonFinite(tensor: "w", index: 1))
      #expect(throws: expected) { try file.tensor(named: "w") }
    }
  }

  @Test("a file that shrinks after it was opened is an error, not a signal")
  func shrinks() throws {
    let folder = TestFolder()
    let header = "{\"w\":{\(fields("[2]", "[0,8]"))}}"
    let path = folder.write(safetensors(header, data: .init(repeating: 0, count: 8)), to: "x")
    let file = try SafetensorsFile(path: path)
    let size = file.file.byteCount
    try FileHandle(forWritingTo: URL(fileURLWithPath: path)).truncate(atOffset: UInt64(size - 3))
    let expected = FileError.endedEarly(path: path, byte: size - 3, byteCount: size)
    #expect(throws: SafetensorsError(path: path, problem: .file(expected))) {
      try file.tensor(named: "w")
    }
    #expect(throws: SafetensorsError(path: path, problem: .noSuchTensor("v"))) {
      try file.tensor(named: "v")
    }
  }
}
