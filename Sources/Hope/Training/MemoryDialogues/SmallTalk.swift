package import Tensors

/// Small talk written for this project, for programs that have no corpus at hand.
package struct SmallTalk: FillerSource {
  private let exchanges: [[TokenTurn]]

  package init(encode: TextEncoding, roles: RoleTokens) {
    exchanges = Self.lines.map { line in
      line.split(separator: "|").enumerated().map { index, text in
        let author: TurnAuthor = index.isMultiple(of: 2) ? .user : .assistant
        return TokenTurn(author: author, tokens: [roles.token(of: author)] + encode(" " + text))
      }
    }
  }

  package func run(using random: inout RandomSource) -> [TokenTurn] {
    let count = 1 + random.integer(below: 3)
    return (0..<count).flatMap { _ in random.element(of: exchanges) }
  }

  /// One exchange per line, turns divided by bars, the user's first.
  private static let lines = """
    How was your day?|It was quiet, thank you. And yours?
    The weather is awful today.|Yes, it has been raining since the morning.|I hope it stops soon.|Maybe the sun will come out later.
    Do you like music?|I like to hear about it. What did you listen to?
    I slept badly last night.|I am sorry. Maybe a short nap would help.
    What should I have for lunch?|How about some warm soup and bread?
    I just came back from a walk.|That sounds good. Was it cold outside?|A little, but the air was fresh.|Fresh air is good for you.
    Tell me something funny.|Why did the bicycle fall over? It was two tired.
    I have to clean my room.|If you start now, it will be done before dinner.
    There is nothing good on television.|Then it may be a good evening for a book.
    I am a bit tired.|You could go to bed early today.
    Do you think it will snow?|It is cold enough, so it might.
    I burned my toast again.|Oh no. Perhaps turn the dial down a little.
    We are going on a trip next week.|How exciting! Have you packed yet?|Not yet, I always pack at the last minute.|Then do not forget your toothbrush.
    Can you keep a conversation going?|I can try. What would you like to talk about?
    The bus was late this morning.|That is annoying. Did you have to wait long?|Nearly half an hour.|I hope you had something to read.
    I want to learn something new.|A few minutes every day go a long way.
    What is a good way to relax?|Some people take a bath, others go for a run.
    My phone is almost empty.|Better charge it before you leave.
    I watched an old film yesterday.|Old films can be charming. Did you enjoy it?
    Is it good to drink water in the morning?|Yes, a glass of water is a fine start.
    I lost my keys and found them again.|Good that you found them. Where were they?|In the fridge, believe it or not.|That happens to the best of us.
    The shop was full of people.|It often is before the holidays.
    I cannot decide what to wear.|Take something warm, it is windy.
    I made a long list for today.|Start with the easiest thing on it.
    You are easy to talk to.|Thank you, that is kind of you to say.
    Do you ever get bored?|Not while we are talking.
    I think I need new shoes.|Are the old ones worn out?|They have a hole in them.|Then it is really time.
    The neighbours are having a party.|I hope they are not too loud.
    I read the news today.|Was there anything good in it?
    My coffee got cold.|You can warm it up, or have it with ice.
    What day is it today?|I cannot see a calendar from here, I am afraid.
    I finally fixed the lamp.|Well done! Was it hard?
    Work was busy.|Then you have earned a quiet evening.|I will put my feet up.|That is the spirit.
    I would like to travel more.|Where would you go first?
    It gets dark so early now.|Yes, winter is on its way.
    I am waiting for a parcel.|I hope it comes soon.
    Let us talk about something else.|Sure, you choose.
    I did some exercise today.|Good for you! How do you feel?|Sore, but happy.|That will pass in a day or two.
    Some people are very rude.|They may have had a bad day.
    The garden needs water.|The evening is the best time for it.
    I had a strange dream.|Dreams can be odd. What was it about?|I was late for a train.|Many people dream that.
    Do you know a good story?|There was once a king who could not laugh.|And then?|A child told him a joke about a duck.
    I am learning to cook.|What did you make so far?
    The stairs make me tired.|They keep you fit, though.
    It is nice to sit by the window.|Yes, there is always something to see.
    """.split(separator: "\n").map(String.init)
}
