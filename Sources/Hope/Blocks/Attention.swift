import Tensors

// The mixer of `arch: hope-attention`: causal softmax attention with rotary positions. Its context is
// its memory: the level "attention", of infinite frequency. Write off: a token leaves no key behind.
// Read off: a token sees only itself.

extension AttentionParameters where Value == Variable {
  /// One chunk. a [rows, width]; the state's keys and values are extended by the writable rows.
  func forward(
    _ a: Variable, state: inout MixerState<Variable>, access: MixerAccess, position: Int,
    configuration c: HopeConfiguration, sequences: Int, tape: inout Tape
  ) -> Variable {
    let w = c.headWidth
    let q = tape.rotate(
      tape.linear(a, query), width: w, sequences: sequences, firstPosition: position)
    let k = tape.rotate(
      tape.linear(a, key), width: w, sequences: sequences, firstPosition: position)
    let keys = tape.appendRows(k, to: state.keys, sequences: sequences)
    let values = tape.appendRows(
      tape.linear(a, value), to: state.values, sequences: sequences)
    let heard = tape.attend(
      q, keys: keys, values: values, heads: c.headCount, readGains: access.readGains,
      hidden: hidden(access.writes, all: tape[keys].shape[1], sequences: sequences))
    (state.keys, state.values) = tape.dropRows(keys, values, unwritten: access.writes, sequences)
    return tape.linear(heard, output)
  }

  /// Which positions leave no key: only rows of this chunk can be unwritten.
  private func hidden(_ writes: [Float]?, all: Int, sequences: Int) -> [Bool]? {
    guard let writes, writes.contains(0) else { return nil }
    let tokens = writes.count / sequences
    var result: [Bool] = []
    for s in 0..<sequences {
      result += Array(repeating: false, count: all - tokens)
      result += writes[s * tokens..<(s + 1) * tokens].map { $0 == 0 }
    }
    return result
  }
}

extension AttentionParameters where Value == Tensor {
  /// One token of one sequence.
  func step(
    _ a: Tensor, running: inout MixerState<Tensor>, readGain: Float, writes: Bool, position: Int,
    configuration c: HopeConfiguration, lanes: Int
  ) -> Tensor {
    let rotation = Rotation(width: c.headWidth, tokens: 1, firstPosition: position)
    let q = rotation.applied(a.timesTransposed(query, lanes: lanes), sign: 1)
    let k = rotation.applied(a.timesTransposed(key, lanes: lanes), sign: 1)
    let keys = running.keys.appendingRow(k)
    let values = running.values.appendingRow(a.timesTransposed(value, lanes: lanes))
    let (heard, _) = AttentionCall(
      q: q, k: keys, v: values, heads: c.headCount, readGains: [readGain]
    ).forward()
    if writes { (running.keys, running.values) = (keys, values) }
    return heard.timesTransposed(output, lanes: lanes)
  }
}

extension Tape {
  /// Keys and values without the rows that were not written; all sequences alike must agree on the
  /// number of rows, so a row is dropped only when every sequence leaves it unwritten.
  fileprivate mutating func dropRows(
    _ keys: Variable, _ values: Variable, unwritten writes: [Float]?, _ sequences: Int
  ) -> (Variable, Variable) {
    guard let writes, writes.contains(0) else { return (keys, values) }
    precondition(sequences == 1, "write switches of attention work on one stream at a time")
    let old = self[keys].shape[1] - writes.count
    let kept = Array(0..<old) + writes.indices.filter { writes[$0] != 0 }.map { old + $0 }
    return (keepRows(keys, kept), keepRows(values, kept))
  }

  /// Rows `kept` of the only sequence.
  private mutating func keepRows(_ x: Variable, _ kept: [Int]) -> Variable {
    let (shape, width) = (self[x].shape, self[x].width)
    let y = leaf(self[x].keepingRows(kept))
    record { g in
      guard let dy = g.take(y) else { return }
      var dx = Tensor.zeros(shape)
      for (from, to) in kept.enumerated() {
        dx.elements.replaceSubrange(
          to * width..<(to + 1) * width, with: dy.elements[from * width..<(from + 1) * width])
      }
      g.accumulate(into: x, dx)
    }
    return y
  }
}

extension Tensor {
  /// Rows `kept` of the only sequence of [1, rows, width].
  fileprivate func keepingRows(_ kept: [Int]) -> Tensor {
    Tensor(
      shape: [1, kept.count, width],
      elements: kept.flatMap { elements[$0 * width..<($0 + 1) * width] })
  }
}

extension Tensor? {
  /// [1, tokens, width] with one more row.
  fileprivate func appendingRow(_ row: Tensor) -> Tensor {
    guard let self else { return row.reshaped([1, 1, row.width]) }
    return Tensor(
      shape: [1, self.shape[1] + 1, row.width], elements: self.elements + row.elements)
  }
}
