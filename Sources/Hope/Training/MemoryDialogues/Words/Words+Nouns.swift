extension Words {
  /// Ordinary nouns, used as names, titles, secret words and in compounds.
  static let nouns = list(
    """
    acorn, almond, anchor, angel, anvil, apple, apron, arrow, atlas, attic, axe, badge, bagel, bakery
    balcony, ball, balloon, bamboo, banana, bandage, banner, barn, barrel, basket, bathtub, battery
    beach, beacon, bead, beam, bean, beard, bed, bell, belt, bench, berry, bicycle, biscuit, blanket
    blossom, board, boat, bolt, bonfire, bonnet, book, boot, bottle, boulder, bow, bowl, box, bracelet
    brake, branch, brick, bridge, broom, brush, bubble, bucket, buckle, bulb, bumper, bundle, bus
    bush, butter, button, cabin, cabinet, cable, cactus, cage, cake, camera, canal, candle, cannon
    canoe, canvas, cape, car, caravan, card, carpet, carriage, carrot, cart, castle, cave, ceiling
    cellar, chain, chair, chalk, chapel, cherry, chest, chimney, chisel, church, cinema, circle
    clay, cliff, cloak, clock, cloud, clover, coal, coat, cobweb, coconut, coffin, coin, collar
    comb, comet, compass, cone, cookie, copper, cork, corner, cottage, cotton, couch, cradle, crate
    crayon, crown, crumb, crystal, cup, cupboard, curtain, cushion, dagger, daisy, dam, desk, diamond
    diary, dish, doll, donut, door, dough, dragon, drawer, dress, drum, dune, dust, easel
    eggshell, elbow, ember, engine, envelope, eraser, factory, fan, farm, feather, fence, fern
    ferry, field, fig, finger, fir, fireplace, flag, flame, flask, flute, foam, fork, fossil, fountain
    frame, freezer, furnace, galaxy, gallery, garage, garden, garlic, gate, gear, ghost, ginger, glacier
    glass, globe, glove, glue, goblet, granite, grape, gravel, grove, gutter, hammer, hammock, handle
    harbour, harness, harvest, hat, hatch, hay, hazel, heart, hedge, helmet, hill, hinge, hole, honey
    hood, hook, hoop, hose, hotel, house, hut, ice, igloo, ink, iron, island, ivory, jacket, jar, jelly
    jewel, jigsaw, jug, jungle, kettle, key, kite, kitchen, knapsack, knife, knob, knot, label, lace
    ladder, ladle, lagoon, lake, lamp, lantern, lasso, leaf, leather, ledge, lemon, lens, letter, lever
    lighthouse, lime, lock, locket, log, loom, magnet, mailbox, mallet, mango, map, maple, marble
    market, marsh, mask, mast, mat, match, meadow, medal, melon, meteor, microscope, mill, mirror
    mitten, moat, monument, moon, mop, moss, motor, mountain, mug, mushroom, mustard, nail, napkin
    necklace, needle, nest, net, nickel, notebook, nut, oak, oar, oasis, oat, ocean, olive, onion
    opal, orchard, oven, paddle, page, pail, paint, palace, pan, paper, parachute, parcel, park, parsley
    path, patio, pavement, pea, peach, pearl, pebble, pedal, pen, pencil, pendulum, pepper, petal
    piano, pickle, pie, pier, pillar, pillow, pin, pine, pipe, pistachio, pitcher, planet, plank, plate
    plum, pocket, pond, porch, port, postcard, pot, potato, prairie, prism, pudding, puddle, pulley
    pump, pumpkin, puppet, purse, puzzle, pyramid, quarry, quartz, quilt, quiver, radar, radio, radish
    raft, railway, rain, rainbow, raisin, rake, ramp, raspberry, reef, ribbon, riddle, ring, ripple
    river, road, robe, robot, rocket, roof, rope, rosemary, ruler, saddle, sail, salt, sandal, saucer
    scarf, school, screw, scroll, sea, seed, shadow, shed, shelf, shell, shield, shirt
    shoe, shovel, shutter, sickle, sieve, signal, silk, sink, skate, sled, sleeve, slipper, smoke, snow
    soap, sock, sofa, spade, spark, spear, spice, spindle, sponge, spoon, spring, square, stable
    stamp, star, statue, steam, steel, stone, stool, storm, stove, straw, stream, string
    sugar, suitcase, sun, swamp, sweater, swing, sword, swordfish, syrup, table, tailor, tambourine
    tank, tape, tart, tassel, teapot, telescope, temple, tent, thimble, thistle, thorn, thread, throne
    thunder, ticket, tile, timber, toast, toffee, torch, towel, tower, tractor, train, tray, treasure
    treehouse, trellis, trolley, trophy, trunk, tunnel, turban, turnip, twig, umbrella, valley, valve
    vase, vault, velvet, vest, village, vine, vinegar, violin, volcano, waffle, wagon, wall, wallet
    walnut, wand, wardrobe, water, wave, wheat, wheel, whistle, willow, windmill, window, wing, wire
    wool, wreath, yarn, yogurt, zipper
    """)
}
