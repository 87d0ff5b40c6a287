"""What is read from a message, without a server."""

import base64
from datetime import UTC, datetime

import pytest

from intake.mail.decoding import decode_bytes, decode_transfer
from intake.mail.headers import Automatic, parse_headers
from intake.mail.message import Incoming, Location, Problem, parse_message
from intake.mail.structure import plan_of
from intake.plaintext import clean_lines
from tests.intake.mail.shapes import ARCHIVE, HEAD, HTML, SHAPES, TEXT, archive, mixed, nested, ordinary, part

HERE = Location("INBOX", 1, 1)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def read(raw: bytes) -> Incoming:
    return parse_message(raw, location=HERE, received_at=NOON)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_its_attachments_with_clean_names(shape: str) -> None:
    raw, names = SHAPES[shape]
    incoming = read(raw)
    assert incoming.problem is None
    assert [a.name for a in incoming.attachments] == names
    assert all(a.data == ARCHIVE for a in incoming.attachments)


def test_sender_is_the_one_address_of_the_one_from_header_in_lower_case() -> None:
    headers = parse_headers(b'From: "Team, KG" <Team@KindEnGezin.Example>\r\nMessage-ID: <a@b>\r\n\r\n')
    assert (headers.sender, headers.senders, headers.message_id) == ("team@kindengezin.example", 1, "<a@b>")


@pytest.mark.parametrize(
    ("header", "count"),
    [
        (b"From: a@good.example\r\nFrom: b@bad.example\r\n", 2),
        (b"From: a@good.example, b@bad.example\r\n", 2),
        (b"From: a@good.example <b@bad.example>\r\n", 2),
        (b"From: alice@good.example)bob@bad.example\r\n", 2),
        (b"From: <a@good.example> <b@bad.example>\r\n", 2),
        (b"From: Nobody\r\n", 1),
        (b"Subject: none\r\n", 0),
        (b"From: team: a@good.example;\r\n", 1),
        ("From: a@gööd.example\r\n".encode(), 1),
    ],
)
def test_an_unclear_from_gives_no_sender(header: bytes, count: int) -> None:
    headers = parse_headers(header + b"\r\n")
    assert headers.sender is None
    assert headers.senders == count


@pytest.mark.parametrize(
    "value", [b'"b@x.example" <a@good.example>', b"a@good.example (Jan)", b"J\xe9 <a@good.example>"]
)
def test_a_quoted_address_or_comment_beside_the_address_is_only_a_name(value: bytes) -> None:
    assert parse_headers(b"From: " + value + b"\r\n\r\n").sender == "a@good.example"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"Message-ID:\r\n <folded@x>\r\n", "<folded@x>"),
        (b"Message-ID: bare-id\r\n", "bare-id"),
        (b"Message-ID: two words\r\n", None),
        (b"Message-ID: <caf\xe9@x>\r\n", None),
        (b"Subject: none\r\n", None),
    ],
)
def test_a_message_id_is_one_printable_word_or_none(raw: bytes, expected: str | None) -> None:
    assert parse_headers(raw + b"\r\n").message_id == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"Auto-Submitted: auto-replied\r\n", Automatic.REPLY),
        (b"Auto-Submitted: Auto-Replied; owner-email=x\r\n", Automatic.REPLY),
        (b"Auto-Submitted: No\r\n", Automatic.NO),
        (b"Auto-Submitted: auto-generated\r\n", Automatic.NO),
        (b"Precedence: auto_reply\r\n", Automatic.REPLY),
        (b"Precedence: bulk\r\n", Automatic.NO),
        (b"X-Autoreply: yes\r\n", Automatic.REPLY),
        (b"Return-Path: <>\r\n", Automatic.REPLY),
        (b"X-Failed-Recipients: a@c.example\r\n", Automatic.BOUNCE),
        (b"Content-Type: multipart/report; boundary=x\r\n", Automatic.BOUNCE),
        (
            b"Content-Type: multipart/report; report-type=Delivery-Status; boundary=x\r\n",
            Automatic.BOUNCE,
        ),
        (
            b"Content-Type: multipart/report; report-type=disposition-notification; boundary=x\r\n",
            Automatic.REPLY,
        ),
        (b"", Automatic.NO),
    ],
)
def test_answers_of_machines_are_told_apart(header: bytes, expected: Automatic) -> None:
    assert parse_headers(b"From: a@b.example\r\n" + header + b"\r\n").source.automatic is expected


def test_a_postmaster_without_a_way_back_reports_what_did_not_arrive() -> None:
    raw = b"From: Mail <MAILER-DAEMON@mx.example>\r\nReturn-Path: <>\r\n\r\n"
    assert parse_headers(raw).source.automatic is Automatic.BOUNCE


@pytest.mark.parametrize("harm", ["no padding", "spaces", "stray bytes", "one letter too many"])
def test_broken_base64_gives_what_can_be_had(harm: str) -> None:
    data = b"7z archive data!"
    text = base64.b64encode(data)
    broken = {
        "no padding": text.rstrip(b"="),
        "spaces": b" ".join(text[i : i + 3] for i in range(0, len(text), 3)),
        "stray bytes": text[:4] + b"\xff!\x00" + text[4:],
        "one letter too many": text.rstrip(b"=")[:-2] + b"Q",
    }[harm]
    assert decode_transfer(broken, "base64")[:15] == data[:15]


def test_text_is_cleaned_of_control_bidi_and_invisible_characters() -> None:
    assert clean_lines("a\x1b[31mb\x07\u202ec\u200bd\u2066e\x85f\r\ng\th") == "a [31mb cde f\ng\th"


def test_body_text_is_plain_text_if_there_is_any_and_html_without_tags_otherwise() -> None:
    alternative = b"Content-Type: multipart/alternative; boundary=cc"
    both = part(alternative, b"--cc\r\n" + TEXT + b"\r\n--cc\r\n" + HTML + b"\r\n--cc--")
    assert read(mixed(both)).body_text == "Beste, één fiche."
    assert read(mixed(HTML)).body_text == "Beste,\nin HTML"


def test_body_text_is_bounded_and_hostile_characters_are_gone() -> None:
    body = ("\x1b]0;titel\x07\u202eTekst " * 5_000).encode()
    text = read(HEAD + part(b"Content-Type: text/plain; charset=utf-8", body)).body_text
    assert len(text) == 20_000
    assert not set(text) & set("\x1b\x07\u202e")


@pytest.mark.parametrize(
    "charset", ["punycode", "idna", "rot13", "hex", "no-such", "unicode_escape", "\ud800"]
)
def test_odd_charsets_fall_back_to_utf8(charset: str) -> None:
    assert decode_bytes("één".encode(), charset) == "één"
    assert decode_bytes("één".encode("cp1252"), charset) == "één"


def test_too_deep_nesting_is_a_problem_and_no_crash() -> None:
    assert read(nested(20)).attachments[0].data == ARCHIVE
    assert read(nested(25)).problem == Problem.TOO_DEEP
    assert read(nested(3_000)).problem in (Problem.TOO_DEEP, Problem.TOO_MANY_PARTS)


def test_more_attachments_than_fifty_is_a_problem_and_none_is_given() -> None:
    fifty = [archive(b"Content-Type: application/x; name=%d.7z" % n) for n in range(50)]
    assert len(read(mixed(*fifty)).attachments) == 50
    over = read(mixed(*fifty, archive(b"Content-Type: application/x")))
    assert (over.problem, over.attachments) == (Problem.TOO_MANY_PARTS, ())


def test_floods_of_parts_lines_and_headers_are_stopped_early() -> None:
    assert read(mixed(*[part(b"A: b", b"")] * 50_000)).problem == Problem.TOO_MANY_PARTS
    assert read(HEAD + b"\r\n" + b"\n" * 2_000_000).problem == Problem.STRUCTURE
    assert read(HEAD + b"x: y\r\n" * 5_000 + b"\r\n").problem == Problem.HEADER


def test_a_forwarded_message_in_base64_is_opened_too() -> None:
    wrapped = base64.encodebytes(ordinary(3)).replace(b"\n", b"\r\n")
    raw = mixed(part(b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64", wrapped))
    assert [a.name for a in read(raw).attachments] == ["fiche3.7z"]


def test_an_odd_structure_is_fetched_whole_instead_of_guessed() -> None:
    leaf = (b"APPLICATION", b"X", (b"NAME", b"a"), None, None, b"BASE64", 10, None, None)
    assert [p.number for p in plan_of(leaf).attachments] == ["1"]
    for odd in (
        None,
        (),
        (b"TEXT",),
        (b"A", b"B", None, None, None, b"x-uuencode", 1),
        (*leaf[:6], b"x", None, None),
        leaf[:7],
        (*leaf[:8], b"attachment; filename=a"),
        ([],),
        7,
    ):
        assert plan_of(odd).whole


def test_personal_data_is_not_in_the_repr() -> None:
    shown = repr(read(ordinary(1)))
    for private in ("kindengezin", "fiche1", "Beste", "7z"):
        assert private not in shown.lower().replace("x-7z-compressed", "")
