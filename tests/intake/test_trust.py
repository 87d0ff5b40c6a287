"""The order in which a message is judged: machines first, then the sender, then what it holds."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from intake.archive import KeyCache, Member, Passphrase, pack
from intake.causes import Cause
from intake.config import OfficeSettings, checked_use
from intake.errors import WrongUse
from intake.mail.headers import Automatic
from intake.mail.message import Incoming, Location, parse_message
from intake.receive import Terms, judge
from intake.rejecting import CHOICES, UNANSWERED, is_told, usual
from intake.trust import Policy, SenderTerms
from tests.intake.mail.wrapping import enveloped, pkcs7_mail, signed, tnef
from tests.journeys.mails import form, mail

SECRET = "koffiekoek-regenboog-17"
TERMS = Terms((Passphrase("eerste", SECRET),), ("opgroeien.be",), frozenset(), KeyCache())
ARCHIVE = pack([Member(*form())], SECRET)
OURS = b"From: lien@opgroeien.be\r\nMIME-Version: 1.0\r\n"


def read(raw: bytes) -> Incoming:
    return parse_message(raw, location=Location("INBOX", 1, 1), received_at=datetime(2026, 3, 2, tzinfo=UTC))


def causes(raw: bytes, terms: Terms = TERMS) -> list[Cause]:
    verdict = judge(read(raw), terms)
    assert bool(verdict.accepted) != bool(verdict.rejected)
    return [one.cause for one in verdict.rejected]


ANSWER, REPORT = b"Auto-Submitted: auto-replied\r\n", b"X-Failed-Recipients: x@opgroeien.be\r\n"
GOOD = mail(("fiche.7z", ARCHIVE))


PGP = b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA5\r\n=abcd\r\n-----END PGP MESSAGE-----\r\n"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (ANSWER + mail(), [Cause.AUTO_REPLY]),
        (ANSWER + mail(sender="x@elders.example"), [Cause.AUTO_REPLY]),
        (ANSWER + mail(form()), [Cause.AUTO_REPLY]),
        (ANSWER + GOOD, []),
        (ANSWER + mail(("fiche.7z", ARCHIVE), sender="x@elders.example"), [Cause.UNKNOWN_SENDER]),
        (b"Auto-Submitted: auto-generated\r\n" + GOOD, []),
        (REPORT + GOOD, [Cause.BOUNCE]),
        (REPORT + mail(form(), sender="x@elders.example"), [Cause.BOUNCE]),
        (b"From: lien@opgroeien.be\r\n" + GOOD, [Cause.SEVERAL_SENDERS]),
        (b"From: x@elders.example\r\n" + GOOD, [Cause.SEVERAL_SENDERS]),
        (mail(("fiche.7z", ARCHIVE), sender="x@opgroelen.be"), [Cause.LOOK_ALIKE_SENDER]),
        (mail(("fiche.7z", ARCHIVE), sender="x@team.opgroeien.be"), [Cause.UNKNOWN_SENDER]),
        (pkcs7_mail(signed(GOOD), head=OURS), []),
        (pkcs7_mail(enveloped(GOOD), "enveloped-data", OURS), [Cause.SMIME_ENCRYPTED]),
        (mail(("winmail.dat", tnef(("fiche.7z", ARCHIVE)))), []),
        (mail(("winmail.dat", tnef(form()))), [Cause.NOT_ENCRYPTED]),
        (mail(("fiche.pdf", ARCHIVE)), []),
        (mail(("mail.eml", GOOD)), []),
        (mail(("mail.eml", mail(form()))), [Cause.NOT_ENCRYPTED]),
        (mail(("encrypted.asc", PGP)), [Cause.SMIME_ENCRYPTED]),
        (OURS + b"\r\n" + PGP, [Cause.SMIME_ENCRYPTED]),
    ],
)
def test_what_comes_of_a_message(raw: bytes, expected: list[Cause]) -> None:
    assert causes(raw) == expected


def test_a_report_is_one_however_large_it_is() -> None:
    large = replace(read(REPORT + mail()), too_large=True, attachments=())
    assert [one.cause for one in judge(large, TERMS).rejected] == [Cause.BOUNCE]
    plain = replace(large, source=replace(large.source, automatic=Automatic.NO))
    assert [one.cause for one in judge(plain, TERMS).rejected] == [Cause.OVER_LIMIT]


def test_what_was_seen_is_in_plain_letters_and_in_no_repr() -> None:
    raw = "From: Lien <lien@\u043epgroeien.be>\r\n\r\nx".encode()
    (one,) = judge(read(raw), TERMS).rejected
    assert one.cause is Cause.LOOK_ALIKE_SENDER
    assert one.seen.isascii() and "\\u043epgroeien.be" in one.seen
    assert "groeien" not in repr(one)


def test_required_word_of_a_server_that_says_nothing_keeps_everything_out() -> None:
    strict = replace(TERMS, senders=SenderTerms(Policy.REQUIRE, "mx.ocmw.example"))
    assert causes(GOOD, strict) == [Cause.NOT_AUTHENTIC]
    assert causes(GOOD, replace(TERMS, senders=SenderTerms(Policy.REQUIRE))) == [Cause.NOT_AUTHENTIC]


def test_a_word_can_be_required_only_of_a_server_that_is_named() -> None:
    box = {"host": "imap.ocmw.example", "port": 993, "user": "box"}
    with pytest.raises(WrongUse) as refused:
        checked_use(OfficeSettings, {"mailbox": box, "authenticity": "require"})
    assert "'authentication_server'" in str(refused.value.values["problem"])
    named = {"mailbox": box, "authenticity": "require", "authentication_server": " MX.ocmw.example "}
    assert checked_use(OfficeSettings, named).authentication_server == "mx.ocmw.example"
    shouted = checked_use(OfficeSettings, {"mailbox": box, "trusted_senders": ["OPGROEIEN.be"]})
    assert shouted.trusted_senders == ("opgroeien.be",)
    assert checked_use(OfficeSettings, {"mailbox": box}).authenticity == "warn", "stored before, read now"


@pytest.mark.parametrize(("junk", "kept"), [(True, True), (False, False), ("Ongewenst", "Ongewenst")])
def test_the_spam_folder_is_found_left_alone_or_named(junk: bool | str, kept: bool | str) -> None:
    box = {"host": "imap.ocmw.example", "port": 993, "user": "box", "junk": junk}
    assert checked_use(OfficeSettings, {"mailbox": box}).mailbox.junk == kept


def test_nobody_is_told_of_what_no_one_sent() -> None:
    for cause in UNANSWERED:
        assert not any(is_told(cause, because) for because in CHOICES)
    assert is_told(Cause.SMIME_ENCRYPTED, usual(Cause.SMIME_ENCRYPTED))
