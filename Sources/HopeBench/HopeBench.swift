import Foundation
import Hope
import Tensors

/// `hope-bench`: what the model costs on this machine, every figure beside a reference measured in
/// the same run. A benchmark, never a test.
@main
struct HopeBench {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard let options = BenchOptions(arguments) else {
      print(BenchOptions.usage)
      exit(arguments.contains("--help") || arguments.contains("-h") ? 0 : 2)
    }
    BLAS.prepare()
    Kernels.keepFreedMemory()
    let report = BenchReport(json: options.json, only: options.only)
    report.begin()
    let peaks = PeakCases(report).run()
    for lanes in options.lanes {
      StreamCases(report: report, lanes: lanes).run()
      TrainingCases(report: report, lanes: lanes, peak: peaks[lanes] ?? 0).run()
    }
    ScreenCases(report: report).run()
    RecordingCases(report: report).run()
    TerminalCases(report: report).run()
    if options.isLong, report.wants("cost of a token") { LongChatCase(report: report).run() }
    report.note(
      "resident memory", residentMegabytes(), unit: "MB",
      reference: nil, detail: "the whole process at the end of the run")
  }

  /// The process' peak resident set.
  private static func residentMegabytes() -> Double {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    return Double(usage.ru_maxrss) / 1024
  }
}

/// What to measure.
struct BenchOptions {
  var json = false
  var lanes = [1, 2]
  var isLong = true
  /// Runs the cases whose name holds this; the others' figures are left out, also as references.
  var only: String?

  static let usage = """
    hope-bench [--json] [--threads 1,2] [--quick] [--only TEXT]
      --json     one object a figure
      --threads  how many threads to measure with
      --quick    without the chat of 50,000 tokens
      --only     the cases whose name holds TEXT, such as "decode" or "learning on"
    """

  init?(_ arguments: [String]) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--json": json = true
      case "--quick": isLong = false
      case "--only":
        guard let text = rest.popFirst() else { return nil }
        only = text
      case "--threads":
        let counts = rest.popFirst()?.split(separator: ",").compactMap { Int($0) } ?? []
        guard !counts.isEmpty, counts.allSatisfy({ (1...64).contains($0) }) else { return nil }
        lanes = counts
      default: return nil
      }
    }
  }
}

/// The model every figure is about: width 256, 4 blocks, vocabulary 4,096, three levels.
enum BenchModel {
  static let configuration: HopeConfiguration = {
    var c = HopeConfiguration(
      vocabularySize: 4096, width: 256, blockCount: 4, headCount: 4,
      levels: [64, 256, 1024].enumerated().map { i, size in
        .init(
          name: "cms\(i + 1)", chunkSize: size, hiddenWidth: 320, retention: size < 1024 ? 0.5 : 1)
      })
    c.updateLimit = 4
    return c
  }()

  /// Weights as a model file has them: bfloat16.
  static func model(lanes: Int) -> HopeModel {
    var random = RandomSource(seed: 1)
    let parameters = HopeParameters(configuration) {
      $0.startValue(&random).roundedToBFloat16().withHalves()
    }
    var model = HopeModel(configuration: configuration, parameters: parameters)
    model.lanes = lanes
    return model
  }

  static func tokens(_ count: Int) -> [TokenID] {
    var random = RandomSource(seed: 7)
    return (0..<count).map { _ in TokenID(random.integer(below: configuration.vocabularySize)) }
  }

  static func settings(learning: Bool) -> LevelSettings {
    var settings = LevelSettings(levelCount: configuration.levels.count)
    if !learning { for l in settings.levels.indices { settings.levels[l].access = .off } }
    return settings
  }
}

/// Seconds of one call: the median of several after a warm-up.
func medianSeconds(_ runs: Int = 5, _ body: () -> Void) -> Double {
  body()
  let times = (0..<runs).map { _ in
    let start = DispatchTime.now().uptimeNanoseconds
    body()
    return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
  }
  return times.sorted()[times.count / 2]
}
