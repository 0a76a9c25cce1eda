import Tensors

/// The reference of everything else: what sgemm reaches in this run, on one and on two lanes.
struct PeakCases {
  let report: BenchReport

  init(_ report: BenchReport) { self.report = report }

  /// GFLOP/s by lanes.
  func run() -> [Int: Double] {
    var peaks: [Int: Double] = [:]
    for lanes in [1, 2] {
      let rate = peak(512, lanes: lanes)
      peaks[lanes] = rate
      report.note(
        "sgemm 512×512×512, \(lanes) lane\(lanes > 1 ? "s" : "")", rate, unit: "GFLOP/s",
        reference: lanes > 1 ? peaks[1] : nil, detail: lanes > 1 ? "of one lane" : "")
    }
    return peaks
  }

  /// Every lane multiplies matrices of its own.
  private func peak(_ n: Int, lanes: Int) -> Double {
    var random = RandomSource(seed: 3)
    let (a, b) = (
      Tensor.normal([n, n], deviation: 1, &random), Tensor.normal([n, n], deviation: 1, &random)
    )
    let repeats = 16
    let seconds = medianSeconds {
      Lanes.run(lanes, lanes: lanes) { _ in
        for _ in 0..<repeats { _ = a.timesTransposed(b) }
      }
    }
    return 2 * Double(n * n * n) * Double(repeats * lanes) / seconds / 1e9
  }
}
