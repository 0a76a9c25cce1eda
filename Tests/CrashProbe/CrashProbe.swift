import Curses
import Foundation
import Glibc
import TerminalUI

/// Takes the screen over and dies in the way its argument names, for tests of what is left behind.
@main
struct CrashProbe {
  static func main() {
    let kind = CommandLine.arguments.last ?? ""
    do throws(CursesScreen.Obstacle) {
      let screen = try CursesScreen(usesColor: true)
      screen.setMouse(true)
      screen.show(picture(screen.size))
      die(kind)
      screen.leave()
    } catch {
      print("no screen: \(error)")
      exit(6)
    }
  }

  private static func picture(_ size: TerminalSize) -> Canvas {
    var canvas = Canvas(width: size.columns, height: size.rows)
    canvas.draw("about to die", x: 0, y: 0, Style(.ansi(2)))
    return canvas
  }

  private static func die(_ kind: String) {
    let numbers = CommandLine.arguments.map(\.count)
    switch kind {
    case "index": print(numbers[numbers.count + 7])
    case "nil": print(Int(kind)!)
    case "overflow": print(Int.max - 1 + numbers.count)
    case "division": print(7 / (numbers.count - numbers.count))
    case "fatalError": fatalError("the model said \u{1B}[2J and fell over")
    case "precondition": precondition(numbers.isEmpty, "numbers")
    case "segv": UnsafeMutablePointer<Int>(bitPattern: 8 * numbers.count)?.pointee = 1
    case "bus": raise(SIGBUS)
    case "fpe": raise(SIGFPE)
    case "trap": raise(SIGTRAP)
    case "abort": abort()
    case "stack": onThread { print(recurse(1)) }
    case "stackMain": print(recurse(1))
    case "thread": onThread { print(numbers[numbers.count + 7]) }
    case "exit": exit(3)
    case "hang": while true { sleep(60) }
    default: break
    }
  }

  private static func onThread(_ body: @escaping @Sendable () -> Void) {
    let thread = Thread {
      TerminalGuard.protectThread()
      body()
    }
    thread.stackSize = 1 << 20
    thread.start()
    while true { sleep(60) }
  }

  @inline(never) private static func recurse(_ depth: Int) -> Int {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 64) { values in
      values.initialize(repeating: depth)
      return recurse(depth + 1) + values[depth % 64]
    }
  }
}
