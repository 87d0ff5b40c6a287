"""What is read from a form, rule by rule."""

import io
import zipfile

import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas

from intake.causes import Cause
from intake.client import Client, Consent
from intake.form import FormError, Reading, read_form

_NAME = "Naam: Janssens\nVoornaam: An\n"
_FORM = _NAME + "Tel: 0470 12 34 56\n"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def one(text: str) -> Reading:
    (reading,) = read_form("fiche.txt", text.encode())
    return reading


def cause(text: str) -> Cause:
    with pytest.raises(FormError) as caught:
        read_form("fiche.txt", text.encode())
    return caught.value.cause


def docx(body: str) -> bytes:
    buffer = io.BytesIO()
    spaces = f'xmlns:w="{_W}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" xmlns:mc="m" xmlns:v="v"'
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {spaces}><w:body>{body}</w:body></w:document>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("line", "first", "last"),
    [
        ("Naam: An Janssens", "An", "Janssens"),
        ("Naam en voornaam: Janssens An", "An", "Janssens"),
        ("Naam: Van den Broeck, Lies", "Lies", "Van den Broeck"),
        ("Naam: An JANSSENS", "An", "Janssens"),
        ("Naam: VAN DEN BROECK Lies", "Lies", "Van den Broeck"),
        ("Voornaam en naam: Fatima El Amrani", "Fatima", "El Amrani"),
        ("Naam: Jan D'Hondt", "Jan", "D'Hondt"),
        ("Naam: Kaat 't Kindt", "Kaat", "'t Kindt"),
        ("Naam ......... Mevr. An Janssens", "An", "Janssens"),
        ("Naam: Janssens An\nVoornaam: An", "An", "Janssens"),
        ("Cliënt: An Janssens", "An", "Janssens"),
        ("Vornaam: An\nFamilienaam: Janssens", "An", "Janssens"),
        ("Naam: Ben Ali\nVoornaam: Youssef", "Youssef", "Ben Ali"),
        ("Naam en voornaam: Diallo Awaba", "Awaba", "Diallo"),
    ],
)
def test_names_are_parted_on_good_ground(line: str, first: str, last: str) -> None:
    client = one(line + "\nTel: 0470 12 34 56").client
    assert (client.first_name, client.last_name) == (first, last)


@pytest.mark.parametrize(
    "name", ["Lies Jan", "Xanthor Bibliou", "An Maes 1990", "zie partner", "Anna Xuan Linh"]
)
def test_a_name_without_good_ground_is_unclear(name: str) -> None:
    assert cause(f"Naam: {name}\nTel: 0470 12 34 56") is Cause.UNCLEAR_FORM


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("Koestraat 12 bus 3, 8940 Wervik", ("Koestraat", "12", "3", "8940", "Wervik")),
        ("Koestraat 12/3, B-8940 Wervik", ("Koestraat", "12", "3", "8940", "Wervik")),
        ("Koestraat 12 A 8940 WERVIK", ("Koestraat", "12A", None, "8940", "Wervik")),
        ("8940 Wervik, Koestraat 12", ("Koestraat", "12", None, "8940", "Wervik")),
        ("12 rue de la Gare, 59560 Comines (France)", ("rue de la Gare", "12", None, "59560", "Comines")),
        ("Rue de Lille 7, F-59250 Halluin", ("Rue de Lille", "7", None, "59250", "Halluin")),
        (
            "Oude Beselarestraat 5 bus 0301 - 8980 Zonnebeke",
            ("Oude Beselarestraat", "5", "0301", "8980", "Zonnebeke"),
        ),
    ],
)
def test_addresses_are_taken_apart(value: str, address: tuple[str | None, ...]) -> None:
    client = one(f"{_NAME}Adres: {value}").client
    assert (client.street, client.house_number, client.box, client.postcode, client.municipality) == address


@pytest.mark.parametrize(
    "value", ["bij haar moeder in Menen", "Wervik", "Wervik 8940", "Koestraat, 12 of 14", "dakloos"]
)
def test_what_is_no_whole_address_is_left_over(value: str) -> None:
    reading = one(f"{_FORM}Adres: {value}")
    assert reading.client == Client(first_name="An", last_name="Janssens", phone="+32470123456")
    assert any(value in text for text in reading.leftovers)


@pytest.mark.parametrize(
    ("value", "phone"),
    [
        ("0470/12.34.56", "+32470123456"),
        ("056 30 02 00", "+3256300200"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("0032 470 12 34 56", "+32470123456"),
        ("+32 (0)470 12 34 56 (na 17u)", "+32470123456"),
        ("0470 12 34 56 of 056 30 02 00", "+32470123456"),
        ("0475 99 88 77 (partner), 0470 12 34 56", "+32470123456"),
    ],
)
def test_telephone_numbers(value: str, phone: str) -> None:
    assert one(f"{_NAME}Tel: {value}").client.phone == phone


def test_a_second_number_is_left_over() -> None:
    assert "+3256300200" in one(f"{_NAME}Tel: 0470 12 34 56 / 056 30 02 00").leftovers


def test_an_invalid_number_is_left_over_when_another_contact_is_valid_and_unclear_otherwise() -> None:
    reading = one(f"{_NAME}Tel: 0470 12 34\nE-mail: an@example.be")
    assert reading.client.phone is None and "0470 12 34" in reading.leftovers
    assert cause(f"{_NAME}Tel: 0470 12 34") is Cause.UNCLEAR_FORM


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tel: 0470 12 34 56", Cause.MISSING_NAME),
        ("Naam: Janssens\nTel: 0470 12 34 56", Cause.MISSING_NAME),
        (_NAME, Cause.MISSING_CONTACT),
        (_NAME + "Gemeente: Wervik", Cause.MISSING_CONTACT),
        (_FORM + "Naam: Peeters", Cause.UNCLEAR_FORM),
        (_FORM + "Tel: 0470 12 34 57", Cause.UNCLEAR_FORM),
        (
            _NAME + "Domicilie: Koestraat 1, 8940 Wervik\nVerblijfplaats: Leiekaai 3, 8930 Menen",
            Cause.UNCLEAR_FORM,
        ),
        ("Voornaam:\nNaam:\nAn\nJanssens\nTel: 0470 12 34 56", Cause.MISSING_NAME),
        ("An Janssens\nKoestraat 12\n8940 Wervik\n0470 12 34 56", Cause.MISSING_NAME),
        (_NAME + "Tel: 0475 99 88 77 (van partner)", Cause.UNCLEAR_FORM),
    ],
)
def test_what_cannot_be_read_surely_is_refused_with_its_cause(text: str, expected: Cause) -> None:
    assert cause(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "Kind en Gezin Menen\nTel: 056 51 22 33\nE-mail: menen@kindengezin.be\n\nGegevens cliënt\n{form}",
        "{form}\nVerwijzer\nNaam: Lies Claes\nTel: 056 51 22 33\nE-mail: lies@voorbeeld.be",
        "{form}\nContactpersoon: Lies Claes, tel. 056 51 22 33",
        "{form}\nMet vriendelijke groeten\nLies Claes\nTel: 056 51 22 33\nE-mail: lies@voorbeeld.be",
        "{form}\nHandtekening: Lies Claes\nTel: 056 51 22 33",
        "{form}\nPartner\nNaam: Maes\nVoornaam: Tom\nGSM: 0475 99 88 77\nE-mail: tom@voorbeeld.be",
        "{form}\nGsm partner: 0475 99 88 77\nE-mail moeder: oma@voorbeeld.be",
        "{form}\nKinderen\nNaam: Lou Maes\n",
        "{form}\nE-mail: lies.claes@opgroeien.be",
        "{form}\nTel. school: 056 41 41 41",
        "Tel: 056 51 22 33\nwww.voorbeeld.be\n\n{form}",
    ],
)
def test_nothing_of_another_person_is_taken(text: str) -> None:
    form = _NAME + "Adres: Koestraat 12, 8940 Wervik\nTel: 0470 12 34 56\n"
    client = one(text.format(form=form)).client
    assert client == Client("An", "Janssens", "Koestraat", "12", None, "8940", "Wervik", "+32470123456", None)


@pytest.mark.parametrize(
    "text",
    [
        "Wahisstraat 12\n8930 Menen\nTel: 056 51 22 33\n\n" + _NAME + "Adres: Koestraat 1, 8940 Wervik",
        _NAME + "Adres: Koestraat 1, 8940 Wervik\n\nOpmerkingen:\nvia zus\nTel: 0470 12 34 56",
        _NAME + "Partner: Tom Maes\nTel: 0470 12 34 56\nAdres: Koestraat 1, 8940 Wervik",
    ],
)
def test_a_number_that_may_be_someone_elses_makes_the_form_unclear(text: str) -> None:
    assert cause(text) is Cause.UNCLEAR_FORM


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("Relatie;Naam;Voornaam;GSM\ncliënt;Janssens;An;0470123456\npartner;Maes;Tom;0471123456", ["+32470123456"]),
        (";Cliënt;Partner\nNaam;Janssens;Maes\nVoornaam;An;Tom\nGSM;;0471123456\nE-mail;an@a.be;", [None]),
        ("Naam,Voornaam,GSM\nJanssens,An,0470123456\nMaes,Tom,0471123456", ["+32470123456", "+32471123456"]),
        ("Cliënt 1\n" + _FORM + "\nCliënt 2\nNaam: Maes\nVoornaam: Tom\nGSM: 0471 12 34 56", ["+32470123456", "+32471123456"]),
    ],
)  # fmt: skip
def test_columns_rows_and_numbered_clients(text: str, phones: list[str | None]) -> None:
    assert [reading.client.phone for reading in read_form("x", text.encode())] == phones


def test_each_client_has_the_consent_of_that_part() -> None:
    text = f"Cliënt 1\n{_FORM}Toestemming: ja\n\nCliënt 2\nNaam: Maes\nVoornaam: Tom\nGSM: 0471 12 34 56\nToestemming: nee"
    assert [r.consent for r in read_form("x", text.encode())] == [Consent.CONFIRMED, Consent.DISPUTED]


@pytest.mark.parametrize(
    ("text", "consent"),
    [
        ("Toestemming cliënt: ja", Consent.CONFIRMED),
        ("Toestemming\n[x] ja [ ] nee", Consent.CONFIRMED),
        ("Toestemming: ja ☐ nee ☒", Consent.DISPUTED),
        ("De cliënt is geïnformeerd en gaat akkoord", Consent.CONFIRMED),
        ("De cliënt gaat akkoord\n☐ ja\n☒ nee", Consent.DISPUTED),
        ("De cliënt gaat akkoord\n☐ ja\n☐ nee", Consent.NOT_STATED),
        ("Cliënt gaat niet akkoord", Consent.DISPUTED),
        ("Geen toestemming", Consent.DISPUTED),
        ("De cliënt weigert toestemming", Consent.DISPUTED),
        ("De cliënt heeft de toestemming ingetrokken", Consent.WITHDRAWN),
        ("", Consent.NOT_STATED),
        ("Toestemming: ja / nee", Consent.NOT_STATED),
        ("Toestemming:", Consent.NOT_STATED),
        ("Toestemming foto's: nee\nToestemming: ja", Consent.CONFIRMED),
        ("Toestemming om de huisarts te contacteren: ja", Consent.NOT_STATED),
        ("Enkel met toestemming van de cliënt te gebruiken", Consent.NOT_STATED),
        ("Geïnformeerd: ja", Consent.NOT_STATED),
        ("Heeft de cliënt toestemming gegeven? ......", Consent.NOT_STATED),
    ],
)
def test_consent_is_read_as_stated(text: str, consent: Consent) -> None:
    assert one(f"{_FORM}\n{text}\n").consent is consent


@pytest.mark.parametrize(
    "text",
    [
        "Toestemming: ☒ ja ☒ nee",
        "Toestemming: ja, maar enkel voor voedselhulp",
        "Toestemming: nog niet",
        "☒ ja ☐ nee toestemming",
        "Toestemming: ja\nCliënt gaat niet akkoord",
        "Cliënt weet niet of ze akkoord gaat",
        "Geïnformeerd: nee\nAkkoord: ja",
        "Cliënt gaat akkoord\nPartner gaat niet akkoord",
    ],
)
def test_contradictions_and_conditions_make_consent_unclear(text: str) -> None:
    assert cause(f"{_FORM}\n{text}\n") is Cause.UNCLEAR_CONSENT


def test_leftovers_hold_what_is_neither_label_nor_used() -> None:
    reading = one(
        f"Fiche doorverwijzing\n{_FORM}Geboortedatum: 12/03/1990\nMevrouw is erg bezorgd.\nToestemming: ja"
    )
    assert reading.leftovers == ("Geboortedatum: 12/03/1990", "Mevrouw is erg bezorgd.")


def test_word_counts_what_a_reader_of_the_paper_sees() -> None:
    def run(text: str, props: str = "") -> str:
        return f"<w:r><w:rPr>{props}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"

    def box(state: str) -> str:
        return (
            f"<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val='{state}'/></w14:checkbox></w:sdtPr>"
            "<w:sdtContent><w:r><w:t>?</w:t></w:r></w:sdtContent></w:sdt>"
        )

    body = (
        f"<w:p>{run('Naam: ')}<w:del>{'<w:r><w:delText>Peeters</w:delText></w:r>'}</w:del><w:ins>{run('Janssens')}</w:ins></w:p>"
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent><w:p><w:r><w:t>Voornaam: An</w:t></w:r></w:p>"
        "</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>Voornaam: An</w:t></w:r></w:p>"
        "</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        f"<w:p>{run('Tel: ')}{run('0471 11 11 11', '<w:strike/>')}{run(' 0470 12 34 56')}</w:p>"
        "<w:p><w:r><w:t>E-mail: </w:t></w:r><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Klik hier</w:t></w:r></w:sdtContent></w:sdt></w:p>"
        f"<w:tbl><w:tr><w:tc><w:p>{run('Toestemming')}</w:p></w:tc><w:tc><w:p>{box('0')}{run(' ja ')}{box('1')}{run(' nee')}</w:p></w:tc></w:tr></w:tbl>"
    )  # fmt: skip
    (reading,) = read_form("x", docx(body))
    assert reading.client == Client(first_name="An", last_name="Janssens", phone="+32470123456")
    assert reading.consent is Consent.DISPUTED
    assert reading.kind == "docx"


def test_legacy_check_boxes_of_word() -> None:
    def field(checked: str) -> str:
        return f"<w:r><w:fldChar><w:ffData><w:checkBox><w:default w:val='0'/>{checked}</w:checkBox></w:ffData></w:fldChar></w:r>"

    lines = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in _FORM.splitlines())
    boxes = f"<w:p><w:r><w:t>Toestemming: </w:t></w:r>{field('<w:checked/>')}<w:r><w:t> ja </w:t></w:r>{field('')}<w:r><w:t> nee</w:t></w:r></w:p>"
    (reading,) = read_form("x", docx(lines + boxes))
    assert reading.consent is Consent.CONFIRMED


def test_a_pdf_with_a_picture_and_no_text_is_a_scan() -> None:
    from PIL import Image

    buffer = io.BytesIO()
    page = canvas.Canvas(buffer)
    page.drawImage(ImageReader(Image.new("RGB", (40, 40), "white")), 50, 50)
    page.save()
    with pytest.raises(FormError) as caught:
        read_form("fiche.pdf", buffer.getvalue())
    assert caught.value.cause is Cause.SCAN


def test_the_file_name_is_not_believed() -> None:
    assert read_form("fiche.pdf", _FORM.encode())[0].kind == "txt"
