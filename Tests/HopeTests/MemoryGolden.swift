// Golden data as plain dictionaries and tensors.
import Foundation
import Tensors
import TestSupport

struct Golden {
  let fields: [String: Any]

  init(_ fields: [String: Any]) { self.fields = fields }

  /// A file of the tests' folder `Golden`.
  init(_ path: String) throws {
    let url = Bundle.module.bundleURL.appendingPathComponent("Golden/\(path)")
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    fields = json as! [String: Any]
  }

  subscript(_ name: String) -> Golden { Golden(fields[name] as! [String: Any]) }
  func list(_ name: String) -> [Golden] {
    (fields[name] as! [[String: Any]]).map(Golden.init)
  }
  func number(_ name: String) -> Double { (fields[name] as! NSNumber).doubleValue }
  func flag(_ name: String) -> Bool { (fields[name] as! NSNumber).boolValue }
  func text(_ name: String) -> String { fields[name] as! String }
  func has(_ name: String) -> Bool {
    guard let value = fields[name] else { return false }
    return !(value is NSNull)
  }
  var names: [String] { fields.keys.sorted() }

  /// `{"shape": …, "values": …}`, as a matrix; a vector becomes a column.
  func packed(_ name: String) -> Matrix {
    let shape = (self[name].fields["shape"] as! [NSNumber]).map(\.intValue)
    let values = (self[name].fields["values"] as! [NSNumber]).map(\.doubleValue)
    return Matrix(shape[0], shape.count > 1 ? shape[1] : 1, values)
  }

  /// Nested lists, the outermost picked by `index` where there are three levels.
  func nested(_ name: String, _ index: Int = 0) -> Matrix {
    var value = fields[name] as! [Any]
    if let deeper = value[0] as? [Any], deeper[0] is [Any] { value = value[index] as! [Any] }
    let rows = value.map { ($0 as! [NSNumber]).map(\.doubleValue) }
    return Matrix(rows.count, rows[0].count, rows.flatMap { $0 })
  }
}
