import Evaluation
import Foundation
import Testing

@Suite("Plots")
struct PlotTests {
  private let plot = LinePlot(
    title: "found <all>", x: .init("tokens", isLogarithmic: true),
    y: .init("right (%)", range: 0...100),
    series: [
      .init("word", [.init(1024, 100, low: 60, high: 100), .init(2048, 50), .init(4096, 0)]),
      .init("key", [.init(1024, 0), .init(4096, 0)]),
    ])

  @Test("braille: axes, round labels, a mark per series, and no line too wide")
  func braille() {
    let lines = plot.brailleLines(width: 40, height: 8)
    #expect(lines.count == 12)
    #expect(lines[0] == "found <all>, right (%)")
    #expect(lines[1].hasPrefix("100 ┤●"))
    #expect(lines[8].hasPrefix("  0 ┤○") && lines[8].hasSuffix("○"))
    #expect(lines[9].hasPrefix("    └┬"))
    #expect(lines[10].hasPrefix("     1k") && lines[10].hasSuffix("4k"))
    #expect(lines[10].contains("2k"))
    #expect(lines[11] == "x: tokens   ● word   ○ key")
    #expect(lines.allSatisfy { $0.count <= 40 })
    #expect(lines[1...8].joined().unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
  }

  @Test("a falling curve goes down by one line or more in every column that it crosses")
  func falling() {
    let line = LinePlot(
      title: "t", x: .init("x"), y: .init("y"),
      series: [.init("a", (0..<100).map { .init(Double($0), -Double($0)) })])
    let rows = line.brailleLines(width: 30, height: 10)[1...10]
    let firsts = rows.compactMap { row in row.firstIndex { ("\u{2801}"..."\u{28FF}").contains($0) }
    }
    #expect(firsts.count >= 9)
    let places = zip(rows, firsts).map { $0.distance(from: $0.startIndex, to: $1) }
    #expect(places == places.sorted() && Set(places).count >= 9)
  }

  @Test("nothing, one point, and what is no number are drawn without harm")
  func odd() {
    for points in [
      [], [LinePlot.Point(5, 3)], [.init(1, .nan), .init(2, .infinity), .init(3, 4)],
      [.init(-1, 1), .init(0, 2), .init(10, 3)],
    ] {
      let plot = LinePlot(
        title: "odd", x: .init("x", isLogarithmic: true), y: .init("y"),
        series: [.init("a", points)])
      #expect(plot.brailleLines(width: 20, height: 4).count == 8)
      #expect(!plot.svg().contains("nan") && !plot.svg().contains("inf"))
    }
  }

  @Test("svg is well-formed, escapes text, and draws every series with its intervals")
  func svg() throws {
    for text in [plot.svg(), LinePlot.svg([plot, plot])] {
      let parser = XMLCheck()
      #expect(parser.isWellFormed(text))
    }
    let text = plot.svg()
    #expect(text.contains("<title>found &lt;all&gt;</title>"))
    #expect(text.contains("prefers-color-scheme:dark"))
    #expect(text.components(separatedBy: "<polyline").count == 3)
    #expect(text.components(separatedBy: "<circle").count == 6)
    #expect(text.components(separatedBy: "class=\"bar s0\"").count == 2)
    #expect(text.contains(">4k</text>") && text.contains(">key</text>"))
  }

  @Test("many names take several lines, none beyond the picture, and no two curves look alike")
  func legend() {
    let series = (0..<15).map { LinePlot.Series("a long name \($0)", [.init(0, 1), .init(1, 2)]) }
    let text = LinePlot(title: "t", x: .init("x"), y: .init("y"), series: series).svg()
    let places = text.matches(of: #/x="([0-9.]+)" y="([0-9.]+)" text-anchor="start">a long/#)
    #expect(places.count == 15 && Set(places.map(\.2)).count > 1)
    #expect(places.allSatisfy { (Double($0.1) ?? 1000) + 13 * 7.5 <= 640 })
    #expect(places.allSatisfy { (Double($0.2) ?? 1000) < 400 })
    let looks = text.matches(of: #/<polyline class="([^"]*)"/#).map(\.1)
    #expect(looks.count == 15 && Set(looks).count == 15)
  }

  @Test("between whole numbers there are no labels, where nothing lies there")
  func whole() {
    func labels(_ isWhole: Bool) -> [Substring] {
      let plot = LinePlot(
        title: "t", x: .init("x", isWhole: isWhole), y: .init("y", range: 10...20),
        series: [.init("a", (0...3).map { .init(Double($0), 15) })])
      return plot.svg().matches(of: #/text-anchor="middle">([0-9.]+)</#).map(\.1)
    }
    #expect(labels(true) == ["0", "1", "2", "3"])
    #expect(labels(false).contains("0.5"))
  }

  @Test("a dot plot has a dot a run, a bar at the mean of several, and a name a row")
  func dots() {
    let plot = DotPlot(
      title: "a < b", rows: ["Hope", "other", "none"],
      panels: [
        .init("loss", [[2, 4], [3], []]),
        .init("recall", [[50, 70], [0], []], includesZero: true),
      ], reference: "other")
    let text = plot.svg()
    #expect(XMLCheck().isWellFormed(text))
    #expect(text.components(separatedBy: "<circle").count == 1 + 6)
    #expect(text.components(separatedBy: #"<circle class="m1""#).count == 1 + 2)
    #expect(text.components(separatedBy: "curve s0").count == 1 + 2)
    #expect(!text.contains("curve s1"))
    #expect(text.contains(">Hope</text>") && text.contains("a &lt; b"))
    let empty = DotPlot(title: "t", rows: ["a"], panels: [.init("p", [[.nan]])]).svg()
    #expect(XMLCheck().isWellFormed(empty) && !empty.contains("nan"))
  }
}

/// Whether every element that opens is closed in turn.
private struct XMLCheck {
  func isWellFormed(_ text: String) -> Bool {
    var open: [Substring] = []
    for tag in text.matches(of: #/<(/?)([a-z]+)([^<>]*?)(/?)>/#) {
      if tag.4 == "/" { continue }
      if tag.1 == "/" {
        guard open.popLast() == tag.2 else { return false }
      } else {
        open.append(tag.2)
      }
    }
    let bare = text.replacing(#/<[^<>]*>/#, with: "")
    return open.isEmpty && !bare.contains("<")
  }
}
