"""Untidy fiches as real offices make them, with the truth known; seeded, so that a set can be made again.

Two sets of wordings: "known" to work with, and "fresh" that is only used to measure. Knows nothing of the reader.
"""

from dataclasses import dataclass, field
from random import Random

from tests.intake.form.rendering import FORMATS, OFF, ON, Line

UNCLEAR = "unclear"

NAMES = {
    "known": (
        ["An", "Lies", "Fatima", "Jan", "Sofie", "Mohamed", "Els", "Youssef", "Kaat", "Oleksandra", "Marie-Claire", "Tine", "Zeynep", "Anna Maria"],
        ["Janssens", "Van den Broeck", "Peeters", "De Smet", "El Amrani", "D'Hondt", "Vandenberghe", "'t Kindt", "Diallo", "Ben Ali", "Maes-Claeys", "Vermeulen", "Kowalska"],
    ),
    "fresh": (
        ["Griet", "Ilse", "Nadia", "Bram", "Amina", "Wouter", "Noor", "Ibtissam", "Jean-Pierre", "Hilde", "Mariama", "Thi Lan", "Emre", "Svetlana", "Lotte"],
        ["Callewaert", "Van der Auwera", "Lemahieu", "De Coninck", "Bah", "D'Haene", "Vanhoutte", "Özdemir", "Popescu", "Ait Said", "Nguyen", "Maertens", "Debruyne", "Ter Heerdt"],
    ),
    "last": (
        ["Saar", "Dirk", "Khadija", "Pieter-Jan", "Liesbeth", "Ömer", "Yulia", "Rita", "Abdoulaye", "Chloë", "Marleen", "Kenza"],
        ["Deleersnyder", "Van de Walle", "Ghesquière", "De Clercq", "Benhaddou", "D'Hulst", "Vandommele", "Sow", "Ivanova", "El Khattabi", "Van Hee", "Top"],
    ),
}  # fmt: skip
STREETS = {
    "known": ["Koestraat", "Nieuwstraat", "Ten Brielenlaan", "Sint-Medardusplein", "Rue de Lille", "Guido Gezellelaan", "Hoogweg"],
    "fresh": ["Magdalenastraat", "Komenstraat", "Ooststraat", "Burgemeester Deconinckplein", "Leiekaai", "Kruisekestraat", "St.-Jansstraat", "Oude Beselarestraat"],
    "last": ["Steenakker", "Zuidstraat", "Duivenstraat", "Sint-Maartensplein", "Ieperstraat", "Pontstraat", "Rue du Château", "Albert I-laan"],
}  # fmt: skip
PLACES = {
    "known": [("8940", "Wervik"), ("8940", "Geluwe"), ("8930", "Menen"), ("8560", "Wevelgem"), ("59560", "Comines")],
    "fresh": [("8940", "Wervik"), ("8930", "Lauwe"), ("8980", "Zonnebeke"), ("8500", "Kortrijk"), ("59200", "Tourcoing"), ("8920", "Langemark-Poelkapelle")],
    "last": [("8940", "Wervik"), ("8930", "Rekkem"), ("8900", "Ieper"), ("8501", "Heule"), ("59250", "Halluin"), ("8587", "Spiere-Helkijn")],
}  # fmt: skip

LABELS = {
    "known": {
        "first": ["Voornaam", "voornaam", "VOORNAAM", "Voornaam cliënt", "Vornaam", "Voornaam (*)"],
        "last": ["Naam", "Achternaam", "Familienaam", "NAAM", "Naam cliënt", "Familienaam van de cliënt"],
        "both": ["Naam en voornaam", "Voornaam en naam", "Naam", "Naam cliënt", "Cliënt", "Voornaam + naam", "Naam, voornaam"],
        "address": ["Adres", "ADRES", "Adres cliënt", "Woonplaats", "Verblijfplaats", "Adres (straat, nr, postcode, gemeente)"],
        "street": ["Straat en nummer", "Straat + nr", "Straat en huisnummer", "Adres", "Straat/nr/bus"],
        "town": ["Postcode en gemeente", "Postcode + gemeente", "Postcode / gemeente"],
        "postcode": ["Postcode", "Postkode", "Postnr"],
        "city": ["Gemeente", "Gemeente", "Woonplaats"],
        "phone": ["Tel", "Tel.", "Telefoon", "GSM", "gsm-nummer", "Telefoonnummer", "Tel/gsm", "Telefoon / GSM", "Telefon", "GSM cliënt"],
        "email": ["E-mail", "Email", "e-mailadres", "Mail", "E-mail cliënt", "E-mailadres"],
        "consent": ["Toestemming cliënt", "Toestemming", "Akkoord cliënt", "Cliënt geïnformeerd en akkoord"],
    },
    "fresh": {
        "first": ["Voornaam", "Voornaam:", "1. Voornaam", "Voornaam betrokkene", "voor naam", "Voornamen"],
        "last": ["Naam", "Familienaam", "2. Naam", "Naam betrokkene", "Achter naam", "Familie naam"],
        "both": ["Naam & voornaam", "Naam + voornaam cliënt", "Voornaam - Naam", "Naam van de cliënt", "Familienaam en voornaam"],
        "address": ["Adres van de cliënt", "Volledig adres", "Adresgegevens", "Adress", "Huidig adres", "Woonadres"],
        "street": ["Straat & nr", "Straat, nummer, bus", "Straat + huisnr.", "Straat en nr."],
        "town": ["Postcode + woonplaats", "Postcode & Gemeente", "PC + gemeente", "Postnr. en gemeente"],
        "postcode": ["POSTCODE", "Post code", "Postcode*"],
        "city": ["Gemeente/stad", "Stad/gemeente", "Gemeente", "Woongemeente"],
        "phone": ["Tel.nr.", "Tel.:", "Telefoonnr.", "Gsm nr", "Mobiel nummer", "GSM/Tel", "Telefoonummer", "Tel nr cliënt", "Telefoon (thuis)", "Gsm-nr."],
        "email": ["E-Mail", "mailadres", "Emailadres", "E-mail adres cliënt", "e - mail"],
        "consent": ["Toestemming van de cliënt", "Akkoord van de cliënt", "Heeft de cliënt toestemming gegeven?", "Toestemming doorverwijzing OCMW", "Instemming cliënt"],
    },
    "last": {
        "first": ["Voornaam van de cliënt", "Voornaam :", "VOORNAAM", "Vornaam", "Voornaam/voornamen", "a) Voornaam"],
        "last": ["Naam", "FAMILIENAAM", "Achternaam van de cliënt", "Famillienaam", "Naam (familienaam)", "b) Naam"],
        "both": ["Cliënt", "Naam/voornaam", "Voornaam/naam", "Naam en voornaam van de cliënt", "Betrokkene", "Voornaam en familienaam"],
        "address": ["Adres:", "Adres betrokkene", "Adres (straat + nr + gemeente)", "Domicilie", "Verblijfplaats van de cliënt", "Domicilieadres"],
        "street": ["Straat en nummer:", "Straat - nr - bus", "Straat nr.", "Straat, huisnr., bus"],
        "town": ["Postcode, gemeente", "Postnummer + gemeente", "Postcode - woonplaats", "PC/gemeente"],
        "postcode": ["Postcode:", "Postnummer", "PC"],
        "city": ["Gemeente:", "Stad", "WOONPLAATS", "Gemeente (deelgemeente)"],
        "phone": ["Tel. nr.", "Telefoon nr", "GSM-nummer", "Gsm nummer cliënt", "Tel / GSM", "Tel. of gsm", "Mobiel", "Telefoonnumer", "GSM nr. van de cliënt", "Bereikbaar op"],
        "email": ["E-mail:", "Mail adres", "e-mail", "Email cliënt", "E-mailadress", "E mail"],
        "consent": ["Toestemming cliënt ?", "Cliënt akkoord", "Toestemming gegevensdeling", "Is de cliënt akkoord met de doorverwijzing?", "Geïnformeerde toestemming"],
    },
}  # fmt: skip

# (label or None, text, outcome); a text with boxes is one with its boxes set.
CONSENTS = {
    "known": [
        (True, f"{ON} ja {OFF} nee", "confirmed"), (True, f"{OFF} ja {ON} nee", "disputed"), (True, f"{OFF} ja {OFF} nee", "not-stated"),
        (True, "ja", "confirmed"), (True, "JA", "confirmed"), (True, "nee", "disputed"), (True, "", "not-stated"), (True, "[x] ja [ ] nee", "confirmed"),
        (True, "mondeling gegeven", "confirmed"), (True, "ja, mondeling op 12/03/2026", "confirmed"), (True, "ingetrokken", "withdrawn"),
        (True, "ja, maar enkel voor voedselhulp", UNCLEAR), (True, "nog niet", UNCLEAR), (True, f"{ON} ja {ON} nee", UNCLEAR),
        (False, "De cliënt is geïnformeerd en gaat akkoord met de doorverwijzing.", "confirmed"),
        (False, f"{ON} De cliënt is geïnformeerd en geeft toestemming om de gegevens door te geven aan het OCMW.", "confirmed"),
        (False, f"{OFF} De cliënt is geïnformeerd en geeft toestemming om de gegevens door te geven aan het OCMW.", "not-stated"),
        (False, "Cliënt gaat niet akkoord.", "disputed"), (False, "De cliënt weigert zijn toestemming.", "disputed"),
        (False, "De cliënt heeft de toestemming ingetrokken.", "withdrawn"), (False, "Toestemming voor foto's: ja", "not-stated"),
        (False, "", "not-stated"), (False, "Cliënt geeft geen toestemming.", "disputed"),
        (False, "Deze fiche mag enkel met toestemming van de cliënt verstuurd worden.", "not-stated"),
    ],
    "fresh": [
        (True, f"{ON} Ja  {OFF} Neen", "confirmed"), (True, f"{OFF} Ja  {ON} Neen", "disputed"), (True, "( ) ja (x) neen", "disputed"),
        (True, "(x) ja ( ) neen", "confirmed"), (True, "OK", "confirmed"), (True, "Ja, schriftelijk", "confirmed"), (True, "neen", "disputed"),
        (True, "geweigerd", "disputed"), (True, "gegeven op 3 maart 2026", "confirmed"), (True, "werd ingetrokken op 4/5/2026", "withdrawn"),
        (True, "onder voorbehoud", UNCLEAR), (True, "ja en nee", UNCLEAR), (True, "moet nog bevraagd worden", UNCLEAR), (True, "..........", "not-stated"),
        (False, "Mevrouw werd ingelicht over deze doorverwijzing en stemt hiermee in.", "confirmed"),
        (False, "Betrokkene heeft mondeling toestemming gegeven voor deze aanmelding.", "confirmed"),
        (False, f"{ON} Cliënt stemt in met de overdracht van deze gegevens aan het OCMW", "confirmed"),
        (False, f"{OFF} Cliënt stemt in met de overdracht van deze gegevens aan het OCMW", "not-stated"),
        (False, f"{ON} Cliënt gaat niet akkoord met de doorverwijzing", "disputed"),
        (False, "De toestemming van de cliënt werd niet verkregen.", "disputed"),
        (False, "Cliënte trok haar toestemming in.", "withdrawn"),
        (False, "Toestemming om de huisarts te contacteren: ja", "not-stated"), (False, "", "not-stated"),
        (False, "Toestemming nieuwsbrief: nee", "not-stated"), (False, "De cliënt werd geïnformeerd.", "not-stated"),
        (False, "De gegevens worden alleen verwerkt indien de cliënt toestemming geeft.", "not-stated"),
    ],
    "last": [
        (True, f"{OFF} neen {ON} ja", "confirmed"), (True, f"{ON} neen {OFF} ja", "disputed"), (True, "[X] ja   [ ] nee", "confirmed"), (True, f"{OFF} ja   {OFF} nee", "not-stated"),
        (True, "ja (mondeling)", "confirmed"), (True, "Ja, zie bijlage", "confirmed"), (True, "in orde", "confirmed"), (True, "NEEN", "disputed"), (True, "niet gegeven", "disputed"),
        (True, "nee, cliënt weigert", "disputed"), (True, "ingetrokken door cliënt op 5 mei", "withdrawn"), (True, "ja mits voorafgaand telefoontje", UNCLEAR),
        (True, "twijfelt nog", UNCLEAR), (True, "volgt later", UNCLEAR), (True, f"{ON} ja {ON} neen", UNCLEAR), (True, "_______", "not-stated"), (True, "onbekend", "not-stated"),
        (False, "Cliënt werd voldoende geïnformeerd en heeft zijn toestemming gegeven om deze gegevens te delen.", "confirmed"),
        (False, "Mevrouw is op de hoogte van de doorverwijzing en is akkoord.", "confirmed"),
        (False, "De cliënt geeft hierbij uitdrukkelijk toestemming voor het doorgeven van de contactgegevens aan het OCMW.", "confirmed"),
        (False, f"{ON} Ik bevestig dat de cliënt geïnformeerd is en akkoord gaat.", "confirmed"), (False, f"{OFF} Ik bevestig dat de cliënt geïnformeerd is en akkoord gaat.", "not-stated"),
        (False, "[ ] De cliënt geeft toestemming   [x] De cliënt geeft geen toestemming", "disputed"),
        (False, "Cliënt is niet akkoord met deze doorverwijzing.", "disputed"), (False, "Betrokkene wenst geen toestemming te geven.", "disputed"),
        (False, "Toestemming ingetrokken.", "withdrawn"), (False, "De cliënt heeft zijn akkoord herroepen.", "withdrawn"), (False, "", "not-stated"),
        (False, "Toestemming voor gebruik van beeldmateriaal: ja", "not-stated"), (False, "Wij werken steeds met toestemming van de cliënt.", "not-stated"),
        (False, "Zonder akkoord van de cliënt mag u geen contact opnemen.", "not-stated"), (False, "Mevrouw is ingelicht over de werking van het OCMW.", "not-stated"),
        (False, "De cliënt is nog niet akkoord.", UNCLEAR), (False, "Cliënt gaat akkoord, maar partner mag het niet weten.", UNCLEAR),
    ],
}  # fmt: skip

HEADS = {
    "known": [
        "Gegevens cliënt",
        "Cliënt",
        "CLIËNT",
        "Identificatiegegevens cliënt",
        "1. Gegevens van de cliënt",
    ],
    "fresh": [
        "Cliëntgegevens",
        "Gegevens van de betrokkene",
        "A. Cliënt",
        "Info cliënt",
        "Persoonsgegevens van de cliënt",
    ],
    "last": [
        "GEGEVENS CLIËNT",
        "Wie is de cliënt?",
        "Cliënt:",
        "Betrokkene",
        "Deel 1: gegevens cliënt",
        "Contactgegevens van de cliënt",
    ],
}
LETTERHEADS = {
    "known": [
        ["Kind en Gezin", "Lokaal team Menen", "Tel: 056 51 22 33", "E-mail: menen@kindengezin.be"],
        ["Opgroeien regie - Lokaal team Kind en Gezin Menen", "Wahisstraat 12, 8930 Menen - Tel. 056 51 22 33"],
    ],
    "fresh": [
        ["Agentschap Opgroeien", "Kind en Gezin, lokaal team Midden-Leie", "Adres: Grote Markt 5, 8930 Menen", "T 056 52 33 44 | leie@opgroeien.be"],
        ["KIND & GEZIN – REGIOTEAM LEIE", "Tel: 056 53 44 55", "www.kindengezin.be"],
        ["Huis van het Kind Menen", "Telefoon: 056 54 55 66"],
    ],
    "last": [
        ["Opgroeien", "Lokaal team Kind en Gezin Ieper", "Ter Waarde 1, 8900 Ieper", "Tel.: 057 22 33 44 - ieper@kindengezin.be"],
        ["K&G Menen", "GSM: 0478 00 11 22", "Naam: Lies Claes"],
        ["Vlaamse overheid", "Agentschap Opgroeien regie", "Telefoon: 02 533 12 11", "E-mail: info@opgroeien.be", "Website: www.opgroeien.be"],
        ["Sociale dienst", "Grote Markt 1 8930 Menen", "Tel 056 50 50 50"],
    ],
}  # fmt: skip
TITLES = {
    "known": ["DOORVERWIJSFICHE", "Fiche doorverwijzing OCMW", "Aanmeldingsformulier"],
    "fresh": ["Verwijsfiche naar het OCMW", "Formulier doorverwijzing", "TOELEIDINGSFICHE"],
    "last": ["Overdrachtsformulier", "Doorverwijzing van een cliënt", "Meldingsfiche OCMW"],
}
SENDERS = {
    "known": [
        [("head", "Verwijzer"), ("Naam", "Lies Claes"), ("Tel", "056 51 22 34"), ("E-mail", "lies.claes@opgroeien.be")],
        [("Verwijzer", "Lies Claes"), ("Tel. verwijzer", "056 51 22 34")],
        [("Contactpersoon Kind en Gezin", "Piet Maes, 0478 11 22 33")],
    ],
    "fresh": [
        [("head", "Gegevens aanmelder"), ("Voornaam en naam", "Jef Rogiers"), ("Functie", "verpleegkundige"), ("Gsm", "0479 22 33 44")],
        [("Aangemeld door", "Jef Rogiers"), ("Telefoon aanmelder", "056 52 00 11")],
        [("head", "Contactpersoon lokaal team"), ("Naam", "Rogiers Jef"), ("Mail", "jef.rogiers@kindengezin.be")],
    ],
    "last": [
        [("head", "Doorverwezen door"), ("Naam", "An Claeys"), ("Dienst", "Kind en Gezin"), ("Telefoon", "057 22 33 45"), ("E-mailadres", "an.claeys@opgroeien.be")],
        [("Ingevuld door", "An Claeys (lokaal team)"), ("Tel", "057 22 33 45")],
        [("Teamlid", "An Claeys"), ("E-mail teamlid", "an.claeys@opgroeien.be"), ("Gsm teamlid", "0478 00 11 22")],
        [("head", "Lokaal team"), ("Voornaam", "An"), ("Naam", "Claeys"), ("Adres", "Ter Waarde 1, 8900 Ieper"), ("Gsm", "0478 00 11 22")],
    ],
}  # fmt: skip
PARTNERS = {
    "known": [
        [("head", "Partner"), ("Naam", "Maes"), ("Voornaam", "Tom"), ("GSM", "0475 99 88 77")],
        [("Naam partner", "Tom Maes"), ("GSM partner", "0475 99 88 77")],
        [("Partner", "Tom Maes (0475 99 88 77)")],
        [("Kinderen", "Emma (2 jaar), Noah (5 jaar)")],
    ],
    "fresh": [
        [("head", "Gegevens partner"), ("Naam en voornaam", "Declerck Bart"), ("Telefoon", "0474 12 12 12"), ("E-mail", "bart@partner.example")],
        [("Voornaam partner", "Bart"), ("Familienaam partner", "Declerck"), ("Tel partner", "0474 12 12 12")],
        [("Echtgenoot", "Bart Declerck")],
        [("head", "Kinderen"), ("Naam", "Lou Declerck"), ("Geboortedatum", "12/02/2024")],
        [("Naam kind", "Lou"), ("Naam school", "De Sprong"), ("Tel. school", "056 41 41 41")],
        [("Noodnummer (oma)", "0473 00 11 22")],
    ],
    "last": [
        [("head", "Huisgenoot"), ("Naam", "Wim Top"), ("Tel", "0479 45 45 45")],
        [("Naam en voornaam echtgenoot", "Top Wim"), ("Gsm echtgenoot", "0479 45 45 45"), ("E-mail echtgenoot", "wim@top.example")],
        [("Vader van het kind", "Wim Top, 0479 45 45 45")],
        [("head", "Gezinssamenstelling"), ("text", "Wim Top (partner), 0479 45 45 45"), ("text", "Fien Top, 3 jaar")],
        [("head", "Gegevens kind"), ("Voornaam", "Fien"), ("Naam", "Top"), ("Geboren", "1/2/2023")],
        [("Contact in nood", "moeder 0479 46 46 46")],
    ],
}  # fmt: skip
NOTES = {
    "known": [[("Opmerkingen", "Best bellen na 17u.")], [("Hulpvraag", "Schulden bij de energieleverancier")], [("text", "Mevrouw spreekt vooral Frans.")], [("Geboortedatum", "12/03/1990")]],
    "fresh": [[("Reden van doorverwijzing", "financiële problemen")], [("Toelichting", "Partner werkt in ploegen, bereikbaar op 0472 55 66 77")], [("Rijksregisternummer", "90.03.12-123.45"), ("Nationaliteit", "Belg")], [("head", "Situatieschets"), ("text", "Gezin woont in bij oma, tel. 056 40 40 40, sinds maart.")], [("Taal", "Nederlands")]],
    "last": [
        [("Opmerking", "bellen naar 0479 45 45 45 als cliënt niet opneemt")], [("Huisarts", "dr. Maes, 056 40 00 00")], [("text", "Taal: Frans, tolk nodig.")],
        [("head", "Hulpvraag"), ("text", "Adres van de huisbaas: Markt 3, 8940 Wervik"), ("text", "Achterstal huur, 3 maanden.")], [("Datum", "12/10/2026"), ("Referentie", "2026-114")],
        [("Beroep", "poetsvrouw"), ("Werkgever", "Clean bv, tel. 056 10 10 10")],
    ],
}  # fmt: skip
SIGNATURES = {
    "known": [["Met vriendelijke groeten", "Lies Claes", "Gezinsondersteuner Kind en Gezin", "Tel: 056 51 22 34", "lies.claes@kindengezin.be"]],
    "fresh": [["Mvg,", "Jef Rogiers", "GSM 0479 22 33 44"], ["Vriendelijke groet", "", "Sociaal verpleegkundige", "Tel. 056 52 00 11", "E-mail: j.rogiers@opgroeien.be"], ["Hoogachtend,", "J. Rogiers", "Adres: Grote Markt 5, 8930 Menen"]],
    "last": [["Met vriendelijke groet,", "", "An Claeys", "Lokaal team Kind en Gezin Ieper", "M 0478 00 11 22", "E an.claeys@opgroeien.be"], ["Hartelijke groeten", "An", "Tel: 057 22 33 45"], ["Handtekening: An Claeys", "Tel. 057 22 33 45"]],
}  # fmt: skip
BAD_PHONES = ["0470 12 34", "056/30.02", "04 70 1"]


@dataclass(frozen=True)
class Fiche:
    """A form with what is true about its client; `surely` when a person could read it without doubt."""

    kind: str
    data: bytes
    truth: dict[str, str | None]
    phones: frozenset[str]
    consent: str
    surely: bool
    lines: list[Line] = field(repr=False, default_factory=list)


def _e164(rng: Random, *, french: bool) -> tuple[str, str]:
    if french and rng.random() < 0.6:
        digits = f"6{rng.randint(10, 29)}{rng.randint(100000, 999999)}"
        return f"+33{digits}", f"+33 {digits[0]} {digits[1:3]} {digits[3:5]} {digits[5:7]} {digits[7:]}"
    if rng.random() < 0.7:
        digits = f"4{rng.choice([70, 71, 72, 85, 86, 97])}{rng.randint(100000, 999999)}"
        a, b, c, d = digits[:3], digits[3:5], digits[5:7], digits[7:]
        shape = rng.choice(
            [
                "0{a} {b} {c} {d}",
                "0{a}/{b}.{c}.{d}",
                "0{a}{b}{c}{d}",
                "+32 {a} {b} {c} {d}",
                "0032 {a} {b} {c} {d}",
                "+32(0){a} {b}{c}{d}",
                "0{a}/{b} {c} {d}",
                "0{a}-{b}-{c}-{d}",
                "0{a}.{b}.{c}.{d}",
            ]
        )
    else:
        digits = f"56{rng.choice([30, 31, 51, 41])}{rng.randint(1000, 9999)}"
        a, b, c, d = digits[:2], digits[2:4], digits[4:6], digits[6:]
        shape = rng.choice(
            ["0{a} {b} {c} {d}", "0{a}/{b}.{c}.{d}", "0{a}{b}{c}{d}", "+32 {a} {b} {c} {d}", "0{a}/{b}{c}{d}"]
        )
    return f"+32{digits}", shape.format(a=a, b=b, c=c, d=d)


def fiche(rng: Random, words: str, kind: str) -> Fiche:
    """One untidy fiche."""
    label = LABELS[words]
    pick = rng.choice
    first, last = pick(NAMES[words][0]), pick(NAMES[words][1])
    street, number, box = pick(STREETS[words]), str(rng.randint(1, 250)), pick([None, None, "3", "2", "01"])
    if rng.random() < 0.15:
        number += pick("AB")
    postcode, city = pick(PLACES[words])
    phone, phone_text = _e164(rng, french=len(postcode) == 5)
    shown_first, shown_last = first, last
    if rng.random() < 0.12:
        shown_last = last.upper()
    if rng.random() < 0.06:
        shown_first, shown_last = first.upper(), last.upper()
    truth: dict[str, str | None] = {"first_name": first, "last_name": last}
    phones = {phone}
    blocks: list[list[Line]] = []
    surely = True
    pair = lambda left, right: Line("pair", left, right)  # noqa: E731

    if rng.random() < 0.6:
        blocks.append([pair(pick(label["last"]), shown_last), pair(pick(label["first"]), shown_first)])
        if rng.random() < 0.4:
            blocks[-1].reverse()
    else:
        name_label = pick(label["both"])
        voor = name_label.lower().startswith("voornaam")
        shape = pick(["comma", "caps", "natural"])
        if shape == "comma":
            value = f"{last}, {first}"
        elif shape == "caps":
            value = f"{last.upper()} {first}" if not voor else f"{first} {last.upper()}"
        else:
            order_known = "voornaam" in name_label.lower()
            value = f"{first} {last}" if voor or not order_known else f"{last} {first}"
        blocks.append([pair(name_label, pick(["", "", "", "Mevr. ", "Dhr. "]) + value)])
        known = {
            "An",
            "Lies",
            "Fatima",
            "Jan",
            "Sofie",
            "Mohamed",
            "Els",
            "Youssef",
            "Kaat",
            "Tine",
            "Griet",
            "Ilse",
            "Nadia",
            "Bram",
            "Wouter",
            "Noor",
            "Hilde",
            "Lotte",
        }
        surely = (
            shape != "natural"
            or ("voornaam" in name_label.lower() and " " not in first + last)
            or first in known
        )
    box_text = "" if not box else pick([f" bus {box}", f"/{box}", f" bus {box}"])
    spaced = number if number.isdigit() else pick([number, number[:-1] + " " + number[-1]])
    has_address = rng.random() < 0.85
    if has_address:
        truth |= {
            "street": street,
            "house_number": number,
            "box": box,
            "postcode": postcode,
            "municipality": city,
        }
        land = pick(["", "", "", "B-" if len(postcode) == 4 else "F-"])
        way = rng.random()
        if way < 0.4:
            joint = pick([", ", " - ", ",", "  ,"]) if kind not in ("csv",) else " - "
            blocks.append(
                [pair(pick(label["address"]), f"{street} {spaced}{box_text}{joint}{land}{postcode} {city}")]
            )
        elif way < 0.7:
            blocks.append(
                [
                    pair(pick(label["street"]), f"{street} {spaced}{box_text}"),
                    pair(pick(label["town"]), f"{land}{postcode} {city}"),
                ]
            )
        else:
            lines = [pair("Straat", street), pair(pick(["Huisnummer", "Nr", "Nummer"]), spaced)]
            if box:
                lines.append(pair(pick(["Bus", "bus", "Busnr"]), box))
            blocks.append(
                [
                    *lines,
                    pair(pick(label["postcode"]), postcode),
                    pair(pick(label["city"]), city.upper() if rng.random() < 0.2 else city),
                ]
            )
    mail = f"{first.split('-')[0].split()[0].lower()}.{pick('abcde')}{rng.randint(1, 99)}@{pick(['gmail.com', 'telenet.be', 'hotmail.com'])}"
    contact: list[Line] = []
    bad_phone = False
    if rng.random() < 0.8 or not has_address:
        chance = rng.random()
        if chance < 0.1:
            other, other_text = _e164(rng, french=False)
            phones.add(other)
            phone_text += (
                pick([" of ", " / ", " en ", "; "]).replace(";", "," if kind == "csv" else ";") + other_text
            )
        elif chance < 0.16 and has_address:
            phone_text, bad_phone = pick(BAD_PHONES), True
        elif chance < 0.22:
            phone_text += pick([" (na 17u)", " - liefst sms"])
        contact.append(pair(pick(label["phone"]), phone_text))
        truth["phone"] = None if bad_phone else phone
    elif rng.random() < 0.5:
        contact.append(pair(pick(label["phone"]), pick(["", "/", "geen", "-"])))
    if rng.random() < 0.5:
        contact.append(pair(pick(label["email"]), mail))
        truth["email"] = mail
    elif rng.random() < 0.3:
        contact.append(pair(pick(label["email"]), pick(["", "/", "geen"])))
    blocks.append(contact)
    if rng.random() < 0.3:
        middle = blocks[1:]
        rng.shuffle(middle)
        blocks = [blocks[0], *middle]

    labelled, text, consent = pick(CONSENTS[words])
    if kind in ("json", "csv", "xlsx", "pdf-form") and not labelled and text:
        labelled, text, consent = pick([item for item in CONSENTS[words] if item[0]])
    consent_lines = [pair(pick(label["consent"]), text)] if labelled else [Line("text", text)] if text else []
    body = [line for block in blocks for line in block]
    extra = lambda source, chance: _lines(pick(source[words])) if rng.random() < chance else []  # noqa: E731
    headed = rng.random() < 0.6 or kind == "json"
    sender, partner, notes = extra(SENDERS, 0.45), extra(PARTNERS, 0.4), extra(NOTES, 0.45)
    if kind == "json":
        lines = [Line("head", "cliënt"), *body, *consent_lines]
        lines += (
            [Line("head", "verwijzer"), pair("naam", "Lies Claes"), pair("telefoon", "056 51 22 34")]
            if sender
            else []
        )
        lines += (
            [Line("head", "partner"), pair("voornaam", "Tom"), pair("gsm", "0475 99 88 77")]
            if partner
            else []
        )
    else:
        top = (
            [Line("text", t) for t in pick(LETTERHEADS[words])]
            if rng.random() < 0.4 and kind not in ("csv", "xlsx")
            else []
        )
        title = [Line("text", pick(TITLES[words]))] if rng.random() < 0.7 else []
        head = [Line("head", pick(HEADS[words]))] if headed or (sender and sender[0].kind == "head") else []
        parts = [[*head, *body]]
        sections = [part for part in (partner, notes, consent_lines) if part]
        rng.shuffle(sections)
        parts += sections
        if sender:
            parts.insert(0 if head and rng.random() < 0.3 else len(parts), sender)
        lines = []
        for part in (top, title, *parts):
            if part:
                lines += [*part, Line("blank")]
        if rng.random() < 0.3 and kind in ("txt", "eml", "docx", "pdf", "odt", "rtf", "html"):
            lines += [Line("text", t) if t else Line("blank") for t in pick(SIGNATURES[words])]
    truth = {
        name: truth.get(name)
        for name in (
            "first_name",
            "last_name",
            "street",
            "house_number",
            "box",
            "postcode",
            "municipality",
            "phone",
            "email",
        )
    }
    return Fiche(
        kind,
        FORMATS[kind](lines, rng),
        truth,
        frozenset(phones),
        consent,
        surely and consent != UNCLEAR,
        lines,
    )


def _lines(items: list[tuple[str, str]]) -> list[Line]:
    return [
        Line(left, right) if left in ("head", "text") else Line("pair", left, right) for left, right in items
    ]


def fiches(seed: int, words: str, count: int) -> list[Fiche]:
    """`count` fiches, the formats in turn."""
    rng = Random(seed)
    kinds = list(FORMATS)
    return [fiche(rng, words, kinds[number % len(kinds)]) for number in range(count)]
