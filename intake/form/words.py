"""The words of a form, folded (lower case, no accents, no punctuation): labels, persons, headings, boilerplate.

Only words; how labels are recognised is in `labels.py`.
"""

from enum import Enum, auto

from intake.form.clean import bag


class Field(Enum):
    """What a label asks for."""

    FIRST = auto()
    LAST = auto()
    NAME = auto()
    LAST_FIRST = auto()
    FIRST_LAST = auto()
    ADDRESS = auto()
    STREET = auto()
    PLACE = auto()
    """Where someone lives: a municipality or a whole address."""
    NUMBER = auto()
    BOX = auto()
    NUMBER_BOX = auto()
    POSTCODE = auto()
    CITY = auto()
    POST_CITY = auto()
    PHONE = auto()
    MOBILE = auto()
    EMAIL = auto()
    CONTACT = auto()
    CONSENT = auto()
    ROLE = auto()
    """What a row of a table is about: client, partner, child."""
    PERSON = auto()
    """Only a person is named: "Cliënt:", "Verwijzer:"."""
    HEADING = auto()
    NOTES = auto()
    OTHER = auto()
    """A known label of something that is not ours to read (P3)."""


class Party(Enum):
    """Whose data a part of the form holds."""

    CLIENT = auto()
    SENDER = auto()
    OTHER = auto()


def _table(pairs: dict[Field, str]) -> dict[str, Field]:
    return {phrase.strip(): field for field, phrases in pairs.items() for phrase in phrases.split(",")}


FIELDS: dict[str, Field] = _table(
    {
        Field.FIRST: "voornaam, voor naam, voornamen, first name, firstname, prenom, voornaam voornamen, given name, roepnaam voornaam",
        Field.LAST: "achternaam, familienaam, last name, lastname, surname, nom de famille, family name, familie naam,"
        " achter naam, naam achternaam, naam familienaam",
        Field.NAME: "naam, volledige naam, name, namen, full name, naam volledig",
        Field.LAST_FIRST: "naam voornaam, familienaam voornaam, achternaam voornaam, naam voornamen, nom prenom,"
        " naam gevolgd door voornaam",
        Field.FIRST_LAST: "voornaam naam, voornaam achternaam, voornaam familienaam, voor en naam, voor achternaam, voor en achternaam, voor en familienaam,"
        " voor familienaam, voornamen naam, voornaam en naam",
        Field.STREET: "straat, straatnaam, street",
        Field.PLACE: "verblijfplaats, woonplaats, huidige verblijfplaats, woonst, woonachtig, wonende te, woont te,"
        " hoofdverblijfplaats, woonachtig te",
        Field.ADDRESS: "adres, straat nummer, straat nr, straat huisnummer, straat nr bus, straat nummer bus,"
        " straat huisnummer bus, woonadres, verblijfsadres, domicilie, adresgegevens,"
        " adres straat nummer, adres straat nr, domicilieadres, thuisadres, huidig adres, address, adresse,"
        " volledig adres, adres straat huisnummer, contactadres, postadres, straat huisnr, straat huisnr bus, adres woonplaats,"
        " adres verblijfplaats, straat nr postcode gemeente, straatnaam nummer, straatnaam huisnummer, straatnaam nr,"
        " feitelijk adres, adres straat nr bus, officieel adres, adres domicilie,"
        " adres straat nummer postcode gemeente",
        Field.NUMBER: "huisnummer, nr, nummer, huisnr, huis nummer, house number, housenumber, huis nr",
        Field.BOX: "bus, busnummer, busnr, bus nr, box, bus nummer",
        Field.NUMBER_BOX: "huisnummer bus, nr bus, nummer bus, huisnr bus, nr busnr",
        Field.POSTCODE: "postcode, postnr, postnummer, pc, post code, postal code, zip, code postal, postkode",
        Field.CITY: "gemeente, stad, stad gemeente, gemeente stad, plaats, plaatsnaam, deelgemeente, gemeente deelgemeente, municipality, city,"
        " commune, dorp, localite, gemeente woonplaats, woongemeente",
        Field.POST_CITY: "postcode gemeente, postcode plaats, postcode woonplaats, postcode stad, pc gemeente,"
        " postnummer gemeente, postnr gemeente, gemeente postcode, postcode stad gemeente, pc woonplaats, pc plaats,"
        " postcode gemeente stad, postcode plaatsnaam",
        Field.PHONE: "tel, telefoon, telefoonnummer, telnr, tel nr, telefoonnr, tel gsm, telefoon gsm, gsm tel, tel nummer,"
        " vaste telefoon, vast nummer, telefoon thuis, bereikbaar op, te bereiken op, telefoonnummers, phone, telephone,"
        " telefoon nummer, telefoon nr, telefoonnummer gsm, tel gsm nr, gsm telefoon, tel gsm nummer, vaste lijn, tel thuis,"
        " telefoon vast, tel vast, telefoonnummer gsmnummer, gsm of telefoon, telefoon of gsm, tel of gsm, t, tf, tfn,"
        " telefonisch bereikbaar op, telefonisch bereikbaar, tel 1, telefoon 1, gsm telefoonnummer, telefoonnummer of gsm, phone number",
        Field.MOBILE: "gsm, gsm nummer, gsmnummer, gsm nr, gsmnr, mobiel, mobiel nummer, mobiele telefoon, mobile, m,"
        " mobieltje, tel 2, telefoon 2, gsm 1, gsm 2, mobiele nummer, mobiel telefoonnummer, telefoon mobiel, tel mobiel,"
        " handy, mobile phone, tweede nummer, andere telefoon, ander nummer",
        Field.EMAIL: "e mail, email, mail, mailadres, e mailadres, emailadres, e mail adres, email adres, mail adres,"
        " elektronisch adres, e mailadressen, mailadressen, courriel, email address, e mail address, elektronische post",
        Field.CONTACT: "contact, contactgegevens, contact gegevens, tel mail, tel e mail, telefoon e mail, telefoon email,"
        " tel email, gsm mail, gsm e mail, contactinfo, contactinformatie, bereikbaarheid, tel gsm mail, tel gsm e mail,"
        " telefoon mail, telefoonnummer e mail, telefoon gsm e mail, telefoonnummer e mailadres, adres telefoon e mail",
        Field.ROLE: "relatie, rol, hoedanigheid, type, wie, rol gezin, functie, relatie tot client, gezinslid",
        Field.NOTES: "opmerking, opmerkingen, toelichting, hulpvraag, reden, reden doorverwijzing, reden aanmelding, vraag,"
        " bijkomende informatie, extra informatie, bijzonderheden, situatie, situatieschets, gezinssituatie, context, info,"
        " aanvullende informatie, nota, nota s, notities, notitie, omschrijving, vraag client, beschrijving, aandachtspunten,"
        " verwachting, verwachtingen, ps, nb, andere, varia, achtergrond, motivatie, vragen, bijkomende info, extra info,"
        " opgelet, gezinssamenstelling, notes, remarks, aanleiding, doel",
        Field.OTHER: "geboortedatum, geboorteplaats, geslacht, nationaliteit, rijksregisternummer, rrn, insz, taal, datum,"
        " burgerlijke staat, beroep, fax, website, web, dossiernummer, referentie, ref, leeftijd, onze referentie,"
        " uw referentie, betreft, onderwerp, van, aan, cc, thuistaal, moedertaal, geboren, geb, datum doorverwijzing,"
        " datum aanmelding, aantal kinderen, inkomen, werk, uur, tijdstip, plaats datum, datum plaats, voertaal, tolk nodig,"
        " beste moment, bereikbaar, faxnummer, kenmerk, ons kenmerk, dossier, dossiernr, statuut, datum handtekening,"
        " handtekening, iban, rekeningnummer, mutualiteit, ziekenfonds, land, country, provincie, id, gezinsnummer, bijlage,"
        " beste tijdstip, voorkeur, meisjesnaam, roepnaam, bijnaam, aanspreking, aanspreektitel, verzonden, ondernemingsnummer,"
        " btw, kbo, u kenmerk, tijd, taal client, burgerlijke stand, verblijfsstatuut, kanaal, subject, from, to, date, sent,"
        " versie, nummer fiche, fiche nr, fichenummer, volgnummer, pagina, status",
    }
)

CLIENT_WORDS = bag(
    "client clienten clienten klant betrokkene betrokkenen aangemelde doorverwezene clients clienten clientgegevens clientele "
    "clienten customer"
)
SENDER_WORDS = bag(
    "verwijzer doorverwijzer verwijzende doorverwijzende aanmelder contactpersoon teamlid verpleegkundige gezinsondersteuner "
    "opgroeien organisatie afzender medewerker ondergetekende hulpverlener ocmw bestemmeling consulent instelling voorziening "
    "begeleider regioverpleegkundige vroedvrouw regiohuis team regioteam aanmeldende verwijzers zender indiener melder "
    "doorverwijzers sender referrer invuller opsteller contactpersonen dienst teamverantwoordelijke agentschap "
    "gezinsbegeleider trajectbegeleider ontvanger secretariaat maatschappelijk bureau kantoor collega auteur verzender"
)
SENDER_PHRASES = (
    "kind en gezin",
    "kind gezin",
    "k en g",
    "lokaal team",
    "opgemaakt door",
    "ingevuld door",
    "aangemeld door",
    "doorverwezen door",
    "verzonden door",
    "ondertekend door",
    "opgesteld door",
    "sociale dienst",
    "maatschappelijk werker",
    "maatschappelijk werkster",
    "huis van het kind",
    "gezonden door",
    "verstuurd door",
    "uw contactpersoon",
)
OTHER_WORDS = bag(
    "partner echtgenoot echtgenote man vrouw kind kinderen baby zoon dochter vader moeder mama papa ouder ouders huisgenoot "
    "huisgenoten broer zus zuster grootmoeder grootvader oma opa buurvrouw buurman buur vriend vriendin noodcontact "
    "familielid tolk voogd huisarts arts school werkgever gezinslid gezinsleden ex expartner inwonende schoonmoeder "
    "schoonvader tante oom nicht neef meter peter nood noodgeval verhuurder kinderopvang creche onthaalouder bewindvoerder "
    "advocaat partnergegevens kindgegevens plusouder pleegouder medeouder samenwonende samenwoner kotgenoot derde derden "
    "partners mutualiteit gezinshoofd huisbaas pediater kinderarts psycholoog begeleidster noodnummer schoonzus schoonbroer "
    "mantelzorger vertrouwenspersoon ouderlijk mother father child partnernaam bewindvoering gynaecoloog"
)
FILLERS = bag(
    "van de het een der den v d vd en of in te met voor bij over aan uw jouw zijn haar mijn hun s a b c i ii iii nr* "
    "verplicht invullen invulveld aub svp hier graag the of and zoals gekend bekend indien mogelijk optioneel facultatief "
    "eventueel evt beschikbaar & vul gelieve blokletters hoofdletters drukletters"
)
HEADING_WORDS = bag(
    "gegevens identificatie identificatiegegevens persoonsgegevens persoonlijke info informatie persoon identiteit deel luik "
    "rubriek sectie onderdeel coordinaten personalia gezin gezinsgegevens fiche betreffende betreft aangemelde doorverwezen "
    "aangemeld aan te melden volwassene is wie contactgegevens contact administratieve eerste tweede andere details"
)
TITLE_WORDS = bag(
    "fiche doorverwijsfiche formulier doorverwijzing doorverwijzingsformulier aanmelding aanmeldingsformulier aanmeldingsfiche "
    "doorverwijsformulier identificatiefiche verwijsfiche verwijsformulier overdrachtsformulier contactfiche clientfiche "
    "overdracht toeleiding toeleidingsfiche melding meldingsfiche meldingsformulier verwijsbrief"
)
CONSENT_WORDS = bag(
    "toestemming toesteming toest akkoord instemming geinformeerd ingelicht informed consent toestemmingsverklaring toegestemd instemt "
    "toestemt akkoordverklaring goedkeuring stemt instemmen"
)
GREETINGS = (
    "met vriendelijke groet",
    "vriendelijke groet",
    "met hartelijke groet",
    "hartelijke groet",
    "hoogachtend",
    "mvg",
    "met de meeste hoogachting",
    "met beste groet",
    "beste groet",
    "groetjes",
    "warme groet",
    "met warme groet",
    "alvast bedankt",
    "alvast dank",
    "met oprechte hoogachting",
    "sincerely",
    "kind regards",
    "bien a vous",
    "dank bij voorbaat",
)
SENDER_DOMAINS = (
    "opgroeien.be",
    "kindengezin.be",
    "kindengezin.vlaanderen",
    "vlaanderen.be",
    "kind-en-gezin.be",
)
EMPTY_VALUES = frozenset(
    {
        "",
        "geen",
        "nvt",
        "n v t",
        "onbekend",
        "niet van toepassing",
        "niet gekend",
        "niet bekend",
        "ongekend",
        "nihil",
        "x",
    }
)
