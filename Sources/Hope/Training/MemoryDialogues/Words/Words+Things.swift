extension Words {
  static let foods = list(
    """
    apple pie, avocado toast, bacon, bagels, baked beans, banana bread, beef stew, blueberry muffins
    bread, broccoli, brownies, burgers, burritos, butter chicken, cabbage rolls, carrot cake
    cauliflower cheese, cereal, cheese, cheesecake, chicken wings, chili, chips, chocolate, chowder
    clam soup, cookies, corn bread, couscous, crab cakes, crepes, croissants, cucumber salad, curry
    custard, doughnuts, dumplings, egg rolls, enchiladas, falafel, fish pie, flapjacks, fondue
    french toast, fried eggs, fried rice, fruit salad, garlic bread, gnocchi, goulash, granola
    grapes, gumbo, haggis, ham, hash browns, hot dogs, hummus, ice cream, jambalaya, jelly, kebabs
    kimchi, lamb chops, lasagna, leek soup, lemon tart, lentils, lobster, macaroni, mango, mashed potatoes
    meatballs, meringue, moussaka, mushroom soup, mussels, nachos, noodles, oatmeal, olives
    omelettes, onion rings, oysters, pad thai, paella, pancakes, pasta, peaches, peanut butter
    pears, pesto, pickles, pierogi, pineapple, pizza, plums, popcorn, porridge, potato salad
    pretzels, pulled pork, pumpkin soup, quiche, ramen, raspberries, ratatouille, ravioli, rhubarb pie
    rice pudding, risotto, roast beef, roast chicken, salad, salami, salmon, sandwiches, sashimi
    sauerkraut, sausages, scones, shepherd's pie, shrimp, sourdough, spaghetti, spinach, spring rolls
    steak, strawberries, strudel, stuffed peppers, sushi, sweet potatoes, tacos, tempura, tofu
    tomato soup, tortilla, trifle, trout, tuna, turkey, vegetable soup, waffles, watermelon, yogurt
    """)

  /// First words of compounds of food and drink: "smoky lentils".
  static let tastes = list(
    """
    spicy, smoky, sweet, sour, cold, hot, salty, crunchy, creamy, crispy, mild, fresh, frozen, sticky
    minty, buttery, nutty, home made, grilled, tangy
    """)

  static let drinks = list(
    """
    almond milk, apple juice, beer, black tea, bubble tea, buttermilk, camomile tea, cappuccino
    carrot juice, chai, cherry soda, cider, cocoa, coconut water, coffee, cola, cranberry juice
    cream soda, earl grey, eggnog, elderflower water, espresso, ginger ale, ginger tea, grape juice
    green tea, hot chocolate, ice tea, iced coffee, kefir, latte, lemon water, lemonade, lime soda
    malt beer, mango juice, mate, milk, milkshake, mint tea, mocha, mulled wine, oat milk
    orange juice, peach juice, pear juice, pineapple juice, red wine, root beer, rosehip tea
    smoothies, sparkling water, strawberry milk, tap water, tomato juice, tonic, vanilla shake
    white wine
    """)

  static let colours = list(
    """
    amber, apricot, aqua, ash, azure, beige, black, blue, brick, bronze, brown, burgundy, caramel
    cherry, chestnut, chocolate, cobalt, copper, coral, cream, crimson, cyan, emerald, fuchsia
    gold, green, grey, indigo, ivory, jade, khaki, lavender, lemon, lilac, lime, magenta, mahogany
    maroon, mauve, mint, mustard, navy, ochre, olive, orange, peach, pink, plum, purple, red, rose
    ruby, rust, salmon, sand, sapphire, scarlet, silver, tan, teal, turquoise, vanilla, violet
    white, yellow
    """)

  /// First words of compounds of colours, animals and titles: "dusty teal".
  static let shades = list(
    """
    pale, dark, bright, deep, dusty, light, soft, warm, faded, shiny, misty, wild, quiet, golden
    striped, spotted, tiny, giant, old, young, hidden, lonely, silent, crooked, hollow, gentle
    """)

  static let instruments = list(
    """
    accordion, alphorn, bagpipes, balalaika, banjo, bass guitar, bassoon, bells, bongos, bugle
    castanets, cello, clarinet, concertina, cornet, cymbals, didgeridoo, double bass, drums
    dulcimer, electric guitar, fiddle, flugelhorn, flute, french horn, glockenspiel, gong, guitar
    harmonica, harp, harpsichord, horn, hurdy-gurdy, kazoo, keyboard, lute, lyre, mandolin, maracas
    marimba, melodica, oboe, organ, pan flute, piano, piccolo, recorder, saxophone, sitar, steel drum
    tabla, tambourine, triangle, trombone, trumpet, tuba, ukulele, vibraphone, viola, violin, whistle
    xylophone, zither
    """)

  static let materials = list(
    """
    wooden, glass, silver, paper, plastic, bamboo, brass, toy, water, desert, night, beach, garden
    mountain, winter, indoor, forest, street
    """)

  static let months = list(
    """
    January, February, March, April, May, June, July, August, September, October, November, December
    """)

  static let animals = list(
    """
    alpaca, ant, antelope, armadillo, badger, bat, bear, beaver, bee, bison, buffalo, butterfly, camel
    cheetah, chimpanzee, chipmunk, cobra, cougar, cow, coyote, crab, crane, crocodile, crow, deer
    dolphin, donkey, dragonfly, duck, eagle, eel, elephant, elk, falcon, ferret, firefly, flamingo
    fox, frog, gazelle, gecko, giraffe, goat, goose, gorilla, grasshopper, hare, hawk, hedgehog, heron
    hippo, hyena, ibex, iguana, jackal, jaguar, jellyfish, kangaroo, kingfisher, koala, ladybird
    lemur, leopard, lion, lizard, llama, lobster, lynx, magpie, manatee, meerkat, mole, mongoose
    monkey, moose, moth, mouse, newt, octopus, orca, ostrich, otter, owl, ox, panda, panther, peacock
    pelican, penguin, pig, pigeon, platypus, polar bear, porcupine, puffin, puma, rabbit, raccoon
    reindeer, rhino, robin, salamander, seahorse, seal, shark, sheep, skunk, sloth, snail, sparrow
    spider, squid, squirrel, starfish, stork, swan, tapir, tiger, toad, tortoise, turtle, vulture
    walrus, warthog, wasp, weasel, whale, wolf, wombat, woodpecker, yak, zebra
    """)

  static let flowers = list(
    """
    anemone, aster, azalea, begonia, bluebell, buttercup, camellia, carnation, chrysanthemum
    columbine, cornflower, crocus, cyclamen, daffodil, dahlia, daisy, dandelion, edelweiss, foxglove
    freesia, fuchsia, gardenia, gentian, geranium, heather, hibiscus, hollyhock, honeysuckle
    hyacinth, hydrangea, iris, jasmine, lavender, lilac, lily, lotus, lupin, magnolia, marigold
    orchid, pansy, peony, petunia, poppy, primrose, rose, snapdragon, snowdrop, sunflower, tulip
    violet, water lily, wisteria, zinnia
    """)

  static let sports = list(
    """
    archery, athletics, badminton, baseball, basketball, biathlon, bowling, boxing, canoeing, climbing
    cricket, croquet, curling, cycling, darts, diving, dodgeball, fencing, field hockey, football
    golf, gymnastics, handball, high jump, horse racing, ice hockey, javelin, judo, karate, kayaking
    lacrosse, long jump, marathon running, netball, polo, racquetball, rowing, rugby, running, sailing
    shot put, skating, ski jumping, skiing, snooker, snowboarding, soccer, softball, squash, sumo
    surfing, swimming, table tennis, taekwondo, tennis, triathlon, volleyball, water polo, wrestling
    """)
}
