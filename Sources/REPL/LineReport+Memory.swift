package import Sessions

// Memories as things of their own, and two lanes of one answer.

extension LineReport {
  package func memoryLog(_ kept: [Marker]) -> [StyledText] {
    guard !kept.isEmpty else { return [notice("no memory was kept; /mem commit NAME keeps one")] }
    return kept.map { marker in
      notice(
        "\(marker.text)\(dot)@\(marker.position)"
          + (marker.state.map { "\(dot)\("\($0)".prefix(12))" } ?? "")
      )
    }
  }

  /// Per level and layer, then the tokens of the probe that moved most.
  package func memoryCompared(_ c: MemoryComparison) -> [StyledText] {
    guard !c.isSame else { return [notice("\(c.a) and \(c.b) are the same memory, bit for bit")] }
    let header = ["level", "layer", "drift a", "drift b", "distance", "cosine", "rank"]
    let rows = c.levels.map { level in
      [
        level.name, "\(level.block)", Self.fixed(level.driftA, 4), Self.fixed(level.driftB, 4),
        Self.fixed(level.distance, 4), level.cosine.map { Self.fixed($0, 3) } ?? dash,
        level.effectiveRank.map { Self.fixed($0, 1) } ?? dash,
      ]
    }
    let moved = c.moved.map {
      "\(Self.quoted($0.text)) \(Self.fixed($0.divergenceBits, 2))"
    }
    return [StyledText("  a: \(c.a), b: \(c.b)", .strong)]
      + table(header, rows, leftAligned: [0])
      + [
        notice(
          "on a probe the next token differs by \(Self.fixed(c.meanDivergenceBits, 3)) bits (KL), most "
            + "at " + moved.joined(separator: ", "))
      ]
  }

  /// Both answers, how far apart, and where they part.
  package func compared(_ lanes: LaneComparison) -> [StyledText] {
    let names = [lanes.a.name, lanes.b.name]
    let width = names.map(\.count).max() ?? 0
    let rows = zip(names, [lanes.a, lanes.b]).map { name, lane in
      var line = StyledText(
        "  " + name + String(repeating: " ", count: width - name.count) + "  ", .quiet)
      guard let fork = lanes.fork else {
        line.append(lane.text)
        return line
      }
      line.append(lane.tokens.prefix(fork).map(\.text).joined())
      line.append(style.isASCII ? "|" : "▏", .accent)
      line.append(lane.tokens.dropFirst(fork).map(\.text).joined(), .accent)
      return line
    }
    let parting =
      lanes.fork.map { "they part at token \($0 + 1) of the answer" } ?? "the same answer"
    return rows + [
      notice(
        "\(parting)\(dot)KL \(Self.fixed(lanes.meanDivergenceBits, 3)) bits a token until then")
    ]
  }
}
