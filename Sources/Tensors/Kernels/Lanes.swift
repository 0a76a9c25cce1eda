// Our own two lanes: numbered parts of one piece of work on a few threads that share an address space.
import CKernels

package enum Lanes {
  /// Runs `body(part)` for every part in `0..<count` on `lanes` threads and returns when all are done.
  /// Parts may run in any order and at the same time: each must write memory of its own.
  package static func run(_ count: Int, lanes: Int, _ body: (Int) -> Void) {
    guard lanes > 1, count > 1 else {
      for part in 0..<count { body(part) }
      return
    }
    withoutActuallyEscaping(body) { body in
      var work = Work(body: body)
      withUnsafeMutablePointer(to: &work) { pointer in
        k_run_lanes(
          Int32(lanes), Int32(count),
          { context, part in
            context!.assumingMemoryBound(to: Work.self).pointee.body(Int(part))
          }, pointer)
      }
    }
  }

  private struct Work { let body: (Int) -> Void }

  /// Computes one value per part on `lanes` threads, in the parts' order.
  package static func map<T: Sendable>(_ count: Int, lanes: Int, _ body: (Int) -> T) -> [T] {
    [T](unsafeUninitializedCapacity: count) { buffer, filled in
      let base = buffer.baseAddress
      run(count, lanes: lanes) { (base! + $0).initialize(to: body($0)) }
      filled = count
    }
  }
}
