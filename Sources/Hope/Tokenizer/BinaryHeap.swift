/// A priority queue: `pop` gives the smallest element in O(log n).
struct BinaryHeap<Element: Comparable> {
  private var elements: [Element]

  /// Takes the elements in any order, in O(n).
  init(_ elements: [Element] = []) {
    self.elements = elements
    for index in (0..<elements.count / 2).reversed() { sink(from: index) }
  }

  mutating func push(_ element: Element) {
    elements.append(element)
    var child = elements.count - 1
    while child > 0, element < elements[(child - 1) / 2] {
      elements[child] = elements[(child - 1) / 2]
      child = (child - 1) / 2
    }
    elements[child] = element
  }

  mutating func pop() -> Element? {
    guard let smallest = elements.first, let last = elements.popLast() else { return nil }
    if !elements.isEmpty {
      elements[0] = last
      sink(from: 0)
    }
    return smallest
  }

  private mutating func sink(from start: Int) {
    let element = elements[start]
    var parent = start
    while 2 * parent + 1 < elements.count {
      var child = 2 * parent + 1
      if child + 1 < elements.count, elements[child + 1] < elements[child] { child += 1 }
      guard elements[child] < element else { break }
      elements[parent] = elements[child]
      parent = child
    }
    elements[parent] = element
  }
}
