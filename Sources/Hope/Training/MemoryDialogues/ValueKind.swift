/// What sort of thing a value is; decides how values are made.
package enum ValueKind: String, Sendable, CaseIterable {
  case person, pet, thing, city, street, food, drink, colour, job, hobby, instrument, number
  case month, secret, animal, title, band, company, flower, sport

  /// The ways to make a value of this kind with their shares in percent. Real words stay a
  /// minority wherever a list is short, so that a model has to copy and cannot guess.
  var recipes: [(share: Int, recipe: ValueRecipe)] {
    switch self {
    case .person: [(50, .list(Words.firstNames)), (40, Self.name), (10, Self.nounName)]
    case .pet: [(35, .list(Words.petNames)), (30, Self.name), (35, Self.nounName)]
    case .thing: [(40, Self.name), (40, Self.nounName), (20, Self.twoWords)]
    case .city:
      [
        (45, .list(Words.cities)), (30, Self.name),
        (25, .capitalized(.madeUp(suffixes: Self.towns))),
      ]
    case .street:
      [
        (35, .capitalized(.pair(Words.nouns, Self.roads))),
        (35, .pair(Words.firstNames, Self.roads.map(\.withCapitalStart))),
        (30, .capitalized(.madeUpPair(Self.roads))),
      ]
    case .food: Self.mixed(Words.foods, Words.tastes)
    case .drink: Self.mixed(Words.drinks, Words.tastes + Words.colours)
    case .colour: Self.mixed(Words.colours, Words.shades)
    case .job:
      [
        (45, .list(Words.jobs)), (40, .pair(Words.nouns, Words.trades)),
        (15, .madeUpPair(Words.trades)),
      ]
    case .hobby:
      [
        (45, .list(Words.hobbies)), (40, .pair(Words.pursuits, Words.nouns.map(\.plural))),
        (15, .madeUp(suffixes: ["ing"])),
      ]
    case .instrument:
      [
        (35, .list(Words.instruments)), (25, .pair(Words.materials, Words.instruments)),
        (20, .madeUp()), (20, .madeUp(suffixes: ["phone", "horn", "harp"])),
      ]
    case .number: [(30, .number(2...99)), (40, .number(100...999)), (30, .number(1000...9999))]
    case .month:
      [
        (25, .list(Words.months)), (25, .pair(["early", "late", "mid"], Words.months)),
        (50, Self.name),
      ]
    case .secret:
      [(45, .list(Words.nouns)), (35, .madeUp()), (20, .pair(Words.colours, Words.nouns))]
    case .animal: Self.mixed(Words.animals, Words.shades + Words.colours)
    case .title: [(40, Self.nounName), (35, Self.twoWords), (25, Self.name)]
    case .band:
      [
        (35, .capitalized(.pair(Words.colours, Words.nouns.map(\.plural)))), (30, Self.name),
        (35, Self.nounName),
      ]
    case .company: [(45, Self.name), (35, Self.twoWords), (20, Self.nounName)]
    case .flower: Self.mixed(Words.flowers, Words.colours)
    case .sport: Self.mixed(Words.sports, Words.materials)
    }
  }

  /// How many different values there are at most, both splits together.
  package var distinctCount: Int { recipes.map(\.recipe.distinctCount).reduce(0, +) }

  private static let name = ValueRecipe.capitalized(.madeUp())
  private static let nounName = ValueRecipe.capitalized(.list(Words.nouns))
  private static let twoWords = ValueRecipe.capitalized(.pair(Words.shades, Words.nouns))
  private static let towns = ["ton", "ville", "burg", "stad", "port", "mouth", "field", "grad"]
  private static let roads = ["street", "road", "lane", "avenue", "way", "square", "hill"]

  /// A short list, its compounds and made-up words.
  private static func mixed(_ words: [String], _ qualifiers: [String])
    -> [(share: Int, recipe: ValueRecipe)]
  {
    [(40, .list(words)), (30, .pair(qualifiers, words)), (30, .madeUp())]
  }
}
