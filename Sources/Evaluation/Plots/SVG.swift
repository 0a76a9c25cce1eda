import Foundation

/// Lines and words of SVG documents that fit light and dark pages.
enum SVG {
  static func document(_ title: String, width: Int, height: Int, _ parts: [String]) -> String {
    picture(width: width, height: height, ["<title>\(title.escaped)</title>", style] + parts)
  }

  /// A document of parts that bring their own style, such as whole documents.
  static func picture(width: Int, height: Int, _ parts: [String]) -> String {
    let head =
      #"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \#(width) \#(height)" "#
      + #"width="\#(width)" height="\#(height)" role="img">"#
    return ([head] + parts + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  /// Okabe and Ito's colours: told apart with any colour vision.
  private static let style: String = {
    let light = ["#0072b2", "#d55e00", "#009e73", "#a8457f", "#b07c00", "#5a5a5a"]
    let dark = ["#56b4e9", "#ff9248", "#3fd0a4", "#e59bc6", "#f0c24a", "#b9b9b9"]
    func rules(_ colors: [String], text: String, line: String) -> String {
      ([
        "text{fill:\(text)}.axis{stroke:\(text)}.grid{stroke:\(line)}"
      ]
        + colors.enumerated().map { i, color in
          ".s\(i){stroke:\(color)}.m\(i){fill:\(color);stroke:none}"
        }).joined()
    }
    let base =
      "text{font:13px sans-serif}.title{font-weight:bold;font-size:15px}"
      + ".curve{fill:none;stroke-width:2}.dashed{stroke-dasharray:6 4}.dotted{stroke-dasharray:2 3}"
      + ".bar{stroke-width:1}.axis,.grid{stroke-width:1}"
    return "<style>" + base + rules(light, text: "#24292f", line: "#d0d7de")
      + "@media(prefers-color-scheme:dark){"
      + rules(dark, text: "#e6edf3", line: "#3d444d") + "}</style>"
  }()
  static let colorCount = 6

  static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ name: String
  ) -> String {
    #"<line class="\#(name)" x1="\#(x1.short)" y1="\#(y1.short)" "#
      + #"x2="\#(x2.short)" y2="\#(y2.short)"/>"#
  }

  static func text(
    _ text: String, _ x: Double, _ y: Double, _ name: String, anchor: String = "start"
  ) -> String {
    let look = name.isEmpty ? "" : #"class="\#(name)" "#
    return #"<text \#(look)x="\#(x.short)" y="\#(y.short)" text-anchor="\#(anchor)">"#
      + text.escaped + "</text>"
  }

  static func dot(_ x: Double, _ y: Double, _ name: String) -> String {
    #"<circle class="\#(name)" cx="\#(x.short)" cy="\#(y.short)" r="3.5"/>"#
  }
}

extension Double {
  var short: String { String(format: "%.1f", self) }
}

extension String {
  fileprivate var escaped: String {
    replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
