import Tensors
import TestSupport
import Testing

/// z = x ⊙ y with its reverse rule, the way operations are recorded.
private func product(_ tape: inout Tape, _ x: Variable, _ y: Variable) -> Variable {
  let (a, b) = (tape[x], tape[y])
  var value = a
  for i in value.elements.indices { value.elements[i] *= b.elements[i] }
  let z = tape.leaf(value)
  tape.record { gradients in
    guard let dz = gradients.take(z) else { return }
    gradients.add(into: x, shape: a.shape) { dx in
      b.withPointer { b in dz.withPointer { Kernels.multiplyAdd($0, b, into: dx, dz.count) } }
    }
    gradients.add(into: y, shape: b.shape) { dy in
      a.withPointer { a in dz.withPointer { Kernels.multiplyAdd($0, a, into: dy, dz.count) } }
    }
  }
  return z
}

@Suite("Tape")
struct TapeTests {
  private var tape = Tape()
  private let x: Variable, y: Variable, xy: Variable, cube: Variable
  private let ones = Tensor([3], filledWith: 1)

  /// cube = (x y) x, so ∂/∂x = 2 x y and ∂/∂y = x².
  init() {
    x = tape.leaf(Tensor(shape: [3], elements: [1, 2, -3]))
    y = tape.leaf(Tensor(shape: [3], elements: [4, 5, 6]))
    xy = product(&tape, x, y)
    cube = product(&tape, xy, x)
  }

  @Test("values are what was computed, in the order they were computed")
  func values() {
    #expect(tape[cube].elements == [4, 20, 54])
    #expect(x < y && y < xy && xy < cube)
    #expect(tape.nextIndex == 4)
  }

  @Test("a variable used twice collects both cotangents")
  func gradients() {
    let gradients = tape.gradients(seeds: [(cube, ones)])
    #expect(gradients[x]?.elements == [8, 20, -36])
    #expect(gradients[y]?.elements == [1, 4, 9])
  }

  @Test("the tape agrees with central differences")
  func centralDifferences() throws {
    let y = tape[y].doubles
    let gradient = try #require(tape.gradients(seeds: [(cube, ones)])[x])
    let wrong = GradientCheck.mismatch(gradient, at: tape[x]) { x in
      Reference.sum(Reference.multiply(Reference.multiply(x, y), x))
    }
    #expect(wrong == nil)
  }

  @Test("the gradient check finds a wrong gradient and names the element")
  func wrongGradient() throws {
    var gradient = try #require(tape.gradients(seeds: [(cube, ones)])[x])
    gradient.elements[1] += 0.01
    let y = tape[y].doubles
    let wrong = GradientCheck.mismatch(gradient, at: tape[x]) { x in
      Reference.sum(Reference.multiply(Reference.multiply(x, y), x))
    }
    #expect(wrong?.index == 1)
  }

  @Test("variables below the floor are constants")
  func floor() {
    let gradients = tape.gradients(seeds: [(cube, ones)], floor: xy.index, keeping: [xy])
    #expect(gradients[x] == nil)
    #expect(gradients[xy]?.elements == [1, 2, -3])
    #expect(!gradients.wants(y) && gradients.wants(xy))
  }

  @Test("inner cotangents are consumed unless kept")
  func keeping() {
    #expect(tape.gradients(seeds: [(cube, ones)])[xy] == nil)
    let kept = tape.gradients(seeds: [(cube, ones)], keeping: [xy])
    #expect(kept[xy]?.elements == [1, 2, -3])
    #expect(kept[x]?.elements == [8, 20, -36])
  }

  @Test("several seeds add up, and a seed may stand on an inner variable")
  func seeds() {
    let gradients = tape.gradients(seeds: [(cube, ones), (xy, ones), (xy, ones)])
    #expect(gradients[y]?.elements == [3, 8, 3])
  }

  @Test("a buffer is overwritten first and added to afterwards")
  func overwriteOrAdd() {
    var gradients = tape.gradients(seeds: [])
    var betas: [Float] = []
    for value in [2, 3] as [Float] {
      gradients.overwriteOrAdd(into: x, shape: [3]) { buffer, beta in
        betas.append(beta)
        for i in 0..<3 { buffer[i] = value + (beta == 0 ? 0 : beta * buffer[i]) }
      }
    }
    #expect(betas == [0, 1])
    #expect(gradients[x]?.elements == [5, 5, 5])
  }
}
