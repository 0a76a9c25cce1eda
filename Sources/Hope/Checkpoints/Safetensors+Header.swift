extension SafetensorsFile {
  /// The header of a file, read and checked.
  struct Header {
    typealias Problem = SafetensorsError.Problem

    /// In the order of the data.
    private(set) var entries: [Entry] = []
    private(set) var metadata: [String: String] = [:]
    /// Index in the file of the first byte of data.
    private let dataStart: Int
    private let dataCount: Int

    init(of file: ReadOnlyFile) throws(Problem) {
      let length = try Self.length(in: file)
      dataStart = 8 + length
      dataCount = file.byteCount - dataStart
      var scanner = try JSONScanner<Problem>(Self.bytes(8..<dataStart, of: file))
      try read(&scanner)
      try checkCoverage()
    }

    private static func length(in file: ReadOnlyFile) throws(Problem) -> Int {
      guard file.byteCount >= 8 else { throw .tooShort(byteCount: file.byteCount) }
      let length = try bytes(0..<8, of: file).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      let limit = min(file.byteCount - 8, headerLimit)
      guard length <= UInt64(limit) else { throw .headerLength(length, limit: limit) }
      return Int(length)
    }

    private static func bytes(
      _ range: Range<Int>, of file: ReadOnlyFile
    ) throws(Problem) -> [UInt8] {
      try Problem.wrapping { () throws(FileError) in try file.bytes(range) }
    }

    private mutating func read(_ scanner: inout JSONScanner<Problem>) throws(Problem) {
      var seen: Set<String> = []
      try scanner.object { (scanner, name, _) throws(Problem) in
        guard seen.insert(name).inserted else { throw .duplicateTensor(name) }
        if name == metadataKey {
          try readMetadata(&scanner)
        } else {
          entries.append(try entry(name, &scanner))
        }
      }
      try scanner.end()
    }

    private mutating func readMetadata(_ scanner: inout JSONScanner<Problem>) throws(Problem) {
      try scanner.object { (scanner, key, _) throws(Problem) in
        guard metadata.updateValue(try scanner.string(), forKey: key) == nil else {
          throw .duplicateField(tensor: metadataKey, field: key)
        }
      }
    }

    /// `{"dtype": …, "shape": […], "data_offsets": [begin, end]}`, in any order.
    private func entry(
      _ name: String, _ scanner: inout JSONScanner<Problem>
    ) throws(Problem) -> Entry {
      var dtype: DType?
      var shape: [Int]?
      var offsets: Range<Int>?
      var seen: Set<String> = []
      try scanner.object { (scanner, field, _) throws(Problem) in
        guard seen.insert(field).inserted else {
          throw .duplicateField(tensor: name, field: field)
        }
        switch field {
        case "dtype": dtype = try Self.dtype(of: name, &scanner)
        case "shape": shape = try Self.shape(of: name, &scanner)
        case "data_offsets": offsets = try self.offsets(of: name, &scanner)
        default: throw .unknownField(tensor: name, field: field)
        }
      }
      guard let dtype else { throw .missingField(tensor: name, field: "dtype") }
      guard let shape else { throw .missingField(tensor: name, field: "shape") }
      guard let offsets else { throw .missingField(tensor: name, field: "data_offsets") }
      let needs = try Self.byteCount(name, dtype, shape)
      guard offsets.count == needs else {
        throw .length(tensor: name, spans: offsets.count, needs: needs)
      }
      let range = offsets.lowerBound + dataStart..<offsets.upperBound + dataStart
      return Entry(name: name, dtype: dtype, shape: shape, byteRange: range)
    }
  }
}

// MARK: The three fields

extension SafetensorsFile.Header {
  private static func dtype(
    of name: String, _ scanner: inout JSONScanner<Problem>
  ) throws(Problem) -> SafetensorsFile.DType {
    let text = try scanner.string()
    guard let dtype = SafetensorsFile.DType(rawValue: text) else {
      throw .unsupportedDtype(tensor: name, dtype: text)
    }
    return dtype
  }

  /// At most 8 extents; an empty shape is a single element.
  private static func shape(
    of name: String, _ scanner: inout JSONScanner<Problem>
  ) throws(Problem) -> [Int] {
    var shape: [Int] = []
    try scanner.array { (scanner, index) throws(Problem) in
      guard index < 8 else { throw .shape(tensor: name, reason: "more than 8 extents") }
      do throws(Problem) {
        shape.append(try scanner.wholeNumber())
      } catch .header(_, let reason) {
        throw .shape(tensor: name, reason: reason)
      }
    }
    return shape
  }

  private func offsets(
    of name: String, _ scanner: inout JSONScanner<Problem>
  ) throws(Problem) -> Range<Int> {
    var ends: [Int] = []
    try scanner.array { (scanner, index) throws(Problem) in
      guard index < 2 else { throw .offsets(tensor: name, reason: "more than two numbers") }
      do throws(Problem) {
        ends.append(try scanner.wholeNumber())
      } catch .header(_, let reason) {
        throw .offsets(tensor: name, reason: reason)
      }
    }
    guard ends.count == 2 else { throw .offsets(tensor: name, reason: "not two numbers") }
    guard ends[0] <= ends[1] else {
      throw .offsets(tensor: name, reason: "\(ends[0]) is after \(ends[1])")
    }
    guard ends[1] <= dataCount else {
      throw .offsets(
        tensor: name, reason: "end at byte \(ends[1]), the data has \(dataCount)")
    }
    return ends[0]..<ends[1]
  }

  /// Every extent counts, also beside a 0, so that no product of some of them can overflow later.
  private static func byteCount(
    _ name: String, _ dtype: SafetensorsFile.DType, _ shape: [Int]
  ) throws(Problem) -> Int {
    var size = dtype.width
    for extent in shape where extent > 0 {
      let (product, overflows) = size.multipliedReportingOverflow(by: extent)
      guard !overflows else {
        throw .shape(tensor: name, reason: "\(shape) has more elements than 63 bits count")
      }
      size = product
    }
    return shape.contains(0) ? 0 : size
  }

  /// Sorts the entries by place and checks that they cover the data without overlap or hole.
  private mutating func checkCoverage() throws(Problem) {
    entries.sort { Self.place($0) < Self.place($1) }
    var covered = dataStart
    for (index, entry) in entries.enumerated() {
      let begin = entry.byteRange.lowerBound
      guard begin >= covered else { throw .overlap(entries[index - 1].name, entry.name) }
      try check(covered, begin)
      covered = entry.byteRange.upperBound
    }
    try check(covered, dataStart + dataCount)
  }

  private static func place(_ entry: SafetensorsFile.Entry) -> (Int, Int, String) {
    (entry.byteRange.lowerBound, entry.byteRange.upperBound, entry.name)
  }

  private func check(_ covered: Int, _ next: Int) throws(Problem) {
    guard covered == next else {
      throw .unclaimed(begin: covered - dataStart, end: next - dataStart)
    }
  }
}
