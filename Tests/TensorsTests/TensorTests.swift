import Tensors
import TestSupport
import Testing

@Suite("Tensor")
struct TensorTests {
  @Test("a copy keeps its elements when the original is written")
  func value() {
    var tensor = Tensor([2, 3], filledWith: 1)
    let copy = tensor
    tensor[1, 2] = 5
    #expect(copy == Tensor([2, 3], filledWith: 1))
    #expect(tensor.elements == [1, 1, 1, 1, 1, 5])
  }

  @Test("rows, width and shape of matrices, stacks and the empty tensor")
  func shapes() {
    let stack = Tensor(shape: [2, 2, 3], elements: (0..<12).map(Float.init))
    #expect(stack.width == 3)
    #expect(stack.rowCount == 4)
    #expect(stack.rows(1..<3) == Tensor(shape: [2, 3], elements: [3, 4, 5, 6, 7, 8]))
    #expect(stack.reshaped([3, 4])[2, 3] == 11)
    #expect(Tensor.zeros([4, 0]).rowCount == 0)
    #expect(Tensor.zeros([0]).norm == 0)
  }

  @Test("one row times a matrix: the same bits with halves or without, in any number of lanes")
  func halves() {
    var random = RandomSource(seed: 52)
    let exact = Tensor.normal([700, 100], deviation: 1, &random).roundedToBFloat16()
    let x = Tensor.normal([1, 100], deviation: 1, &random)
    let expected = x.timesTransposed(exact)
    #expect(
      mismatch(
        expected.elements,
        (0..<700).map { Reference.dot(exact.rows($0..<$0 + 1).doubles, x.doubles) },
        absolute: 1e-5) == nil)
    for weight in [exact, exact.withHalves()] {
      for lanes in 1...3 {
        #expect(x.timesTransposed(weight, lanes: lanes).hasSameBits(as: expected))
      }
    }
    var changed = exact.withHalves()
    #expect(changed == exact)
    changed[699, 99] += 1
    #expect(x.timesTransposed(changed)[0, 699] != expected[0, 699], "halves go with a change")
    var inexact = exact
    inexact[0, 0] = 0.1
    #expect(x.timesTransposed(inexact.withHalves()).hasSameBits(as: x.timesTransposed(inexact)))
  }

  @Test("norms, sums and scaling", arguments: sizes)
  func arithmetic(count: Int) {
    var random = RandomSource(seed: 51)
    var x = Tensor.normal([count], deviation: 1, &random)
    let y = Tensor.normal([count], deviation: 1, &random)
    let square = Reference.dot(x.doubles, x.doubles)
    #expect(
      mismatch([x.squaredNorm, x.norm], [square, square.squareRoot()]) == nil)
    let expected = zip(x.doubles, y.doubles).map { ($0 + 0.25 * $1) * -2 }
    x.add(y, scaledBy: 0.25)
    x.scale(by: -2)
    #expect(mismatch(x.elements, expected) == nil)
  }

  @Test("one bad element makes a tensor not finite", arguments: [Float.nan, .infinity])
  func finite(bad: Float) {
    var tensor = Tensor.zeros([100])
    #expect(tensor.isFinite)
    tensor.elements[99] = bad
    #expect(!tensor.isFinite)
  }

  #if DEBUG
    @Test("memory a kernel is about to fill is NaN in debug builds", arguments: sizes)
    func poison(count: Int) {
      let fresh = Tensor.uninitialized([count])
      #expect(fresh.elements.allSatisfy { $0.isNaN })
    }
  #endif

  @Test("a shape that does not hold its elements traps")
  func badShape() async {
    await #expect(processExitsWith: .failure) {
      _ = Tensor(shape: [2, 2], elements: [1, 2, 3])
    }
  }

  @Test("adding tensors of different sizes traps")
  func badAddition() async {
    await #expect(processExitsWith: .failure) {
      var tensor = Tensor.zeros([2])
      tensor.add(.zeros([3]))
    }
  }
}
