"""Between a referral in memory and its row in the store.

A row holds the workflow facts in clear, so that deadlines and retention run without a reader's key, and the
client and notes as one sealed payload. Unknown keys in a row are refused: a row is signed as a whole.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import orjson

from intake.client import Client, Consent
from intake.referral import Attempt, Channel, Closure, Happening, Referral, Result, State, Wish

if TYPE_CHECKING:
    from storage.store import Transaction

REFERRALS = "referrals"
QUARANTINE = "quarantine"
LEDGER = "ledger"
UNREAD = "mail-unread"
SETTINGS = "settings"
SECRETS = "secrets"
COUNTERS = "counters"
TOMBSTONES = "tombstones"
DESTRUCTIONS = "destructions"
APPROVALS = "destruction-approvals"

QUARANTINE_DISCARDED = "quarantine-discarded"
"""What the log tells of an item that went from quarantine with the referral it was a copy of."""

Row = dict[str, Any]


def iso(moment: datetime) -> str:
    """UTC with seconds, as `2026-11-21T14:30:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of(text: str) -> datetime:
    """The inverse of `iso`."""
    return datetime.fromisoformat(text)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def to_row(referral: Referral, sealed: Mapping[str, Any]) -> Row:
    """The row of a referral with its sealed payload, not yet signed."""
    return {
        "reference": referral.reference,
        "version": referral.version,
        "state": referral.state.value,
        "received_at": iso(referral.received_at),
        "imported_at": iso(referral.imported_at),
        "consent": referral.consent.value,
        "flags": list(referral.flags),
        "assigned_to": referral.assigned_to,
        "attempts": [
            {"at": iso(a.at), "by": a.by, "channel": a.channel.value, "result": a.result.value}
            for a in referral.attempts
        ],
        "contacted_at": iso(referral.contacted_at) if referral.contacted_at else None,
        "wish": referral.wish.value if referral.wish else None,
        "wish_at": iso(referral.wish_at) if referral.wish_at else None,
        "case_number": referral.case_number,
        "case_opened_on": _iso_day(referral.case_opened_on),
        "case_opened_by": referral.case_opened_by,
        "case_closed_on": _iso_day(referral.case_closed_on),
        "handed_over_on": _iso_day(referral.handed_over_on),
        "hand_over_confirmed_on": _iso_day(referral.hand_over_confirmed_on),
        "informed_on": _iso_day(referral.informed_on),
        "asked_on": _iso_day(referral.asked_on),
        "hold_until": _iso_day(referral.hold_until),
        "opened_with": referral.opened_with,
        "likeness": dict(referral.likeness),
        "closed_because": referral.closed_because.value if referral.closed_because else None,
        "closed_on": _iso_day(referral.closed_on),
        "duplicate_of": referral.duplicate_of,
        "mail": referral.mail,
        "timeline": [
            {"at": iso(h.at), "by": h.by, "step": h.step, "detail": h.detail} for h in referral.timeline
        ],
        "sealed": dict(sealed),
    }


def from_row(row: Mapping[str, Any]) -> Referral:
    """The workflow facts of a row; raises KeyError or ValueError when the row is not one of ours."""
    return Referral(
        reference=row["reference"],
        version=row["version"],
        state=State(row["state"]),
        received_at=moment_of(row["received_at"]),
        imported_at=moment_of(row["imported_at"]),
        consent=Consent(row["consent"]),
        flags=tuple(row["flags"]),
        assigned_to=row["assigned_to"],
        attempts=tuple(
            Attempt(moment_of(a["at"]), a["by"], Channel(a["channel"]), Result(a["result"]))
            for a in row["attempts"]
        ),
        contacted_at=moment_of(row["contacted_at"]) if row["contacted_at"] else None,
        wish=Wish(row["wish"]) if row["wish"] else None,
        wish_at=moment_of(row["wish_at"]) if row["wish_at"] else None,
        case_number=row["case_number"],
        case_opened_on=_day(row["case_opened_on"]),
        case_opened_by=row["case_opened_by"],
        case_closed_on=_day(row["case_closed_on"]),
        handed_over_on=_day(row["handed_over_on"]),
        hand_over_confirmed_on=_day(row.get("hand_over_confirmed_on")),
        informed_on=_day(row.get("informed_on")),
        asked_on=_day(row.get("asked_on")),
        hold_until=_day(row.get("hold_until")),
        opened_with=row.get("opened_with"),
        likeness=row.get("likeness") or {},
        closed_because=Closure(row["closed_because"]) if row["closed_because"] else None,
        closed_on=_day(row["closed_on"]),
        duplicate_of=row["duplicate_of"],
        mail=row["mail"],
        timeline=tuple(
            Happening(moment_of(h["at"]), h["by"], h["step"], h["detail"]) for h in row["timeline"]
        ),
    )


@dataclass(frozen=True, slots=True)
class Note:
    """Free text that belongs to a step; as secret as the client's name."""

    at: datetime
    by: str
    step: str
    text: str

    def __repr__(self) -> str:
        return f"Note({self.step})"


@dataclass(frozen=True, slots=True)
class Payload:
    """What is sealed of a referral: the client's fields (P3) and the notes of who works it."""

    client: Client
    notes: tuple[Note, ...] = ()

    def __repr__(self) -> str:
        return "Payload(…)"

    def to_bytes(self) -> bytes:
        """The JSON that is sealed."""
        return orjson.dumps(
            {
                "client": {k: v for k, v in self.client.as_dict().items() if v},
                "notes": [{"at": iso(n.at), "by": n.by, "step": n.step, "text": n.text} for n in self.notes],
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> "Payload":
        """The inverse of `to_bytes`."""
        values = orjson.loads(data)
        return cls(
            Client.from_dict(values["client"]),
            tuple(Note(moment_of(n["at"]), n["by"], n["step"], n["text"]) for n in values["notes"]),
        )


def next_key(tx: "Transaction", letter: str, year: int, taken: Callable[[str], bool]) -> str:
    """The next free key of a series, such as D2026-0042; the counter of each year is kept for ever.

    A clock that runs back over New Year goes on with the old year's counter, and a key that is `taken` is passed
    over: a number is never given twice.
    """
    series = f"{letter}{year}"
    row = tx.get(COUNTERS, series)
    number = int(row["last"]) if row else 0
    while True:
        number += 1
        key = f"{series}-{number:04d}"
        if not taken(key):
            tx.put(COUNTERS, series, {"last": number})
            return key
