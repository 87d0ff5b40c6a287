"""The archive passphrases of the office: which are tried when reading, which one is used to send, and adding one.

They are a sealed secret for those who may poll (design, "Keys"). A label names each in the log; the passphrase never does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from intake.archive import KeyCache, Passphrase
from intake.desk.office import PASSPHRASES_SECRET, Office
from intake.errors import WrongUse
from intake.plaintext import clean_line
from intake.receive import Terms
from intake.texts import _
from intake.trust import Policy, SenderTerms
from storage.journal import Event
from storage.store import Transaction

LONGEST = 200
LONGEST_LABEL = 40
MOST = 30
"""Each one that does not fit costs a derivation for every archive."""


class PassphraseUnusable(WrongUse):
    """A new passphrase or its label cannot be taken. Values: problem."""


class LabelUnusable(WrongUse):
    """The label of a new passphrase cannot be taken. Values: problem."""


@dataclass(frozen=True, slots=True)
class NewPassphrase:
    """A passphrase as someone gives it; `valid_from` is the day from which the office sends with it."""

    label: str
    secret: str = field(repr=False)
    valid_from: date


def archive_passphrases(office: Office) -> tuple[Passphrase, ...]:
    """All that are tried on an archive that comes in, the newest in force first: an older one fits late messages."""
    stored = office.secret(PASSPHRASES_SECRET)
    first = outgoing(stored, office.today())
    ordered = [*([first] if first else []), *(p for p in stored if p is not first)]
    return tuple(Passphrase(p["label"], p["secret"]) for p in ordered)


def terms_of(office: Office, keys: KeyCache, *more: Passphrase) -> Terms:
    """What a message is judged by today; `more` are passphrases that are tried besides."""
    return Terms(
        passphrases=(*archive_passphrases(office), *more),
        trusted_senders=office.settings.trusted_senders,
        postcodes=frozenset(office.settings.postcodes),
        keys=keys,
        senders=SenderTerms(Policy(office.settings.authenticity), office.settings.authentication_server),
    )


def outgoing(stored: Sequence[Mapping[str, Any]], today: date) -> Mapping[str, Any] | None:
    """The one to encrypt with: that with the latest day of those in force; one without a day is the oldest."""
    in_force = [p for p in stored if p.get("valid_from", "") <= today.isoformat()]
    return max(in_force, key=lambda p: p.get("valid_from", "")) if in_force else None


def checked(office: Office, new: NewPassphrase) -> NewPassphrase:
    """A new one as it will be kept. Raises PassphraseUnusable, LabelUnusable."""
    label = " ".join(clean_line(new.label).split())
    if not label or len(label) > LONGEST_LABEL:
        raise LabelUnusable(
            problem=_("Give the passphrase a label of at most 40 characters; the log names it so.")
        )
    if not new.secret.strip() or len(new.secret) > LONGEST:
        raise PassphraseUnusable(
            problem=_("Give the passphrase as the sender told it, at most 200 characters.")
        )
    if new.secret.casefold() in label.casefold():
        raise LabelUnusable(problem=_("The label stands in the log: it may not hold the passphrase."))
    stored = office.secret(PASSPHRASES_SECRET)
    if any(p["label"] == label for p in stored):
        raise LabelUnusable(problem=_("There is a passphrase with this label already. Choose another label."))
    if any(p["secret"] == new.secret for p in stored):
        raise PassphraseUnusable(
            problem=_("This passphrase is known already, and is tried on every message.")
        )
    if len(stored) >= MOST:
        raise PassphraseUnusable(
            problem=_("There are thirty passphrases already; more would slow down every poll.")
        )
    return NewPassphrase(label, new.secret, new.valid_from)


def add(office: Office, tx: Transaction, new: NewPassphrase) -> None:
    """Keep a `checked` one from now on; the log tells its label."""
    stored = list(office.secret(PASSPHRASES_SECRET))
    stored.append({"label": new.label, "secret": new.secret, "valid_from": new.valid_from.isoformat()})
    office.put_secret(tx, PASSPHRASES_SECRET, stored)
    tx.record(Event("passphrase-added", detail={"label": new.label}))
