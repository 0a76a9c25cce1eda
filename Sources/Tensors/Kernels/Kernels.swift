// The element-wise kernels of CKernels, under Swift names. Bodies and contracts: CKernels/kernels.h.
import CKernels

package enum Kernels {
  /// The table of the best instruction set this processor has.
  static let table: k_table = k_get().pointee

  /// "avx512", "avx2" or "base": part of a run's numeric identity.
  package static var instructionSet: String { String(cString: table.isa) }

  /// Keeps freed memory in the process; call once at start of a long computation.
  package static func keepFreedMemory() { k_keep_freed_memory() }

  package typealias In = UnsafePointer<Float>
  package typealias Out = UnsafeMutablePointer<Float>

  package static func dot(_ x: In, _ y: In, _ n: Int) -> Float { table.dot(x, y, n) }
  /// y[r] = w[r] · x for rows of `w` that begin `stride` elements apart.
  package static func rowsDot(
    _ w: In, stride: Int, _ x: In, into y: Out, rows: Int, width: Int
  ) { table.rows_dot(w, stride, x, y, rows, width) }
  package static func rowsDot(
    halves w: UnsafePointer<UInt16>, stride: Int, _ x: In, into y: Out, rows: Int, width: Int
  ) { table.bf16_rows_dot(w, stride, x, y, rows, width) }
  package static func sum(_ x: In, _ n: Int) -> Float { table.sum(x, n) }
  package static func absoluteMaximum(_ x: In, _ n: Int) -> Float { table.abs_max(x, n) }
  package static func addScaled(_ a: Float, _ x: In, to y: Out, _ n: Int) { table.axpy(a, x, y, n) }
  package static func scale(_ x: Out, by a: Float, _ n: Int) { table.scale(a, x, n) }
  package static func add(_ x: In, _ y: In, into z: Out, _ n: Int) { table.add(x, y, z, n) }
  package static func multiply(_ x: In, _ y: In, into z: Out, _ n: Int) {
    table.multiply(x, y, z, n)
  }
  package static func multiplyAdd(_ x: In, _ y: In, into z: Out, _ n: Int) {
    table.multiply_add(x, y, z, n)
  }
  package static func exponential(_ x: In, into y: Out, _ n: Int) { table.exp(x, y, n) }
  package static func sigmoid(_ x: In, into y: Out, _ n: Int) { table.sigmoid(x, y, n) }
  package static func silu(_ x: In, into y: Out, _ n: Int) { table.silu(x, y, n) }
  package static func siluReverse(_ x: In, _ dy: In, into dx: Out, _ n: Int) {
    table.silu_reverse(x, dy, dx, n)
  }
  package static func gelu(_ x: In, into y: Out, _ n: Int) { table.gelu(x, y, n) }
  package static func swiglu(_ x: In, into z: Out, rows: Int, width: Int) {
    table.swiglu(x, z, rows, width)
  }
  package static func swigluReverse(_ x: In, _ dz: In, into dx: Out, rows: Int, width: Int) {
    table.swiglu_reverse(x, dz, dx, rows, width)
  }
  package static func siluGate(_ y: In, _ x: In, into z: Out, _ n: Int) {
    table.silu_gate(y, x, z, n)
  }
  package static func siluGateReverse(
    _ y: In, _ x: In, _ dz: In, into dy: Out, _ dx: Out, _ n: Int
  ) { table.silu_gate_reverse(y, x, dz, dy, dx, n) }
  package static func rmsNorm(
    _ x: In, weight: In, epsilon: Float, into y: Out, inverse: Out, rows: Int, width: Int
  ) { table.rms_norm(x, weight, epsilon, y, inverse, rows, width) }
  package static func rmsNormReverse(
    _ x: In, weight: In, inverse: In, _ dy: In, into dx: Out, weight dw: Out?, rows: Int, width: Int
  ) { table.rms_norm_reverse(x, weight, inverse, dy, dx, dw, rows, width) }
  package static func unitRows(
    _ x: In, epsilon: Float, into y: Out, inverse: Out, rows: Int, width: Int
  ) { table.unit_rows(x, epsilon, y, inverse, rows, width) }
  package static func unitRowsReverse(
    _ y: In, inverse: In, _ dy: In, into dx: Out, rows: Int, width: Int
  ) { table.unit_rows_reverse(y, inverse, dy, dx, rows, width) }
  /// Logits become probabilities in place; `loss[r]` = −ln p[target[r]], 0 where the target is −1.
  package static func softmaxLoss(
    _ logits: Out, targets: UnsafePointer<Int32>, loss: Out, rows: Int, width: Int
  ) { table.softmax_loss(logits, targets, loss, rows, width) }
  package static func convolution(
    past: In, _ x: In, weight: In, into y: Out, tokens: Int, width: Int
  ) { table.convolution(past, x, weight, y, tokens, width) }
  package static func convolutionReverse(
    past: In, _ x: In, weight: In, _ dy: In, past dpast: Out?, into dx: Out, weight dw: Out?,
    tokens: Int, width: Int
  ) { table.convolution_reverse(past, x, weight, dy, dpast, dx, dw, tokens, width) }
  /// m = decay · m + a · u vᵀ, m is [rows, width].
  package static func decayRankOne(
    _ m: Out, decay: Float, _ a: Float, _ u: In, _ v: In, rows: Int, width: Int
  ) { table.decay_rank_one(decay, a, u, v, m, rows, width) }
  package static func adamW(
    _ w: Out, _ g: In, _ m: Out, _ v: Out, rate: Float, beta1: Float, beta2: Float, root: Float,
    epsilon: Float, shrink: Float, gradientScale: Float, _ n: Int
  ) { table.adamw(w, g, m, v, rate, beta1, beta2, root, epsilon, shrink, gradientScale, n) }
  package static func fromFloat16(_ x: UnsafePointer<UInt16>, into y: Out, _ n: Int) {
    table.from_f16(x, y, n)
  }
  package static func fromBFloat16(_ x: UnsafePointer<UInt16>, into y: Out, _ n: Int) {
    table.from_bf16(x, y, n)
  }
  package static func toFloat16(_ x: In, into y: UnsafeMutablePointer<UInt16>, _ n: Int) {
    table.to_f16(x, y, n)
  }
  package static func toBFloat16(_ x: In, into y: UnsafeMutablePointer<UInt16>, _ n: Int) {
    table.to_bf16(x, y, n)
  }
  /// First and second derivative of SiLU, first of GELU.
  package static func siluSlope(_ x: In, into y: Out, _ n: Int) { table.silu_slope(x, y, n) }
  package static func siluCurvature(_ x: In, into y: Out, _ n: Int) {
    table.silu_curvature(x, y, n)
  }
  package static func geluSlope(_ x: In, into y: Out, _ n: Int) { table.gelu_slope(x, y, n) }
  /// ln(1 + eˣ).
  package static func softplus(_ x: In, into y: Out, _ n: Int) { table.softplus(x, y, n) }
}
