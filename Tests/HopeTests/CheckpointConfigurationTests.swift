import Foundation
import Hope
import Testing

@Suite("config.json")
struct CheckpointConfigurationTests {
  private let folder = TestFolder()
  private var path: String { folder.file("model/config.json") }

  init() throws { try StoredModel.save(to: folder.file("model")) }

  /// What loading says after `old` was replaced by `new` in the good text.
  private func error(replacing old: String, by new: String) -> CheckpointError? {
    let text = String(decoding: bytes(ofFile: path), as: UTF8.self)
    precondition(text.contains(old), "\(old) is not in \(text)")
    return error(text.replacingOccurrences(of: old, with: new))
  }

  private func error(_ text: String) -> CheckpointError? { error(Array(text.utf8)) }

  private func error(_ text: [UInt8]) -> CheckpointError? {
    let before = bytes(ofFile: path)
    defer { folder.write(before, to: "model/config.json") }
    folder.write(text, to: "model/config.json")
    do throws(CheckpointError) {
      _ = try StoredModel.load(folder.file("model"))
      return nil
    } catch {
      #expect(error.description.hasPrefix("\"\(path)\""))
      return error
    }
  }

  private func field(_ field: String, _ reason: String) -> CheckpointError {
    .configurationField(path: path, field: field, reason: reason)
  }

  @Test("the text as it was saved, and reordered without spaces, loads")
  func control() {
    #expect(error(replacing: "\"width\" : 4", by: "\"width\":4") == nil)
    #expect(error(replacing: "\n", by: "") == nil)
  }

  @Test("each field must be there, those with a default too")
  func missing() throws {
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(bytes(ofFile: path))) as? [String: Any])
    #expect(object.count == 12)
    for key in object.keys {
      var rest = object
      rest[key] = nil
      let text = try JSONSerialization.data(withJSONObject: rest)
      #expect(error(Array(text)) == field(key, "is missing"))
    }
    #expect(
      error(replacing: "\"chunkSize\" : 8,", by: "") == field("levels[0].chunkSize", "is missing"))
  }

  @Test("an unknown field is named, in a level too")
  func unknown() {
    let reason = "is not a field of a configuration"
    #expect(
      error(replacing: "\"width\" : 4", by: "\"width\" : 4, \"widht\": 4") == field("widht", reason)
    )
    #expect(
      error(replacing: "\"chunkSize\" : 8", by: "\"chunkSize\" : 8, \"period\": {\"a\": []}")
        == field("levels[0].period", reason))
  }

  @Test("a field that is there twice is named, however it is spelled")
  func twice() {
    #expect(
      error(replacing: "\"width\" : 4", by: "\"width\" : 4, \"\\u0077idth\": 8")
        == field("width", "is there twice"))
    #expect(
      error(replacing: "\"chunkSize\" : 8", by: "\"chunkSize\" : 8, \"chunkSize\" : 8")
        == field("levels[0].chunkSize", "is there twice"))
  }

  @Test("a value of the wrong type is named")
  func types() {
    #expect(
      error(replacing: "\"width\" : 4", by: "\"width\" : \"4\"")
        == field("width", "is not a whole number"))
    #expect(
      error(replacing: "\"width\" : 4", by: "\"width\" : null")
        == field("width", "is not a whole number"))
    #expect(
      error(replacing: "\"chunkSize\" : 8", by: "\"chunkSize\" : [8]")
        == field("levels[0].chunkSize", "is not a whole number"))
    #expect(error("[]") == field("the whole text", "is not an object"))
  }

  @Test(
    "numbers that are not whole or too large, and unknown words, are errors of their field",
    arguments: [
      ("\"width\" : 4", "\"width\" : 4.5", "width"),
      ("\"width\" : 4", "\"width\" : 9223372036854775808", "width"),
      ("\"updateLimit\" : 0.5", "\"updateLimit\" : 1e60", "updateLimit"),
      ("\"updateLimit\" : 0.5", "\"updateLimit\" : 1e999", "updateLimit"),
      ("\"arch\" : \"hope\"", "\"arch\" : \"hope\\u001b[2J\"", "arch"),
    ])
  func values(old: String, new: String, name: String) throws {
    let error = try #require(self.error(replacing: old, by: new))
    guard case .configurationField(_, let field, _) = error else { throw error }
    #expect(field == name)
    #expect(!error.description.unicodeScalars.contains("\u{1B}"))
  }

  @Test("the configuration's own checks are asked")
  func validated() {
    #expect(
      error(replacing: "\"headCount\" : 2", by: "\"headCount\" : 3")
        == field("headCount", "3 does not divide width 4"))
    #expect(
      error(replacing: "\"width\" : 4", by: "\"width\" : -4")
        == field("width", "-4 is not in 1...16384"))
  }

  @Test("text that is not JSON is an error at its byte")
  func text() {
    func at(_ byte: Int, _ reason: String) -> CheckpointError {
      .configurationText(path: path, byte: byte, reason: reason)
    }
    #expect(error("") == at(0, "the end where a number should be"))
    #expect(error("{\"a\": 01}") == at(6, "a number begins with 0"))
    #expect(error("{\"a\": tru}") == at(6, "'t' where a value should be"))
    #expect(error("{\"a\": 1.}") == at(8, "'}' where a number should be"))
    #expect(error("{\"a\": 1e+}") == at(9, "'}' where a number should be"))
    #expect(error("{\"a\": [1 2]}") == at(9, "'2' where ',' or ']' should be"))
    #expect(error("{} {}") == at(3, "is followed by more text"))
    #expect(error([0x7B, 0xC0, 0x7D]) == at(1, "is not UTF-8"))
    #expect(
      error(String(repeating: "[", count: 1_000_000)) == at(8, "is nested too deeply"))
    #expect(
      error("{\"" + String(repeating: "k", count: 300) + "\":1}") == at(1, "a name is too long"))
  }

  @Test("a configuration of more than 1 MiB is not read")
  func tooLarge() {
    let text = [UInt8](repeating: UInt8(ascii: " "), count: (1 << 20) + 1)
    #expect(
      error(text) == .file(.tooLarge(path: path, byteCount: (1 << 20) + 1, limit: 1 << 20)))
  }
}
