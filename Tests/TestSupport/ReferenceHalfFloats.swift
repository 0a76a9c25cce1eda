import Glibc

/// Half floats by the definition of their bits.
extension Reference {
  /// IEEE binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits.
  package static func fromFloat16(_ bits: UInt16) -> Double {
    decode(UInt32(bits), exponentBits: 5, fractionBits: 10)
  }

  /// bfloat16: the upper half of a Float.
  package static func fromBFloat16(_ bits: UInt16) -> Double {
    decode(UInt32(bits), exponentBits: 8, fractionBits: 7)
  }

  private static func decode(_ bits: UInt32, exponentBits: Int, fractionBits: Int) -> Double {
    let highest = 1 << exponentBits - 1
    let bias = highest / 2
    let exponent = Int(bits >> UInt32(fractionBits)) & highest
    let fraction = Double(bits & (1 << UInt32(fractionBits) - 1)) / Double(1 << fractionBits)
    let sign: Double = bits >> UInt32(exponentBits + fractionBits) == 0 ? 1 : -1
    if exponent == highest { return fraction == 0 ? sign * .infinity : .nan }
    if exponent == 0 { return sign * fraction * exp2(Double(1 - bias)) }
    return sign * (1 + fraction) * exp2(Double(exponent - bias))
  }

  /// The bfloat16 nearest to `x`, ties to the even one, found by comparing the two neighbours.
  package static func toBFloat16(_ x: Float) -> UInt16 {
    let below = UInt16(x.bitPattern >> 16)
    guard x.isFinite, x.bitPattern & 0xffff != 0 else { return below }
    let above = below + 1  // away from zero; past the largest finite value this is infinity
    let low = abs(fromBFloat16(below))
    let value = Double(abs(x))
    let step = abs(fromBFloat16(below)) - abs(fromBFloat16(below == 0 ? 0 : below &- 1))
    let high = fromBFloat16(above).isFinite ? abs(fromBFloat16(above)) : low + step
    if value - low == high - value { return below & 1 == 0 ? below : above }
    return value - low < high - value ? below : above
  }
}
