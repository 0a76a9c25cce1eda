import Foundation
import Hope

/// A form that a recorded session can be written in.
package enum ExportForm: String, Sendable, CaseIterable { case md, json, csv, cast }

/// Where a chat finds other sessions, and how it makes a film of one: that is for a front-end to know.
package struct SessionShelf: Sendable {
  /// The folder of all sessions.
  package let folder: String
  /// An asciicast.
  package let film: @Sendable (SessionRecording) -> String

  package init(folder: String, film: @escaping @Sendable (SessionRecording) -> String) {
    (self.folder, self.film) = (folder, film)
  }

  package var library: SessionLibrary { SessionLibrary(folder: folder) }

  package func text(of recording: SessionRecording, as form: ExportForm) throws -> String {
    switch form {
    case .md: SessionExport.markdown(recording)
    case .json: try SessionExport.json(recording)
    case .csv: SessionExport.csv(recording)
    case .cast: film(recording)
    }
  }
}

/// A session was written in another form.
package struct ExportFacts: Sendable, Equatable {
  package let form: ExportForm
  package let path: String
  package let byteCount: Int

  package init(form: ExportForm, path: String, byteCount: Int) {
    (self.form, self.path, self.byteCount) = (form, path, byteCount)
  }
}
