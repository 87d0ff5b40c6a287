"""Made-up forms, opened with the libraries of their formats: what was given stands on them, and what is ticked."""

import csv
import email
import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from email.policy import default

import docx
import openpyxl
import phonenumbers
import pypdf
import pytest
from lxml import etree
from striprtf.striprtf import rtf_to_text

from intake.client import Client, Consent
from intake.demo.forms import FORM_KINDS, make_form
from intake.demo.people import make_client, make_member
from intake.errors import WrongUse

SEEDS = range(6)


def text_of_xml(data: bytes, part: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        assert container.testzip() is None
        tree = etree.fromstring(container.read(part))
    return " ".join(str(text) for text in tree.itertext())


def text_of_docx(data: bytes) -> str:
    assert docx.Document(io.BytesIO(data)).paragraphs
    return text_of_xml(data, "word/document.xml")


def text_of_odt(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        first = container.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    return text_of_xml(data, "content.xml")


def text_of_xlsx(data: bytes) -> str:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return "\n".join(
        str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    )


def text_of_pdf(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def text_of_pdf_form(data: bytes) -> str:
    fields = pypdf.PdfReader(io.BytesIO(data)).get_form_text_fields()
    return "\n".join(str(value) for value in fields.values() if value)


def text_of_eml(data: bytes) -> str:
    message = email.message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def text_of_html(data: bytes) -> str:
    tree = etree.fromstring(data, etree.HTMLParser(encoding="utf-8"))
    return " ".join(str(text) for text in tree.itertext())


def decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def text_of_csv(data: bytes) -> str:
    dialect = csv.Sniffer().sniff(decoded(data), ";,")
    return "\n".join(cell for row in csv.reader(io.StringIO(decoded(data)), dialect) for cell in row)


def text_of_json(data: bytes) -> str:
    return json.dumps(json.loads(data), ensure_ascii=False)


TEXT_OF: dict[str, Callable[[bytes], str]] = {
    "pdf-form": text_of_pdf_form,
    "pdf": text_of_pdf,
    "docx": text_of_docx,
    "docx-controls": text_of_docx,
    "odt": text_of_odt,
    "rtf": lambda data: rtf_to_text(data.decode("ascii")),
    "xlsx": text_of_xlsx,
    "csv": text_of_csv,
    "html": text_of_html,
    "eml": text_of_eml,
    "txt": decoded,
    "json": text_of_json,
}


def made(kind: str, seed: int, consent: Consent = Consent.CONFIRMED) -> tuple[Client, str, bytes]:
    rng = random.Random(seed)
    client = make_client(rng)
    name, data = make_form(kind, client, consent, rng)
    return client, name, data


def numbers_in(text: str) -> set[str]:
    return {
        phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        for match in phonenumbers.PhoneNumberMatcher(text, "BE")
    }


def test_every_promised_kind_is_looked_at_here() -> None:
    assert set(FORM_KINDS) == set(TEXT_OF)


@pytest.mark.parametrize("kind", FORM_KINDS)
def test_a_form_opens_and_holds_the_client(kind: str) -> None:
    for seed in SEEDS:
        client, _, data = made(kind, seed)
        text = re.sub(r"\s+", " ", TEXT_OF[kind](data))
        for name in (
            "first_name",
            "last_name",
            "street",
            "house_number",
            "box",
            "postcode",
            "municipality",
            "email",
        ):
            value = getattr(client, name)
            assert value is None or value in text, (seed, name)
        if client.phone is not None:
            assert client.phone in numbers_in(TEXT_OF[kind](data)), seed


@pytest.mark.parametrize("kind", [kind for kind in FORM_KINDS if kind != "csv"])
def test_the_sender_stands_on_the_form_as_well(kind: str) -> None:
    rng = random.Random(5)
    member = make_member(rng)
    _, data = make_form(kind, make_client(rng), Consent.CONFIRMED, rng, member=member)
    assert member.email in re.sub(r"\s+", " ", TEXT_OF[kind](data))


@pytest.mark.parametrize("kind", [*FORM_KINDS, "scan"])
def test_the_same_randomness_gives_the_same_file(kind: str) -> None:
    assert made(kind, 9) == made(kind, 9)
    assert made(kind, 9)[2] != made(kind, 10)[2]


@pytest.mark.parametrize("kind", FORM_KINDS)
def test_a_file_name_says_nothing_of_the_client(kind: str) -> None:
    for seed in range(40):
        client, name, _ = made(kind, seed)
        assert client.first_name and client.last_name
        assert client.last_name.lower() not in name.lower()
        assert client.first_name.lower() not in re.split(r"[ _.()]", name.lower())


def ticks_of_pdf(data: bytes) -> tuple[object, object]:
    fields = pypdf.PdfReader(io.BytesIO(data)).get_fields() or {}
    return fields["toestemming_ja"].value, fields["toestemming_nee"].value


@pytest.mark.parametrize(
    ("consent", "ticks"),
    [
        (Consent.CONFIRMED, ("/Yes", "/Off")),
        (Consent.DISPUTED, ("/Off", "/Yes")),
        (Consent.NOT_STATED, ("/Off", "/Off")),
        (Consent.WITHDRAWN, ("/Off", "/Off")),
    ],
)
def test_the_boxes_of_a_fillable_pdf_are_ticked_as_the_client_answered(
    consent: Consent, ticks: tuple[str, str]
) -> None:
    _, _, data = made("pdf-form", 1, consent)
    assert ticks_of_pdf(data) == ticks
    assert ("ingetrokken" in text_of_pdf(data)) == (consent is Consent.WITHDRAWN)


@pytest.mark.parametrize(
    ("consent", "states"),
    [(Consent.CONFIRMED, ["1", "0"]), (Consent.DISPUTED, ["0", "1"]), (Consent.NOT_STATED, ["0", "0"])],
)
def test_the_check_boxes_of_a_word_form_are_ticked_as_the_client_answered(
    consent: Consent, states: list[str]
) -> None:
    _, _, data = made("docx-controls", 1, consent)
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        tree = etree.fromstring(container.read("word/document.xml"))
    name = "{http://schemas.microsoft.com/office/word/2010/wordml}checked"
    assert [box.get(name.replace("checked", "val")) for box in tree.iter(name)] == states


def answers(text: str) -> set[str]:
    """The answers that are given: the words ja and nee, without those beside an empty box."""
    given = re.sub(r"(\[ \]|☐)\s+\w+", "", text)
    return set(re.findall(r"\b(?:ja|nee)\b", given))


@pytest.mark.parametrize("kind", sorted(set(FORM_KINDS) - {"pdf-form", "docx-controls", "json"}))
@pytest.mark.parametrize(
    ("consent", "given"),
    [
        (Consent.CONFIRMED, {"ja"}),
        (Consent.DISPUTED, {"nee"}),
        (Consent.NOT_STATED, set()),
        (Consent.WITHDRAWN, set()),
    ],
)
def test_consent_is_written_as_the_client_answered(kind: str, consent: Consent, given: set[str]) -> None:
    for seed in SEEDS:
        text = TEXT_OF[kind](made(kind, seed, consent)[2])
        assert answers(text) == given, seed
        assert ("ingetrokken" in text) == (consent is Consent.WITHDRAWN), seed


def test_consent_in_json_is_as_the_client_answered() -> None:
    expected = {
        Consent.CONFIRMED: {True, "ja"},
        Consent.DISPUTED: {False, "nee"},
        Consent.NOT_STATED: {None},
        Consent.WITHDRAWN: {"ingetrokken"},
    }
    for consent, values in expected.items():
        found = {json.loads(made("json", seed, consent)[2])["toestemming"] for seed in range(20)}
        assert found == values


def test_a_remark_of_the_sender_stands_on_every_kind() -> None:
    remark = "Best bellen na 16 uur."
    for kind in FORM_KINDS:
        rng = random.Random(2)
        _, data = make_form(kind, make_client(rng), Consent.CONFIRMED, rng, remark=remark)
        text = text_of_pdf(data) if kind == "pdf-form" else TEXT_OF[kind](data)
        assert remark in text, kind


def test_a_scan_is_a_picture_without_text() -> None:
    _, _, data = made("scan", 1)
    [page] = pypdf.PdfReader(io.BytesIO(data)).pages
    assert page.extract_text().strip() == ""
    assert len(page.images) == 1


def test_layouts_differ_from_form_to_form() -> None:
    starts = {re.search(r"(\w+(?:, \w+)?) *: \S+\s", decoded(made("txt", seed)[2]).split("cliënt", 1)[-1]) for seed in range(30)}  # fmt: skip
    assert len({start[1] for start in starts if start}) >= 4


def test_a_form_is_signed_on_the_day_asked() -> None:
    rng = random.Random(1)
    _, data = make_form("txt", make_client(rng), Consent.CONFIRMED, rng, signed_on=date(2026, 3, 5))
    assert "5 maart 2026" in decoded(data)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(WrongUse):
        made("doc", 1)
