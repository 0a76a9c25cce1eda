// swift-tools-version: 6.2
import PackageDescription

// The layer drawing of docs/guide.md, as code. A room may import only what is listed here;
// Tests/LayeringTests compares every `import` line with this file.

let house: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]
/// Rooms whose loops matter are optimised in debug builds too, so that tests stay quick.
let numeric: [SwiftSetting] = house + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "hope",
  products: [
    .executable(name: "hope", targets: ["HopeCLI"]),
    .executable(name: "hope-bench", targets: ["HopeBench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // L0: the C fences
    .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
    .target(
      name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-fno-math-errno", "-Wall", "-Werror"])]),
    .systemLibrary(name: "CNcurses", providers: [.apt(["libncursesw5-dev"])]),
    .target(name: "CTerminalGuard", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]),
    // L1: numbers
    .target(name: "Tensors", dependencies: ["COpenBLAS", "CKernels"], swiftSettings: numeric),
    // L2: the model
    .target(
      name: "Hope", dependencies: ["Tensors", "CCrypto"],
      resources: [.copy("Resources")], swiftSettings: numeric),
    // L3: what a model is worth
    .target(name: "Evaluation", dependencies: ["Hope", "Tensors"], swiftSettings: numeric),
    // L3: what happened
    .target(name: "Sessions", dependencies: ["Hope"], swiftSettings: numeric),
    // L4: the line front-end
    .target(name: "REPL", dependencies: ["Sessions"], swiftSettings: house),
    // L4: what is on the screen, without a terminal
    .target(name: "TerminalUI", dependencies: ["Sessions", "Hope"], swiftSettings: house),
    // L5: a terminal to show it on
    .target(
      name: "Curses",
      dependencies: ["TerminalUI", "Sessions", "CNcurses", "CTerminalGuard"], swiftSettings: house),
    // L5: what a person likes, from the config file
    .target(name: "Preferences", dependencies: ["TerminalUI", "Sessions"], swiftSettings: house),
    // L6: programs
    .executableTarget(
      name: "HopeCLI",
      dependencies: [
        "Curses", "Preferences", "TerminalUI", "REPL", "Sessions", "Evaluation", "Hope",
        "Tensors",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: house),
    .executableTarget(
      name: "HopeBench", dependencies: ["TerminalUI", "Sessions", "Hope", "Tensors"],
      swiftSettings: house),
    // Tests
    .target(
      name: "TestSupport", dependencies: ["Hope", "Tensors"], path: "Tests/TestSupport",
      swiftSettings: numeric),
    .testTarget(
      name: "TensorsTests", dependencies: ["Tensors", "CKernels", "TestSupport"],
      swiftSettings: house),
    .testTarget(
      name: "HopeTests", dependencies: ["Hope", "Tensors", "TestSupport"],
      resources: [.copy("Golden")], swiftSettings: house),
    .testTarget(
      name: "EvaluationTests", dependencies: ["Evaluation", "Hope", "Tensors", "TestSupport"],
      resources: [.copy("Samples")], swiftSettings: house),
    .testTarget(
      name: "SessionsTests", dependencies: ["Sessions", "Hope", "TestSupport"],
      swiftSettings: house),
    .testTarget(
      name: "HopeCLITests",
      dependencies: ["REPL", "Sessions", "Evaluation", "Hope", "TestSupport"],
      swiftSettings: house),
    .testTarget(
      name: "TerminalUITests", dependencies: ["TerminalUI", "Sessions", "Hope"],
      swiftSettings: house),
    .testTarget(
      name: "PreferencesTests", dependencies: ["Preferences", "TerminalUI", "Sessions"],
      swiftSettings: house),
    .executableTarget(
      name: "CrashProbe", dependencies: ["Curses", "TerminalUI"], path: "Tests/CrashProbe",
      swiftSettings: house),
    .testTarget(
      name: "CursesTests",
      dependencies: ["Curses", "TerminalUI", "Sessions", "Hope", "TestSupport"],
      swiftSettings: house),
    .testTarget(name: "LayeringTests", swiftSettings: house),
  ]
)
