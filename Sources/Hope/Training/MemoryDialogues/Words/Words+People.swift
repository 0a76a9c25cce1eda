extension Words {
  static let firstNames = list(
    """
    Aaron, Abigail, Ada, Adam, Adele, Adrian, Agnes, Aidan, Aisha, Alan, Albert, Alec, Alejandro
    Alex, Alexis, Alfred, Ali, Alice, Alicia, Alina, Alison, Alma, Alvin, Amanda, Amara, Amber
    Amelia, Amina, Amir, Amy, Ana, Anders, Andre, Andrea, Andrew, Angela, Angus, Anita, Anna, Anne
    Annika, Anthony, Anton, Antonia, Anya, Arjun, Arlo, Arnold, Arthur, Asha, Ashley, Astrid
    Audrey, August, Aurora, Ava, Axel, Barbara, Basil, Beatrice, Becky, Bella, Ben, Bernard, Beth
    Bianca, Bill, Bjorn, Blake, Bob, Boris, Brandon, Brenda, Brett, Brian, Bridget, Bruce, Bruno
    Caleb, Cameron, Camila, Carl, Carla, Carlos, Carmen, Carol, Caroline, Casey, Cassandra
    Catherine, Cecilia, Cedric, Celeste, Celia, Chad, Chandra, Charlie, Charlotte, Chen, Chloe
    Chris, Christina, Claire, Clara, Clark, Claudia, Clive, Cody, Colin, Connor, Cora, Craig
    Curtis, Cynthia, Daisy, Dale, Damian, Dan, Daniel, Daniela, Daphne, Darius, Darren, David
    Dawn, Dean, Deborah, Declan, Delia, Denis, Derek, Diana, Diego, Dimitri, Dolores, Dominic
    Donna, Dora, Doris, Dorothy, Douglas, Duncan, Dylan, Eddie, Edgar, Edith, Edmund, Edna, Edwin
    Eileen, Elaine, Elena, Eli, Elias, Elise, Eliza, Ella, Ellen, Elliot, Elsa, Emil, Emily, Emma
    Enzo, Eric, Erica, Ernest, Esther, Ethan, Eugene, Eva, Evan, Evelyn, Fatima, Faye, Felicity
    Felix, Fergus, Fernando, Finn, Fiona, Flora, Florence, Frances, Frank, Fred, Freya, Gabriel
    Gareth, Gary, Gavin, Gemma, Geoffrey, George, Gerald, Gilbert, Gina, Giovanni, Gloria, Gordon
    Grace, Graham, Greg, Greta, Guy, Hana, Hannah, Harold, Harriet, Harry, Harvey, Hassan, Hazel
    Heather, Hector, Heidi, Helen, Helga, Henrik, Henry, Herbert, Hilda, Holly, Hope, Howard
    Hugh, Hugo, Ian, Ida, Ingrid, Irene, Iris, Isaac, Isabel, Isla, Ivan, Ivy, Jack, Jacob, Jade
    Jamal, James, Jane, Janet, Jared, Jasmine, Jason, Jasper, Javier, Jean, Jeff, Jenna, Jenny
    Jeremy, Jerome, Jesse, Jessica, Jill, Joan, Joanna, Joe, Joel, Johan, John, Jonas, Jordan
    Jorge, Joseph, Joshua, Joyce, Juan, Judith, Julia, Julian, June, Kai, Karen, Karim, Karl
    Kate, Katrina, Kay, Keith, Kelly, Ken, Kevin, Khalid, Kim, Kira, Kirsten, Klaus, Kofi, Kurt
    Kyle, Lance, Lara, Lars, Laura, Lauren, Layla, Lea, Leah, Lee, Leila, Lena, Leo, Leon, Leroy
    Leslie, Levi, Lewis, Liam, Lila, Lily, Linda, Linus, Lisa, Lloyd, Logan, Lois, Lola, Lorenzo
    Lorna, Louis, Louise, Lucas, Lucia, Lucy, Luis, Luke, Luther, Lydia, Lynn, Mabel, Maggie
    Magnus, Malcolm, Malik, Marcel, Marco, Marcus, Margaret, Maria, Marian, Marie, Mario, Marion
    Mark, Marlon, Martha, Martin, Marvin, Mary, Matilda, Matthew, Maude, Maurice, Max, Maya, Megan
    Mei, Melanie, Melissa, Mercy, Michael, Michelle, Miguel, Mila, Miles, Milo, Mira, Miranda
    Miriam, Mohammed, Moira, Molly, Monica, Morgan, Morris, Muriel, Myra, Nadia, Naomi, Natalie
    Nathan, Neil, Nell, Nelson, Nick, Nicole, Nigel, Nikita, Nina, Noah, Noel, Nora, Norman, Odette
    Olaf, Olga, Olive, Oliver, Olivia, Omar, Oscar, Otto, Owen, Pablo, Paige, Pamela, Patricia
    Patrick, Paul, Paula, Pauline, Pearl, Pedro, Peggy, Penelope, Percy, Peter, Petra, Philip
    Phoebe, Pierre, Polly, Priya, Quentin, Rachel, Rafael, Ralph, Ramon, Raquel, Raul, Ray
    Rebecca, Reggie, Renee, Rhys, Rita, Robert, Robin, Rodney, Roger, Roland, Rosa, Rosalind
    Rose, Ross, Roy, Ruby, Rupert, Russell, Ruth, Ryan, Sabrina, Sally, Salma, Sam, Samira, Sandra
    Sara, Saul, Scott, Sean, Selma, Serena, Seth, Shane, Sharon, Sheila, Sid, Sidney, Silvia, Simon
    Sofia, Sonia, Sophie, Stacy, Stan, Stella, Steve, Stuart, Sue, Sunil, Susan, Sven, Sylvia
    Tamara, Tanya, Tara, Ted, Teresa, Terry, Tessa, Theo, Theresa, Thomas, Tilda, Tim, Tina
    Tobias, Todd, Tom, Tony, Tracy, Trevor, Trudy, Tyler, Ursula, Valerie, Vanessa, Vera, Vernon
    Veronica, Victor, Victoria, Vincent, Viola, Violet, Virginia, Vivian, Wade, Walter, Wanda
    Warren, Wayne, Wendy, Wesley, Wilbur, Will, Winifred, Xavier, Yara, Yasmin, Yolanda, Yuki
    Yusuf, Yvonne, Zachary, Zara, Zelda, Zoe
    """)

  static let jobs = list(
    """
    accountant, acrobat, actor, actress, ambulance driver, animator, architect, archivist, artist
    astronomer, auctioneer, author, baker, banker, barber, barista, bartender, beekeeper, biologist
    blacksmith, boat builder, bookbinder, bookkeeper, bookseller, botanist, brewer, bricklayer
    bus driver, butcher, butler, cabinet maker, captain, caretaker, carpenter, cartoonist, cashier
    chef, chemist, choreographer, clerk, clockmaker, clown, coach, cobbler, comedian, composer
    conductor, cook, counsellor, courier, crane operator, curator, dancer, dentist, designer
    detective, diver, doctor, driver, economist, editor, electrician, engineer, estate agent
    farmer, firefighter, fisherman, flight attendant, florist, forester, funeral director, gardener
    geologist, glass blower, glazier, goldsmith, guard, guide, hairdresser, historian, housekeeper
    illustrator, inspector, interpreter, inventor, janitor, jeweller, journalist, judge, juggler
    landscaper, lawyer, lecturer, librarian, lifeguard, lighthouse keeper, locksmith, lumberjack
    magician, mail carrier, manager, mason, mathematician, mechanic, meteorologist, midwife, miller
    miner, model, musician, nanny, notary, novelist, nurse, nutritionist, optician, painter
    paramedic, pastry chef, pharmacist, photographer, physicist, pianist, pilot, plasterer, plumber
    poet, police officer, porter, postman, potter, printer, producer, professor, programmer
    proofreader, psychologist, puppeteer, radiologist, ranger, receptionist, reporter, roofer
    saddler, sailor, salesman, scientist, sculptor, seamstress, secretary, sheep farmer, shepherd
    shoemaker, shopkeeper, singer, social worker, soldier, songwriter, stonemason, stunt double
    surgeon, surveyor, tailor, tattoo artist, taxi driver, teacher, technician, tiler, toymaker
    train driver, translator, truck driver, tutor, undertaker, upholsterer, usher, vet, vicar
    violin maker, waiter, waitress, warehouse worker, watchmaker, weaver, web designer, welder
    window cleaner, winemaker, writer, zookeeper
    """)

  /// Second words of invented jobs: "lantern painter".
  static let trades = list(
    """
    maker, painter, seller, tester, repairer, designer, inspector, collector, trader, polisher
    keeper, expert, restorer, packer, trainer, writer
    """)

  static let hobbies = list(
    """
    acting, archery, astronomy, badminton, baking, ballet, baton twirling, beekeeping, bell ringing
    bird watching, blogging, board games, bonsai, bookbinding, bowling, boxing, brewing, calligraphy
    camping, candle making, canoeing, carpentry, cartooning, chess, climbing, coding, cooking
    crochet, croquet, crosswords, curling, cycling, dancing, darts, diving, dominoes, drawing
    drumming, embroidery, falconry, fencing, fishing, flower arranging, foraging, gardening
    genealogy, geocaching, glass painting, gliding, golf, gymnastics, hiking, horse riding
    ice skating, improv, jewellery making, jogging, judo, juggling, karaoke, karate, kayaking
    kite flying, knitting, lace making, leather work, magic tricks, marbles, meditation
    metal detecting, model building, model trains, mountain biking, mushroom picking, needlework
    origami, orienteering, painting, paper folding, parkour, photography, pilates, poetry, poker
    pottery, puppetry, puzzles, quilting, quizzes, rafting, reading, robotics, rock collecting
    roller skating, rowing, running, sailing, scrapbooking, sculpting, sewing, singing, skateboarding
    skiing, skydiving, sledding, snorkelling, snowboarding, soap making, spinning, squash
    stamp collecting, stargazing, storytelling, sudoku, surfing, swimming, table tennis, tai chi
    tennis, trampolining, travelling, tree climbing, upcycling, volunteering, weaving, weightlifting
    wood carving, wrestling, writing, yoga
    """)

  /// First words of invented hobbies: "painting lanterns".
  static let pursuits = list(
    "collecting, painting, drawing, building, fixing, photographing, selling, decorating, making")
}
