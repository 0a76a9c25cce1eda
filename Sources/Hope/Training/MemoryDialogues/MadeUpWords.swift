import Tensors

/// Invents words by syllables, so that a value has to be copied: no list holds it.
struct MadeUpWords: Sendable {
  private let onsets, vowels, links, endings: [String]

  /// A word is onset + vowel + link + vowel + ending; this many differ at most.
  var distinctCount: Int {
    onsets.count * vowels.count * links.count * vowels.count * endings.count
  }

  /// Draws one lower-case word that holds none of the unwanted parts.
  func word(using random: inout RandomSource) -> String {
    while true {
      let word =
        random.element(of: onsets) + random.element(of: vowels) + random.element(of: links)
        + random.element(of: vowels) + random.element(of: endings)
      if !Self.unwanted.contains(where: word.contains) { return word }
    }
  }

  /// Chance must not make insults.
  private static let unwanted = [
    "fag", "nig", "neg", "cunt", "shit", "slut", "dick", "cock", "cum", "rape", "nazi", "kike",
    "spic", "piss", "puss", "tits", "twat", "wank", "whor", "anal", "bitch", "dyk", "homo", "paki",
    "gook", "coon", "jap", "poof", "porn", "sex", "fuck", "fuk", "hitl", "rapist",
  ]

  private init(_ onsets: String, _ vowels: String, _ links: String, _ endings: String) {
    func parts(_ text: String) -> [String] {
      text.split(separator: " ").map { $0 == "_" ? "" : String($0) }
    }
    self.onsets = parts(onsets)
    self.vowels = parts(vowels)
    self.links = parts(links)
    self.endings = parts(endings)
  }

  /// Light words: "lamora", "sivel".
  static let soft = MadeUpWords(
    "l m n s v r f d h j y sh th el am or is ev", "a e i o u ia ea", "l m n r s v ll nn rr sh d",
    "_ n l r s na ra la th m ne")
  /// Heavy words: "brogdan", "krestuk".
  static let hard = MadeUpWords(
    "b br d dr g gr k kr p pr t tr bl z st sk", "a e i o u", "g k b d st rk ld mb gd nt lk x",
    "_ k n r t d x ck m lt rd sk ng")
  /// Sing-song words with an open ending: "pelotta", "cavirri".
  static let southern = MadeUpWords(
    "c p b t m v f g r s pa ca do lo ma ti", "a e i o u", "v l r tt ll cc n nd rr z mp s",
    "ra ro lla no na ta to ri o a do sta")
  /// Northern words: "skaldir", "hjovek".
  static let northern = MadeUpWords(
    "sk hj th v fr br kj l st t h sv gr n", "a e i o u y", "ld rn gr k v lm nd rv st dr",
    "ir ur vek und en gar a holm rik sen ia is")
  /// Short funny words for pets and secrets: "wobbin", "zuppy".
  static let playful = MadeUpWords(
    "w z p b m f t d sn pl fl ch tw gl sp n j", "a e i o u", "bb pp gg zz ddl ff mb nk ck bbl mp",
    "y in o a le er kin ster us et")
  static let styles = [soft, hard, southern, northern, playful]
}
