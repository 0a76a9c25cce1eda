/// Numbers as people read them. What is no number shows as a dash.
enum Digits {
  static func fixed(_ value: Float, _ decimals: Int) -> String {
    guard value.isFinite else { return "-" }
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = (abs(Double(value)) * scale).rounded()
    guard scaled < 9e15 else { return "\(value)" }
    var digits = String(Int(scaled))
    if digits.count <= decimals {
      digits = String(repeating: "0", count: decimals + 1 - digits.count) + digits
    }
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return sign + digits }
    return sign + digits.dropLast(decimals) + "." + digits.suffix(decimals)
  }

  /// `1,204`.
  static func grouped(_ count: Int) -> String {
    let digits = Array(String(count))
    var text = ""
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0, digits[i - 1] != "-" { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// `8.1M`, `640K`, `12`.
  static func short(_ count: Int) -> String {
    switch count {
    case 1_000_000...: fixed(Float(count) / 1e6, 1) + "M"
    case 1_000...: fixed(Float(count) / 1e3, 0) + "K"
    default: "\(count)"
    }
  }

  /// Two digits that matter: `12 %`, `0.8 %`, `0.03 %`.
  static func percent(_ share: Float) -> String {
    let value = share * 100
    if value >= 9.95 || value == 0 { return fixed(value, 0) + " %" }
    if value < 0.005 { return "<0.01 %" }
    return fixed(value, value < 0.095 ? 2 : 1) + " %"
  }

  /// `0:42`, `1:02:03`.
  static func clock(_ seconds: Double) -> String {
    let whole = seconds.isFinite ? Int(min(max(0, seconds), 1e8)) : 0
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return hours > 0
      ? "\(hours):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
  }

  static func bytes(_ count: Int) -> String {
    count >= 1 << 20
      ? fixed(Float(count) / Float(1 << 20), 1) + " MiB" : fixed(Float(count) / 1024, 0) + " KiB"
  }

  /// Without a needless fraction: `1`, `0.5`.
  static func plain(_ value: Float) -> String {
    value == value.rounded() && abs(value) < 1e6 ? "\(Int(value))" : "\(value)"
  }

  /// 2⁻ᵇ: the probability of something that took so many bits of surprise.
  static func probability(bits: Float) -> Float {
    guard bits.isFinite, bits < 120 else { return 0 }
    let whole = bits.rounded(.down)
    // 2⁻ᶠ for f in 0..<1: the Taylor series of exp, to 1e-6
    let x = -(bits - whole) * 0.693_147_2
    let power =
      1 + x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5 * (1 + x / 6 * (1 + x / 7))))))
    return Float(sign: .plus, exponent: -Int(whole), significand: 1) * power
  }

  /// log₂, to 1 %: for scales of pictures.
  static func log2(_ value: Float) -> Float {
    guard value > 0, value.isFinite else { return -126 }
    let m = value.significand - 1
    return Float(value.exponent) + m * (1.3465 - 0.3465 * m)
  }
}
