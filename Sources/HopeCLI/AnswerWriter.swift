import Foundation
import Sessions

/// Turns the events of one answer into what `hope ask` prints.
struct AnswerWriter {
  private let form: AskCommand.Form
  private let model: ModelFacts
  private let prompt: String
  private var tokens: [TokenLine] = []
  private var writes: [WriteLine] = []

  init(form: AskCommand.Form, model: ModelFacts, prompt: String) {
    (self.form, self.model, self.prompt) = (form, model, prompt)
  }

  /// What is to be written now, if anything.
  mutating func piece(_ event: SessionEvent) throws -> String? {
    switch form {
    case .text: return text(event)
    case .jsonl: return try line(event)
    case .json: return try document(event)
    }
  }

  private func text(_ event: SessionEvent) -> String? {
    switch event {
    case .token(let token) where token.author == .assistant: token.text
    case .answerEnded(let end): end.trailingText + "\n"
    default: nil
    }
  }

  private func line(_ event: SessionEvent) throws -> String? {
    switch event {
    case .turnStarted(let turn): try encoded(TurnLine(turn)) + "\n"
    case .token(let token): try encoded(TokenLine(token)) + "\n"
    case .levelWrote(let write): try encoded(WriteLine(write)) + "\n"
    case .answerEnded(let end): try encoded(EndLine(end)) + "\n"
    default: nil
    }
  }

  private mutating func document(_ event: SessionEvent) throws -> String? {
    switch event {
    case .token(let token): tokens.append(TokenLine(token))
    case .levelWrote(let write): writes.append(WriteLine(write))
    case .answerEnded(let end):
      let document = AnswerDocument(
        model: .init(name: model.name, sha256: "\(model.digest)"), prompt: prompt,
        answer: end.text, end: EndLine(end), tokens: tokens, writes: writes)
      return try encoded(document, .prettyPrinted) + "\n"
    default: break
    }
    return nil
  }

  private func encoded(
    _ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting = []
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
