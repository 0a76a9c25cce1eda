/// One thing a user can tell about their life, with the ways to tell it and to ask for it.
///
/// Templates are clauses in mid-sentence spelling without a final full stop ("my {n} is called {v}");
/// the speaker adds capitals, openings and punctuation. Placeholders: `{v}` the value, `{a}` its
/// article, `{old}` the value before a correction, `{o}` somebody else, `{n}` the attribute's noun,
/// `{ns}` its plural, `{an}` with article, `{he}` `{his}` `{him}` `{He}` `{His}` pronouns.
package struct MemoryAttribute: Sendable {
  package let key: String
  package let kind: ValueKind
  package let statements: Phrasings
  package let questions: Phrasings
  /// The canonical answer first; the value is the last word before the full stop.
  package let answers: [String]
  /// How often it is chosen, relative to others.
  let weight: Int
  let topic: AcknowledgementTopic
  /// Ways to correct it beyond the general ones; may name the old value.
  let corrections: [String]
  /// The same said of somebody else.
  let distractors: [String]
  let noun: String
  let pronouns: [Pronoun]

  init(
    _ key: String, _ kind: ValueKind, noun: String = "", weight: Int = 2,
    topic: AcknowledgementTopic, pronouns: [Pronoun] = [.it], statements: Phrasings,
    questions: Phrasings, answers: [String], corrections: [String] = [], distractors: [String]
  ) {
    self.key = key
    self.kind = kind
    self.noun = noun
    self.weight = weight
    self.topic = topic
    self.pronouns = pronouns
    self.statements = statements
    self.questions = questions
    self.answers = answers
    self.corrections = corrections
    self.distractors = distractors
  }
}

/// Ways to say one thing; some are never used in training.
package struct Phrasings: Sendable {
  package let training: [String]
  package let heldOut: [String]

  package subscript(which: PhrasingSet) -> [String] { which == .training ? training : heldOut }
}

package enum PhrasingSet: String, Sendable, CaseIterable { case training, heldOut }

enum Pronoun: Sendable {
  case he, she, it

  var bindings: [String: String] {
    switch self {
    case .he: ["he": "he", "his": "his", "him": "him", "He": "He", "His": "His"]
    case .she: ["he": "she", "his": "her", "him": "her", "He": "She", "His": "Her"]
    case .it: ["he": "it", "his": "its", "him": "it", "He": "It", "His": "Its"]
    }
  }
}

/// Every attribute the generator knows.
package enum MemoryCatalogue {
  package static let attributes: [MemoryAttribute] =
    about + places + pets + people + things + favourites + numbers

  package static func attribute(_ key: String) -> MemoryAttribute? {
    attributes.first { $0.key == key }
  }
}
