extension AppState {
  /// What the state keeps of the past, counted in records: it stops growing in a long chat.
  package struct Records: Sendable, Equatable {
    /// Entries of the chat, bytes of their text, pieces of one ink, and rows they are wrapped into.
    package var entries = 0
    package var textBytes = 0
    package var runs = 0
    package var wrappedRows = 0
    package var tokens = 0
    /// Values of sparklines, piano roll and heat.
    package var samples = 0
  }

  package var records: Records {
    var records = Records()
    for entry in transcript.entries {
      records.entries += 1
      records.textBytes += entry.content.text.utf8.count
      records.runs += entry.content.runs.count
      records.wrappedRows += entry.wrappedRowCount
    }
    records.tokens = tokens.known.count
    let series = [surprise, authors] + levels.map(\.writes)
    records.samples =
      series.reduce(0) { $0 + $1.sampleCount }
      + levels.reduce(0) { $0 + $1.blockWrites.sampleCount }
    return records
  }
}
