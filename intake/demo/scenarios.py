"""What a sample mail holds: a referral as it should be, an unusual one, or one with a fault, and what is expected.

A scenario makes the attachments and knows the truth; the mail around them is made in `messages.py`.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from intake.causes import Cause
from intake.client import Client, Consent
from intake.demo.archives import (
    Member,
    plain_7z,
    plain_zip,
    ppmd_7z,
    readable_names_7z,
    sealed_7z,
    truncated,
)
from intake.demo.forms import make_form
from intake.demo.people import NEIGHBOURS, TeamMember, make_client

__all__ = ["FAULTS", "UNUSUAL", "Letter", "Scenario", "Workbench", "referral"]

_ARCHIVE_NAMES = ("doorverwijzing.7z", "fiche.7z", "bijlage.7z", "Doorverwijzing OCMW.7z")


@dataclass(slots=True)
class Workbench:
    """What a scenario works with. `kinds` collects the form formats it used, in order."""

    rng: random.Random
    kind: str
    passphrase: str = field(repr=False)
    member: TeamMember
    signed_on: date
    kinds: list[str] = field(default_factory=list)

    def form(
        self,
        client: Client,
        consent: Consent = Consent.CONFIRMED,
        *,
        kind: str = "",
        remark: str | None = None,
    ) -> Member:
        """A form of `client`, of this mail's kind unless `kind` names another."""
        kind = kind or self.kind
        self.kinds.append(kind)
        return make_form(
            kind,
            client,
            consent,
            self.rng,
            member=self.member,
            signed_on=self.signed_on,
            remark=remark,
        )

    def sealed(self, *members: Member) -> Member:
        """The members in the archive that the protocol asks for."""
        return self.rng.choice(_ARCHIVE_NAMES), sealed_7z(members, self.passphrase)


@dataclass(frozen=True, slots=True)
class Letter:
    """The attachments of a mail and the truth about them; `cause` None means that a referral is expected.

    `sender` and `body` replace the usual address and text.
    """

    attachments: Sequence[Member] = field(repr=False)
    clients: tuple[Client, ...] = field(repr=False)
    consent: Consent = Consent.CONFIRMED
    cause: Cause | None = None
    sender: str | None = None
    body: str | None = None


Scenario = Callable[[Workbench], Letter]


def referral(bench: Workbench) -> Letter:
    """As it should be; one in eight with readable file names."""
    client = make_client(bench.rng)
    form = bench.form(client)
    if bench.rng.random() < 1 / 8:
        return Letter([(_ARCHIVE_NAMES[0], readable_names_7z([form], bench.passphrase))], (client,))
    return Letter([bench.sealed(form)], (client,))


def readable_names(bench: Workbench) -> Letter:
    """Encrypted, but the file names inside can be read: a quality remark (P6)."""
    client = make_client(bench.rng)
    return Letter([("fiche.7z", readable_names_7z([bench.form(client)], bench.passphrase))], (client,))


def consent_refused(bench: Workbench) -> Letter:
    """The form says that the client does not consent."""
    return _with_consent(bench, Consent.DISPUTED)


def consent_not_stated(bench: Workbench) -> Letter:
    """Neither box is ticked."""
    return _with_consent(bench, Consent.NOT_STATED)


def consent_withdrawn(bench: Workbench) -> Letter:
    """The form says that the client withdrew the consent."""
    return _with_consent(bench, Consent.WITHDRAWN)


def foreign_postcode(bench: Workbench) -> Letter:
    """A client of a neighbouring municipality, at times across the border."""
    client = make_client(bench.rng, bench.rng.choice(NEIGHBOURS))
    return Letter([bench.sealed(bench.form(client))], (client,))


def two_forms(bench: Workbench) -> Letter:
    """Two adults at one address, each with a form, in one archive."""
    first = make_client(bench.rng)
    second = _housemate(bench.rng, first)
    members = [bench.form(client) for client in (first, second)]
    numbered = [(f"{number}_{name}", content) for number, (name, content) in enumerate(members, 1)]
    return Letter([bench.sealed(*numbered)], (first, second))


def two_archives(bench: Workbench) -> Letter:
    """Two clients in two archives of one mail."""
    first, second = make_client(bench.rng), make_client(bench.rng)
    archives = [bench.sealed(bench.form(client)) for client in (first, second)]
    numbered = [(f"{number}_{name}", content) for number, (name, content) in enumerate(archives, 1)]
    return Letter(numbered, (first, second))


def superfluous(bench: Workbench) -> Letter:
    """A remark that holds more than the agreed data (P3), nothing of it special."""
    client = make_client(bench.rng)
    form = bench.form(client, remark="Het gezin verhuist volgende maand. Best bellen na 16 uur.")
    return Letter([bench.sealed(form)], (client,))


def no_archive(bench: Workbench) -> Letter:
    """The attachment was forgotten, or follows later."""
    bodies = ("In bijlage vindt u een doorverwijzing.", "De doorverwijzing volgt in een apart bericht.")
    return Letter((), (), cause=Cause.NO_ARCHIVE, body=bench.rng.choice(bodies))


def form_in_clear(bench: Workbench) -> Letter:
    """The form itself is attached, without any archive."""
    client = make_client(bench.rng)
    return Letter([bench.form(client, kind="docx")], (client,), cause=Cause.NOT_ENCRYPTED)


def plain_archive(bench: Workbench) -> Letter:
    """A 7-Zip archive without a passphrase."""
    client = make_client(bench.rng)
    return Letter([("fiche.7z", plain_7z([bench.form(client)]))], (client,), cause=Cause.NOT_ENCRYPTED)


def plain_zip_archive(bench: Workbench) -> Letter:
    """A zip archive without a passphrase."""
    client = make_client(bench.rng)
    return Letter([("fiche.zip", plain_zip([bench.form(client)]))], (client,), cause=Cause.NOT_ENCRYPTED)


def unknown_passphrase(bench: Workbench) -> Letter:
    """Encrypted with another passphrase than the agreed one."""
    client = make_client(bench.rng)
    other = f"een andere wachtwoordzin {bench.rng.getrandbits(64):016x}"
    archive = sealed_7z([bench.form(client)], other)
    return Letter([("doorverwijzing.7z", archive)], (client,), cause=Cause.UNKNOWN_PASSPHRASE)


def damaged(bench: Workbench) -> Letter:
    """The archive broke off on the way."""
    client = make_client(bench.rng)
    name, archive = bench.sealed(bench.form(client))
    return Letter([(name, truncated(archive))], (client,), cause=Cause.DAMAGED)


def unusual_method(bench: Workbench) -> Letter:
    """Encrypted, but compressed in a way that is not opened here."""
    client = make_client(bench.rng)
    archive = ppmd_7z([bench.form(client)], bench.passphrase)
    return Letter([("fiche.7z", archive)], (client,), cause=Cause.UNSUPPORTED_METHOD)


def scanned(bench: Workbench) -> Letter:
    """A picture of a form."""
    client = make_client(bench.rng)
    return Letter([bench.sealed(bench.form(client, kind="scan"))], (client,), cause=Cause.SCAN)


def unknown_sender(bench: Workbench) -> Letter:
    """All as it should be, from an address outside the agreement."""
    client = make_client(bench.rng)
    sender = f"{bench.member.email.partition('@')[0]}@example.net"
    return Letter([bench.sealed(bench.form(client))], (client,), cause=Cause.UNKNOWN_SENDER, sender=sender)


def missing_name(bench: Workbench) -> Letter:
    """The name was left empty."""
    client = replace(make_client(bench.rng), first_name=None, last_name=None)
    return Letter([bench.sealed(bench.form(client))], (client,), cause=Cause.MISSING_NAME)


def missing_contact(bench: Workbench) -> Letter:
    """Only the name was filled in."""
    known = make_client(bench.rng)
    client = Client(first_name=known.first_name, last_name=known.last_name)
    return Letter([bench.sealed(bench.form(client))], (client,), cause=Cause.MISSING_CONTACT)


def special_category(bench: Workbench) -> Letter:
    """A remark on the client's health, which may not be sent (P3; GDPR 9)."""
    client = make_client(bench.rng)
    remark = "De cliënt heeft een depressie en is in psychiatrische behandeling."
    form = bench.form(client, kind="docx", remark=remark)
    return Letter([bench.sealed(form)], (client,), cause=Cause.SPECIAL_CATEGORY)


def _with_consent(bench: Workbench, consent: Consent) -> Letter:
    client = make_client(bench.rng)
    return Letter([bench.sealed(bench.form(client, consent))], (client,), consent)


def _housemate(rng: random.Random, client: Client) -> Client:
    """Another adult at the same address."""
    other = make_client(rng)
    return replace(
        client, first_name=other.first_name, last_name=other.last_name, phone=other.phone, email=other.email
    )


# In the order in which a small number of messages shows them.
FAULTS: tuple[Scenario, ...] = (
    unknown_passphrase,
    plain_archive,
    scanned,
    damaged,
    unknown_sender,
    missing_name,
    no_archive,
    special_category,
    plain_zip_archive,
    unusual_method,
    form_in_clear,
    missing_contact,
)
UNUSUAL: tuple[Scenario, ...] = (
    consent_not_stated,
    foreign_postcode,
    two_forms,
    consent_refused,
    superfluous,
    two_archives,
    consent_withdrawn,
    readable_names,
)
