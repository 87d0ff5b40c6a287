"""Names that are common in Flanders, folded (lower case, no accents).

Only used to tell which part of a combined name is the given name; no name is ever refused for not being here.
"""

from intake.form.clean import bag

GIVEN: frozenset[str] = bag("""
    aaron abdel abdelkader abdellah abdoulaye abdul abdullah abel achmed adam adama adelheid adil adriaan
    adriana agnes ahmed aicha aida aisha alain albert aleksandra alessandro alessia alex alexander alexandra
    alexia alexis alfons ali alice alicia alina aline alisha alma amal amara amber amelie amina aminata
    amine amira an ana anas anastasia andre andrea andreas andreea andrei andries andriy angela angele
    angelique anita anja ann anna annabel anne anneke anneleen annelien annelies annelore annemie annemieke
    annick annie anouk anthony antje antoine anton antonia antonio aram ariane arlette armand arnaud arne
    arno arta arthur arwen asha ashley asma astrid aurelie awa axel aya ayaan ayoub ayse azra barbara bart
    bas bastiaan beatrice beatrijs beau ben benjamin benny bert bertrand besa betty bianca bieke bilal binta
    birgit bjorn blerina bo bob boris bram brecht brenda brigitte britt bruno bryan bunyamin camille carine
    carla carlo carlos carmen carolien carolina caroline catherine cato cecile cedric celien celine chantal
    charlotte cheyenne chiara chloe chris christel christelle christiaan christian christiane christina
    christine christoph christophe cindy claire claudia claudine clemens cleo colette conny corneel cynthia
    daan dafne daisy dalila damien dana daniel daniela danielle danny daphne dara daria dario david davy
    debby deborah delphine denise derya diana dieter dilara dimitri dina dirk djamila dmytro dominiek
    dominique donald donna dorien doris dorothee dries dylan eddy edith eefje elena eleonora eli elia elias
    elien elif eline elisa elisabeth elise elke ella ellen els elsa elsie emel emiel emilia emilie emily
    emine emma emmanuel emre ena enes eric erica erik erika erna ernest esma esmee esra esther etienne eva
    evelien evelyne evi evy ewa fabian fabienne fabio fadila fadma fadumo faiza fanny farah farida farzana
    fatih fatiha fatima fatma fatmira fatou fatoumata febe feline femke fenna ferre fien fientje filip finn
    fiona fleur floor flor flore florence florian fons fran francine francis francisca francois frank franka
    franky frans fre freddy frederic frederik frederique freek freya frida frieda fritz gabriel gabriela
    gabriella gaelle geert geertrui gemma genevieve george georges georgette gerald gerard gerda gert
    gertrude ghada ghislaine gianni gilbert gilberte gilles gina gino gitte godelieve greet greta griet
    guido guillaume guinevere gulalai gunter gustaaf guy hafida hafsa hakan hakim halima halyna hamid hamza
    hana hanan hanna hannah hanne hannelore hans harald hasna hassan hatice hatixhe hawa hayat hedwig heidi
    helena helene helga hendrik henk henri herman hiba hilda hilde hind hodan huda hugo huguette ibrahim
    ibrahima ibtissam ida igor ikram ilaria ilda ilias ilka ilona ilse iman imane imke imran ina inas ine
    ines inge ingeborg ingrid inne ioana ionela irena irene irina iris irma iryna isaac isabel isabella
    isabelle ismail isra ivan ivana ivo izabela jaak jack jacky jacqueline jakob jamal jamie jamila jan jana
    jane janne jannes jarne jarno jasmien jasmijn jasmina jasmine jason jasper jean jeanette jeannine jef
    jeff jelena jelle jennifer jenny jens jente jeroen jerome jesse jessica jessie jessy jill jo joachim
    joana joanna jochen joel joelle joeri johan johanna johannes john johnny jolien jonas jonathan joni
    joost jordi jordy jorge joris jos jose josee josef josefien josefina joseph josephine josiane josse
    joyce jozef juan judith jules julia julian juliana julie julien julienne juliette jurgen justine kaat
    kaatje kader kadiatou kamal karel karen karim karima karimullah karin karina karine karl karlien
    karolien karolina kasper kat kateryna kathleen kathy katia katie katja katleen kato katrien katrijn
    katrin katty kelly kenny kenza kevin khadija khaled khalid kiara kiki kim kimberley kimberly klaas klara
    kobe koen koenraad kris krista kristel kristien kristin kristina kristine kristof kurt kyra lama lana
    lander lara lars latifa laura laure lauren laurence laurens laurent laurien lea leen leentje leila lejla
    lena lene lenka lenn lennert lenny leo leonard leonie leontine leopold leticia levi lewis leyla leyli
    liam lian lidia lien lies liesa liesbet liesbeth lieselot lieselotte lieve lieven lili liliane lilly
    lilo lily lina linda linde lindsay lindsey line linn lio lisa lise lisette livia liz lize lode loes loic
    lola lore loredana loreen lorena lorenz lorenzo lot lotje lotte lou loubna louis louisa louise lowie luc
    luca lucas lucia lucie lucienne lucy ludo ludovic luigi luis luk lukas luna lut lutgard lydia lyna
    maaike maarten maartje mabel machteld maddy madeleine magali magda magdalena mahmoud mahmud maite maja
    malak malik malika mamadou manal manon manuel manuela mara marc marcel marcella marcin marco margaret
    margaux margot margriet maria mariam mariama mariame marian mariana marianne mariatou marie marieke
    marijke marijn marika marilyn marina mario marion maris marita mariya marjan marjolein mark marleen
    marlene marlies marnix marta marte martha martijn martin martina martine maryam maryan marysa mathias
    mathieu mathilde mathis matteo matthew matthias matthieu maud maude maureen maurice maurits max maxim
    maxime maxine maya maysa mehdi mehmet mehret melanie melike melina melissa mercedes merel meryem mette
    mia michael michel michele micheline michelle michiel miek mieke mien mihaela mika mikael mila milan
    milou mina minne miranda mireille mirela mirella miriam mo mohamed mohammad mohammed mona monia monica
    monika monique morgane mounia mounir mourad moussa mulki murat muriel mustafa mykola myriam nabil nabila
    nadia nadine nadira naima najat najib nancy naomi nasir nasrin nassim natacha natalia natalie nataliia
    natasha nathalie nathan nawal nazan nel nele nelle nelly nermin nick nico nicola nicolas nicole nicoleta
    niels nienke nika nikita nikki niko nils nina nisreen nisrine noa noah noel noelia noemi noemie noor
    nora norah nore nour noura nouria nuria odette oksana ola oleksandr olena olga olivia olivier omar ona
    oona orhan oscar osman oumaima ousmane oussama pablo parisa pascal pascale patricia patrick patrik paul
    paula paulien paulina pauline pedro peggy peter petra philip philippe pia pierre piet pieter pieterjan
    piotr priscilla quinten rachel rachid rachida raf rafael rahel rahma raissa ramona rana rania raoul
    raphael raquel rasha rashid rayan raymond rebecca redouan reem reinhilde reinhout remi renaat renate
    rene renee reza ria rianne richard rihab rik rika rima rita robbe robert roberta roberto robin robrecht
    roel roger roland romain roman romy ronald ronny roos rosa rosalie rosalinde rosario rose rosemarie
    rosita roxane ruben rudi rudy rukia runa rune ruslan rutger ruth saar saartje sabah sabine sabrina safae
    safia sahra said saida salah saliha salima salma sam samantha sami samia samir samira samuel san sanaa
    sander sandra sandrine sandy sanna sanne sara sarah sari sascha sayed sebastiaan sebastian sebastien
    selam selamawit selin selma serena serge serhat sevda severine shana shania sharon sheila shirin shpresa
    siebe siegfried sien sigrid silke silvia simon simona simone sina sindy siska sjoerd soetkin sofia sofie
    sofiia sonia sonja sophia sophie soraya souad soufiane stan stefaan stefan stefania stefanie steffi
    stella stephan stephane stephanie stephen steve steven stien stijn stine suhair sumaya suzanna suzanne
    sven svetlana sylvia sylvie tamara tania tanja tara tarik tariq tatiana tatjana tess tessa tetiana thea
    theo theodoor theresa therese thibault thibaut thibo thierry thijs thomas tigist tijl tijs tilde tim
    timothy tina tine tineke tinne tiny tom tomas tomasz tony toon torben trees trui tuur ulrike ursula
    valbona valentina valerie vanessa veerle vera veronika veronique vicky victor victoria viktor viktoria
    vincent viola violette virginie viviane vladimir wafa walid walter wannes ward warda wendy werner wesley
    wies wiktoria wilfried willem willemijn willy wim wina winde wout wouter xander xavier yana yann yannick
    yara yasin yasmin yasmina yasmine yassin yassine yente yolanda yoran youri yousef yousra youssef yuliia
    yusuf yvan yves yvette yvonne zahra zahraa zainab zakaria zara zeynep zineb zita zoe zoey zofia zohra
    zuzanna
""")
"""Given names."""

FAMILY: frozenset[str] = bag("""
    adriaenssens aerts amrani aydin baert baeten baetens bah barry bauwens beeckman beernaert bekaert benali
    bensaid berisha blomme boeykens bogaert bogaerts bondarenko bonte boone bossuyt bouckaert boudry bouzid
    braem brouwers bruyneel buysse callens callewaert camara carlier casier casteleyn celik christiaens
    cisse claerhout claes claeys clarysse cloet colpaert cools coppens cornelis cuypers daems danneels
    debaere debruyne declerck declercq decock deconinck degroote dejonghe delaere demeester demeulenaere
    demeyer demeyere demir denolf depoorter deprez deschacht deschepper desmedt desmet devos dewaele dewulf
    dhondt diallo diaz dierckx dobbelaere dubois dumont dumoulin dupont eeckhout elmansouri engels fernandez
    fonteyne galle garcia gashi geens geldhof ghesquiere gheysens gielen goethals goossens govaerts haddad
    haile hendrickx hermans hoste hoxha hussein huyghe huysmans ionescu ivanova jacobs janssen janssens kaya
    keita kerkhofs khalil kindt kovalenko kowalska kowalski krasniqi lambrecht lambrechts lamote lefevre
    lemahieu lemmens leroy lievens lopez luyten maertens maes mansour martens martinez masson meersman meire
    melnyk mertens meuleman michiels moens moerman moreau mouton naessens nguyen nijs nowak nuytten nys
    ozdemir ozturk parmentier pattyn pauwels peeters perez petit petrova pieters pinte plets popescu ramon
    reynaert rodriguez roelens roels rogiers sahin sanchez segers seynaeve shala shevchenko simoens singh
    smet smets soetaert steenhaut stevens sylla sys talpe tanghe tesfaye thys timmermans toure traen traore
    tuytens vanacker vandamme vandenberghe vandenbroucke vandenbussche vandeputte vanderhaeghe vandewalle
    vandewiele vanhee vanhoutte vanneste verbeeck verbeke verbrugge verbrugghe vercammen vercruysse
    verfaillie verhaeghe verhelst verhoeven verhulst verlinde vermeersch vermeiren vermeulen verschueren
    verstraete vlaeminck vos wauters willaert willems windels wisniewski wouters wyffels yildiz yilmaz
""")
"""Family names that are no given names."""

EITHER: frozenset[str] = bag("""
    abdullah abel abraham adam adama ahmed alain albert ali andre arnaud aydin benjamin bernard bilal
    charles daniel david demir denis diaz franco francois gabriel george gilbert gomes hamid hamza hassan
    henri henry hussein ibrahim isaac ismail jacob jamal jean jonas joseph karim khaled khalid khalil
    lambert laurent lemmens leon leonard lucas mahmud mansour martin mehdi michel mohamed mohammad
    mohammed moussa mustafa nathan noel omar osman paul peter rachid ramon raymond richard robert roland
    said salah samuel santos simon stephan thomas victor vincent yousef youssef yusuf
""")
"""Given names that also are family names: no ground by themselves."""
