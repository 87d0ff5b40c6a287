"""The archive passphrases of the office: which are tried when reading, which one is used to send, adding and ending one.

They are a sealed secret for those who may poll (design, "Keys"). A label names each in the log; the passphrase never does.
Several can be in force at a time, each for all teams or for one, so that a new one is agreed before the old one ends.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from intake.archive import Passphrase
from intake.desk.office import PASSPHRASES_SECRET, PASSPHRASES_USED, Office
from intake.errors import NotFound, WrongUse
from intake.formats import show_date
from intake.plaintext import clean_line
from intake.receive import GRACE_DAYS, Terms
from intake.rows import SECRETS
from intake.staff import Right
from intake.texts import N_, _
from intake.trust import sender_terms, trusts
from storage.journal import Event
from storage.store import Transaction

LONGEST = 200
LONGEST_LABEL = 40
LONGEST_TEAM = 200
MOST = 30
"""Each one that does not fit costs a derivation for every archive."""
MOST_KEPT = 200
"""With those that ended, which are kept to read again what came in their time."""
SOON_DAYS = 14
"""A passphrase that ends within so many days without another to follow it is told."""
_TEAM = re.compile(r"(?:[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@)?[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}")


class PassphraseUnusable(WrongUse):
    """A new passphrase or its label cannot be taken. Values: problem."""


class LabelUnusable(WrongUse):
    """The label of a new passphrase cannot be taken. Values: problem."""


class TeamUnusable(WrongUse):
    """The team of a new passphrase is no address or domain that mail is taken from. Values: problem."""


class DayUnusable(WrongUse):
    """The last day of a passphrase cannot be that one. Values: problem."""


class NoSuchPassphrase(NotFound):
    """There is no passphrase with this label. Values: label."""

    template = N_(
        "There is no archive passphrase '%(label)s'. 'ocmw-intake passphrases list' tells their labels."
    )


class Standing(StrEnum):
    """Where a passphrase is in its life."""

    COMING = "coming"
    IN_FORCE = "in-force"
    LATE = "late"
    ENDED = "ended"


STANDING_WORDS: dict[Standing, str] = {
    Standing.COMING: N_("not yet"),
    Standing.IN_FORCE: N_("in force"),
    Standing.LATE: N_("for late mails only"),
    Standing.ENDED: N_("ended"),
}


_ORDER = {Standing.COMING: 0, Standing.IN_FORCE: 0, Standing.LATE: 1, Standing.ENDED: 2}


@dataclass(frozen=True, slots=True)
class NewPassphrase:
    """A passphrase as someone gives it; `valid_from` is the day from which the office sends with it.

    `team` is the address or domain of the one team it is of, "" for all; `valid_until` its last day, if that is agreed.
    """

    label: str
    secret: str = field(repr=False)
    valid_from: date
    team: str = ""
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What is told of a passphrase: all but itself. `last_used` is the day on which it last opened an archive."""

    label: str
    team: str
    valid_from: date | None
    valid_until: date | None
    last_used: date | None
    standing: Standing


class Passphrases:
    """Use cases on the archive passphrases."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def items(self) -> tuple[Kept, ...]:
        """All of them, those in force first and the newest first among them. Holds no passphrase."""
        office = self._office
        office.require(Right.POLL)
        used, today = _used(office), office.today()
        found = [
            Kept(
                one["label"],
                one.get("team", ""),
                _day(one.get("valid_from")),
                _day(one.get("valid_until")),
                _day(used.get(one["label"])),
                standing(one, today),
            )
            for one in office.secret(PASSPHRASES_SECRET)
        ]
        found.sort(key=lambda one: one.valid_from or date.min, reverse=True)
        return tuple(sorted(found, key=lambda one: _ORDER[one.standing]))

    def add(self, new: NewPassphrase) -> None:
        """Keep another one from now on. Raises PassphraseUnusable, LabelUnusable, TeamUnusable, DayUnusable."""
        office = self._office
        office.require(Right.TERMS)
        with office.store.transaction(office.session.signer) as tx:
            add(office, tx, checked(office, new))

    def end(self, label: str, on: date) -> None:
        """Give one its last day, or another last day. For `GRACE_DAYS` more it opens what comes in late.

        A day so long ago that these are over too ends it at once, as after a leak, even before its first. Raises
        NoSuchPassphrase.
        """
        office = self._office
        office.require(Right.TERMS)
        with office.store.transaction(office.session.signer) as tx:
            stored = [dict(one) for one in office.secret(PASSPHRASES_SECRET)]
            wanted = " ".join(clean_line(label).split())
            found = next((one for one in stored if one["label"] == wanted), None)
            if found is None:
                raise NoSuchPassphrase(label=wanted[:LONGEST_LABEL])
            found["valid_until"] = on.isoformat()
            office.put_secret(tx, PASSPHRASES_SECRET, stored)
            tx.record(Event("passphrase-ended", detail={"label": wanted, "until": on.isoformat()}))


def standing(one: Mapping[str, Any], today: date) -> Standing:
    """Where a stored passphrase is in its life on that day."""
    until = _day(one.get("valid_until"))
    if until is not None and today > until:
        return Standing.LATE if today <= until + timedelta(days=GRACE_DAYS) else Standing.ENDED
    return Standing.COMING if one.get("valid_from", "") > today.isoformat() else Standing.IN_FORCE


def archive_passphrases(office: Office) -> tuple[Passphrase, ...]:
    """All that may be tried on an archive that comes in, the newest in force first: an older one fits late messages.

    Those that ended are among them: a message that came in their time is still read again with them.
    """
    stored = office.secret(PASSPHRASES_SECRET)
    first = outgoing(stored, office.today())
    ordered = [*([first] if first else []), *(p for p in stored if p is not first)]
    return tuple(
        Passphrase(p["label"], p["secret"], p.get("team", ""), _day(p.get("valid_until"))) for p in ordered
    )


def as_tried(new: NewPassphrase) -> Passphrase:
    """A new one as it is tried on a message that waits: whenever that came in."""
    return Passphrase(new.label, new.secret, new.team)


def terms_of(office: Office, *more: Passphrase) -> Terms:
    """What a message is judged by today; `more` are passphrases that are tried besides."""
    return Terms(
        passphrases=(*archive_passphrases(office), *more),
        trusted_senders=office.settings.trusted_senders,
        postcodes=frozenset(office.settings.postcodes),
        senders=sender_terms(office.settings),
    )


def outgoing(
    stored: Sequence[Mapping[str, Any]], today: date, to: Sequence[str] = ()
) -> Mapping[str, Any] | None:
    """The one to encrypt with: that with the latest day of those in force; one without a day is the oldest.

    That of the one team all of `to` are of goes before those of all, and those of another team come last.
    """

    def rank(one: Mapping[str, Any]) -> tuple[int, str]:
        team = one.get("team", "")
        theirs = bool(team and to and all(trusts(address.lower(), (team,)) for address in to))
        return (2 if theirs else 0 if team else 1), one.get("valid_from", "")

    in_force = [p for p in stored if standing(p, today) is Standing.IN_FORCE]
    return max(in_force, key=rank) if in_force else None


def lapsing(items: Iterable[Kept], today: date) -> tuple[Kept, ...]:
    """Those in force that end within `SOON_DAYS` while none follows them for the same team, or for all."""
    known = tuple(items)
    last = today + timedelta(days=SOON_DAYS)

    def ends(one: Kept) -> bool:
        return one.valid_until is not None and one.valid_until <= last

    def followed(one: Kept) -> bool:
        return any(
            other.team in ("", one.team)
            and other.standing in (Standing.IN_FORCE, Standing.COMING)
            and not ends(other)
            and (
                other.valid_from is None
                or one.valid_until is None
                or other.valid_from <= one.valid_until + timedelta(days=1)
            )
            for other in known
        )

    return tuple(
        one for one in known if one.standing is Standing.IN_FORCE and ends(one) and not followed(one)
    )


def checked(office: Office, new: NewPassphrase) -> NewPassphrase:
    """A new one as it will be kept. Raises PassphraseUnusable, LabelUnusable, TeamUnusable, DayUnusable."""
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
    team = _checked_team(office, new.team)
    _check_days(new.valid_from, new.valid_until)
    stored = office.secret(PASSPHRASES_SECRET)
    if any(p["label"] == label for p in stored):
        raise LabelUnusable(problem=_("There is a passphrase with this label already. Choose another label."))
    tried = [p for p in stored if standing(p, office.today()) is not Standing.ENDED]
    if any(p["secret"] == new.secret and p.get("team", "") in ("", team) for p in tried):
        raise PassphraseUnusable(
            problem=_("This passphrase is known already, and is tried on every message.")
        )
    if len(tried) >= MOST or len(stored) >= MOST_KEPT:
        raise PassphraseUnusable(
            problem=_("There are thirty passphrases already; more would slow down every poll.")
        )
    return NewPassphrase(label, new.secret, new.valid_from, team, new.valid_until)


def _checked_team(office: Office, team: str) -> str:
    found = clean_line(team).strip().lower().removeprefix("@")
    if not found:
        return ""
    if len(found) > LONGEST_TEAM or not _TEAM.fullmatch(found):
        raise TeamUnusable(
            problem=_("Give the team's address or domain, such as opgroeien.be, or leave it empty for all.")
        )
    trusted = office.settings.trusted_senders
    if not trusts(found, trusted) and not any(trusts(one, (found,)) for one in trusted):
        raise TeamUnusable(
            problem=_(
                "No mail is taken from %(team)s: it is not one of the trusted senders. Add it there first."
            )
            % {"team": found}
        )
    return found


def _check_days(first: date | None, last: date | None) -> None:
    if first is not None and last is not None and last < first:
        raise DayUnusable(
            problem=_("The last day lies before the first, %(day)s. Choose a later one.")
            % {"day": show_date(first)}
        )


def add(office: Office, tx: Transaction, new: NewPassphrase) -> None:
    """Keep a `checked` one from now on; the log tells its label."""
    stored = list(office.secret(PASSPHRASES_SECRET))
    row = {"label": new.label, "secret": new.secret, "valid_from": new.valid_from.isoformat()}
    if new.team:
        row["team"] = new.team
    if new.valid_until is not None:
        row["valid_until"] = new.valid_until.isoformat()
    stored.append(row)
    office.put_secret(tx, PASSPHRASES_SECRET, stored)
    detail = {"label": new.label} | ({"team": new.team} if new.team else {})
    if new.valid_until is not None:
        detail["until"] = new.valid_until.isoformat()
    tx.record(Event("passphrase-added", detail=detail))


def note_used(office: Office, tx: Transaction, labels: Iterable[str]) -> None:
    """Remember that these opened an archive today. Written once a day for each, whatever comes in."""
    today = office.today().isoformat()
    known = _used(office)
    if news := {label for label in labels if known.get(label) != today}:
        office.put_secret(tx, PASSPHRASES_USED, {**known, **dict.fromkeys(sorted(news), today)})


def _used(office: Office) -> Mapping[str, str]:
    if office.store.snapshot().get(SECRETS, PASSPHRASES_USED) is None:
        return {}  # nothing was opened since this is remembered
    found: Mapping[str, str] = office.secret(PASSPHRASES_USED)
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
