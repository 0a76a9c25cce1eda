// The only file that imports COpenBLAS: matrix products, matrix–vector products, triangular solves.
import COpenBLAS

/// OpenBLAS, single-threaded; parallelism is our own (`Lanes`), because OpenBLAS' threads collapse
/// when anything else uses a core.
package enum BLAS {
  /// Turns OpenBLAS' own threads off. Call once at start.
  package static func prepare() { openblas_set_num_threads(1) }

  /// The processor core OpenBLAS chose its kernels for. Different cores give different bits.
  package static var coreName: String { String(cString: openblas_get_corename()) }

  /// Only the AVX-512 cores have small-matrix kernels worth cutting a product for.
  private static let hasSmallKernels = ["SkylakeX", "Cooperlake"].contains(coreName)

  /// c[m, n] = alpha · op(a) · op(b) + beta · c, row-major; `lda`, `ldb`, `ldc` are row strides.
  package static func product(
    _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Float>, _ lda: Int, transposed ta: Bool,
    _ b: UnsafePointer<Float>, _ ldb: Int, transposed tb: Bool = false,
    into c: UnsafeMutablePointer<Float>, _ ldc: Int, alpha: Float = 1, beta: Float = 0
  ) {
    guard m > 0, n > 0 else { return }
    if m == 1, !ta || lda == 1 {
      return vectorProduct(n, k, a, b, ldb, transposed: tb, into: c, alpha: alpha, beta: beta)
    }
    let step = columnBlock(m, n, k, transposed: tb)
    for first in stride(from: 0, to: n, by: step) {
      cblas_sgemm(
        CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans,
        Int32(m), Int32(min(step, n - first)), Int32(k), alpha, a, Int32(lda),
        tb ? b + first * ldb : b + first, Int32(ldb), beta, c + first, Int32(ldc))
    }
  }

  /// c[m, n] = alpha · a · op(b) + beta · c: the common case of an untransposed left side.
  package static func product(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ lda: Int,
    _ b: UnsafePointer<Float>, _ ldb: Int, transposed tb: Bool = false,
    into c: UnsafeMutablePointer<Float>, _ ldc: Int, alpha: Float = 1, beta: Float = 0
  ) {
    product(
      m, n, k, a, lda, transposed: false, b, ldb, transposed: tb, into: c, ldc, alpha: alpha,
      beta: beta)
  }

  /// Output columns per call: skinny products (4…64 rows) stay in OpenBLAS' small kernels when
  /// m·n·k ≤ 10⁶, and for transposed right sides m·n ≤ 1024 (measured; see docs/decisions.md).
  private static func columnBlock(_ m: Int, _ n: Int, _ k: Int, transposed: Bool) -> Int {
    guard hasSmallKernels, (4...64).contains(m), m * n * k > 1_000_000 else { return n }
    let most = max(16, min(1_000_000 / (m * k), transposed ? 1024 / m : n))
    return max(16, most / 16 * 16)
  }

  /// c[n] = alpha · a[k] · op(b) + beta · c. A plain product with rows is our own kernel's: it asks
  /// for the rows early enough to read them at the speed of the caches.
  private static func vectorProduct(
    _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ ldb: Int,
    transposed: Bool, into c: UnsafeMutablePointer<Float>, alpha: Float, beta: Float
  ) {
    if transposed, alpha == 1, beta == 0 {
      return Kernels.rowsDot(b, stride: ldb, a, into: c, rows: n, width: k)
    }
    let (rows, columns) = transposed ? (n, k) : (k, n)
    cblas_sgemv(
      CblasRowMajor, transposed ? CblasNoTrans : CblasTrans, Int32(rows), Int32(columns), alpha, b,
      Int32(ldb), a, 1, beta, c, 1)
  }

  /// Solves L·Z = Z in place for a unit lower triangular `l` [size, size]; z is [size, columns].
  package static func solveUnitLower(
    _ l: UnsafePointer<Float>, size: Int, _ z: UnsafeMutablePointer<Float>, columns: Int,
    transposed: Bool = false
  ) {
    guard size > 0, columns > 0 else { return }
    cblas_strsm(
      CblasRowMajor, CblasLeft, CblasLower, transposed ? CblasTrans : CblasNoTrans, CblasUnit,
      Int32(size), Int32(columns), 1, l, Int32(size), z, Int32(columns))
  }
}
