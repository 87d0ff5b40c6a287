"""What a case goes through, and how it ended in one word. Anything but an ending foreseen here is a failure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from imapclient.response_parser import parse_fetch_response

from intake.archive import ArchiveError, KeyCache, Passphrase, open_archive
from intake.errors import MailboxError
from intake.form import FormError, read_form
from intake.mail.errors import translated
from intake.mail.message import Location, parse_message
from intake.mail.structure import Plan, plan_of
from intake.receive import Terms, judge
from tests.fuzz import samples
from tests.fuzz.mutation import mutated_archive, mutated_form, mutated_mail, mutated_structure
from tests.sevenzip import SevenZip

__all__ = ["TARGETS", "Target", "Unfinished", "case_of"]

_PASSPHRASES = (Passphrase("autumn", samples.SECRET), Passphrase("spring", "drie groene dennen"))
_KEYS = KeyCache()
_TERMS = Terms(_PASSPHRASES, ("opgroeien.be", "sender.example"), frozenset({"8940"}), _KEYS)
_WHEN = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Unfinished(Exception):
    """A case became neither referral nor quarantine."""


def _archive(data: bytes) -> str:
    try:
        opened = open_archive(data, _PASSPHRASES, keys=_KEYS)
    except ArchiveError as error:
        return error.cause.value
    if not opened.members:
        raise Unfinished
    return "opened"


def _mail(data: bytes) -> str:
    incoming = parse_message(data, location=Location("INBOX", 1, 1), received_at=_WHEN)
    judgement = judge(incoming, _TERMS)
    if judgement.accepted:
        return "referral and quarantine" if judgement.rejected else "referral"
    if not judgement.rejected:
        raise Unfinished
    return judgement.rejected[0].cause.value


def _structure(data: bytes) -> str:
    try:
        with translated():
            answer = parse_fetch_response([b"1 (UID 1 BODYSTRUCTURE " + data + b")"])
    except MailboxError:
        return "mailbox error"
    plan = plan_of(next(iter(answer.values()), {}).get(b"BODYSTRUCTURE"))
    if not isinstance(plan, Plan) or not all(isinstance(item, str) for item in plan.items) or plan.size < 0:
        raise Unfinished
    return plan.problem or ("whole" if plan.whole else "parts")


def _form(data: bytes) -> str:
    try:
        readings = read_form("fiche", data)
    except FormError as error:
        return error.cause.value
    if not readings:
        raise Unfinished
    return "read"


@dataclass(frozen=True)
class Target:
    """One kind of input: its samples, how it is mutated, what it goes through, and how many cases the long run has."""

    samples: Callable[[SevenZip | None], list[bytes]]
    mutate: Callable[[Random, bytes, bytes], bytes]
    run: Callable[[bytes], str]
    cases: int


TARGETS: dict[str, Target] = {
    "archives": Target(
        samples.archives,
        lambda chance, data, other: mutated_archive(chance, data, other, samples.SECRET),
        _archive,
        20_000,
    ),
    "mails": Target(lambda _: samples.mails(), mutated_mail, _mail, 20_000),
    "structures": Target(lambda _: samples.structures(), mutated_structure, _structure, 20_000),
    "forms": Target(lambda _: samples.forms(), mutated_form, _form, 5_000),
}


def case_of(kind: str, found: list[bytes], seed: int, number: int) -> bytes:
    """The case with this number: one sample or two, mutated; the same for the same samples."""
    chance = Random(f"{kind} {seed} {number}")
    data = found[number % len(found)]
    return TARGETS[kind].mutate(chance, data, chance.choice(found))
