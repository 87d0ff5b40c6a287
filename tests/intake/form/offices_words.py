"""What the teams write about consent, and their remarks. Words only."""

from intake.client import Consent

UNCLEAR = "unclear"
YES, NO, BACK, NONE = Consent.CONFIRMED, Consent.DISPUTED, Consent.WITHDRAWN, Consent.NOT_STATED
Word = tuple[str, str]  # the consent, the sentence

# A sentence on the form. {n}: mevrouw or meneer, {v}: first name, {d}: a date.
SENTENCES: tuple[Word, ...] = (
    (YES, "{n} gaf op {d} mondeling toestemming om haar gegevens door te geven aan het OCMW."),
    (YES, "De cliënt werd geïnformeerd en gaat akkoord met de doorverwijzing."),
    (YES, "Ouder is op de hoogte en akkoord."),
    (YES, "{n} weet dat we doorverwijzen en vindt dit ok."),
    (YES, "Er is toestemming van de cliënt om contact op te nemen."),
    (YES, "Toestemming verkregen tijdens huisbezoek van {d}."),
    (YES, "Mama stemt in met het doorgeven van haar contactgegevens aan het OCMW."),
    (YES, "De cliënt heeft uitdrukkelijk toegestemd in deze aanmelding."),
    (YES, "{n} tekende op {d} het toestemmingsformulier."),
    (YES, "{n} is akkoord dat het OCMW haar opbelt."),
    (YES, "Hierbij bevestig ik dat de cliënt toestemming gaf voor deze gegevensoverdracht."),
    (YES, "Met instemming van de cliënt."),
    (YES, "{n} wenst zelf door jullie gecontacteerd te worden en geeft hiervoor toestemming."),
    (YES, "Akkoord van de ouder gekregen op {d}, geïnformeerd over beroepsgeheim."),
    (YES, "Deze doorverwijzing is besproken met {n}, zij gaat hiermee akkoord."),
    (YES, "We mochten haar gegevens doorgeven, {n} heeft daar ja op gezegd."),
    (YES, "Gezin is geïnformeerd en heeft toestemming gegeven voor deze doorverwijzing"),
    (YES, "Ze is er mee akkoord da jullie contact opnemen."),
    (YES, "Toesteming gekregen op {d}."),
    (NO, "{n} gaat niet akkoord met de doorverwijzing."),
    (NO, "De cliënt weigert toestemming te geven."),
    (NO, "{n} wil niet dat haar gegevens doorgegeven worden aan het OCMW."),
    (NO, "Er is geen toestemming van de cliënt voor deze doorverwijzing."),
    (BACK, "{n} heeft haar toestemming op {d} ingetrokken."),
    (BACK, "De cliënt trekt de toestemming in, gelieve niets meer te doen."),
    (UNCLEAR, "Toestemming nog te bespreken met {n} bij volgend consult."),
    (UNCLEAR, "{n} twijfelt nog over de toestemming."),
    (UNCLEAR, "Partner gaf toestemming, {n} zelf hebben we nog niet kunnen spreken."),
    (UNCLEAR, "Ik denk wel dat {n} akkoord is maar heb het niet expliciet gevraagd."),
)
# The same of two clients on one form.
TOGETHER: tuple[Word, ...] = (
    (YES, "Beide ouders zijn geïnformeerd en gaan akkoord met de doorverwijzing."),
    (YES, "Beide cliënten gaven op {d} toestemming om hun gegevens door te geven."),
    (YES, "Allebei akkoord met de aanmelding, besproken op {d}."),
    (YES, "Toestemming van beide ouders verkregen."),
    (NO, "Beide ouders weigeren toestemming."),
    (NO, "De ouders gaan niet akkoord met de doorverwijzing."),
)
# A label of the template and what stands next to it.
ANSWERS: tuple[tuple[str, str, str], ...] = (
    (YES, "Toestemming cliënt", "ja"),
    (YES, "Toestemming", "ja, mondeling op {d}"),
    (YES, "Akkoord ouder", "JA"),
    (YES, "Cliënt geïnformeerd en akkoord", "Ja"),
    (YES, "Is de cliënt akkoord met de doorverwijzing?", "ja"),
    (YES, "Toestemming voor doorgave gegevens", "verkregen op {d}"),
    (YES, "Cliënt gaf toestemming (datum)", "{d}"),
    (YES, "Informed consent", "ok"),
    (YES, "Toestemming OCMW-contact", "ja, schriftelijk"),
    (YES, "Werd toestemming gevraagd aan de cliënt?", "ja, cliënt is akkoord"),
    (YES, "Instemming", "Ja, {d}"),
    (YES, "Toest. cliënt", "x ja"),
    (NO, "Toestemming cliënt", "neen"),
    (NO, "Akkoord ouder", "nee, weigert"),
    (NO, "Is de cliënt akkoord met de doorverwijzing?", "neen"),
    (BACK, "Toestemming", "ingetrokken op {d}"),
    (NONE, "Toestemming cliënt", ""),
    (NONE, "Akkoord ouder", ""),
    (UNCLEAR, "Toestemming", "?"),
    (UNCLEAR, "Toestemming cliënt", "nog te vragen"),
    (UNCLEAR, "Akkoord ouder", "ja/nee"),
)
# Check boxes: what stands at the label, and the line with {1} the first and {2} the second box.
BOXES: tuple[tuple[str, str], ...] = (
    ("Toestemming", "{1} ja {2} nee"),
    ("Toestemming cliënt", "{1} ja   {2} neen"),
    ("Akkoord cliënt", "{1} akkoord   {2} niet akkoord"),
    ("Cliënt gaf toestemming", "ja {1}  nee {2}"),
    ("De cliënt geeft toestemming om de gegevens door te geven", "{1} Ja  {2} Neen"),
    ("", "{1} De cliënt is geïnformeerd en geeft toestemming voor de doorverwijzing."),
    ("", "{1} cliënt gaat akkoord met doorgeven van contactgegevens"),
    ("", "{1} Toestemming ouder(s) verkregen"),
)
MARKS: tuple[tuple[str, str], ...] = (
    ("☒", "☐"),
    ("[x]", "[ ]"),
    ("[X]", "[ ]"),
    ("(x)", "( )"),
    ("☑", "☐"),
    ("■", "□"),
)
REMARKS = (
    "Graag contact na 16u.",
    "Mama spreekt vooral Frans, tolk voorzien.",
    "Liefst via sms, neemt niet op bij onbekend nummer.",
    "Gezin zoekt andere woning, huur loopt af.",
    "Vragen rond budget en uitkering.",
    "Bel is stuk, best even kloppen.",
    "We volgen zelf verder op via het consultatiebureau.",
    "Vraag over verhoogde kinderbijslag (Groeipakket).",
    "Staat op wachtlijst sociale huisvesting.",
    "dank bij voorbaat!",
)
