import Tensors

/// How the memories of a self-modifying layer feed each other (spec §3.2, §3.3).
package struct SelfModifyingRule: Sendable, Equatable {
  package var memory: MemoryRule
  /// C_oth: tokens between two snapshots of the generating memories; C_mem: of the main memory.
  package var otherChunkSize: Int, mainChunkSize: Int
  /// Which rows are scaled to unit length before they enter a memory.
  package var normalizesInputs: Bool
  package var normalizesKeysAndQueries: Bool
  package var normalizesValues: Bool
  /// Added to the squared length.
  package var normEpsilon: Float
  /// η = rateScale · softplus(raw + bias).
  package var rateScale: Float

  /// Two-layer memories with bounded steps; everything on the unit sphere.
  package static func stable(width: Int, chunkSize: Int) -> SelfModifyingRule {
    SelfModifyingRule(
      memory: .stable(width: width), otherChunkSize: chunkSize, mainChunkSize: chunkSize,
      normalizesInputs: true, normalizesKeysAndQueries: true, normalizesValues: true,
      normEpsilon: Tensor.normEpsilon, rateScale: 1)
  }

  /// The rule as the paper prints it. σ and momentum are open there: SiLU and none, so that the
  /// preset has a reverse pass and can be trained.
  package static func paperLiteral(otherChunkSize: Int, mainChunkSize: Int) -> SelfModifyingRule {
    SelfModifyingRule(
      memory: .paperLiteral, otherChunkSize: otherChunkSize, mainChunkSize: mainChunkSize,
      normalizesInputs: false, normalizesKeysAndQueries: true, normalizesValues: false,
      normEpsilon: 1e-12, rateScale: 1)
  }
}

/// Rows scaled to unit length, or left alone, with the way back.
struct UnitRows: Sendable {
  let rows: Tensor
  private let inverse: Tensor?

  init(_ x: Tensor, normalizes: Bool, epsilon: Float) {
    guard normalizes else {
      (rows, inverse) = (x, nil)
      return
    }
    var unit = Tensor.uninitialized(x.shape)
    var inverse = Tensor.uninitialized([x.rowCount])
    unit.withMutablePointer { y in
      inverse.withMutablePointer { inverse in
        x.withPointer {
          Kernels.unitRows(
            $0, epsilon: epsilon, into: y, inverse: inverse, rows: x.rowCount, width: x.width)
        }
      }
    }
    (rows, self.inverse) = (unit, inverse)
  }

  func reverse(_ rowsB: Tensor) -> Tensor {
    guard let inverse else { return rowsB }
    var result = Tensor.zeros(rows.shape)
    result.withMutablePointer { dx in
      rows.withPointer { y in
        inverse.withPointer { inverse in
          rowsB.withPointer {
            Kernels.unitRowsReverse(
              y, inverse: inverse, $0, into: dx, rows: rows.rowCount, width: rows.width)
          }
        }
      }
    }
    return result
  }
}

/// The gates of some tokens from the raw outputs of their memories, one per row.
struct GateRows: Sendable {
  /// η ≥ 0 and ln α ≤ 0 `[tokens, 1]`.
  let rates: Tensor, logRetentions: Tensor
  private let rawRates: Tensor, rawRetentions: Tensor?
  private let rateScale: Float
  private let writes: [Float]?

  /// - Parameters:
  ///   - retentions: nil: everything is kept.
  ///   - writes: 0 for tokens that are not written: their gates are η = 0 and α = 1; nil: all are.
  init(
    rates: Tensor, bias rateBias: Float, scale: Float, retentions: Tensor?,
    bias retentionBias: Float, writes: [Float]? = nil
  ) {
    rawRates = Tensor(shape: rates.shape, elements: rates.elements.map { $0 + rateBias })
    rateScale = scale
    self.writes = writes
    var etas = rawRates.mapped { Kernels.softplus($0, into: $1, $2) }.scaled(by: scale)
    etas.scaleRows(by: writes)
    self.rates = etas
    // ln σ(z) = −softplus(−z)
    rawRetentions = retentions.map { raw in
      Tensor(shape: raw.shape, elements: raw.elements.map { -($0 + retentionBias) })
    }
    var logs =
      rawRetentions.map { $0.mapped { Kernels.softplus($0, into: $1, $2) }.scaled(by: -1) }
      ?? .zeros(rates.shape)
    logs.scaleRows(by: writes)
    logRetentions = logs
  }

  /// Cotangents of the raw outputs; those of the biases are their sums.
  func reverse(rates ratesB: Tensor, logRetentions logB: Tensor) -> (Tensor, Tensor?) {
    var rates = rawRates.mapped { Kernels.sigmoid($0, into: $1, $2) }.scaled(by: rateScale)
    rates.multiply(by: ratesB)
    rates.scaleRows(by: writes)
    let retentions = rawRetentions.map { raw in
      var slope = raw.mapped { Kernels.sigmoid($0, into: $1, $2) }
      slope.multiply(by: logB)
      slope.scaleRows(by: writes)
      return slope
    }
    return (rates, retentions)
  }
}
