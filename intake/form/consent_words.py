"""The wordings of consent as patterns over folded text (lower case, no accents). How they combine is in `consent.py`.

Every pattern is bounded and free of nested repetition, so that no text can make it slow.
"""

import re

from intake.form.clean import bag

TOPIC = re.compile(
    r"\b(toestem{1,2}ing\w*|toest|akkoord\w*|instemming|ingestemd|instemt|instemmen|stem\w* (?:er ?mee |hier ?mee |daar ?mee )?in|"
    r"toegestemd|toestemt|goedkeuring|eens met|consent)\b"
)
INFORMED = re.compile(r"\b(geinformeerd|ingelicht|op de hoogte|informed)\b")
WITHDRAWN = re.compile(r"\b(ingetrokken|trekt .{0,40}\bin|trok .{0,40}\bin|herroepen|intrekking|withdrawn)\b")
REFUSED = re.compile(r"\b(weiger\w*|geweigerd|refuse\w*|verzet zich|wenst geen doorverwijzing|wil niet)\b")
REFUSES_THIS = re.compile(
    r"\b(weiger\w*|wil niet|wenst niet|wenst geen) .{0,30}\b(gegevens|doorverwij\w*|doorgegeven|doorgeven|aanmelding|ocmw)\b"
)
NEGATION = re.compile(r"\b(niet|geen|nee|neen|nooit|zonder|noch|not)\b")
DOUBT = re.compile(
    r"\b(nog niet|nog te|nog geen|nog \w+ vragen|maar|mits|tenzij|onder voorbehoud|voorwaarde\w*|behalve|uitgezonderd|enkel voor|"
    r"alleen voor|enkel als|alleen als|twijfel\w*|misschien|gedeeltelijk|deels|onduidelijk|weet niet|onzeker|aarzelt|bespreken|"
    r"later|volgt|wordt nog|moet nog|te bevragen|te bespreken|in beraad|denkt na|eventueel|gevraagd|vermoedelijk|waarschijnlijk)\b"
)
CONDITION = re.compile(
    r"\b(enkel|zonder|indien|wanneer|als de|als je|mits|alleen|moet\w*|dient|dienen|vereist|nodig|gelieve|kunnen|kan|mag|mogen|"
    r"verplicht|noodzakelijk|alvorens|vooraleer|steeds|pas|of de client|in te trekken|intrekken|telkens|zodra|vraag)\b"
)
FOREIGN = re.compile(
    r"\b(foto\w*|beeld\w*|video\w*|nieuwsbrief\w*|huisarts\w*|dokter|arts|school\w*|clb|creche|kinderopvang|onthaalouder|mutualiteit|"
    r"ziekenfonds|vdab|whatsapp|sms|enquete|onderzoek|evaluatie|psycholoog|cgg|ziekenhuis|caw|mailing\w*|uitnodiging\w*|"
    r"activiteiten|facebook|social media|sociale media|huisbezoek\w*|tolk)\b"
)
OURS = re.compile(
    r"\b(ocmw|doorverwij\w*|aanmelding|gegevens\w*|delen|deling|doorgeven|doorgifte|doorsturen|overdracht|overmaken|mededel\w*|"
    r"bezorgen|bezorgd|sociale dienst|maatschappelijk\w*|hulp\w*|contact\w*|gecontacteerd|toeleiding|opgenomen|identificatie\w*)\b"
)
PURPOSE = re.compile(
    r"\b(?:toestemming\w*|akkoord\w*|instemming|stemt in|in)\s+(?:\w+\s+){0,3}?(?:voor|om|tot|aan|met|inzake|omtrent)\s+(.+)"
)
YES_WORDS = re.compile(
    r"^(?:x )?(?:ja|yes|ok|oke|akkoord|gegeven|mondeling|schriftelijk|verkregen|bekomen|gekregen|true|in orde|zeker|wel|j|y|bevestigd|aanwezig|positief)\b"
)
NO_WORDS = re.compile(r"^(?:x )?(?:nee|neen|no|niet|geen|geweigerd|weigert|false|n)\b")
POSITIVE = re.compile(
    r"\b(geeft|gaf|geven|gaven|heeft|hebben|verleent|verleende|verkregen|bekomen|gekregen|gegeven|is|zijn|gaat|gaan|ging|gingen|"
    r"verklaart|verklaarde|verklaren|ontvangen|was|werd|bevestigt|stemt|stemde|stem|stemmen|ga|geef|ingestemd|toegestemd|instemt|"
    r"toestemt|met|mits|uitdrukkelijk\w*|mondeling\w*|schriftelijk\w*)\b"
)
BOX = re.compile(
    r"[☒☑✓✔✗✘☐□▢❏⬜🗹]|\[\s*[xXvV✓✔*]?\s*\]|\(\s*[xXvV✓✔*]?\s*\)|(?<![\w])[oO0](?=\s+(?:ja|nee|neen)\b)"
)
ON = re.compile(r"[☒☑✓✔✗✘🗹xXvV*]")
OPTION = re.compile(
    r"^\W*(ja|nee|neen|yes|no|niet|akkoord|niet akkoord|geen|wel|gegeven|geweigerd|nog niet|onbekend|niet gevraagd)\b"
)
DOTS = re.compile(r"(?:\s*:)?\s*(?:\.{3,}|…+|_{3,})[\s._…:]*")
ASKS = re.compile(
    r"^(?:heeft|is|gaat|werd|geeft|was|stemt|gaf|ging|zijn|hebben|mogen|mag)\s+(?:de |het |uw )?(?:client\w*|betrokkene\w*|mevrouw|meneer|men|u|ouders?)\b"
)
YES_NO = re.compile(
    r"^\W*(?:ja|yes)\W+(?:of\W+)?(?:nee|neen|no)\W*(?:schrappen.*|doorhalen.*|omcirkel.*|aanduiden.*)?$"
)

CLEAN_NO = re.compile(
    r"\b(niet (?:\w+ )?akkoord|geen (?:\w+ )?(?:toestemming|akkoord|instemming)|toestemming (?:\w+ ){0,6}niet (?:gegeven|verkregen|verleend|bekomen)"
    r"|akkoord niet|niet (?:\w+ )?(?:eens met|toegestemd|ingestemd|instemt)|stemt (?:\w+ )?niet|akkoord geen|toestemming geen|toestemming nee\w?|akkoord nee\w?)\b"
)

DATE = re.compile(r"(?:op )?\d{1,2} \d{1,2}(?: (?:\d{2}|\d{4}))?")
DATED = re.compile(r"\bdatum\b|\b(?:gegeven|verkregen|bekomen|gekregen) op$")
ASKED = re.compile(
    r"\b(gevraagd|besproken|te vragen|te bespreken|weiger\w*|geweigerd|ingetrokken|intrekking)\b"
)

OCCASION = re.compile(r"\b(?:tijdens|bij|na|op) (?:het |een |ons |mijn |dit )?huisbezoek\w*")
"""When it was said, not to what."""

COMMON = bag(
    "de het een client clienten is zijn werd en gaat akkoord toestemming geinformeerd ingelicht ja nee neen geeft gaf heeft gegeven voor om "
    "tot van met aan door ocmw gegevens delen doorgeven doorverwijzing te op hierover deze dit mondeling schriftelijk verklaring "
    "haar hun uitdrukkelijke vrije hierbij ermee dat dienst sociale identificatiegegevens contactgegevens contact nemen opnemen "
    "opneemt neemt wordt worden over overgemaakt doorgegeven gedeeld uitwisseling gegevensdeling stemt in hiermee voldoende niet "
    "geen weigert ingetrokken aanmelding kind gezin onderstaande bovenstaande betrokkene verkregen datum ok x v bezorgen "
    "bezorgd worden werden verwijzer verklaart volledig gaan ging stemde mag mogen zijn ik wij"
)
