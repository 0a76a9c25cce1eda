extension Words {
  static let petNames = list(
    """
    Abbot, Ace, Alfie, Apollo, Archie, Arrow, Atlas, Bagel, Bailey, Bandit, Banjo, Barney, Beans
    Bear, Beau, Benji, Bingo, Birdie, Biscuit, Blaze, Blossom, Blue, Bolt, Bongo, Bonnie, Boomer
    Boots, Bosco, Bramble, Brownie, Bruiser, Bubbles, Buddy, Bugsy, Bunny, Buster, Butters, Caesar
    Callie, Caramel, Cashew, Casper, Champ, Chester, Chewy, Chico, Chip, Chipper, Chunk, Cinder
    Cleo, Clover, Coco, Comet, Cookie, Cosmo, Cricket, Cuddles, Cupcake, Dash, Dexter, Diesel
    Digger, Dingo, Diva, Dodger, Doodle, Dottie, Duchess, Duffy, Duke, Dumpling, Dusty, Echo
    Eclipse, Elvis, Ember, Fang, Feather, Ferdinand, Fidget, Fido, Figaro, Fizz, Flash, Fluffy
    Flynn, Foxy, Freckles, Frisky, Frodo, Fudge, Garfield, Genie, Ghost, Giggles, Gizmo, Goldie
    Gracie, Gremlin, Gromit, Gus, Hamlet, Happy, Harley, Hercules, Hobbes, Honey, Hooch
    Hunter, Icicle, Indie, Inky, Jackpot, Jasper, Jazz, Jellybean, Jester, Jiggy, Jinx, Joker, Juno
    Kiki, King, Kipper, Kit, Kiwi, Koko, Lady, Laddie, Licorice, Lightning, Loki, Lucky, Lulu, Luna
    Mango, Maple, Marbles, Marmalade, Mars, Mercury, Merlin, Midnight, Mimi, Minnie, Misty, Mittens
    Mocha, Moo, Moose, Muffin, Munchkin, Murphy, Mustard, Nacho, Nala, Nemo, Nibbles, Nugget
    Nutmeg, Odin, Olly, Onyx, Oreo, Orion, Otis, Paddy, Pancake, Panda, Panther, Patch, Peaches
    Peanut, Pebbles, Penny, Pepper, Perky, Phantom, Pickle, Pip, Pippin, Pixel, Pixie, Pluto, Poppy
    Porridge, Primrose, Prince, Puddles, Puff, Pumpkin, Quincy, Racer, Radar, Rags, Rascal, Raven
    Rex, Ringo, Ripple, Rocky, Rolo, Romeo, Rover, Rufus, Rusty, Saffron, Salty, Samson, Sandy
    Sassy, Scooby, Scout, Scruffy, Shadow, Sheba, Simba, Skipper, Sky, Smokey, Smudge, Snickers
    Snoopy, Snowball, Socks, Sparky, Speckles, Spike, Spirit, Splash, Spot, Squeak, Stitch, Storm
    Sugar, Sunny, Taco, Taffy, Tango, Tank, Teddy, Thor, Thunder, Tigger, Tinker, Tiny, Titan
    Toby, Toffee, Toto, Treacle, Trixie, Trouble, Truffle, Tucker, Tuna, Turbo, Tweety, Twiggy
    Twister, Velvet, Waffle, Whiskers, Widget, Wiggles, Willow, Winston, Wizard, Woody, Yoda, Yogi
    Zeus, Ziggy, Zippy, Zorro
    """)

  static let cities = list(
    """
    Aberdeen, Accra, Adelaide, Albany, Algiers, Amman, Amsterdam, Ankara, Antwerp, Asuncion, Athens
    Atlanta, Auckland, Austin, Baghdad, Baltimore, Bangkok, Barcelona, Basel, Bath, Beijing, Beirut
    Belfast, Belgrade, Bergen, Berlin, Bern, Birmingham, Boise, Bologna, Bombay, Bordeaux, Boston
    Brasilia, Bratislava, Bremen, Brighton, Brisbane, Bristol, Bruges, Brussels, Bucharest, Budapest
    Buffalo, Busan, Cairo, Calgary, Cambridge, Canberra, Cape Town, Caracas, Cardiff, Casablanca
    Charleston, Chennai, Chester, Chicago, Cleveland, Cologne, Columbus, Copenhagen, Cordoba, Cork
    Dakar, Dallas, Damascus, Darwin, Delhi, Denver, Derby, Detroit, Dhaka, Doha, Dortmund, Dresden
    Dubai, Dublin, Dundee, Durban, Durham, Edinburgh, Edmonton, Essen, Exeter, Florence, Frankfurt
    Galway, Geneva, Genoa, Ghent, Glasgow, Gothenburg, Granada, Graz, Grenoble, Guadalajara, Hague
    Haifa, Halifax, Hamburg, Hanoi, Hanover, Harare, Havana, Helsinki, Hobart, Honolulu, Houston
    Hull, Innsbruck, Istanbul, Jakarta, Jerusalem, Johannesburg, Kabul, Kampala, Karachi, Kathmandu
    Kiev, Kingston, Krakow, Kyoto, Lagos, Lahore, Lausanne, Leeds, Leicester, Leipzig, Lille, Lima
    Limerick, Lincoln, Linz, Lisbon, Liverpool, Ljubljana, London, Luanda, Lusaka, Luxembourg
    Lyon, Madison, Madrid, Malaga, Malmo, Manchester, Manila, Marseille, Medellin, Melbourne
    Memphis, Miami, Milan, Milwaukee, Minneapolis, Minsk, Mombasa, Monaco, Montevideo, Montreal
    Moscow, Mumbai, Munich, Nairobi, Nantes, Naples, Nashville, Newcastle, Nice, Norwich, Nottingham
    Nuremberg, Oakland, Odessa, Omaha, Orlando, Osaka, Oslo, Ottawa, Oxford, Padua, Palermo, Panama
    Paris, Perth, Philadelphia, Phoenix, Pisa, Pittsburgh, Plymouth, Portland, Porto, Prague
    Pretoria, Quebec, Quito, Reykjavik, Richmond, Riga, Rome, Rotterdam, Sacramento, Salzburg
    Santiago, Sapporo, Sarajevo, Seattle, Seoul, Seville, Shanghai, Sheffield, Singapore, Sofia
    Southampton, Split, Stockholm, Strasbourg, Stuttgart, Sydney, Taipei, Tallinn, Tampa, Tangier
    Tehran, Tokyo, Toledo, Toronto, Toulouse, Trieste, Trondheim, Tunis, Turin, Utrecht, Valencia
    Vancouver, Venice, Verona, Vienna, Vilnius, Warsaw, Wellington, Winnipeg, Worcester, Yokohama
    York, Zagreb, Zurich
    """)
}
