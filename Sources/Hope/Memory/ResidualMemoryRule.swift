package import Tensors

// The chunk form of head-wise two-layer memories on the tape (spec §3.3, §3.5, §3.7): in every sequence
// and head, five memories generate their own keys, values, rates and retentions and learn from them.
//
// The state is what they have learned beyond their start, L = W − W₀: a fresh state is zero, and W₀
// takes part in every chunk, so that cotangents reach it.

/// What one mixer chunk of two-layer memories works on, or the cotangents of that.
package struct ResidualSignals<Value> {
  /// x and W_q x [rows, heads·w], rows [sequence][token].
  package var tokens: Value, queries: Value
  /// b_η and b_α [heads].
  package var etaBias: Value, alphaBias: Value
  /// W₀: the outer [heads, out, w] and the inner matrix [heads, w, w] of k, v, η, α and main in turn.
  package var start: [Value]
  /// L in the same order, [sequences, heads, out, w] and [sequences, heads, w, w]; empty: zeros.
  package var learned: [Value]

  package init(
    tokens: Value, queries: Value, etaBias: Value, alphaBias: Value, start: [Value],
    learned: [Value]
  ) {
    precondition(
      start.count == 10 && (learned.isEmpty || learned.count == 10),
      "\(start.count) start and \(learned.count) learned matrices of five two-layer memories")
    (self.tokens, self.queries) = (tokens, queries)
    (self.etaBias, self.alphaBias) = (etaBias, alphaBias)
    (self.start, self.learned) = (start, learned)
  }

  var flat: [Value] { [tokens, queries, etaBias, alphaBias] + start + learned }

  func map<T>(_ transform: (Value) -> T) -> ResidualSignals<T> {
    ResidualSignals<T>(
      tokens: transform(tokens), queries: transform(queries), etaBias: transform(etaBias),
      alphaBias: transform(alphaBias), start: start.map(transform),
      learned: learned.map(transform))
  }
}

extension Tape {
  /// One chunk of every sequence and head: reads [rows, heads·w] of the main memory, weighted as
  /// o = M₀(q) + gain · (M(q) − M₀(q)), and L at the chunk's end. Rows that may not write leave the
  /// memories as they are; where no row may, `learned` is what it was.
  package mutating func residualChunk(
    _ signals: ResidualSignals<Variable>, rule: SelfModifyingRule, access: MixerAccess,
    sequences: Int
  ) -> (reads: Variable, learned: [Variable]) {
    let call = ResidualChunk(
      signals: signals.map { self[$0] }, rule: rule, access: access, sequences: sequences)
    let (reads, ends, heads) = call.forward()
    let y = leaf(reads)
    let learned = call.isWritten ? ends.map { leaf($0) } : signals.learned
    record { g in
      let readsB = g.take(y)
      let learnedB = call.isWritten ? learned.map { g.take($0) } : []
      guard readsB != nil || learnedB.contains(where: { $0 != nil }) else { return }
      let bars = call.reverse(heads, reads: readsB, learned: learnedB)
      for (variable, bar) in zip(signals.flat, bars.flat) { g.accumulate(into: variable, bar) }
    }
    return (y, learned)
  }
}

/// One `residualChunk`.
struct ResidualChunk {
  typealias Role = SelfModifyingMemories.Role
  /// In the order of the start weights.
  static let roles: [Role] = [.key, .value, .eta, .alpha, .main]

  let signals: ResidualSignals<Tensor>
  let rule: SelfModifyingRule
  let access: MixerAccess
  let sequences: Int

  /// Whether any row may write.
  var isWritten: Bool { access.writes?.contains { $0 != 0 } ?? true }

  /// One head of one sequence.
  struct Place {
    let head: Int
    /// Where it lies in rows.
    let rows: Range<Int>, columns: Range<Int>
    /// Its number among the matrices of a state.
    let number: Int
  }

  /// What `reverse` needs of one place again.
  struct HeadTrace {
    let memories: SelfModifyingMemories
    let trace: SelfModifyingMemories.Trace
    /// Of M₀(q), where gains need it.
    let base: MemoryWeights.ReadTrace?
  }

  var places: [Place] {
    let (heads, w) = (signals.etaBias.count, signals.start[1].width)
    let count = signals.tokens.rowCount / sequences
    precondition(
      signals.tokens.shape == [count * sequences, heads * w],
      "rows \(signals.tokens.shape) of \(sequences) sequences and \(heads) heads of \(w)")
    return (0..<sequences * heads).map { number in
      let (s, h) = (number / heads, number % heads)
      return Place(
        head: h, rows: s * count..<(s + 1) * count, columns: h * w..<(h + 1) * w, number: number)
    }
  }

  /// - Parameter snapshot: L at the chunk's start where that is not `signals.learned`, as in the
  ///   middle of a chunk; empty: zeros.
  func forward(
    snapshot: [Tensor]? = nil
  ) -> (reads: Tensor, learned: [Tensor], heads: [HeadTrace]) {
    var reads = Tensor.uninitialized(signals.tokens.shape)
    var learned = signals.start.map { Tensor.uninitialized([sequences] + $0.shape) }
    var heads: [HeadTrace] = []
    for place in places {
      var memories = memories(place, snapshot)
      var (answers, trace) = memories.run(inputs(place))
      let base = applyGains(&answers, trace.queries.rows, place)
      reads.setBlock(place, answers)
      for (i, role) in Self.roles.enumerated() {
        let (end, start) = (memories[role].memory.weights, weights(i, signals.start, place.head))
        learned[2 * i].setMatrix(place.number, end.outer.minus(start.outer))
        learned[2 * i + 1].setMatrix(place.number, end.inner.minus(start.inner))
      }
      heads.append(HeadTrace(memories: memories, trace: trace, base: base))
    }
    return (reads, learned, heads)
  }

  private func memories(_ place: Place, _ snapshot: [Tensor]?) -> SelfModifyingMemories {
    var streamed: [Role: StreamedMemory] = [:]
    for (i, role) in Self.roles.enumerated() {
      let start = weights(i, signals.start, place.head)
      func at(_ learned: [Tensor]) -> MemoryWeights {
        var result = start
        if !learned.isEmpty { result.add(weights(i, learned, place.number)) }
        return result
      }
      let running = at(signals.learned)
      streamed[role] = StreamedMemory(
        ResidualMemory(running, isResidual: role != .eta && role != .alpha, start: start),
        snapshot: snapshot.map(at) ?? running,
        chunkSize: role == .main ? rule.mainChunkSize : rule.otherChunkSize)
    }
    return SelfModifyingMemories(rule, continuing: streamed)
  }

  /// The matrices of memory `i` in a list of stacked ones.
  private func weights(_ i: Int, _ stacks: [Tensor], _ number: Int) -> MemoryWeights {
    MemoryWeights(inner: stacks[2 * i + 1].matrix(number), outer: stacks[2 * i].matrix(number))
  }

  private func inputs(_ place: Place) -> SelfModifyingMemories.Inputs {
    SelfModifyingMemories.Inputs(
      tokens: signals.tokens.block(place), queries: signals.queries.block(place),
      etaBias: signals.etaBias.elements[place.head],
      alphaBias: signals.alphaBias.elements[place.head],
      writes: access.writes.map { Array($0[place.rows]) })
  }

  /// A row with gain 0 is M₀(q) bit for bit, one with gain 1 is left as it is.
  private func applyGains(
    _ reads: inout Tensor, _ queries: Tensor, _ place: Place
  ) -> MemoryWeights.ReadTrace? {
    guard let gains = access.readGains?[place.rows] else { return nil }
    let start = weights(Self.roles.count - 1, signals.start, place.head)
    let (base, trace) = start.read(queries, rule.memory, isResidual: true)
    for (t, gain) in gains.enumerated() where gain != 1 {
      for j in t * base.width..<(t + 1) * base.width {
        let b = base.elements[j]
        reads.elements[j] = gain == 0 ? b : b + gain * (reads.elements[j] - b)
      }
    }
    return trace
  }
}

extension ResidualChunk {
  /// Cotangents of all signals from those of the reads and of L at the chunk's end; nil: zeros.
  func reverse(
    _ heads: [HeadTrace], reads readsB: Tensor?, learned endB: [Tensor?]
  ) -> ResidualSignals<Tensor> {
    var bars = signals.map { Tensor.zeros($0.shape) }
    for (place, head) in zip(places, heads) {
      var answersB =
        readsB?.block(place) ?? .zeros([place.rows.count, place.columns.count])
      reverseGains(head, place, &answersB, into: &bars)
      var states = endCotangents(place, endB, into: &bars)
      let found = head.memories.reverse(head.trace, outputs: answersB, states: &states)
      bars.tokens.addBlock(place, found.tokens)
      if let queriesB = found.queries { bars.queries.addBlock(place, queriesB) }
      bars.etaBias.elements[place.head] += found.etaBias
      bars.alphaBias.elements[place.head] += found.alphaBias
      for (i, role) in Self.roles.enumerated() {
        if let sum = states[role]?.sum { add(sum, i, place, to: &bars) }
      }
    }
    return bars
  }

  /// The way of the reads through M₀; `answersB` keeps the way through what was learned.
  private func reverseGains(
    _ head: HeadTrace, _ place: Place, _ answersB: inout Tensor,
    into bars: inout ResidualSignals<Tensor>
  ) {
    guard let base = head.base, let gains = access.readGains.map({ Array($0[place.rows]) }) else {
      return
    }
    var baseB = answersB
    baseB.scaleRows(by: gains.map { 1 - $0 })
    answersB.scaleRows(by: gains)
    let main = Self.roles.count - 1
    let start = weights(main, signals.start, place.head)
    var startB = MemoryWeights.zeros(like: start)
    let queriesB = start.reverseRead(
      head.trace.queries.rows, base, rule.memory, isResidual: true, output: baseB, into: &startB)
    bars.queries.addBlock(place, head.trace.queries.reverse(queriesB))
    bars.start[2 * main].addMatrix(place.head, startB.outer)
    bars.start[2 * main + 1].addMatrix(place.head, startB.inner)
  }

  /// L = W − W₀: the cotangents of the written weights are those of L, and W₀ gets their negatives.
  private func endCotangents(
    _ place: Place, _ endB: [Tensor?], into bars: inout ResidualSignals<Tensor>
  ) -> [Role: StreamedMemory.Cotangents] {
    var states: [Role: StreamedMemory.Cotangents] = [:]
    for (k, stack) in endB.enumerated() {
      guard let part = stack?.matrix(place.number) else { continue }
      bars.start[k].addMatrix(place.head, part, scaledBy: -1)
      let role = Self.roles[k / 2]
      var state =
        states[role] ?? .zeros(like: weights(k / 2, signals.start, place.head))
      if k % 2 == 0 { state.running.outer = part } else { state.running.inner = part }
      states[role] = state
    }
    return states
  }

  /// W = W₀ + L at the chunk's start: both get the cotangent.
  private func add(
    _ sum: MemoryWeights, _ i: Int, _ place: Place, to bars: inout ResidualSignals<Tensor>
  ) {
    for (k, part) in [(2 * i, sum.outer), (2 * i + 1, sum.inner)] {
      bars.start[k].addMatrix(place.head, part)
      if !bars.learned.isEmpty { bars.learned[k].addMatrix(place.number, part) }
    }
  }
}

extension Tensor {
  /// The last two extents' matrix `number` of a stack.
  fileprivate func matrix(_ number: Int) -> Tensor {
    let shape = Array(shape.suffix(2))
    let size = shape[0] * shape[1]
    return Tensor(shape: shape, elements: Array(elements[number * size..<(number + 1) * size]))
  }

  fileprivate mutating func setMatrix(_ number: Int, _ matrix: Tensor) {
    withMutablePointer { y in
      matrix.withPointer { (y + number * matrix.count).update(from: $0, count: matrix.count) }
    }
  }

  fileprivate mutating func addMatrix(_ number: Int, _ matrix: Tensor, scaledBy scale: Float = 1) {
    withMutablePointer { y in
      matrix.withPointer {
        Kernels.addScaled(scale, $0, to: y + number * matrix.count, matrix.count)
      }
    }
  }

  /// A place's rows and columns, [tokens, w].
  fileprivate func block(_ place: ResidualChunk.Place) -> Tensor {
    Tensor(
      shape: [place.rows.count, place.columns.count],
      elements: place.rows.flatMap { row in
        elements[row * width + place.columns.lowerBound..<row * width + place.columns.upperBound]
      })
  }

  fileprivate mutating func setBlock(_ place: ResidualChunk.Place, _ block: Tensor) {
    eachRow(place, block) { $0.update(from: $1, count: $2) }
  }

  fileprivate mutating func addBlock(_ place: ResidualChunk.Place, _ block: Tensor) {
    eachRow(place, block) { Kernels.addScaled(1, $1, to: $0, $2) }
  }

  private mutating func eachRow(
    _ place: ResidualChunk.Place, _ block: Tensor,
    _ body: (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int) -> Void
  ) {
    let (stride, w) = (width, block.width)
    withMutablePointer { y in
      block.withPointer { x in
        for (t, row) in place.rows.enumerated() {
          body(y + row * stride + place.columns.lowerBound, x + t * w, w)
        }
      }
    }
  }
}
