package import Hope

/// What a memory knows of some texts: how much likelier it makes each than the model is without it.
///
/// Each text is read from a copy of the memory, and from a state nothing was read into, as if a person said
/// it next; nothing is learned on the way. A text that gains many bits can be drawn from the memory by
/// whoever guesses its beginning. A text that gains none may still be in it: only what is asked is found.
package struct MemoryAudit: Sendable, Equatable {
  package struct Word: Sendable, Equatable {
    package let text: String
    /// Bits the word became likelier by.
    package let gainedBits: Float
  }

  package struct Text: Sendable, Equatable {
    package let text: String
    /// Whether it was not said here: what it gains, any text of its kind may gain.
    package let isControl: Bool
    package let tokenCount: Int
    /// −log₂ p without the memory.
    package let baseBits: Float
    /// log₂ p with the memory minus that without.
    package let gainedBits: Float
    /// The same where the working memory was dropped: what the levels alone hold.
    package let learnedBits: Float
    /// Tokens that are the model's first choice, with the memory and without.
    package let firstChoices: Int
    package let baseFirstChoices: Int
    package let words: [Word]
  }

  package let origin: String
  /// The ones that gained most first.
  package let texts: [Text]

  /// Words of the texts that were said, the ones that gained most first.
  package func words(_ count: Int) -> [Word] {
    let all = texts.filter { !$0.isControl }.flatMap(\.words)
    return Array(all.sorted { $0.gainedBits > $1.gainedBits }.prefix(count))
  }
}

extension MemoryAudit {
  /// Said by nobody in particular.
  package static let control = "The old lighthouse keeper painted his door green last summer."

  /// - Parameter texts: what was said, or may have been.
  package init(_ memory: MemoryFile, texts: [String], _ loaded: LoadedModel) {
    origin = memory.origin
    var withoutWords = memory.state
    loaded.model.dropMixers(&withoutWords)
    let reader = Reader(
      loaded, memory: memory.state, levels: withoutWords, base: loaded.model.freshState())
    var seen = Set<String>()
    let said = texts.filter { !$0.isEmpty && seen.insert($0).inserted }
    self.texts =
      (said.map { reader.text($0, isControl: false) }
      + (seen.contains(Self.control) ? [] : [reader.text(Self.control, isControl: true)]))
      .sorted { $0.gainedBits > $1.gainedBits }
  }

  /// Reads texts from copies of three states.
  private struct Reader {
    let loaded: LoadedModel
    let memory: HopeState
    let levels: HopeState
    let base: HopeState

    init(_ loaded: LoadedModel, memory: HopeState, levels: HopeState, base: HopeState) {
      (self.loaded, self.memory, self.levels, self.base) = (loaded, memory, levels, base)
    }

    private struct Reading {
      var bits: [Float] = []
      var firstChoices = 0
      var total: Float { bits.reduce(0, +) }
    }

    /// A text as a turn of the user: the mark of the speaker comes first and is not counted.
    private func read(_ tokens: [TokenID], from start: HopeState) -> Reading {
      let (model, mark) = (loaded.model, loaded.tokenizer.special.user)
      let settings = LevelSettings(levelCount: model.configuration.levels.count)
      var (state, reading) = (start, Reading())
      _ = model.step(mark, isLearnedFrom: false, settings: settings, state: &state)
      for token in tokens {
        let largest = state.logits.indices.max { state.logits[$0] < state.logits[$1] }
        if largest == Int(token) { reading.firstChoices += 1 }
        let report = model.step(token, isLearnedFrom: false, settings: settings, state: &state)
        reading.bits.append(report.surpriseBits ?? 0)
      }
      return reading
    }

    func text(_ text: String, isControl: Bool) -> Text {
      let tokens = loaded.tokenizer.encode(" " + text)
      let (own, base) = (read(tokens, from: memory), read(tokens, from: base))
      return Text(
        text: text, isControl: isControl, tokenCount: tokens.count, baseBits: base.total,
        gainedBits: base.total - own.total,
        learnedBits: base.total - read(tokens, from: levels).total,
        firstChoices: own.firstChoices, baseFirstChoices: base.firstChoices,
        words: words(tokens, gained: zip(own.bits, base.bits).map { $1 - $0 }))
    }

    /// Tokens joined to words: one begins where a space does.
    private func words(_ tokens: [TokenID], gained: [Float]) -> [Word] {
      var words: [(text: String, bits: Float)] = []
      for (token, bits) in zip(tokens, gained) {
        let text = loaded.tokenizer.text(of: token)
        if text.first?.isWhitespace ?? false || words.isEmpty {
          words.append((text, bits))
        } else {
          words[words.count - 1].text += text
          words[words.count - 1].bits += bits
        }
      }
      return words.map {
        Word(text: String($0.text.drop { $0.isWhitespace }), gainedBits: $0.bits)
      }
    }
  }
}

extension SessionRecording {
  /// What both sides said, as it stands at the recording's end.
  package var saidTexts: [String] { transcript.flatMap { [$0.words, $0.answer] } }
}
